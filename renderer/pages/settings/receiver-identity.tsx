import { useEffect, useState } from 'react';
import type { ReceiverSettings } from '../../../core/contract/network-settings.ts';
import { useApp } from '../../app/app-store.ts';
import { client } from '../../app/client.ts';
import { useT } from '../../app/language.ts';
import { showProblem } from '../../app/messages.ts';
import { Segmented } from '../../ui/controls.tsx';
import { changeReceiver } from './network-changes.ts';
import { SettingRow } from './setting-row.tsx';

const choices: readonly ReceiverSettings['identity'][] = ['none', 'name', 'password'];

/** Who a device must say that it is (PS3.7 D.3.3.7). The passcode is written only, never read back. */
export function ReceiverIdentity() {
  const t = useT();
  const { identity, identityUser } = useApp((state) => state.settings.network.receiver);
  const [hasPasscode, setHasPasscode] = useState(true);
  useEffect(() => {
    void client()
      .call('receiver.hasPasscode', {})
      .then((found) => found.ok && setHasPasscode(found.value.hasPasscode));
  }, []);
  const savePasscode = async (passcode: string) => {
    const saved = await client().call('receiver.setPasscode', { passcode });
    if (saved.ok) setHasPasscode(passcode !== '');
    else showProblem(saved.problem);
  };
  const isMissing = identityUser === '' || (identity === 'password' && !hasPasscode);
  return (
    <>
      <SettingRow
        name={t('network.receiver.identity')}
        hint={t('network.receiver.identityHint')}
        defaultWords={t('network.receiver.identity.none')}
        isChanged={identity !== 'none'}
        onReset={() => changeReceiver({ identity: 'none' })}
      >
        <Segmented
          name={t('network.receiver.identity')}
          choices={choices.map((choice) => ({
            value: choice,
            label: t(`network.receiver.identity.${choice}`),
          }))}
          value={identity}
          onChange={(choice) => changeReceiver({ identity: choice })}
        />
      </SettingRow>
      {identity !== 'none' && (
        <SettingRow
          name={t(`network.receiver.identity.${identity}`)}
          hint={isMissing ? t('network.receiver.identityMissing') : ''}
        >
          <div className="row set-gap">
            <Field
              label={t('network.receiver.identityUser')}
              kept={identityUser}
              onSave={(text) => changeReceiver({ identityUser: text.trim() })}
            />
            {identity === 'password' && (
              <Field
                label={t('network.receiver.passcode')}
                placeholder={t(
                  hasPasscode ? 'network.receiver.passcodeKept' : 'network.receiver.passcodeNew',
                )}
                kept=""
                isSecret
                onSave={(text) => void savePasscode(text)}
              />
            )}
          </div>
        </SettingRow>
      )}
    </>
  );
}

/** Saves what was typed when it is left or Enter is pressed. */
function Field({
  label,
  placeholder,
  kept,
  isSecret = false,
  onSave,
}: {
  readonly label: string;
  readonly placeholder?: string;
  readonly kept: string;
  readonly isSecret?: boolean;
  onSave(text: string): void;
}) {
  const [draft, setDraft] = useState<string | null>(null);
  const apply = () => {
    if (draft !== null && draft !== kept) onSave(draft);
    setDraft(null);
  };
  return (
    <span className="field set-field">
      <input
        type={isSecret ? 'password' : 'text'}
        size={14}
        spellCheck={false}
        autoComplete="off"
        maxLength={255}
        aria-label={label}
        placeholder={placeholder}
        value={draft ?? kept}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={apply}
        onKeyDown={(event) => {
          if (event.key === 'Enter') apply();
          if (event.key === 'Escape') setDraft(null);
        }}
      />
    </span>
  );
}
