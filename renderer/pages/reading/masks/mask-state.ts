import type { MaskLayer } from '../../../../core/analysis/types.ts';
import type { Vec3 } from '../../../../core/geometry/types.ts';
import { maskName } from '../../../../core/terms/mask.ts';

/**
 * Masks of a study as named layers: plain data that is undone and kept. The voxels lie apart, under a name that
 * changes with them, so that a step back is another name (`MaskVoxels`).
 */
export interface MaskItem extends MaskLayer {
  readonly voxelsId: string;
  /** Of the volume that the mask was made in. */
  readonly size: Vec3;
  readonly volumeMl: number;
  readonly touchesBorder: boolean;
}

export interface MaskState {
  /** The first lies lowest; removed ones lie over all others. */
  readonly layers: readonly MaskItem[];
  /** What brush, scissors and clicks work on; null = what is seen. */
  readonly activeId: string | null;
  /** Removed voxels are shown in their colour instead of being left out. */
  readonly showsRemoved: boolean;
}

export const noMasks: MaskState = { layers: [], activeId: null, showsRemoved: false };

/** A byte tells each of them twice (`labelsOf`), and a preview. */
export const layersMost = 120;

/** What a hand changes of a layer beside its voxels. */
export type MaskLook = Pick<MaskItem, 'customName' | 'nameId' | 'colour' | 'opacity' | 'visible' | 'role'>;
/** What comes with other voxels. */
export type MaskContent = Pick<MaskItem, 'voxelsId' | 'volumeMl' | 'touchesBorder'>;

export type MaskAction =
  /** Adds layers on top; `isChosen`: the tools work on the last of them from now on. */
  | { readonly kind: 'add'; readonly items: readonly MaskItem[]; readonly isChosen?: boolean }
  | { readonly kind: 'voxels'; readonly id: string; readonly content: MaskContent }
  | { readonly kind: 'look'; readonly id: string; readonly look: Partial<MaskLook> }
  | { readonly kind: 'remove'; readonly ids: readonly string[] }
  /** The voxels of two layers in the first; the other goes. */
  | { readonly kind: 'merge'; readonly into: string; readonly from: string; readonly content: MaskContent }
  | { readonly kind: 'activate'; readonly id: string | null }
  | { readonly kind: 'showRemoved'; readonly isOn: boolean };

const withItem = (state: MaskState, id: string, part: Partial<MaskItem>): MaskState => ({
  ...state,
  layers: state.layers.map((item) => (item.id === id ? { ...item, ...part } : item)),
});

function add(state: MaskState, items: readonly MaskItem[], isChosen: boolean): MaskState {
  const layers = [...state.layers, ...items].slice(0, layersMost);
  const last = items.at(-1);
  return { ...state, layers, activeId: isChosen && last && layers.includes(last) ? last.id : state.activeId };
}

function remove(state: MaskState, ids: readonly string[]): MaskState {
  const layers = state.layers.filter(({ id }) => !ids.includes(id));
  if (layers.length === state.layers.length) return state;
  const isGone = state.activeId !== null && ids.includes(state.activeId);
  return { ...state, layers, activeId: isGone ? null : state.activeId };
}

/** Every change of the masks; unknown layers change nothing. */
export function reduceMasks(state: MaskState, action: MaskAction): MaskState {
  const has = (id: string): boolean => state.layers.some((item) => item.id === id);
  switch (action.kind) {
    case 'add':
      return add(state, action.items, action.isChosen ?? false);
    case 'voxels':
      return has(action.id) ? withItem(state, action.id, action.content) : state;
    case 'look': {
      const { opacity } = action.look;
      const part = opacity === undefined ? {} : { opacity: Math.min(1, Math.max(0, opacity)) };
      return has(action.id) ? withItem(state, action.id, { ...action.look, ...part }) : state;
    }
    case 'remove':
      return remove(state, action.ids);
    case 'merge': {
      if (!has(action.into) || !has(action.from) || action.into === action.from) return state;
      return remove(withItem(state, action.into, action.content), [action.from]);
    }
    case 'activate':
      return action.id === null || has(action.id) ? { ...state, activeId: action.id } : state;
    case 'showRemoved':
      return { ...state, showsRemoved: action.isOn };
  }
}

const isSameExcept = (a: MaskItem, b: MaskItem, part: keyof MaskItem): boolean =>
  (Object.keys(a) as (keyof MaskItem)[]).every((key) => key === part || a[key] === b[key]);

/** What a hand changed between two states; null when nothing that is undone (the choice of a layer is not). */
export function changeOfMasks(
  a: MaskState,
  b: MaskState,
): { readonly what: string; readonly isRunning: boolean } | null {
  if (a === b) return null;
  if (a.showsRemoved !== b.showsRemoved) return { what: 'removed voxels', isRunning: false };
  if (a.layers === b.layers) return null;
  const isOpacity =
    a.layers.length === b.layers.length &&
    a.layers.every((item, n) => item === b.layers[n] || isSameExcept(item, b.layers[n]!, 'opacity'));
  return { what: isOpacity ? 'mask opacity' : 'masks', isRunning: isOpacity };
}

/** A step back or forward: the layers of then, the choice of now where its layer is still there. */
export function withMaskStep(then: MaskState, now: MaskState): MaskState {
  const isThere = now.activeId === null || then.layers.some(({ id }) => id === now.activeId);
  return { ...then, activeId: isThere ? now.activeId : null };
}

export const activeMask = ({ layers, activeId }: MaskState): MaskItem | null =>
  layers.find(({ id }) => id === activeId) ?? null;

/** Colours of new layers, in turn: bright, and apart from bone and vessel. */
const palette: readonly Vec3[] = [
  [91, 192, 235],
  [253, 186, 74],
  [155, 197, 61],
  [232, 108, 167],
  [170, 132, 255],
  [80, 220, 190],
  [240, 120, 90],
];
/** Told from each other at a glance. */
const isApart = (a: Vec3, b: Vec3): boolean => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]) > 60;

export function colourFor(state: MaskState, nameId: string | null): Vec3 {
  const usual = maskName(nameId);
  if (usual && usual.id !== 'region') return usual.colour;
  const free = palette.find((colour) => state.layers.every((item) => isApart(item.colour, colour)));
  return free ?? palette[state.layers.length % palette.length]!;
}
