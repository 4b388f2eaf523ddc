import { useState } from 'react';
import type { NetworkLimits } from '../../../core/contract/network-settings.ts';
import { defaultSettings, useApp } from '../../app/app-store.ts';
import { useT } from '../../app/language.ts';
import { limitRanges } from './limit-ranges.ts';
import { changeLimits } from './network-changes.ts';
import { SettingRow } from './setting-row.tsx';

const defaults = defaultSettings.network.limits;

/** Limits C24 and C25, each with its default and the way back; folded away. */
export function ReceiverLimits() {
  const t = useT();
  return (
    <details className="card net-limits">
      <summary className="ch">
        <h2 className="grow">{t('network.limits')}</h2>
        <span className="cap">{t('network.limitsHint')}</span>
      </summary>
      {(Object.keys(limitRanges) as (keyof NetworkLimits)[]).map((name) => (
        <LimitRow key={name} name={name} />
      ))}
    </details>
  );
}

function LimitRow({ name }: { readonly name: keyof NetworkLimits }) {
  const t = useT();
  const value = useApp((state) => state.settings.network.limits[name]);
  const [draft, setDraft] = useState<string | null>(null);
  const [least, most] = limitRanges[name];
  const shown = draft ?? String(value);
  const isGood = /^\d+$/.test(shown) && Number(shown) >= least && Number(shown) <= most;
  const apply = () => {
    if (draft !== null && isGood) changeLimits({ [name]: Number(draft) });
    setDraft(null);
  };
  return (
    <SettingRow
      name={t(`network.limits.${name}`)}
      hint={`${least} – ${most}`}
      defaultWords={String(defaults[name])}
      isChanged={value !== defaults[name]}
      onReset={() => changeLimits({ [name]: defaults[name] })}
    >
      <span className={`field set-field${isGood ? '' : ' bad'}`}>
        <input
          type="text"
          inputMode="numeric"
          size={8}
          aria-label={t(`network.limits.${name}`)}
          aria-invalid={!isGood}
          value={shown}
          onChange={(event) => setDraft(event.target.value)}
          onBlur={apply}
          onKeyDown={(event) => {
            if (event.key === 'Enter') apply();
            if (event.key === 'Escape') setDraft(null);
          }}
        />
      </span>
    </SettingRow>
  );
}
