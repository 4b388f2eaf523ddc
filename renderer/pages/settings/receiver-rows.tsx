import { useId, useState } from 'react';
import { isAeTitle } from '../../../core/base/ae-title.ts';
import type { ReceiverSettings } from '../../../core/contract/network-settings.ts';
import { defaultSettings, useApp } from '../../app/app-store.ts';
import { useT } from '../../app/language.ts';
import { Segmented, Switch } from '../../ui/controls.tsx';
import { changeReceiver } from './network-changes.ts';
import { ReceiverIdentity } from './receiver-identity.tsx';
import { SettingRow } from './setting-row.tsx';

const defaults = defaultSettings.network.receiver;

/** How the receiver is set up; everything applies at once. */
export function ReceiverRows() {
  const t = useT();
  const receiver = useApp((state) => state.settings.network.receiver);
  return (
    <div className="card">
      <TextRow
        setting="aeTitle"
        isGood={(text) => isAeTitle(text.trim())}
        read={(text) => ({ aeTitle: text.trim() })}
        width={16}
      />
      <TextRow setting="port" isGood={isPort} read={(text) => ({ port: Number(text) })} width={6} />
      <ChoiceRow setting="address" choices={['0.0.0.0', '127.0.0.1']} />
      <ChoiceRow setting="peers" choices={['any', 'listed']} />
      <ReceiverIdentity />
      <SwitchRow setting="checkCalledAeTitle" />
      <SwitchRow setting="unknownSopClasses" />
      <SwitchRow setting="answersQueries" />
      <TextRow
        setting="tlsPort"
        isGood={(text) => text === '' || (isPort(text) && Number(text) !== receiver.port)}
        read={(text) => ({ tlsPort: text === '' ? null : Number(text) })}
        width={6}
      />
      {receiver.tlsPort !== null && (
        <SettingRow
          name={t('network.receiver.tlsClientCertificate')}
          hint={t('network.receiver.tlsClientCertificateHint')}
          defaultWords={t('settings.off')}
          isChanged={receiver.tlsClientCertificate !== defaults.tlsClientCertificate}
          onReset={() => changeReceiver({ tlsClientCertificate: defaults.tlsClientCertificate })}
        >
          <Switch
            name={t('network.receiver.tlsClientCertificate')}
            isOn={receiver.tlsClientCertificate === 'required'}
            words={t(receiver.tlsClientCertificate === 'required' ? 'settings.on' : 'settings.off')}
            onToggle={(isOn) => changeReceiver({ tlsClientCertificate: isOn ? 'required' : 'none' })}
          />
        </SettingRow>
      )}
      <SwitchRow setting="startAtLogin" isDesktopOnly />
      <SwitchRow setting="keepInTray" isDesktopOnly />
    </div>
  );
}

const isPort = (text: string): boolean =>
  /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535;

/** Applies when it is left or Enter is pressed, and only what can be used. */
function TextRow({
  setting,
  isGood,
  read,
  width,
}: {
  readonly setting: 'aeTitle' | 'port' | 'tlsPort';
  isGood(text: string): boolean;
  read(text: string): Partial<ReceiverSettings>;
  readonly width: number;
}) {
  const t = useT();
  const id = useId();
  const value = String(useApp((state) => state.settings.network.receiver[setting]) ?? '');
  const [draft, setDraft] = useState<string | null>(null);
  const shown = draft ?? value;
  const isBad = !isGood(shown);
  const apply = () => {
    if (draft !== null && !isBad && draft !== value) changeReceiver(read(draft));
    setDraft(null);
  };
  const standard = defaults[setting];
  return (
    <SettingRow
      name={t(`network.receiver.${setting}`)}
      hint={t(`network.receiver.${setting}Hint`)}
      {...(standard !== null && { defaultWords: String(standard) })}
      isChanged={value !== String(standard ?? '')}
      onReset={() => changeReceiver({ [setting]: standard })}
    >
      <label className={`field set-field${isBad ? ' bad' : ''}`} htmlFor={id}>
        <input
          id={id}
          type="text"
          size={width}
          spellCheck={false}
          aria-label={t(`network.receiver.${setting}`)}
          aria-invalid={isBad}
          value={shown}
          onChange={(event) => setDraft(event.target.value)}
          onBlur={apply}
          onKeyDown={(event) => {
            if (event.key === 'Enter') apply();
            if (event.key === 'Escape') setDraft(null);
          }}
        />
      </label>
    </SettingRow>
  );
}

function ChoiceRow<N extends 'address' | 'peers'>({
  setting,
  choices,
}: {
  readonly setting: N;
  readonly choices: readonly ReceiverSettings[N][];
}) {
  const t = useT();
  const value = useApp((state) => state.settings.network.receiver[setting]);
  const name = t(`network.receiver.${setting}`);
  const label = (choice: ReceiverSettings[N]) =>
    t(`network.receiver.${setting}.${choice}` as Parameters<typeof t>[0]);
  const set = (choice: ReceiverSettings[N]) => changeReceiver({ [setting]: choice });
  return (
    <SettingRow
      name={name}
      hint={t(`network.receiver.${setting}Hint`)}
      defaultWords={label(defaults[setting])}
      isChanged={value !== defaults[setting]}
      onReset={() => set(defaults[setting])}
    >
      <Segmented
        name={name}
        choices={choices.map((choice) => ({ value: choice, label: label(choice) }))}
        value={value}
        onChange={set}
      />
    </SettingRow>
  );
}

function SwitchRow({
  setting,
  isDesktopOnly = false,
}: {
  readonly setting:
    | 'checkCalledAeTitle'
    | 'unknownSopClasses'
    | 'answersQueries'
    | 'startAtLogin'
    | 'keepInTray';
  /** The browser shell has no tray and no log-in. */
  readonly isDesktopOnly?: boolean;
}) {
  const t = useT();
  const isDesktop = useApp((state) => state.info?.shell === 'electron');
  const value = useApp((state) => state.settings.network.receiver[setting]) === true;
  if (isDesktopOnly && !isDesktop) return null;
  const standard = defaults[setting] === true;
  const words = (isOn: boolean) => t(isOn ? 'settings.on' : 'settings.off');
  return (
    <SettingRow
      name={t(`network.receiver.${setting}`)}
      hint={t(`network.receiver.${setting}Hint`)}
      defaultWords={words(standard)}
      isChanged={value !== standard}
      onReset={() => changeReceiver({ [setting]: defaults[setting] })}
    >
      <Switch
        name={t(`network.receiver.${setting}`)}
        isOn={value}
        words={words(value)}
        onToggle={(isOn) => changeReceiver({ [setting]: isOn })}
      />
    </SettingRow>
  );
}
