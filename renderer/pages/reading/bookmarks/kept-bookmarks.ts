import type { CprView } from '../cpr/vessel-state.ts';
import {
  countOf,
  fieldsOf,
  flagOf,
  listOf,
  NotKept,
  numberOf,
  oneOf,
  orNull,
  textOf,
} from '../keeping/kept-checks.ts';
import { sightOf } from '../masks/kept-masks.ts';
import type { MprView } from '../mpr/mpr-view.ts';
import type { RibsLook } from '../ribs/ribs-look.ts';
import { cellCount, layouts, modes } from '../session/layouts.ts';
import type { StackCell } from '../session/reading-state.ts';
import { type Bookmark, nameMost, noteMost, thumbMost } from './bookmark.ts';
import type { ViewScene, VolumeSight } from './view-scene.ts';

/** Bookmarks as they are kept: their cells and views lie in the pools of the steps of undo, which share them. */

export interface ScenePlaces {
  cell(cell: StackCell): number;
  view(view: MprView): number;
  cpr(view: CprView): number;
  ribs(look: RibsLook): number;
}

export interface ScenePools {
  readonly cells: readonly (StackCell | null)[];
  readonly views: readonly (MprView | null)[];
  readonly cprs: readonly (CprView | null)[];
  readonly ribs: readonly (RibsLook | null)[];
}

const packVolume = ({ mpr, cpr, ribs, ...rest }: VolumeSight, places: ScenePlaces) => ({
  ...rest,
  mpr: places.view(mpr),
  cpr: places.cpr(cpr),
  ribs: places.ribs(ribs),
});

export const packBookmark = ({ scene, ...words }: Bookmark, places: ScenePlaces) => ({
  ...words,
  scene: {
    ...scene,
    layout: scene.layout.id,
    cells: scene.cells.map((cell) => places.cell(cell)),
    volume: scene.volume && packVolume(scene.volume, places),
  },
});

/** @throws NotKept where there is none */
function pooled<T>(x: unknown, pool: readonly (T | null)[]): T {
  const item = pool[countOf(x)];
  if (!item) throw new NotKept('part');
  return item;
}

function volumeOf(x: unknown, pools: ScenePools): VolumeSight {
  const v = fieldsOf(x);
  return {
    mpr: pooled(v['mpr'], pools.views),
    lineId: orNull(v['lineId'], (id) => textOf(id)),
    cpr: pooled(v['cpr'], pools.cprs),
    masks: listOf(v['masks'], sightOf),
    showsRemoved: flagOf(v['showsRemoved']),
    ribs: pooled(v['ribs'], pools.ribs),
  };
}

function sceneOf(x: unknown, pools: ScenePools): ViewScene {
  const s = fieldsOf(x);
  const layout = layouts.find(({ id }) => id === s['layout']);
  const cells = listOf(s['cells'], (n) => pooled(n, pools.cells));
  if (!layout || cells.length !== cellCount(layout)) throw new NotKept('layout');
  const mode = oneOf(s['mode'], modes);
  const volume = orNull(s['volume'], (v) => volumeOf(v, pools));
  if ((mode === 'stack') !== (volume === null)) throw new NotKept('mode');
  return { layout, mode, cells, active: countOf(s['active']), isMaximised: flagOf(s['isMaximised']), volume };
}

function thumbOf(x: unknown): string {
  const url = textOf(x, thumbMost);
  if (url !== '' && !/^data:image\/jpeg;base64,[A-Za-z0-9+/=]+$/.test(url)) throw new NotKept('thumb');
  return url;
}

/** @throws NotKept where it is none */
export function bookmarkOf(x: unknown, pools: ScenePools): Bookmark {
  const b = fieldsOf(x);
  return {
    id: textOf(b['id']),
    name: textOf(b['name'], nameMost),
    note: textOf(b['note'], noteMost),
    atMs: numberOf(b['atMs']),
    thumb: thumbOf(b['thumb']),
    scene: sceneOf(b['scene'], pools),
  };
}
