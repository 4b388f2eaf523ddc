/**
 * Turns the painter's list into voxels.
 *
 * A block of voxels is halved until each part either misses it, fills it or touches it; only leaves
 * that some surface touches are evaluated voxel by voxel. A voxel at a surface gets each side's share,
 * as if the detector averaged over it.
 */
import type { Vec3 } from '../geometry/types.ts';
import type { Part } from './part.ts';
import type { Shape } from './shape.ts';
import { type Contrast, type Tissue, tissueValue } from './tissue.ts';
import { length } from './vector.ts';

export interface PaintGrid {
  /** Columns and rows of a slice. */
  readonly size: readonly [number, number];
  /** LPS mm of the centre of the first voxel of each slice. */
  readonly origins: readonly Vec3[];
  /** Step in mm to the next column and to the next row. */
  readonly columnStep: Vec3;
  readonly rowStep: Vec3;
  /** Thickness vector of a slice (along its normal): averaged over `subSlices` evenly spaced planes. */
  readonly thickness: Vec3;
  readonly subSlices: number;
  /** No partial cover: each sample belongs to one part (for label volumes). */
  readonly sharp?: boolean;
}

interface Brush {
  readonly shape: Shape;
  readonly part: Paint;
  /** Covers the whole block. */
  readonly full: boolean;
}

interface Paint {
  readonly value: number;
  readonly rimValue: number;
  readonly rimMm: number;
  readonly texture: ((x: number, y: number, z: number) => number) | undefined;
}

export class Painter {
  private readonly brushes: readonly Brush[];
  private readonly background: number;

  /** `labels` paints each part's place in the list, counted from 1, and 0 where there is none. */
  constructor(parts: readonly Part[], contrast: Contrast | 'labels') {
    const tissueOrLabel = (tissue: Tissue, label: number): number =>
      contrast === 'labels' ? label : tissueValue(tissue, contrast);
    this.background = tissueOrLabel('air', 0);
    this.brushes = parts.map((part, n) => ({
      shape: part.shape,
      full: false,
      part: {
        value: tissueOrLabel(part.tissue, n + 1),
        rimValue: part.rim ? tissueOrLabel(part.rim.tissue, n + 1) : 0,
        rimMm: part.rim?.mm ?? 0,
        texture: contrast === 'ct' ? part.texture : undefined,
      },
    }));
  }

  /** Values of slices `first` to `end` (exclusive), slice after slice, rows of columns. */
  paint(grid: PaintGrid, first: number, end: number): Float32Array {
    const [columns, rows] = grid.size;
    const out = new Float32Array(columns * rows * (end - first));
    const pass = new PaintPass(grid, first, out, this.background);
    pass.block([0, columns, 0, rows, first, end], this.brushes);
    return out;
  }

  /** The value at one point, without any averaging. */
  valueAt(point: Vec3): number {
    const [x, y, z] = point;
    return blend(this.brushes, x, y, z, 1e-6, this.background);
  }
}

function blend(
  brushes: readonly Brush[],
  x: number,
  y: number,
  z: number,
  widthMm: number,
  background: number,
): number {
  let value = background;
  for (let n = 0; n < brushes.length; n++) {
    const { shape, part, full } = brushes[n]!;
    let share = 1;
    let inner = part.value;
    if (full) {
      if (part.texture) inner += part.texture(x, y, z);
    } else {
      const d = shape.sdf(x, y, z) / widthMm;
      if (d >= 0.5) continue;
      if (d > -0.5) share = 0.5 - d;
      const depth = d + part.rimMm / widthMm;
      if (depth >= 0.5) inner = part.rimValue;
      else {
        if (part.texture) inner += part.texture(x, y, z);
        if (depth > -0.5) inner = part.rimMm > 0 ? inner + (part.rimValue - inner) * (0.5 + depth) : inner;
      }
    }
    value += (inner - value) * share;
  }
  return value;
}

type Range = readonly [i0: number, i1: number, j0: number, j1: number, k0: number, k1: number];
const leafVoxels = 32;

class PaintPass {
  private readonly widthMm: number;
  private readonly columnMm: number;
  private readonly rowMm: number;
  private readonly halfThickMm: number;
  private readonly grid: PaintGrid;
  private readonly first: number;
  private readonly out: Float32Array;
  private readonly background: number;

  constructor(grid: PaintGrid, first: number, out: Float32Array, background: number) {
    this.grid = grid;
    this.first = first;
    this.out = out;
    this.background = background;
    this.columnMm = length(grid.columnStep);
    this.rowMm = length(grid.rowStep);
    const thickMm = length(grid.thickness);
    this.halfThickMm = grid.subSlices > 1 ? thickMm / 2 : 0;
    this.widthMm = grid.sharp ? 1e-6 : Math.cbrt((this.columnMm * this.rowMm * thickMm) / grid.subSlices);
  }

