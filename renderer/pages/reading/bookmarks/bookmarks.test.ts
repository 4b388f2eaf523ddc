import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { patientPoint, type VolumeGeometry } from '../../../../core/geometry/types.ts';
import { voiWindow } from '../../../../core/pixels/voi.ts';
import type { WindowState } from '../../../viewport/windowing.ts';
import { noVessels, type VesselLine } from '../cpr/vessel-state.ts';
import { readKept, writeKept } from '../keeping/kept-state.ts';
import type { MaskItem } from '../masks/mask-state.ts';
import { applyMpr, placeCross, startMprView } from '../mpr/mpr-view.ts';
import { startRibsLook } from '../ribs/ribs-look.ts';
import { History } from '../session/history.ts';
import { layouts } from '../session/layouts.ts';
import { emptyCell, type ReadingState, startState } from '../session/reading-state.ts';
import { snapshotOf, withSnapshot } from '../session/snapshot.ts';
import { bookmarkBeside, bookmarksMost, nameMost, reduceBookmarks, thumbMost } from './bookmark.ts';
import { madeName } from './bookmark-name.ts';
import { panelFor, recalled } from './recalled.ts';
import { madeBookmark, madeScene } from './test-bookmarks.ts';
import { isSameScene, sceneOf as sceneWith, type ViewScene } from './view-scene.ts';

const window: WindowState = { voi: voiWindow(40, 400), isInverted: false, presetId: null };
const geometry: VolumeGeometry = {
  size: [40, 30, 20],
  patientFromIndex: [
    0.9, 0, 0, -17, 0, 0.8, 0.1, 5, 0, -0.1, 1.5, -165, 0, 0, 0, 1,
  ] as unknown as VolumeGeometry['patientFromIndex'],
};
const view = startMprView('a', 0, geometry, window, 'CT');
const rows = [
  { seriesKey: 'a', number: 3, description: 'Thorax' },
  { seriesKey: 'b', number: 4, description: '' },
] as unknown as ReadingState['series'];
const line = {
  line: { id: 'l', nameId: 'lad', customName: '', seriesKey: 'a', pieces: [] },
} as unknown as VesselLine;
const mask = (id: string, part: Partial<MaskItem> = {}): MaskItem => ({
  ...{ id, nameId: 'bone', customName: '', seriesKey: 'a', groupId: 'g', role: 'shown' },
  ...{ colour: [9, 9, 9], opacity: 1, visible: true, voxelsId: `v-${id}`, size: [1, 1, 1] },
  ...{ volumeMl: 1, touchesBorder: false },
  ...part,
});
const opened: ReadingState = {
  ...startState('t'),
  series: rows,
  cells: [{ ...emptyCell, seriesKey: 'a', k: 7 }],
  mode: 'mpr',
  active: 1,
  mpr: placeCross(view, patientPoint(1, 12, -150)),
  vessel: { ...noVessels, lines: [line], activeId: 'l' },
  masks: { layers: [mask('m'), mask('n')], activeId: 'm', showsRemoved: true },
};
const sceneOf = (state: ReadingState): ViewScene | null => sceneWith(state, (cell) => cell.window ?? window);
const grid = (): VolumeGeometry => geometry;
const task = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

