import type { CprLook } from '../../../../core/analysis/cpr/picture.ts';
import { voiWindow } from '../../../../core/pixels/voi.ts';
import { type WindowState, windowSetting } from '../../../viewport/windowing.ts';

/** How rib sheet and spine are looked at: undone, kept, and part of a bookmark. */
export interface RibsLook {
  /** About the spine: 0 from the front, −90 from the patient's left. */
  readonly turnDeg: number;
  /** Of the sheet, total mm. */
  readonly slabMm: number;
  /** Of sheet and spine, whatever the planes have. */
  readonly window: WindowState;
}

/** Thicknesses of the sheet, total mm. */
export const ribSlabsMm = [0, 1, 3, 6, 10] as const;

/** Cortex and fracture lines. */
const boneWindow: WindowState = { voi: voiWindow(450, 1800), isInverted: false, presetId: null };

export const startRibsLook: RibsLook = { turnDeg: -90, slabMm: 3, window: boneWindow };

/** How each strip of the sheet is drawn. */
export const stripLook = ({ slabMm, window }: Pick<RibsLook, 'slabMm' | 'window'>): CprLook => ({
  slabMm,
  projection: slabMm > 0 ? 'mip' : 'none',
  interpolation: 'linear',
  window: windowSetting(window, false),
  background: [0, 0, 0],
});
