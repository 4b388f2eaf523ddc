import type { Settings } from '../../core/contract/settings.ts';
import { trialPicture } from './trial-picture.ts';
import { reducedSize, reductionFor, type UploadLimits, type UploadSource } from './upload.ts';

/** What a WebGL 2 context says of itself. */
export interface GpuFacts {
  readonly device: string;
  readonly max3dTexturePx: number;
  readonly hasFloatLinear: boolean;
}

/** Names of renderers that are a CPU in disguise: shaded volumes take seconds on them. */
const software = /swiftshader|llvmpipe|softpipe|software|basic render|mesa offscreen|warp/i;
/** A CT of 512² does not fit a smaller 3D texture. */
const texturePxLeast = 512;

/** Facts with the trial's picture: milliseconds it took; null where it was wrong. */
export interface TriedGpu extends GpuFacts {
  readonly pictureMs: number | null;
}

/** A card that takes longer for the trial's picture would be slower than the processor. */
const pictureMsMost = 1500;

/** Which road draws 3D on this machine, and why. */
export function judgeGpu(facts: TriedGpu | null): { readonly road: 'gpu' | 'cpu'; readonly reason: string } {
  if (!facts) return { road: 'cpu', reason: 'GPU_TRIAL_FAILED' };
  if (isSoftware(facts)) return { road: 'cpu', reason: 'GPU_SOFTWARE' };
  if (facts.max3dTexturePx < texturePxLeast || !facts.hasFloatLinear) {
    return { road: 'cpu', reason: 'GPU_TRIAL_FAILED' };
  }
  if (facts.pictureMs === null || facts.pictureMs > pictureMsMost) {
    return { road: 'cpu', reason: 'GPU_TRIAL_FAILED' };
  }
  return { road: 'gpu', reason: '' };
}

/** What a context says of the machine. */
export function factsOf(gl: WebGL2RenderingContext): GpuFacts {
  const info = gl.getExtension('WEBGL_debug_renderer_info');
  const name: unknown = gl.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : gl.RENDERER);
  return {
    device: String(name).slice(0, 300),
    max3dTexturePx: Number(gl.getParameter(gl.MAX_3D_TEXTURE_SIZE)),
    hasFloatLinear: gl.getExtension('OES_texture_float_linear') !== null,
  };
}

export const isSoftware = ({ device }: GpuFacts): boolean => software.test(device);

/** What a volume may take of a card's memory, which is not told; a CPU in disguise takes seconds for more than the second. */
const uploadBytesMost = 2 ** 30;
const softwareVoxelsMost = 2 ** 21;

/** @param voxelBytes of the texture: 2 where the card filters 16-bit voxels, else 4 */
export const uploadLimits = (facts: GpuFacts, voxelBytes: 2 | 4): UploadLimits => ({
  edgeMost: facts.max3dTexturePx,
  voxelsMost: isSoftware(facts) ? softwareVoxelsMost : uploadBytesMost / voxelBytes,
});

/**
 * The limits under which the driver really gives a texture for a volume: what it says of itself is no promise. Nothing
 * is copied yet.
 */
export function largestUpload(
  gl: WebGL2RenderingContext,
  { geometry, voxels }: Pick<UploadSource, 'geometry' | 'voxels'>,
  limits: UploadLimits,
): UploadLimits {
  const norm16 = voxels instanceof Int16Array ? gl.getExtension('EXT_texture_norm16') : null;
  for (let { edgeMost, voxelsMost } = limits; ; voxelsMost /= 2) {
    const at = { edgeMost, voxelsMost };
    const size = reducedSize(geometry.size, reductionFor(geometry.size, at));
    if (size.every((n) => n <= 2) || isGiven(gl, size, norm16?.R16_SNORM_EXT ?? gl.R32F)) return at;
  }
}

/** Whether the driver gives a 3D texture of this size. */
function isGiven(
  gl: WebGL2RenderingContext,
  size: readonly [number, number, number],
  format: number,
): boolean {
  // Errors of before are not about this texture.
  for (let n = 0; n < 8 && gl.getError() !== gl.NO_ERROR; n += 1);
  const texture = gl.createTexture();
  gl.bindTexture(gl.TEXTURE_3D, texture);
  gl.texStorage3D(gl.TEXTURE_3D, 1, format, ...size);
  const isGood = gl.getError() === gl.NO_ERROR;
  gl.bindTexture(gl.TEXTURE_3D, null);
  gl.deleteTexture(texture);
  return isGood;
}

/** Tries a throw-away context; null where there is no WebGL 2. A CPU in disguise is not asked for a picture. */
export function gpuFacts(nowMs = () => performance.now()): TriedGpu | null {
  const gl = new OffscreenCanvas(512, 512).getContext('webgl2') as unknown as WebGL2RenderingContext | null;
  if (!gl) return null;
  const facts = factsOf(gl);
  const pictureMs = isSoftware(facts) ? null : trialPicture(gl, nowMs);
  // Browsers keep sixteen contexts: give this one back.
  gl.getExtension('WEBGL_lose_context')?.loseContext();
  return { ...facts, pictureMs };
}

/** The trial's result as the settings keep it. */
export function tryGpu(atMs: number): NonNullable<Settings['gpuTrial']> {
  const facts = gpuFacts();
  const tookMs = facts?.pictureMs ?? null;
  return { ...judgeGpu(facts), device: facts?.device ?? '', atMs, ...(tookMs !== null && { tookMs }) };
}
