import { useEffect, useState } from 'react';
import type { StudySource } from '../../../core/contract/common.ts';
import type { StorageSettings } from '../../../core/contract/storage.ts';
import { formatBytes } from '../../../core/terms/format.ts';
import { useApp } from '../../app/app-store.ts';
import { client } from '../../app/client.ts';
import { useT } from '../../app/language.ts';
import { showMessage, showProblem, words } from '../../app/messages.ts';
import { changeSettings, flushSettings } from '../../app/settings-sync.ts';
import { Button, Chip, Switch } from '../../ui/controls.tsx';
import { SettingRow } from './setting-row.tsx';

type Rules = StorageSettings['rules'];
const gib = 1024 ** 3;
const ages = [7, 14, 30, 60, 90, 180, 365];
const sizes = [20, 50, 100, 200, 500, 1000];
const sources: readonly StudySource[] = ['received', 'disc', 'folder', 'archive', 'upload'];

/** What may go to the trash by itself: off until a person says so, and never without showing what it would be. */
export function RulesCard({ onChange }: { onChange(): void }) {
  const t = useT();
  const storage = useApp((state) => state.settings.storage);
  const { rules } = storage;
  const change = (changes: Partial<Rules>) =>
    changeSettings({ storage: { ...storage, rules: { ...rules, ...changes } } });
  const toggle = (source: StudySource) =>
    change({
      sources: rules.sources.includes(source)
        ? rules.sources.filter((one) => one !== source)
        : [...rules.sources, source],
    });
  const words = t(rules.enabled ? 'settings.on' : 'settings.off');
  return (
    <div className="card">
      <SettingRow name={t('storage.rules')} hint={t('storage.rulesHint')} defaultWords={t('settings.off')}>
        <Switch
          name={t('storage.rules')}
          isOn={rules.enabled}
          words={words}
          onToggle={(enabled) => change({ enabled })}
        />
      </SettingRow>
      {rules.enabled && (
        <>
          <SettingRow name={t('storage.age')} hint={t('storage.ageHint')}>
            <Amount
              name={t('storage.age')}
              value={rules.olderThanDays}
              choices={ages}
              label={(n) => t('storage.days', { n })}
              onChange={(olderThanDays) => change({ olderThanDays })}
            />
          </SettingRow>
          <SettingRow name={t('storage.size')} hint={t('storage.sizeHint')}>
            <Amount
              name={t('storage.size')}
              value={rules.atMostBytes === null ? null : Math.round(rules.atMostBytes / gib)}
              choices={sizes}
              label={(n) => formatBytes(n * gib)}
              onChange={(n) => change({ atMostBytes: n === null ? null : n * gib })}
            />
          </SettingRow>
          <SettingRow name={t('storage.sources')} hint={t('storage.sourcesHint')}>
            <div className="row rule-sources">
              {sources.map((source) => (
                <Chip key={source} isOn={rules.sources.includes(source)} onToggle={() => toggle(source)}>
                  {t(`studies.from.${source}`)}
                </Chip>
              ))}
            </div>
          </SettingRow>
          <Preview storage={storage} onChange={onChange} />
        </>
      )}
    </div>
  );
}

/** How much the rules would move now; asked anew whenever they change. */
function Preview({ storage, onChange }: { readonly storage: StorageSettings; onChange(): void }) {
  const t = useT();
  const [found, setFound] = useState<{ readonly studies: number; readonly bytes: number } | null>(null);
  useEffect(() => {
    let isStale = false;
    void client()
      .call('storage.preview', { storage })
      .then((result) => {
        if (isStale || !result.ok) return;
        setFound({ studies: result.value.studyKeys.length, bytes: result.value.bytes });
      });
    return () => {
      isStale = true;
    };
  }, [storage]);
  const apply = async () => {
    await flushSettings();
    const result = await client().call('storage.applyRules', {});
    if (!result.ok) return void showProblem(result.problem);
    showMessage({ tone: 'ok', text: words('storage.moved', { n: result.value.moved }) });
    onChange();
  };
  return (
    <SettingRow name={t('storage.preview')} hint={t('storage.previewHint')}>
      <div className="row set-gap">
        <span>
          {found === null
            ? '…'
            : t('storage.wouldMove', { n: found.studies, size: formatBytes(found.bytes) })}
        </span>
        <Button size="small" disabled={!found || found.studies === 0} onClick={() => void apply()}>
          {t('storage.apply')}
        </Button>
      </div>
    </SettingRow>
  );
}

function Amount({
  name,
  value,
  choices,
  label,
  onChange,
}: {
  readonly name: string;
  readonly value: number | null;
  readonly choices: readonly number[];
  label(n: number): string;
  onChange(n: number | null): void;
}) {
  const t = useT();
  const all = value === null || choices.includes(value) ? choices : [...choices, value].sort((a, b) => a - b);
  return (
    <select
      className="field"
      aria-label={name}
      value={value ?? ''}
      onChange={(event) => onChange(event.target.value === '' ? null : Number(event.target.value))}
    >
      <option value="">{t('storage.noRule')}</option>
      {all.map((choice) => (
        <option key={choice} value={choice}>
          {label(choice)}
        </option>
      ))}
    </select>
  );
}