describe('the list of bookmarks', () => {
  const list = ['x', 'y', 'z'].map((id) => madeBookmark(id, madeScene(view)));
  const ids = (of: typeof list): string => of.map(({ id }) => id).join('');

  test('is named, noted, moved, renewed, deleted and put back', () => {
    const named = reduceBookmarks(list, { kind: 'words', id: 'y', name: ' throat ', note: 'see MR' });
    expect(named[1]).toMatchObject({ name: 'throat', note: 'see MR' });
    expect(reduceBookmarks(named, { kind: 'words', id: 'y', name: 'throat', note: 'see MR ' })).toBe(named);
    const long = reduceBookmarks(list, { kind: 'words', id: 'y', name: 'n'.repeat(500), note: '' });
    expect(long[1]!.name.length).toBe(nameMost);
    expect(ids([...reduceBookmarks(list, { kind: 'move', id: 'x', by: 1 })])).toBe('yxz');
    expect(ids([...reduceBookmarks(list, { kind: 'move', id: 'z', by: -1 })])).toBe('xzy');
    expect(reduceBookmarks(list, { kind: 'move', id: 'z', by: 1 })).toBe(list);
    const scene = madeScene(view, { mode: '3d', active: 3 });
    const again = reduceBookmarks(named, { kind: 'view', id: 'y', view: { scene, thumb: '', atMs: 5 } });
    expect(again[1]).toMatchObject({ name: 'throat', note: 'see MR', atMs: 5, scene: { mode: '3d' } });
    const fewer = reduceBookmarks(list, { kind: 'remove', id: 'y' });
    expect(ids([...fewer])).toBe('xz');
    expect(reduceBookmarks(fewer, { kind: 'add', bookmark: list[1]!, at: 1 })).toEqual(list);
    expect(reduceBookmarks(list, { kind: 'add', bookmark: list[1]! })).toBe(list);
    expect(reduceBookmarks(list, { kind: 'remove', id: 'gone' })).toBe(list);
  });

  test('ends at its most', () => {
    let many: readonly (typeof list)[number][] = [];
    for (let n = 0; n < bookmarksMost + 3; n += 1)
      many = reduceBookmarks(many, { kind: 'add', bookmark: madeBookmark(String(n), madeScene(view)) });
    expect(many.length).toBe(bookmarksMost);
  });

  test('is gone through both ways, round at the ends', () => {
    const beside = (id: string | null, by: 1 | -1) => bookmarkBeside(list, id, by)?.id;
    expect([beside(null, 1), beside(null, -1), beside('x', 1), beside('z', 1), beside('x', -1)]).toEqual([
      'x',
      'z',
      'y',
      'x',
      'z',
    ]);
    expect(bookmarkBeside([], null, 1)).toBeUndefined();
  });

  test('is called by what it shows', () => {
    const study = { series: rows, vessel: opened.vessel };
    const volume = madeScene(opened.mpr!).volume!;
    expect(madeName(madeScene(opened.mpr!), study, 'en')).toBe('MPR · Se 3 Thorax · 1,\u00a012,\u00a0−150');
    const along = madeScene(view, { mode: 'cpr', volume: { ...volume, lineId: 'l' } });
    expect(madeName(along, study, 'zh-CN')).toBe('CPR 投影 · 左前降支 · 12 mm');
    expect(madeName(madeScene(view, { mode: '3d' }), study, 'en')).toBe('3D · Bone · Se 3 Thorax');
    const cells = [emptyCell, { ...emptyCell, seriesKey: 'b', k: 4 }];
    const stack = madeScene(view, { mode: 'stack', layout: layouts[1]!, cells, active: 0, volume: null });
    expect(madeName(stack, study, 'en')).toBe('1×2 · Se 4 · Im 5');
    expect(madeName(stack, { ...study, series: [] }, 'en')).toBe('1×2 · Im 5');
  });
});

test('the vessel panel comes along a vessel where a panel is open, and goes over the ribs', () => {
  expect([panelFor('cpr', null), panelFor('cpr', 'measure'), panelFor('mpr', 'vessel')]).toEqual([
    null,
    'vessel',
    'vessel',
  ]);
  expect([panelFor('ribs', 'vessel'), panelFor('ribs', 'tags')]).toEqual([null, 'tags']);
});

