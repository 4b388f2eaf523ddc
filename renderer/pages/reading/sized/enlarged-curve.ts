import type { CurvedRows, CurvedScene } from '../../../../core/scene/types.ts';

/** Where the row of a picture with more rows lies among `height` rows: the one before it, and how far it is beyond that. */
function placeAmong(row: number, wanted: number, height: number): readonly [number, number] {
  const at = ((row + 0.5) * height) / wanted - 0.5;
  const before = Math.min(Math.max(0, Math.floor(at)), Math.max(0, height - 2));
  return [before, height > 1 ? at - before : 0];
}

/** Between two triples of numbers, or the nearer one where the other is none (beyond the ends of a line). */
function putBetween(
  onto: Float64Array,
  from: Float64Array,
  row: number,
  before: number,
  share: number,
): void {
  for (let n = 0; n < 3; n += 1) {
    const a = from[3 * before + n]!;
    const b = from[3 * before + 3 + n] ?? a;
    const isKnown = !(Number.isNaN(a) || Number.isNaN(b));
    onto[3 * row + n] = isKnown ? a + share * (b - a) : share < 0.5 ? a : b;
  }
}

function makeUnit(values: Float64Array, row: number): void {
  const length = Math.hypot(values[3 * row]!, values[3 * row + 1]!, values[3 * row + 2]!);
  if (length > 0) for (let n = 0; n < 3; n += 1) values[3 * row + n]! /= length;
}

function rowsAmong(rows: CurvedRows, height: number, wanted: number): CurvedRows {
  const made: CurvedRows = {
    centres: new Float64Array(3 * wanted),
    across: new Float64Array(3 * wanted),
    through: new Float64Array(3 * wanted),
  };
  for (let row = 0; row < wanted; row += 1) {
    const [before, share] = placeAmong(row, wanted, height);
    putBetween(made.centres, rows.centres, row, before, share);
    for (const part of ['across', 'through'] as const) {
      putBetween(made[part], rows[part], row, before, share);
      makeUnit(made[part], row);
    }
  }
  return made;
}

/**
 * A curved picture in `times` the pixels along each side, at the same places of the patient: what lies over it on the
 * screen lies over it here. Its rows lie between those of the screen, which are less than a pixel of it apart.
 */
export function enlargedCurve(scene: CurvedScene, times: number): CurvedScene {
  const width = Math.max(1, Math.round(scene.width * times));
  const height = Math.max(1, Math.round(scene.height * times));
  const spacingMm = (scene.spacingMm * scene.width) / width;
  return { ...scene, rows: rowsAmong(scene.rows, scene.height, height), width, height, spacingMm };
}
