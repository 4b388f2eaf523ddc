import { Check, RotateCcw, Search } from 'lucide-react';
import { useState } from 'react';
import type { Settings } from '../../../core/contract/settings.ts';
import { goTo } from '../../app/actions.ts';
import { defaultSettings, useApp } from '../../app/app-store.ts';
import { useT } from '../../app/language.ts';
import { changeSettings } from '../../app/settings-sync.ts';
import { Button, Icon } from '../../ui/controls.tsx';
import { AboutGroup } from './about-group.tsx';
import { AuditGroup } from './audit-group.tsx';
import { CertificatesGroup } from './certificates-group.tsx';
import { KeysGroup } from './keys-group.tsx';
import { NodesGroup } from './nodes-group.tsx';
import { ReceiverGroup } from './receiver-group.tsx';
import { RenderingGroup } from './rendering-group.tsx';
import { findGroups, type GroupId, type SettingGroup, settingGroups } from './setting-groups.ts';
import { ChoiceSetting, SwitchSetting } from './setting-row.tsx';
import { StorageGroup } from './storage-group.tsx';
import './settings.css';

/** Settings: groups on the left, one shown; every change applies at once. */
export function SettingsPage({ group: wanted }: { readonly group?: string }) {
  const t = useT();
  const [query, setQuery] = useState('');
  const groups = findGroups(query);
  const shown =
    groups.find((group) => group.id === (wanted ?? 'general')) ??
    groups[0] ??
    (query ? undefined : settingGroups[0]);
  return (
    <div className="set">
      <nav className="src" aria-label={t('settings.groups')}>
        <label className="field set-search">
          <Icon of={Search} size={16} />
          <input
            type="search"
            aria-label={t('settings.search')}
            placeholder={t('settings.search')}
            value={query}
            onChange={(event) => setQuery(event.target.value)}
          />
        </label>
        {groups.map((group) => (
          <button
            key={group.id}
            type="button"
            className={`src-row${group === shown ? ' on' : ''}`}
            aria-current={group === shown ? 'true' : undefined}
            onClick={() => goTo({ kind: 'settings', group: group.id })}
          >
            <Icon of={group.icon} />
            {t(group.term)}
          </button>
        ))}
        {groups.length === 0 && <p className="cap set-none">{t('settings.noMatch')}</p>}
        <div className="media media-foot">
          <div className="t">
            <Icon of={Check} className="ok" />
            {t('settings.appliedTitle')}
          </div>
          <p>{t('settings.applied')}</p>
        </div>
      </nav>
      <section className="sc">
        {shown && (
          <div className="sc-in">
            <GroupHead group={shown} />
            <GroupBody id={shown.id} />
          </div>
        )}
      </section>
    </div>
  );
}

function GroupHead({ group }: { readonly group: SettingGroup }) {
  const t = useT();
  const settings = useApp((state) => state.settings);
  const isChanged = group.settings.some((name) => settings[name] !== defaultSettings[name]);
  const reset = () => {
    const changes: Partial<Settings> = Object.fromEntries(
      group.settings.map((name) => [name, defaultSettings[name]]),
    );
    changeSettings(changes);
  };
  return (
    <div className="sh">
      <div className="grow">
        <h1>{t(group.term)}</h1>
        <p className="dim">{t(group.hint)}</p>
      </div>
      {group.settings.length > 0 && isChanged && (
        <Button icon={RotateCcw} onClick={reset}>
          {t('settings.resetGroup')}
        </Button>
      )}
    </div>
  );
}

function GroupBody({ id }: { readonly id: GroupId }) {
  switch (id) {
    case 'general':
      return (
        <div className="card">
          <ChoiceSetting setting="language" />
          <ChoiceSetting setting="theme" />
        </div>
      );
    case 'reading':
      return (
        <div className="card">
          <ChoiceSetting setting="pictureTexts" />
          <SwitchSetting setting="privacy" />
          <SwitchSetting setting="invertWindowDrag" />
        </div>
      );
    case 'keys':
      return <KeysGroup />;
    case 'rendering':
      return <RenderingGroup />;
    case 'receiver':
      return <ReceiverGroup />;
    case 'nodes':
      return <NodesGroup />;
    case 'certificates':
      return <CertificatesGroup />;
    case 'storage':
      return <StorageGroup />;
    case 'audit':
      return <AuditGroup />;
    case 'about':
      return <AboutGroup />;
  }
}
