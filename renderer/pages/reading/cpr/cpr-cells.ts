import type { CprCell } from '../session/layouts.ts';
import type { CprPicture } from './vessel-state.ts';

/** Places on screen, in the order of Tab; the large picture is curved, 3D, or left out. */
export const cprCellsShown = (picture: CprPicture): readonly CprCell[] => [
  ...(picture === 'volume' ? (['volume'] as const) : picture === 'straightened' ? [] : (['curved'] as const)),
  'straight',
  'axial',
  'coronal',
  'sagittal',
  'section',
];
