import { RotateCcw } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Settings } from '../../../core/contract/settings.ts';
import { defaultSettings, useApp } from '../../app/app-store.ts';
import { useT } from '../../app/language.ts';
import { changeSettings } from '../../app/settings-sync.ts';
import { IconButton, Segmented, Switch } from '../../ui/controls.tsx';

/** One line of a card: name, one sentence, default with reset, control. */
export function SettingRow({
  name,
  hint,
  defaultWords,
  isChanged,
  onReset,
  children,
}: {
  readonly name: string;
  readonly hint: string;
  readonly defaultWords?: string;
  readonly isChanged?: boolean;
  onReset?(): void;
  readonly children: ReactNode;
}) {
  const t = useT();
  return (
    <div className="st">
      <div className="grow">
        <div className="t">
          {name}
          {isChanged && (
            <>
              <i className="chg" />
              <span className="sr">{t('settings.changed')}</span>
            </>
          )}
        </div>
        <div className="d">{hint}</div>
      </div>
      <div className="df">
        {defaultWords !== undefined && t('settings.default', { value: defaultWords })}
        {isChanged && onReset && (
          <IconButton
            icon={RotateCcw}
            iconSize={16}
            className="tiny"
            name={t('settings.reset', { name })}
            onClick={onReset}
          />
        )}
      </div>
      <div className="ct">{children}</div>
    </div>
  );
}

type ChoiceName = 'language' | 'theme' | 'renderer' | 'pictureTexts';
const choices: { readonly [N in ChoiceName]: readonly Settings[N][] } = {
  language: ['system', 'zh-CN', 'en'],
  theme: ['dark', 'light'],
  renderer: ['auto', 'gpu', 'cpu'],
  pictureTexts: ['all', 'few', 'none'],
};

/** Words of a choice are the terms `settings.<name>.<value>`. */
export function ChoiceSetting<N extends ChoiceName>({ setting }: { readonly setting: N }) {
  const t = useT();
  const value: Settings[N] = useApp((state) => state.settings[setting]);
  const name = t(`settings.${setting}`);
  const label = (choice: Settings[N]) => t(`settings.${setting}.${choice}` as Parameters<typeof t>[0]);
  const set = (choice: Settings[N]) => changeSettings({ [setting]: choice });
  return (
    <SettingRow
      name={name}
      hint={t(`settings.${setting}Hint`)}
      defaultWords={label(defaultSettings[setting])}
      isChanged={value !== defaultSettings[setting]}
      onReset={() => set(defaultSettings[setting])}
    >
      <Segmented
        name={name}
        choices={choices[setting].map((choice) => ({
          value: choice,
          label: label(choice),
        }))}
        value={value}
        onChange={set}
      />
    </SettingRow>
  );
}

export function SwitchSetting({ setting }: { readonly setting: 'privacy' | 'invertWindowDrag' }) {
  const t = useT();
  const value = useApp((state) => state.settings[setting]);
  const words = (isOn: boolean) => t(isOn ? 'settings.on' : 'settings.off');
  return (
    <SettingRow
      name={t(`settings.${setting}`)}
      hint={t(`settings.${setting}Hint`)}
      defaultWords={words(defaultSettings[setting])}
      isChanged={value !== defaultSettings[setting]}
      onReset={() => changeSettings({ [setting]: defaultSettings[setting] })}
    >
      <Switch
        name={t(`settings.${setting}`)}
        isOn={value}
        words={words(value)}
        onToggle={(isOn) => changeSettings({ [setting]: isOn })}
      />
    </SettingRow>
  );
}
