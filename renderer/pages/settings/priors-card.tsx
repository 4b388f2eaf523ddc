import { useApp } from '../../app/app-store.ts';
import { useT } from '../../app/language.ts';
import { Switch } from '../../ui/controls.tsx';
import { changeNetwork } from './network-changes.ts';
import { SettingRow } from './setting-row.tsx';

/** Prior studies of a patient are fetched by themselves: from where, how old, how many, how alike. */
export function PriorsCard() {
  const t = useT();
  const priors = useApp((state) => state.settings.network.priors);
  const nodes = useApp((state) => state.settings.nodes).filter(({ canQuery }) => canQuery);
  const change = (changes: Partial<typeof priors>) => changeNetwork({ priors: { ...priors, ...changes } });
  const words = (isOn: boolean) => t(isOn ? 'settings.on' : 'settings.off');
  return (
    <div className="card">
      <SettingRow name={t('priors.enabled')} hint={t('priors.enabledHint')} defaultWords={words(false)}>
        <Switch
          name={t('priors.enabled')}
          isOn={priors.enabled}
          words={words(priors.enabled)}
          onToggle={(enabled) => change({ enabled, nodeId: priors.nodeId ?? nodes[0]?.nodeId ?? null })}
        />
      </SettingRow>
      {priors.enabled && (
        <>
          <SettingRow name={t('priors.from')} hint={t('priors.fromHint')}>
            <select
              className="field"
              aria-label={t('priors.from')}
              value={priors.nodeId ?? ''}
              onChange={(event) => change({ nodeId: event.target.value || null })}
            >
              {nodes.map((node) => (
                <option key={node.nodeId} value={node.nodeId}>
                  {node.name}
                </option>
              ))}
            </select>
          </SettingRow>
          <SettingRow name={t('priors.howMany')} hint={t('priors.howManyHint')}>
            <div className="row set-gap">
              <Steps
                name={t('priors.atMost')}
                value={priors.atMost}
                choices={[1, 2, 3, 5, 10]}
                label={(n) => t('priors.studies', { n })}
                onChange={(atMost) => change({ atMost })}
              />
              <Steps
                name={t('priors.years')}
                value={priors.years}
                choices={[1, 2, 3, 5, 10]}
                label={(n) => t('priors.yearsWords', { n })}
                onChange={(years) => change({ years })}
              />
            </div>
          </SettingRow>
          {(['sameBodyPart', 'sameModality'] as const).map((name) => (
            <SettingRow key={name} name={t(`priors.${name}`)} hint={t(`priors.${name}Hint`)}>
              <Switch
                name={t(`priors.${name}`)}
                isOn={priors[name]}
                words={words(priors[name])}
                onToggle={(isOn) => change({ [name]: isOn })}
              />
            </SettingRow>
          ))}
        </>
      )}
    </div>
  );
}

function Steps({
  name,
  value,
  choices,
  label,
  onChange,
}: {
  readonly name: string;
  readonly value: number;
  readonly choices: readonly number[];
  label(choice: number): string;
  onChange(choice: number): void;
}) {
  // A number set elsewhere is shown as it is.
  const all = choices.includes(value) ? choices : [...choices, value].sort((a, b) => a - b);
  return (
    <select
      className="field"
      aria-label={name}
      value={value}
      onChange={(event) => onChange(Number(event.target.value))}
    >
      {all.map((choice) => (
        <option key={choice} value={choice}>
          {label(choice)}
        </option>
      ))}
    </select>
  );
}