  block(range: Range, brushes: readonly Brush[]): void {
    const [i0, i1, j0, j1, k0, k1] = range;
    const { columnStep, rowStep, origins } = this.grid;
    const low = origins[k0]!;
    const high = origins[k1 - 1]!;
    const halfI = (i1 - 1 - i0) / 2;
    const halfJ = (j1 - 1 - j0) / 2;
    const cx = (high[0] - low[0]) / 2;
    const cy = (high[1] - low[1]) / 2;
    const cz = (high[2] - low[2]) / 2;
    const x = low[0] + cx + columnStep[0] * (i0 + halfI) + rowStep[0] * (j0 + halfJ);
    const y = low[1] + cy + columnStep[1] * (i0 + halfI) + rowStep[1] * (j0 + halfJ);
    const z = low[2] + cz + columnStep[2] * (i0 + halfI) + rowStep[2] * (j0 + halfJ);
    const a = halfI * this.columnMm;
    const b = halfJ * this.rowMm;
    const c = Math.sqrt(cx * cx + cy * cy + cz * cz);
    // Rows and columns are perpendicular; the way through the slices may lean on them (tilted gantry).
    const ac = halfI * Math.abs(cx * columnStep[0] + cy * columnStep[1] + cz * columnStep[2]);
    const bc = halfJ * Math.abs(cx * rowStep[0] + cy * rowStep[1] + cz * rowStep[2]);
    const radius = Math.sqrt(a * a + b * b + c * c + 2 * (ac + bc)) + this.halfThickMm;
    const near = cull(brushes, x, y, z, radius, this.widthMm / 2);
    const only = near.length === 1 ? near[0]! : undefined;
    const [di, dj, dk] = [i1 - i0, j1 - j0, k1 - k0];
    if (near.length === 0) this.fill(range, this.background);
    else if (only?.full && !only.part.texture) this.fill(range, only.part.value);
    else if (di * dj * dk <= leafVoxels || only?.full) this.leaf(range, near);
    else this.split(range, near, di * this.columnMm, dj * this.rowMm, 2 * c);
  }

  private split(range: Range, near: readonly Brush[], sizeI: number, sizeJ: number, sizeK: number): void {
    const [i0, i1, j0, j1, k0, k1] = range;
    if (k1 - k0 > 1 && ((sizeK >= sizeI && sizeK >= sizeJ) || (i1 - i0 === 1 && j1 - j0 === 1))) {
      const k = (k0 + k1) >> 1;
      this.block([i0, i1, j0, j1, k0, k], near);
      this.block([i0, i1, j0, j1, k, k1], near);
    } else if ((sizeI >= sizeJ && i1 - i0 > 1) || j1 - j0 === 1) {
      const i = (i0 + i1) >> 1;
      this.block([i0, i, j0, j1, k0, k1], near);
      this.block([i, i1, j0, j1, k0, k1], near);
    } else {
      const j = (j0 + j1) >> 1;
      this.block([i0, i1, j0, j, k0, k1], near);
      this.block([i0, i1, j, j1, k0, k1], near);
    }
  }

  private fill([i0, i1, j0, j1, k0, k1]: Range, value: number): void {
    const [columns, rows] = this.grid.size;
    for (let k = k0; k < k1; k++)
      for (let j = j0; j < j1; j++) {
        const row = ((k - this.first) * rows + j) * columns;
        this.out.fill(value, row + i0, row + i1);
      }
  }

  private leaf([i0, i1, j0, j1, k0, k1]: Range, brushes: readonly Brush[]): void {
    const { size, origins, columnStep, rowStep, thickness, subSlices } = this.grid;
    for (let k = k0; k < k1; k++) {
      const origin = origins[k]!;
      for (let j = j0; j < j1; j++) {
        const row = ((k - this.first) * size[1] + j) * size[0];
        for (let i = i0; i < i1; i++) {
          const x = origin[0] + i * columnStep[0] + j * rowStep[0];
          const y = origin[1] + i * columnStep[1] + j * rowStep[1];
          const z = origin[2] + i * columnStep[2] + j * rowStep[2];
          let sum = 0;
          for (let s = 0; s < subSlices; s++) {
            const t = (s + 0.5) / subSlices - 0.5;
            sum += blend(
              brushes,
              x + t * thickness[0],
              y + t * thickness[1],
              z + t * thickness[2],
              this.widthMm,
              this.background,
            );
          }
          this.out[row + i] = sum / subSlices;
        }
      }
    }
  }
}

function cull(
  brushes: readonly Brush[],
  x: number,
  y: number,
  z: number,
  radiusMm: number,
  marginMm: number,
): readonly Brush[] {
  let near: Brush[] = [];
  for (let n = 0; n < brushes.length; n++) {
    const brush = brushes[n]!;
    if (brush.full) {
      near.push(brush);
      continue;
    }
    const { part } = brush;
    // Partial cover and the rim reach further than the surface, in the shape's own measure.
    const reach = radiusMm + (marginMm + part.rimMm) / brush.shape.safety;
    const shape = brush.shape.restrict ? brush.shape.restrict(x, y, z, reach) : brush.shape;
    if (!shape) continue;
    const d = shape.sdf(x, y, z);
    if ((d - marginMm) * shape.safety > radiusMm) continue;
    if ((d + marginMm + part.rimMm) * shape.safety < -radiusMm) near = [{ shape, part, full: true }];
    else near.push(shape === brush.shape ? brush : { shape, part, full: false });
  }
  return near;
}
