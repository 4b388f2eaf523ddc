import type { ReactNode } from 'react';
import { fixed } from '../../../core/measure/format.ts';
import type { Frame } from '../../../core/render/types.ts';
import { type VolumePreset, volumePresets } from '../../../core/scene/presets.ts';
import { readingTerms } from '../../../core/terms/reading.ts';
import { useLanguage, useT } from '../../app/language.ts';
import { PresetThumb } from './preset-thumb.tsx';
import type { ShiftSteps } from './shift-steps.ts';
import './volume-panel.css';

/** Presets of a modality. One that needs the mask of the airways is offered where that can be found. */
export const offeredPresets = (modality: string): readonly VolumePreset[] =>
  volumePresets.filter(
    (preset) => preset.modalities.includes(modality) && (preset.mask !== 'airways' || modality === 'CT'),
  );

const swatch = (preset: VolumePreset): string => {
  const points = preset.transfer.colour.map(({ colour }) => `rgb(${colour.join(' ')})`);
  if (preset.mode !== 'composite') return 'linear-gradient(90deg,#000,#fff)';
  return `linear-gradient(90deg,${points.join(',')})`;
};

/** True where every value of the series is below what the preset begins to show. */
export function showsNothing(preset: VolumePreset, largest: number | null, shift: number): boolean {
  const { unit, opacity } = preset.transfer;
  if (preset.mode !== 'composite' || unit !== 'modality' || largest === null) return false;
  const seen = opacity.findIndex((point) => point.opacity > 0);
  const from = seen > 0 ? opacity[seen - 1]?.value : undefined;
  return from !== undefined && largest <= from + shift;
}

/** 3D: presets, the shift of opacity along the values, and how it is drawn. */
export function VolumePanel({
  presets,
  thumbs,
  airways,
  unit,
  largest,
  presetId,
  shift,
  steps,
  road,
  shiftOf,
  onPreset,
  onShift,
  below,
  children,
}: {
  readonly presets: readonly VolumePreset[];
  /** What each preset shows of the series, by its id, as far as it is drawn. */
  readonly thumbs: ReadonlyMap<string, Frame>;
  /** The preset that is made for a mask: its picture with the mask, and whether the mask is there. */
  readonly airways: { readonly frame: Frame | null; readonly isFound: boolean };
  readonly unit: string;
  /** Largest value of the series so far; null before the first. */
  readonly largest: number | null;
  readonly presetId: string;
  readonly shift: number;
  readonly steps: ShiftSteps;
  /** Words for the renderer in use. */
  readonly road: string;
  /** How far a preset moves along the values where it is chosen. */
  shiftOf(id: string): number;
  onPreset(id: string): void;
  onShift(shift: number): void;
  /** Below the presets. */
  readonly below?: ReactNode;
  /** What else there is to 3D, between the shift and the renderer. */
  readonly children?: ReactNode;
}) {
  const t = useT();
  const language = useLanguage();
  return (
    <>
      <section className="grp" aria-label={t(readingTerms['reading.preset3d'])}>
        <div className="gh">
          <span className="grow">{t(readingTerms['reading.preset3d'])}</span>
        </div>
        <div className="vpresets">
          {presets.map((preset) => {
            const isOfMask = preset.mask === 'airways';
            const ofMask = isOfMask ? airways.frame : null;
            const thumb = ofMask ?? thumbs.get(preset.id);
            const why = airways.isFound ? 'reading.airwaysChosen' : 'reading.airwaysFirst';
            const name = language === 'zh-CN' ? preset.zh : preset.en;
            return (
              <button
                key={preset.id}
                type="button"
                className={preset.id === presetId ? 'vpreset on' : 'vpreset'}
                aria-pressed={preset.id === presetId}
                data-preset={preset.id}
                data-tip={name}
                onClick={() => onPreset(preset.id)}
              >
                {thumb ? <PresetThumb frame={thumb} /> : <span className="wait" />}
                <i style={{ background: swatch(preset) }} />
                <span className="cut">{name}</span>
                {isOfMask && !ofMask && <small>{t(readingTerms[why])}</small>}
                {showsNothing(preset, largest, preset.id === presetId ? shift : shiftOf(preset.id)) && (
                  <small>{t(readingTerms['reading.nothingShown'])}</small>
                )}
              </button>
            );
          })}
        </div>
        {below}
      </section>
      <section className="grp">
        <div className="gh">
          <label className="grow" htmlFor="opacity-shift">
            {t(readingTerms['reading.opacityShift'])}
          </label>
          <span>
            {fixed(shift, steps.digits)} {unit}
          </span>
        </div>
        <input
          id="opacity-shift"
          className="slider"
          type="range"
          min={-steps.most}
          max={steps.most}
          step={steps.step}
          value={shift}
          onChange={(event) => onShift(Number(event.target.value))}
        />
      </section>
      {children}
      <section className="grp">
        <dl className="kv">
          <dt>{t(readingTerms['reading.road'])}</dt>
          <dd>{road}</dd>
        </dl>
      </section>
    </>
  );
}
