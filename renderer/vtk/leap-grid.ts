import type { Vec3 } from '../../core/geometry/types.ts';
import type { TransferTable } from '../../core/render/types.ts';
import { visibleRanks } from '../../native/kernels.ts';
import { brickCountsOf, brickEdge } from '../../native/layout.ts';
import { reducedSize } from './upload.ts';

/** How far a ray may leap, in bricks: what a byte holds. */
const reachMost = 255;

/**
 * Least and largest value of the bricks of a reduced copy, from those of the whole volume: of all bricks that its
 * voxels, and the one voxel beyond, are made of. Pairs; an empty brick has least > most.
 */
export function reducedRanges(pairs: Float32Array, size: Vec3, factor: number): Float32Array {
  if (factor === 1) return pairs;
  const [wx, wy, wz] = brickCountsOf(size);
  const [nx, ny, nz] = brickCountsOf(reducedSize(size, factor));
  const out = new Float32Array(nx * ny * nz * 2);
  const firstOf = (brick: number): number => brick * factor;
  const endOf = (brick: number, count: number): number =>
    Math.min(count, (brick + 1) * factor + Math.floor((factor - 1) / brickEdge) + 1);
  for (let k = 0, n = 0; k < nz; k += 1)
    for (let j = 0; j < ny; j += 1)
      for (let i = 0; i < nx; i += 1, n += 2) {
        let [least, most] = [Infinity, -Infinity];
        for (let z = firstOf(k); z < endOf(k, wz); z += 1)
          for (let y = firstOf(j); y < endOf(j, wy); y += 1)
            for (let x = firstOf(i); x < endOf(i, wx); x += 1) {
              const at = 2 * ((z * wy + y) * wx + x);
              least = Math.min(least, pairs[at]!);
              most = Math.max(most, pairs[at + 1]!);
            }
        out[n] = least;
        out[n + 1] = most;
      }
  return out;
}

/** Writes `reachMost` into bricks in which a transfer function shows nothing, 0 into the others; twin of native/bricks. */
function markEmpty(pairs: Float32Array, { direct, lo, scale }: TransferTable, write: WriteBrick): void {
  const ranks = visibleRanks(direct);
  const last = ranks.length - 1;
  const entryOf = (value: number, by: number): number =>
    Math.min(last, Math.max(0, Math.floor((value - lo) * scale + 0.5) + by));
  for (let n = 0; n < pairs.length / 2; n += 1) {
    const [least, most] = [pairs[2 * n]!, pairs[2 * n + 1]!];
    // One entry more on either side: the card's interpolation rounds.
    const rank = least <= most ? ranks[entryOf(most, 1)]! : 0;
    const isVisible = (rank & 1) !== 0 || (least <= most && rank !== ranks[entryOf(least, -1)]!);
    write(n, isVisible ? 0 : reachMost);
  }
}

type WriteBrick = (brick: number, reach: number) => void;

/**
 * Chessboard distance of every brick to the nearest one in which a transfer function shows something: 0 there, at most
 * 255. `pairs`: least and largest stored value of each brick with one voxel beyond its far sides.
 */
export function leapDistances(pairs: Float32Array, [nx, ny, nz]: Vec3, table: TransferTable): Uint8Array {
  // A border all around saves asking where the grid ends.
  const [row, plane] = [nx + 2, (nx + 2) * (ny + 2)];
  const padded = new Uint8Array(plane * (nz + 2)).fill(reachMost);
  const at = (n: number): number =>
    (Math.floor(n / (nx * ny)) + 1) * plane + ((Math.floor(n / nx) % ny) + 1) * row + (n % nx) + 1;
  markEmpty(pairs, table, (n, reach) => {
    padded[at(n)] = reach;
  });
  // The thirteen neighbours before a brick in raster order; the other thirteen lie against it.
  const before = [-1];
  for (let i = -1; i <= 1; i += 1) before.push(-row + i, -plane - row + i, -plane + i, -plane + row + i);
  const relax = (p: number, sign: 1 | -1): void => {
    let best = padded[p]!;
    if (best === 0) return;
    for (const step of before) best = Math.min(best, padded[p + sign * step]! + 1);
    padded[p] = best;
  };
  const out = new Uint8Array(nx * ny * nz);
  for (let n = 0; n < out.length; n += 1) relax(at(n), 1);
  for (let n = out.length - 1; n >= 0; n -= 1) {
    relax(at(n), -1);
    out[n] = padded[at(n)]!;
  }
  return out;
}

/** On the graphics card: over how many bricks a ray may leap from each. */
export class LeapTexture {
  private readonly gl: WebGL2RenderingContext;
  /** The last unit but one: vtk.js gives units from the first one on. */
  readonly unit: number;
  private readonly counts: Vec3;
  private texture: WebGLTexture | null = null;
  private pairs: Float32Array | null = null;
  private table: TransferTable | null = null;

  /** @param size of the volume as uploaded */
  constructor(gl: WebGL2RenderingContext, size: Vec3) {
    this.gl = gl;
    this.counts = brickCountsOf([...size]);
    this.unit = Number(gl.getParameter(gl.MAX_TEXTURE_IMAGE_UNITS)) - 2;
  }

  /** Least and largest value of each brick of the uploaded voxels; until then nothing is left out. */
  setRanges(pairs: Float32Array): void {
    this.pairs = pairs;
    this.table = null;
  }

  /** Binds it to its unit for a transfer function; false where nothing may be left out. */
  bind(table: TransferTable | undefined): boolean {
    if (!this.pairs || !table) return false;
    const { gl, counts } = this;
    gl.activeTexture(gl.TEXTURE0 + this.unit);
    if (!this.texture) {
      this.texture = gl.createTexture();
      gl.bindTexture(gl.TEXTURE_3D, this.texture);
      gl.texStorage3D(gl.TEXTURE_3D, 1, gl.R8, ...counts);
      for (const filter of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER])
        gl.texParameteri(gl.TEXTURE_3D, filter, gl.NEAREST);
    }
    gl.bindTexture(gl.TEXTURE_3D, this.texture);
    if (this.table !== table) {
      this.table = table;
      const distances = leapDistances(this.pairs, counts, table);
      const alignment = Number(gl.getParameter(gl.UNPACK_ALIGNMENT));
      const isFlipped = gl.getParameter(gl.UNPACK_FLIP_Y_WEBGL) === true;
      gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
      gl.pixelStorei(gl.UNPACK_FLIP_Y_WEBGL, false);
      gl.texSubImage3D(gl.TEXTURE_3D, 0, 0, 0, 0, ...counts, gl.RED, gl.UNSIGNED_BYTE, distances);
      gl.pixelStorei(gl.UNPACK_ALIGNMENT, alignment);
      gl.pixelStorei(gl.UNPACK_FLIP_Y_WEBGL, isFlipped);
    }
    return true;
  }

  dispose(): void {
    this.gl.deleteTexture(this.texture);
  }
}
