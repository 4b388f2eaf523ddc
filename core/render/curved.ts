import { invert } from '../geometry/matrices.ts';
import type { Mat4 } from '../geometry/types.ts';
import type { CurvedRows, CurvedScene } from '../scene/types.ts';
import { evenSampleCount } from './slab.ts';
import { kernelVolume, type RowRenderer, storedMode, wholeBox, windowRows } from './slice.ts';
import type { CurvedRequest, Kernels, VolumeInfo } from './types.ts';
import { windowRequest } from './window.ts';

/** Numbers a row of `CurvedRequest.rows`. */
const rowNumbers = 10;
const leastLength = 1e-6;

/** Writes `scale` · the linear part of `m` times the vector at `from`. */
function turned(m: Mat4, v: Float64Array, from: number, scale: number, to: Float64Array, at: number): void {
  const [x, y, z] = [v[from]! * scale, v[from + 1]! * scale, v[from + 2]! * scale];
  for (let axis = 0; axis < 3; axis += 1)
    to[at + axis] = m[4 * axis]! * x + m[4 * axis + 1]! * y + m[4 * axis + 2]! * z;
}

/** The rows in index coordinates. A row with any number that is not finite is nothing. */
function rowTable(inverse: Mat4, scene: CurvedScene, slabMm: number): Float64Array {
  const { rows, height, width, spacingMm, projection } = scene;
  const out = new Float64Array(height * rowNumbers);
  for (let row = 0, at = 0, from = 0; row < height; row += 1, at += rowNumbers, from += 3) {
    turned(inverse, rows.centres, from, 1, out, at);
    turned(inverse, rows.across, from, spacingMm, out, at + 3);
    turned(inverse, rows.through, from, 1, out, at + 6);
    for (let axis = 0; axis < 3; axis += 1) {
      const moved = out[at + axis]! + inverse[4 * axis + 3]! - ((width - 1) / 2) * out[at + 3 + axis]!;
      out[at + axis] = moved;
    }
    const fastest = Math.max(Math.abs(out[at + 6]!), Math.abs(out[at + 7]!), Math.abs(out[at + 8]!));
    out[at + 9] = slabMm > 0 ? evenSampleCount(1 / fastest, slabMm, projection) : 1;
    for (let n = 0; n < rowNumbers; n += 1) if (!Number.isFinite(out[at + n]!)) out[at] = Number.NaN;
  }
  return out;
}

/** The scene as the kernel takes it. Throws for a singular geometry, which no volume may have. */
export function curvedRequest(volume: VolumeInfo, scene: CurvedScene): CurvedRequest {
  const inverse = invert(volume.geometry.patientFromIndex);
  if (!inverse) throw new Error('volume with a singular matrix');
  const slabMm = scene.projection === 'none' ? 0 : scene.slabMm;
  return {
    volume: kernelVolume(volume),
    width: scene.width,
    height: scene.height,
    rows: rowTable(inverse, scene, slabMm),
    slabMm,
    mode: storedMode(scene.projection, volume.rescale.slope),
    // As for planes: a slab's edges must not overshoot.
    interpolation: slabMm > 0 && scene.interpolation === 'cubic' ? 'linear' : scene.interpolation,
    box: wholeBox(volume.geometry.size),
    values: volume.layout.values,
  };
}

/** Values and RGBA of a curved plane; the layout's output must hold width × height pixels. */
export function renderCurved(kernels: Kernels, volume: VolumeInfo, scene: CurvedScene): RowRenderer {
  const request = curvedRequest(volume, scene);
  const window = windowRequest(scene.window, scene.background);
  return (rowStart, rowEnd) => {
    kernels.curved(request, rowStart, rowEnd);
    windowRows(kernels, volume.layout, window, scene.width, rowStart, rowEnd);
  };
}

/** Rows at other places between the rows; unit vectors stay unit, a gap stays a gap. */
function rowsBetween(rows: CurvedRows, height: number, wanted: number): CurvedRows {
  const made = [rows.centres, rows.across, rows.through].map((from, kind) => {
    const to = new Float64Array(wanted * 3);
    for (let row = 0; row < wanted; row += 1) {
      const at = Math.min(Math.max(((row + 0.5) * height) / wanted - 0.5, 0), height - 1);
      const first = Math.min(Math.floor(at), Math.max(height - 2, 0));
      const share = at - first;
      for (let axis = 0; axis < 3; axis += 1) {
        const [a, b] = [from[3 * first + axis]!, from[3 * (first + 1) + axis] ?? 0];
        to[3 * row + axis] = share === 0 ? a : share === 1 ? b : a + share * (b - a);
      }
      if (kind === 0) continue;
      const length = Math.hypot(to[3 * row]!, to[3 * row + 1]!, to[3 * row + 2]!);
      // Opposite directions have none between them: the nearer row's.
      const nearer = 3 * (share < 0.5 ? first : Math.min(first + 1, height - 1));
      for (let axis = 0; axis < 3; axis += 1)
        to[3 * row + axis] = length > leastLength ? to[3 * row + axis]! / length : from[nearer + axis]!;
    }
    return to;
  });
  return { centres: made[0]!, across: made[1]!, through: made[2]! };
}

/** The same field of view in fewer pixels. */
export function coarsenedCurved(scene: CurvedScene, factor: number): CurvedScene {
  if (factor === 1) return scene;
  const width = Math.max(1, Math.round(scene.width / factor));
  const height = Math.max(1, Math.round(scene.height / factor));
  return {
    ...scene,
    width,
    height,
    spacingMm: (scene.spacingMm * scene.width) / width,
    rows: rowsBetween(scene.rows, scene.height, height),
  };
}