describe('a view that is recalled', () => {
  const kept = sceneOf(opened)!;

  test('is seen as it was, whatever was changed since', () => {
    const { mpr } = opened;
    const changed: ReadingState = {
      ...opened,
      layout: layouts[1]!,
      cells: [emptyCell, { ...emptyCell, seriesKey: 'b', k: 1 }],
      mode: 'cpr',
      active: 5,
      isMaximised: true,
      mpr: { ...applyMpr(mpr!, { kind: 'slab', plane: 'axial', slabMm: 20 }), presetId: 'skin', shift: 40 },
      vessel: {
        ...opened.vessel,
        activeId: null,
        view: { ...noVessels.view, picture: 'sheet', cursorMm: 9 },
      },
      masks: {
        ...opened.masks,
        layers: [mask('m', { visible: false, role: 'removed', voxelsId: 'later' }), mask('n'), mask('new')],
        showsRemoved: false,
      },
      ribsLook: { ...opened.ribsLook, slabMm: 10 },
    };
    const { part, lost } = recalled(changed, kept, grid);
    expect(lost).toEqual([]);
    const shown = { ...changed, ...part };
    const now = sceneOf(shown)!;
    // A mask that came later is not in the view.
    expect(shown.masks.layers.map(({ id, visible }) => `${id} ${visible}`)).toEqual([
      'm true',
      'n true',
      'new false',
    ]);
    const masks = now.volume!.masks.slice(0, 2);
    expect(isSameScene({ ...now, volume: { ...now.volume!, masks } }, kept)).toBe(true);
  });

  test('writes out the window that follows the file', () => {
    expect(kept.cells[0]!.window).toEqual(window);
  });

  test('changes no measurement, line, contour, voxel or bone', () => {
    const changed = { ...opened, masks: { ...opened.masks, layers: [mask('m', { voxelsId: 'other' })] } };
    const { part } = recalled(changed, kept, grid);
    expect(part).not.toHaveProperty('annotations');
    expect(part).not.toHaveProperty('bones');
    expect(part!.vessel!.lines).toBe(opened.vessel.lines);
    expect(part!.masks!.layers[0]).toMatchObject({ voxelsId: 'other', nameId: 'bone' });
  });

  test('says what is gone and shows the rest', () => {
    const volume = { ...kept.volume!, lineId: 'gone' };
    const along = { ...kept, mode: 'cpr', volume } as const;
    const noMasks = { ...opened, masks: { ...opened.masks, layers: [] } };
    expect(recalled(noMasks, along, grid)).toMatchObject({
      part: { mode: 'cpr', vessel: { activeId: 'l' } },
      lost: [{ kind: 'line' }, { kind: 'masks', n: 2 }],
    });
    const cells = [...kept.cells, { ...emptyCell, seriesKey: 'b', k: 2 }];
    const both = { ...kept, layout: layouts[1]!, cells };
    const one = { ...opened, series: rows.slice(1) };
    expect(recalled(one, both, grid)).toMatchObject({
      part: { mode: 'stack', active: 1, cells: [emptyCell, { seriesKey: 'b', k: 2 }] },
      lost: [{ kind: 'series', n: 1 }],
    });
    expect(recalled({ ...opened, series: [] }, both, grid)).toEqual({
      part: null,
      lost: [{ kind: 'series', n: 2 }],
    });
    const other = (): VolumeGeometry => ({ ...geometry, size: [40, 30, 21] });
    expect(recalled(opened, kept, other)).toMatchObject({
      part: { mode: 'stack' },
      lost: [{ kind: 'volume' }],
    });
  });

  test('is one step of undo that brings back places too, and redo shows it again', async () => {
    const history = new History(() => 0);
    let state: ReadingState = { ...opened, bookmarks: [madeBookmark('x', kept)] };
    const change = async (part: Partial<ReadingState>): Promise<void> => {
      const before = state;
      state = { ...state, ...part };
      history.note(snapshotOf(before), snapshotOf(state));
      await task();
    };
    await change({ mode: 'stack' });
    await change({ cells: [{ ...emptyCell, seriesKey: 'b', k: 11 }], active: 0, isMaximised: true });
    await change({ cells: [{ ...emptyCell, seriesKey: 'b', k: 12 }] });
    const before = snapshotOf(state);
    const steps = history.past.length;
    await change(recalled(state, kept, grid).part!);
    expect(history.past.length).toBe(steps + 1);
    expect(isSameScene(sceneOf(state)!, kept)).toBe(true);
    // Scrolling after it is no step, and is forgotten by the step back.
    await change({ mpr: applyMpr(state.mpr!, { kind: 'step', plane: 'axial', count: 4 }) });
    state = { ...state, ...withSnapshot(state, history.undo(snapshotOf(state))!) };
    expect(snapshotOf(state)).toEqual(before);
    state = { ...state, ...withSnapshot(state, history.redo(snapshotOf(state))!) };
    expect(state).toMatchObject({ mode: 'mpr', active: 1, isMaximised: false });
    // From here on undo leaves places alone, as ever.
    await change({ mpr: { ...state.mpr!, shift: 9 } });
    const { centre } = state.mpr!.state;
    await change({ mpr: applyMpr(state.mpr!, { kind: 'step', plane: 'axial', count: 2 }) });
    const moved = state.mpr!.state.centre;
    state = { ...state, ...withSnapshot(state, history.undo(snapshotOf(state))!) };
    expect(state.mpr!.state.centre).toEqual(moved);
    expect(moved).not.toEqual(centre);
  });
});

