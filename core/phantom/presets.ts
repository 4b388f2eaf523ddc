/** Ready-made acquisitions of the body. */
import { demoPatient } from './attributes.ts';
import type { PhantomOptions } from './options.ts';

/** The demo study's series: neck base to hips, 512 × 512 × 300, head first. */
export const demoSeries = {
  size: [512, 512],
  slices: 300,
  spacingMm: [0.75, 0.75],
  sliceGapsMm: 1.75,
  thicknessMm: 1.75,
  subSlices: 1,
  centreMm: [0, 8, -8],
  reversed: true,
  noiseHu: 11,
  seed: 1,
  patient: demoPatient,
  characterSet: 'ISO_IR 192',
  seriesDescription: 'CTA 1.75 mm 增强动脉期',
  seriesKey: 'demo-ct',
} as const satisfies PhantomOptions;
