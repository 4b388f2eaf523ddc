import type { Vec3 } from '../../core/geometry/types.ts';
import type { LabelViews } from '../../core/render/label-keeper.ts';
import type { VoxelBox } from '../../core/render/labels.ts';
import { reducedSize } from './upload.ts';

/**
 * Slice `k` of a reduced grid as (label, veil) pairs: of a block of `factor` voxels along each edge the label in its
 * middle and the mean veil.
 */
export function maskSlice(
  { labels, veil }: LabelViews,
  size: Vec3,
  factor: number,
  k: number,
  out: Uint8Array,
): void {
  const [nx, ny, nz] = size;
  const [columns, rows] = reducedSize(size, factor);
  if (factor === 1) {
    for (let n = 0, at = k * nx * ny; n < nx * ny; n += 1, at += 1) {
      out[2 * n] = labels[at]!;
      out[2 * n + 1] = veil[at]!;
    }
    return;
  }
  const half = factor >> 1;
  const middleOf = (block: number, count: number): number => Math.min(block * factor + half, count - 1);
  for (let j = 0, n = 0; j < rows; j += 1)
    for (let i = 0; i < columns; i += 1, n += 2) {
      let [sum, count] = [0, 0];
      for (let z = k * factor; z < Math.min(nz, (k + 1) * factor); z += 1)
        for (let y = j * factor; y < Math.min(ny, (j + 1) * factor); y += 1)
          for (let x = i * factor; x < Math.min(nx, (i + 1) * factor); x += 1, count += 1)
            sum += veil[(z * ny + y) * nx + x]!;
      out[n] = labels[(middleOf(k, nz) * ny + middleOf(j, ny)) * nx + middleOf(i, nx)]!;
      out[n + 1] = Math.round(sum / count);
    }
}

/** Masks on the graphics card: label and veil of each voxel, 2 bytes. */
export class MaskTexture {
  private readonly gl: WebGL2RenderingContext;
  private readonly size: Vec3;
  private readonly factor: number;
  private readonly texture: WebGLTexture | null;
  /** Units from the last one down are never given out by vtk.js. */
  private readonly unit: number;
  /** False where the card has no room. */
  readonly isReady: boolean;

  /** @param size of the volume before it was reduced by `factor` */
  constructor(gl: WebGL2RenderingContext, size: Vec3, factor: number) {
    this.gl = gl;
    this.size = size;
    this.factor = factor;
    this.unit = Number(gl.getParameter(gl.MAX_TEXTURE_IMAGE_UNITS)) - 1;
    this.texture = gl.createTexture();
    this.bind();
    while (gl.getError() !== gl.NO_ERROR);
    gl.texStorage3D(gl.TEXTURE_3D, 1, gl.RG8, ...reducedSize(size, factor));
    for (const wrap of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T, gl.TEXTURE_WRAP_R])
      gl.texParameteri(gl.TEXTURE_3D, wrap, gl.CLAMP_TO_EDGE);
    for (const filter of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER])
      gl.texParameteri(gl.TEXTURE_3D, filter, gl.LINEAR);
    this.isReady = gl.getError() === gl.NO_ERROR;
  }

  /** Binds it to its unit, and answers that. */
  bind(): number {
    this.gl.activeTexture(this.gl.TEXTURE0 + this.unit);
    this.gl.bindTexture(this.gl.TEXTURE_3D, this.texture);
    return this.unit;
  }

  /** Copies the voxels; of `changed`, the slices that its veil can reach. Shared memory cannot be uploaded as it is. */
  write(views: LabelViews, changed?: VoxelBox): void {
    const { gl, factor } = this;
    const [columns, rows, slices] = reducedSize(this.size, factor);
    const first = changed ? Math.max(0, Math.floor((changed.lo[2] - 1) / factor)) : 0;
    const end = changed ? Math.min(slices, Math.ceil((changed.hi[2] + 1) / factor)) : slices;
    const pairs = new Uint8Array(columns * rows * 2);
    this.bind();
    const [alignment, flip] = [gl.UNPACK_ALIGNMENT, gl.UNPACK_FLIP_Y_WEBGL];
    const [oldAlignment, oldFlip] = [Number(gl.getParameter(alignment)), gl.getParameter(flip) === true];
    gl.pixelStorei(alignment, 1);
    gl.pixelStorei(flip, false);
    for (let k = first; k < end; k += 1) {
      maskSlice(views, this.size, factor, k, pairs);
      gl.texSubImage3D(gl.TEXTURE_3D, 0, 0, 0, k, columns, rows, 1, gl.RG, gl.UNSIGNED_BYTE, pairs);
    }
    gl.pixelStorei(alignment, oldAlignment);
    gl.pixelStorei(flip, oldFlip);
  }

  dispose(): void {
    this.gl.deleteTexture(this.texture);
  }
}