describe('bookmarks that are kept', () => {
  // JSON knows no −0.
  const json = (x: unknown): unknown => JSON.parse(JSON.stringify(x));
  const plain = { ...opened, vessel: noVessels, ribsLook: { ...startRibsLook } };
  const now = { ...snapshotOf(plain), bookmarks: [madeBookmark('x', madeScene(view))] };
  const kept = { now, past: [now], future: [], active: 0, accepted: [] };

  test('are not there in readings of before, which open as they were', () => {
    const old = JSON.parse(writeKept(kept));
    delete old.pools.bookmarks;
    delete old.pools.ribs;
    for (const step of [old.now, ...old.past])
      for (const key of ['ribs', 'bookmarks', 'recalls', 'active', 'isMaximised']) delete step[key];
    const read = readKept(JSON.stringify(old));
    expect(json(read?.now)).toEqual(json({ ...now, bookmarks: [], active: 0 }));
    expect(read?.past.length).toBe(1);
  });

  test('are written once, however many steps have them', () => {
    const thumb = `data:image/jpeg;base64,${'A'.repeat(8000)}`;
    const pictured = { ...now, bookmarks: [{ ...now.bookmarks[0]!, thumb }] };
    const past = Array.from({ length: 100 }, () => pictured);
    const text = writeKept({ ...kept, now: pictured, past });
    expect(text.length).toBeLessThan(40_000);
    expect(json(readKept(text)?.now.bookmarks)).toEqual(json(pictured.bookmarks));
  });

  test('give up their pictures before the host refuses them', () => {
    const thumb = `data:image/jpeg;base64,${'A'.repeat(thumbMost - 23)}`;
    const bookmarks = Array.from({ length: bookmarksMost + 10 }, (_, n) => ({
      ...madeBookmark(`b${n}`, madeScene(view)),
      thumb,
    }));
    const text = writeKept({ ...kept, now: { ...now, bookmarks } });
    expect(text.length).toBeLessThan(600_000);
    expect(readKept(text)?.now.bookmarks.map(({ id }) => id)).toEqual(bookmarks.map(({ id }) => id));
  });

  test('cost themselves where they are damaged, or carry a picture that is none', () => {
    const text = writeKept({ ...kept, past: [] });
    for (const [from, to] of [
      ['"thumb":""', '"thumb":"https://example.org/x.jpg"'],
      ['"opacity":0.5', '"opacity":"0.5"'],
      ['"name":""', '"name":7'],
    ] as const) {
      const bad = text.replace(from, to);
      expect(bad).not.toBe(text);
      expect(json(readKept(bad)?.now)).toEqual(json({ ...now, bookmarks: [] }));
    }
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.string({ maxLength: 3 }), (at, junk) => {
        const read = readKept(text.slice(0, at) + junk + text.slice(at + junk.length));
        for (const { thumb } of read?.now.bookmarks ?? [])
          expect(thumb === '' || thumb.startsWith('data:')).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});
