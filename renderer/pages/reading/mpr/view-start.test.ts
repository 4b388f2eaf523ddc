import { expect, it } from 'vitest';
import { matrixFromColumns } from '../../../../core/geometry/matrices.ts';
import { voiWindow } from '../../../../core/pixels/voi.ts';
import { backgroundKey, interpolationKey, startMprView, viewStart } from './mpr-view.ts';

const geometry = {
  size: [100, 120, 40],
  patientFromIndex: matrixFromColumns([0.8, 0, 0], [0, 0.7, 0], [0, 0, 5], [-31, 17, -480]),
} as const;
const window = { voi: voiWindow(40, 400), isInverted: false, presetId: null };
const started = (...of: Parameters<typeof viewStart>) =>
  startMprView('s', 0, geometry, window, 'CT', viewStart(...of));

it('begins with what was chosen last, and as delivered where that is no background', () => {
  const chosen = started(null, { [backgroundKey]: 'white', [interpolationKey]: 'cubic' });
  expect([chosen.look.background, chosen.interpolation]).toEqual(['white', 'cubic']);
  const unknown = started(null, { [backgroundKey]: 'pink', [interpolationKey]: 'best' });
  expect([unknown.look.background, unknown.interpolation]).toEqual(['black', 'linear']);
  // Another series of the study looks like the one before.
  expect(started(chosen, { [backgroundKey]: 'grey' }).look.background).toBe('white');
});
