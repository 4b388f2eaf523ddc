import type { Vec3 } from '../../geometry/types.ts';
import { type BitRows, copyRows, emptyRows, lastWord } from './bit-rows.ts';
import type { Work } from './work.ts';

/** Rows beside the middle one that a ball covers, with its half-width in voxels along i there. */
interface BallRow {
  readonly dj: number;
  readonly dk: number;
  readonly half: number;
}

/** Voxel centres within `radiusMm` of a voxel's centre; never less than the voxel itself. */
function ballRows(radiusMm: number, [si, sj, sk]: Vec3): BallRow[] {
  const out: BallRow[] = [];
  const most = radiusMm * radiusMm * (1 + 1e-9);
  const nj = Math.floor(Math.sqrt(most) / sj);
  const nk = Math.floor(Math.sqrt(most) / sk);
  for (let dk = -nk; dk <= nk; dk++)
    for (let dj = -nj; dj <= nj; dj++) {
      const rest = most - (dj * sj) ** 2 - (dk * sk) ** 2;
      if (rest >= 0) out.push({ dj, dk, half: Math.floor(Math.sqrt(rest) / si) });
    }
  return out;
}

/** One row dilated by `half` voxels to both sides, by doubling; `row` is changed, `spare` is scratch. */
function dilateRow(row: Uint32Array, spare: Uint32Array, half: number, last: number): void {
  const words = row.length;
  for (let covered = 0; covered < half; ) {
    const by = Math.min(half - covered, 2 * covered + 1);
    const step = by >> 5;
    const bits = by & 31;
    spare.set(row);
    for (let w = 0; w < words; w++) {
      let word = spare[w]!;
      if (w - step >= 0) word |= spare[w - step]! << bits;
      if (w + step < words) word |= spare[w + step]! >>> bits;
      if (bits !== 0) {
        if (w - step - 1 >= 0) word |= spare[w - step - 1]! >>> (32 - bits);
        if (w + step + 1 < words) word |= spare[w + step + 1]! << (32 - bits);
      }
      row[w] = word;
    }
    covered += by;
  }
  row[words - 1]! &= last;
}

/** Source rows as wide as each of the ball's half-widths, made from one another. */
function widenedRows(
  halves: readonly number[],
  words: number,
): (source: Uint32Array, last: number) => Uint32Array[] {
  const rows = halves.map(() => new Uint32Array(words));
  const spare = new Uint32Array(words);
  return (source, last) => {
    let narrower = source;
    halves.forEach((half, n) => {
      const row = rows[n]!;
      row.set(narrower);
      dilateRow(row, spare, half - (n === 0 ? 0 : halves[n - 1]!), last);
      narrower = row;
    });
    return rows;
  };
}

/** Every voxel within `radiusMm` of the mask, centre to centre. Beyond the volume there is nothing. */
export function dilateRows(mask: BitRows, radiusMm: number, spacingMm: Vec3, work?: Work): BitRows {
  const { size, words, data } = mask;
  const ball = ballRows(radiusMm, spacingMm);
  const halves = [...new Set(ball.map(({ half }) => half))].sort((a, b) => a - b);
  const which = ball.map(({ half }) => halves.indexOf(half));
  const widen = widenedRows(halves, words);
  const out = emptyRows(size);
  const last = lastWord(size);
  const [, rows, slices] = size;
  for (let k = 0; k < slices; k++) {
    work?.step(k / slices);
    for (let j = 0; j < rows; j++) {
      const at = words * (j + rows * k);
      const source = data.subarray(at, at + words);
      let first = 0;
      while (first < words && source[first] === 0) first++;
      if (first === words) continue;
      let end = words;
      while (source[end - 1] === 0) end--;
      const wide = widen(source, last);
      for (let n = 0; n < ball.length; n++) {
        const { dj, dk, half } = ball[n]!;
        const toJ = j + dj;
        const toK = k + dk;
        if (toJ < 0 || toJ >= rows || toK < 0 || toK >= slices) continue;
        const row = wide[which[n]!]!;
        const to = words * (toJ + rows * toK);
        const reach = (half >> 5) + 1;
        const stop = Math.min(words, end + reach);
        for (let w = Math.max(0, first - reach); w < stop; w++) out.data[to + w]! |= row[w]!;
      }
    }
  }
  return out;
}

/**
 * What stays where every voxel within `radiusMm` belongs to the mask. What lies beyond the volume is taken to belong
 * to it, so that a body cut off by the volume's border is not eroded there. Empty and full rows cost little.
 */
export function erodeRows(mask: BitRows, radiusMm: number, spacingMm: Vec3, work?: Work): BitRows {
  const { size, words, data } = mask;
  const ball = ballRows(radiusMm, spacingMm);
  const halves = [...new Set(ball.map(({ half }) => half))].sort((a, b) => a - b);
  const which = ball.map(({ half }) => halves.indexOf(half));
  const widen = widenedRows(halves, words);
  const out = copyRows(mask);
  const last = lastWord(size);
  const [, rows, slices] = size;
  const absent = new Uint32Array(words);
  for (let k = 0; k < slices; k++) {
    work?.step(k / slices);
    for (let j = 0; j < rows; j++) {
      const at = words * (j + rows * k);
      const kind = invertRow(data, at, absent, last);
      if (kind === 'full') continue;
      const wide = kind === 'empty' ? undefined : widen(absent, last);
      for (let n = 0; n < ball.length; n++) {
        const { dj, dk } = ball[n]!;
        const toJ = j + dj;
        const toK = k + dk;
        if (toJ < 0 || toJ >= rows || toK < 0 || toK >= slices) continue;
        const to = words * (toJ + rows * toK);
        const row = wide?.[which[n]!];
        if (row) for (let w = 0; w < words; w++) out.data[to + w]! &= ~row[w]!;
        else out.data.fill(0, to, to + words);
      }
    }
  }
  return out;
}

/** What a row lacks, in `absent`; and whether it lacks everything or nothing. */
function invertRow(
  data: Uint32Array,
  at: number,
  absent: Uint32Array,
  last: number,
): 'empty' | 'full' | 'mixed' {
  const words = absent.length;
  let present = 0;
  let lacking = 0;
  for (let w = 0; w < words; w++) {
    const word = data[at + w]!;
    const lack = w === words - 1 ? ~word & last : ~word;
    present |= word;
    lacking |= lack;
    absent[w] = lack;
  }
  return lacking === 0 ? 'full' : present === 0 ? 'empty' : 'mixed';
}

/** Without what is thinner than twice the radius. */
export const openRows = (mask: BitRows, radiusMm: number, spacingMm: Vec3, work?: Work): BitRows =>
  dilateRows(erodeRows(mask, radiusMm, spacingMm, work), radiusMm, spacingMm, work);

/** With gaps narrower than twice the radius closed. */
export const closeRows = (mask: BitRows, radiusMm: number, spacingMm: Vec3, work?: Work): BitRows =>
  erodeRows(dilateRows(mask, radiusMm, spacingMm, work), radiusMm, spacingMm, work);
