import { KeyRound } from 'lucide-react';
import { useCallback, useEffect, useState } from 'react';
import type { CallOutput } from '../../../core/contract/index.ts';
import { problemText } from '../../../core/terms/terms.ts';
import { useApp } from '../../app/app-store.ts';
import { client } from '../../app/client.ts';
import { useLanguage, useT } from '../../app/language.ts';
import { showProblem } from '../../app/messages.ts';
import { flushSettings } from '../../app/settings-sync.ts';
import { Button, Switch } from '../../ui/controls.tsx';
import { copyText } from '../studies/study-actions.ts';
import { changeNetwork } from './network-changes.ts';
import { SettingRow } from './setting-row.tsx';

/** Candela's own DICOMweb for scripts of this machine (reliability.md D18): off, its address, its token. */
export function WebListenerCard() {
  const t = useT();
  const language = useLanguage();
  const web = useApp((state) => state.settings.network.web);
  const [status, setStatus] = useState<CallOutput<'web.status'> | null>(null);
  /** Shown this once. */
  const [token, setToken] = useState<string | null>(null);
  const read = useCallback(async () => {
    const result = await client().call('web.status', {});
    if (result.ok) setStatus(result.value);
  }, []);
  useEffect(() => void read(), [read]);
  const toggle = async (enabled: boolean) => {
    changeNetwork({ web: { ...web, enabled } });
    await flushSettings();
    await read();
  };
  const renew = async () => {
    const result = await client().call('web.newToken', {});
    if (result.ok) setToken(result.value.token);
    else showProblem(result.problem);
    await read();
  };
  const revoke = async () => {
    const result = await client().call('web.revokeToken', {});
    if (!result.ok) showProblem(result.problem);
    setToken(null);
    await read();
  };
  const found = status?.problem && problemText(language, status.problem);
  return (
    <div className="card">
      <SettingRow
        name={t('web.enabled')}
        hint={t('web.enabledHint')}
        defaultWords={t('settings.off')}
        isChanged={web.enabled}
        onReset={() => void toggle(false)}
      >
        <div className="row set-gap">
          <Switch
            name={t('web.enabled')}
            isOn={web.enabled}
            words={t(web.enabled ? 'settings.on' : 'settings.off')}
            onToggle={(isOn) => void toggle(isOn)}
          />
          {web.enabled && status?.state === 'listening' && (
            <span className="selectable cut">{status.url}</span>
          )}
        </div>
      </SettingRow>
      {found && <div className="note danger set-note">{found.told}</div>}
      {web.enabled && (
        <SettingRow name={t('web.token')} hint={t(status?.hasToken ? 'web.tokenHint' : 'web.noToken')}>
          <div className="row set-gap">
            <Button size="small" icon={KeyRound} onClick={() => void renew()}>
              {t(status?.hasToken ? 'web.renew' : 'web.make')}
            </Button>
            {status?.hasToken && (
              <Button size="small" tone="quiet" onClick={() => void revoke()}>
                {t('web.revoke')}
              </Button>
            )}
          </div>
        </SettingRow>
      )}
      {token !== null && (
        <div className="note set-note">
          {t('web.once')}
          <div className="row set-gap">
            <code className="selectable cut grow">{token}</code>
            <Button size="small" onClick={() => void copyText(token)}>
              {t('settings.copy')}
            </Button>
          </div>
        </div>
      )}
    </div>
  );
}
