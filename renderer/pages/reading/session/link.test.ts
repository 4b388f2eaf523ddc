import { describe, expect, test } from 'vitest';
import { framePlane, onFrame, patientOnFrame } from '../../../viewport/reference-line.ts';
import { deviceFromImage, fitted, rotated, toImage } from '../../../viewport/view-transform.ts';
import type { OpenStack } from '../../../volumes/open-stack.ts';
import { isUnlinked, linkCells } from './link.ts';
import { emptyCell, type StackCell } from './reading-state.ts';

interface Made {
  readonly count: number;
  readonly gapMm: number;
  readonly fromMm: number;
  readonly spacingMm?: number;
  readonly size?: number;
  readonly uid?: string;
  readonly orientation?: readonly number[];
  readonly modality?: string;
}

/** A stack of axial slices from `fromMm` upwards. */
function made(m: Made): OpenStack {
  const { spacingMm = 0.5, size = 400 } = m;
  const info = (k: number) =>
    k < 0 || k >= m.count
      ? undefined
      : {
          frame: {},
          instance: { format: { rows: size, columns: size } },
          attributes: {
            FrameOfReferenceUID: m.uid ?? '1.2',
            ImageOrientationPatient: m.orientation ?? [1, 0, 0, 0, 1, 0],
            ImagePositionPatient: [(-size * spacingMm) / 2, (-size * spacingMm) / 2, m.fromMm + k * m.gapMm],
            PixelSpacing: [spacingMm, spacingMm],
          },
        };
  return {
    count: m.count,
    info,
    unit: 'HU',
    plan: { common: { Modality: m.modality ?? 'CT' } },
    group: { verdict: { medianGapMm: m.gapMm } },
  } as unknown as OpenStack;
}

const all = { k: true, view: true, window: true };
const window = {
  voi: { kind: 'window', center: 40, width: 400, function: 'LINEAR' },
  isInverted: false,
  presetId: null,
} as const;

function link(stacks: readonly OpenStack[], source: Partial<StackCell>) {
  const cells = stacks.map(
    (_, n): StackCell => ({ ...emptyCell, seriesKey: String(n), ...(n === 0 && source) }),
  );
  return linkCells({ cells, index: 0, changed: all, stackOf: (cell) => stacks[Number(cell.seriesKey)] });
}

describe('linked viewports', () => {
  const thin = made({ count: 100, gapMm: 1, fromMm: 0 });
  const thick = made({ count: 20, gapMm: 5, fromMm: 2 });

  test('go to the nearest slice by position in mm, whatever the numbers', () => {
    expect(link([thin, thick], { k: 40 }).cells[1]?.k).toBe(8);
    expect(link([thick, thin], { k: 8 }).cells[1]?.k).toBe(42);
    expect(link([thin, thick], { k: 45 }).cells[1]?.k).toBe(9);
  });

  test('say so where they can never follow the active one', () => {
    const stacks = [
      thin,
      thick,
      made({ count: 20, gapMm: 5, fromMm: 2, uid: '9.9' }),
      made({ count: 1, gapMm: 5, fromMm: 2, uid: '' }),
    ];
    const cells = stacks.map((_, n): StackCell => ({ ...emptyCell, seriesKey: String(n) }));
    const apart = (active: number) =>
      cells.map((_, index) => isUnlinked(cells, active, index, (cell) => stacks[Number(cell.seriesKey)]));
    expect(apart(0)).toEqual([false, false, true, true]);
    expect(apart(2)).toEqual([true, true, false, true]);
    // Nothing is known of the last: nothing follows it.
    expect(apart(3)).toEqual([true, true, true, false]);
  });

  test('stay, and say so, where there is no slice within half a spacing', () => {
    const low = made({ count: 5, gapMm: 5, fromMm: 2 });
    const { cells, beyond } = link([thin, low], { k: 80 });
    expect([cells[1]?.k, beyond]).toEqual([0, [1]]);
    expect(link([thin, low], { k: 24 })).toMatchObject({ beyond: [], cells: [{}, { k: 4 }] });
    expect(link([thin, low], { k: 25 }).beyond).toEqual([1]);
  });

  test('never follow another frame of reference, nor a stack that looks another way', () => {
    const foreign = made({ count: 100, gapMm: 1, fromMm: 0, uid: '1.3' });
    expect(link([thin, foreign], { k: 40, window }).cells[1]).toMatchObject({ k: 0, window: null });
    const sagittal = made({ count: 100, gapMm: 1, fromMm: 0, orientation: [0, 1, 0, 0, 0, -1] });
    expect(link([thin, sagittal], { k: 40 })).toMatchObject({ beyond: [], cells: [{}, { k: 0 }] });
  });

  test('share the window of the same kind of values only', () => {
    const pet = made({ count: 100, gapMm: 1, fromMm: 0, modality: 'PT' });
    const { cells } = link([thin, thick, pet], { window });
    expect(cells.map((cell) => cell.window)).toEqual([window, window, null]);
  });

  test('zoom about the same point of the patient at the same millimetres', () => {
    const coarse = made({ count: 20, gapMm: 5, fromMm: 2, spacingMm: 1.25, size: 256 });
    const view = { ...fitted, scale: 3, panX: 120, panY: -45, turn: rotated(fitted.turn) };
    const canvas = { width: 900, height: 700 };
    const centreIn = (stack: OpenStack, cell: StackCell) => {
      const frame = framePlane(stack.info(cell.k))!;
      const { rows, columns } = frame;
      const map = deviceFromImage(cell.view, { rows, columns, aspect: 1 }, canvas);
      return patientOnFrame(frame, toImage(map, canvas.width / 2, canvas.height / 2));
    };
    const cells = [
      { ...emptyCell, seriesKey: '0', view },
      { ...emptyCell, seriesKey: '1', view: { ...fitted, turn: view.turn } },
    ];
    const stacks = [thin, coarse];
    const linked = linkCells({
      cells,
      index: 0,
      changed: { k: false, view: true, window: false },
      stackOf: (cell) => stacks[Number(cell.seriesKey)],
    });
    const other = linked.cells[1]!;
    expect(other.view.scale).toBeCloseTo(3 * 2.5, 9);
    const [a, b] = [centreIn(thin, cells[0]!), centreIn(coarse, other)];
    expect(b[0]).toBeCloseTo(a[0], 6);
    expect(b[1]).toBeCloseTo(a[1], 6);
    expect(onFrame(framePlane(coarse.info(0))!, a).column).toBeLessThan(256);
  });
});
