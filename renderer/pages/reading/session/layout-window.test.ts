import { describe, expect, test } from 'vitest';
import { voiWindow } from '../../../../core/pixels/voi.ts';
import { firstWindow, type WindowState, windowOf } from '../../../viewport/windowing.ts';
import type { FrameInfo } from '../../../volumes/frame-attributes.ts';
import { RangeKeeper } from '../../../volumes/value-range.ts';
import { noVessels, type VesselLine } from '../cpr/vessel-state.ts';
import { layoutWindow } from './layout-window.ts';
import type { Mode } from './layouts.ts';

const info = {
  attributes: { WindowCenter: [50], WindowWidth: [400] },
  instance: { voiLuts: [], format: { element: 'PixelData' } },
} as unknown as FrameInfo;
const range = new RangeKeeper();
type Stack = Parameters<typeof layoutWindow>[3];
const stackOf = (Modality: string, unit: string): Stack =>
  ({ plan: { common: { Modality } }, unit, range }) as unknown as Stack;
const ct = stackOf('CT', 'HU');
const asSent = firstWindow(info, range);
const lineOf = (kind: string): typeof noVessels =>
  ({ ...noVessels, lines: [{ line: { id: 'l', kind } } as VesselLine], activeId: 'l' }) as typeof noVessels;
const numbers = ({ voi }: WindowState): string => `${windowOf(voi).width} ${windowOf(voi).center}`;
const shownIn = (mode: Mode, shown: WindowState, stack = ct, vessel = noVessels): WindowState =>
  layoutWindow(mode, vessel, shown, stack, info);

describe('the window of a layout', () => {
  test('CT as it was sent takes the CTA window along vessels and the bone window for ribs', () => {
    expect(numbers(asSent)).toBe('400 50');
    expect(shownIn('cpr', asSent)).toMatchObject({ presetId: 'ct.cta' });
    expect(numbers(shownIn('cpr', asSent))).toBe('800 300');
    expect(numbers(shownIn('ribs', asSent))).toBe('1500 300');
    for (const mode of ['mpr', '3d'] as const) expect(shownIn(mode, asSent)).toBe(asSent);
  });

  test('goes with its layout', () => {
    const cta = shownIn('cpr', asSent);
    expect(shownIn('cpr', cta)).toBe(cta);
    const bone = shownIn('ribs', cta);
    expect(numbers(bone)).toBe('1500 300');
    expect(numbers(shownIn('mpr', bone))).toBe('400 50');
  });

  test('leaves alone what a reader has set: by a drag, by a preset, the same preset too', () => {
    const dragged: WindowState = { voi: voiWindow(60, 410), isInverted: false, presetId: null };
    const chosen: WindowState = { voi: voiWindow(300, 800), isInverted: false, presetId: 'ct.cta' };
    const inverted = { ...asSent, isInverted: true };
    for (const own of [dragged, chosen, inverted])
      for (const mode of ['cpr', 'ribs', 'mpr'] as const) expect(shownIn(mode, own)).toBe(own);
    const after = { ...shownIn('cpr', asSent), isInverted: true };
    expect(shownIn('mpr', after)).toBe(after);
  });

  test('is for CT in HU, and for vessels', () => {
    expect(shownIn('cpr', asSent, stackOf('MR', ''))).toBe(asSent);
    expect(shownIn('ribs', asSent, stackOf('CT', ''))).toBe(asSent);
    for (const kind of ['airway', 'rib', 'spine', 'dental'])
      expect(shownIn('cpr', asSent, ct, lineOf(kind))).toBe(asSent);
    expect(numbers(shownIn('cpr', asSent, ct, lineOf('vessel')))).toBe('800 300');
  });
});
