import fc from 'fast-check';
import { noVessels } from '../cpr/vessel-state.ts';
import type { MprView } from '../mpr/mpr-view.ts';
import { startRibsLook } from '../ribs/ribs-look.ts';
import { layouts } from '../session/layouts.ts';
import { emptyCell } from '../session/reading-state.ts';
import type { Bookmark } from './bookmark.ts';
import type { ViewScene } from './view-scene.ts';

/** A view of planes or along a line, in a layout of one stack; for tests. */
export const madeScene = (mpr: MprView, part: Partial<ViewScene> = {}): ViewScene => ({
  layout: layouts[0]!,
  mode: 'mpr',
  cells: [{ ...emptyCell, seriesKey: mpr.seriesKey, k: 3 }],
  active: 1,
  isMaximised: false,
  volume: {
    mpr,
    lineId: null,
    cpr: { ...noVessels.view, turnDeg: 30, cursorMm: 12 },
    masks: [{ id: 'm', visible: true, colour: [10, 20, 30], opacity: 0.5, role: 'shown' }],
    showsRemoved: false,
    ribs: { ...startRibsLook, turnDeg: 0 },
  },
  ...part,
});

export const madeBookmark = (id: string, scene: ViewScene): Bookmark => ({
  ...{ id, name: '', note: '', atMs: 1_700_000_000_000, thumb: '' },
  scene,
});

/** Any bookmark of a view, and of a stack. */
export const bookmarksArbitrary = (mpr: MprView): fc.Arbitrary<readonly Bookmark[]> =>
  fc.array(
    fc.record({
      id: fc.uuid(),
      name: fc.string({ maxLength: 20 }),
      note: fc.string({ maxLength: 60 }),
      atMs: fc.nat(),
      thumb: fc.constantFrom('', 'data:image/jpeg;base64,/9j/4AAQ=='),
      scene: fc.constantFrom(
        madeScene(mpr),
        madeScene(mpr, { mode: 'cpr', active: 5, isMaximised: true }),
        madeScene(mpr, { mode: 'stack', active: 0, volume: null }),
      ),
    }),
    { maxLength: 4 },
  );
