import { spacingMm } from '../../geometry/matrices.ts';
import type { Vec3 } from '../../geometry/types.ts';
import type { ScalarField } from '../types.ts';
import { type BitRows, countRows, emptyRows, hasBit, onesOf, setBit } from './bit-rows.ts';
import type { Work } from './work.ts';

/** A step costs its length, and this much more for each unit of difference in value. */
const perUnitMm = 0.001;
/** Buckets of the queue. */
const stepMm = 0.05;

/** Numbers for the voxels of a mask: 0, 1, … in the order of their indices. */
class Ranks {
  readonly count: number;
  private readonly rows: BitRows;
  private readonly before: Int32Array;
  /** Index i + nx · (j + ny · k) of each. */
  readonly voxels: Int32Array;

  constructor(rows: BitRows) {
    this.rows = rows;
    this.count = countRows(rows);
    this.before = new Int32Array(rows.data.length);
    this.voxels = new Int32Array(this.count);
    let rank = 0;
    for (let at = 0; at < rows.data.length; at++) {
      this.before[at] = rank;
      let word = rows.data[at]!;
      if (word === 0) continue;
      const row = Math.floor(at / rows.words);
      const first = row * rows.size[0] + (at - row * rows.words) * 32;
      while (word !== 0) {
        this.voxels[rank++] = first + 31 - Math.clz32(word & -word);
        word &= word - 1;
      }
    }
  }

  /** −1 for a voxel that is not in the mask. */
  of(i: number, j: number, k: number): number {
    const { words, size, data } = this.rows;
    const at = words * (j + size[1] * k) + (i >> 5);
    const word = data[at]!;
    const bit = i & 31;
    return ((word >>> bit) & 1) === 0 ? -1 : this.before[at]! + onesOf(word & ((1 << bit) - 1));
  }
}

interface Step {
  readonly di: number;
  readonly dj: number;
  readonly dk: number;
  readonly mm: number;
}

function stepsOf([si, sj, sk]: Vec3): Step[] {
  const out: Step[] = [];
  for (let dk = -1; dk <= 1; dk++)
    for (let dj = -1; dj <= 1; dj++)
      for (let di = -1; di <= 1; di++)
        if (di !== 0 || dj !== 0 || dk !== 0)
          out.push({ di, dj, dk, mm: Math.hypot(di * si, dj * sj, dk * sk) });
  return out;
}

/**
 * Two labels compete for undecided voxels: each goes to the label from which the way through undecided voxels is
 * shorter, where steps between unlike values are longer (GrowCut solved as Dijkstra's shortest paths from many
 * sources, L57). Gives what the second wins; what neither reaches stays undecided.
 */
export function contest(
  field: ScalarField,
  undecided: BitRows,
  first: BitRows,
  second: BitRows,
  work: Work,
): BitRows {
  const race = new Race(field, undecided);
  race.begin(first, 1);
  race.begin(second, 2);
  return race.run(work);
}

class Race {
  private readonly field: ScalarField;
  private readonly ranks: Ranks;
  private readonly costMm: Float32Array;
  private readonly label: Uint8Array;
  private readonly steps: readonly Step[];
  private readonly buckets: number[][] = [];
  private readonly size: Vec3;

  constructor(field: ScalarField, undecided: BitRows) {
    this.field = field;
    this.ranks = new Ranks(undecided);
    this.costMm = new Float32Array(this.ranks.count).fill(Number.POSITIVE_INFINITY);
    this.label = new Uint8Array(this.ranks.count);
    this.steps = stepsOf(spacingMm(field.geometry.patientFromIndex));
    this.size = undecided.size;
  }

  private value(n: number): number {
    return this.field.voxels[n]! * this.field.rescale.slope;
  }

  private offer(rank: number, costMm: number, label: number): void {
    if (costMm >= this.costMm[rank]!) return;
    this.costMm[rank] = costMm;
    this.label[rank] = label;
    const bucket = Math.floor(costMm / stepMm);
    while (this.buckets.length <= bucket) this.buckets.push([]);
    this.buckets[bucket]!.push(rank);
  }

  /** Undecided voxels beside the label are offered to it. */
  begin(source: BitRows, label: number): void {
    const [nx, ny, nz] = this.size;
    for (let rank = 0; rank < this.ranks.count; rank++) {
      const n = this.ranks.voxels[rank]!;
      const row = Math.floor(n / nx);
      const i = n - row * nx;
      const k = Math.floor(row / ny);
      const j = row - k * ny;
      for (const { di, dj, dk, mm } of this.steps) {
        const [toI, toJ, toK] = [i + di, j + dj, k + dk];
        if (toI < 0 || toJ < 0 || toK < 0 || toI >= nx || toJ >= ny || toK >= nz) continue;
        if (!hasBit(source, toI, toJ, toK)) continue;
        const difference = Math.abs(this.value(n) - this.value(toI + nx * (toJ + ny * toK)));
        this.offer(rank, mm + perUnitMm * difference, label);
      }
    }
  }

  run(work: Work): BitRows {
    const [nx, ny, nz] = this.size;
    const out = emptyRows(this.size);
    for (let bucket = 0; bucket < this.buckets.length; bucket++) {
      work.step(bucket / (bucket + 40));
      const open = this.buckets[bucket]!;
      for (let rank = open.pop(); rank !== undefined; rank = open.pop()) {
        const cost = this.costMm[rank]!;
        if (Math.floor(cost / stepMm) !== bucket) continue;
        const n = this.ranks.voxels[rank]!;
        const row = Math.floor(n / nx);
        const i = n - row * nx;
        const k = Math.floor(row / ny);
        const j = row - k * ny;
        const own = this.value(n);
        const label = this.label[rank]!;
        for (const { di, dj, dk, mm } of this.steps) {
          const [toI, toJ, toK] = [i + di, j + dj, k + dk];
          if (toI < 0 || toJ < 0 || toK < 0 || toI >= nx || toJ >= ny || toK >= nz) continue;
          const to = this.ranks.of(toI, toJ, toK);
          if (to < 0 || this.costMm[to]! <= cost + mm) continue;
          const difference = Math.abs(own - this.value(this.ranks.voxels[to]!));
          this.offer(to, cost + mm + perUnitMm * difference, label);
        }
      }
    }
    for (let rank = 0; rank < this.ranks.count; rank++)
      if (this.label[rank] === 2) this.setWon(out, this.ranks.voxels[rank]!);
    return out;
  }

  private setWon(out: BitRows, n: number): void {
    const [nx, ny] = this.size;
    const row = Math.floor(n / nx);
    const k = Math.floor(row / ny);
    setBit(out, n - row * nx, row - k * ny, k);
  }
}
