import type { Settings } from '../../core/contract/settings.ts';
import type { UploadLimits } from './upload.ts';

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

/** Which road draws 3D on this machine, and why. */
export function judgeGpu(facts: GpuFacts | null): { readonly road: 'gpu' | 'cpu'; readonly reason: string } {
  if (!facts) return { road: 'cpu', reason: 'GPU_TRIAL_FAILED' };
  if (isSoftware(facts)) return { road: 'cpu', reason: 'GPU_SOFTWARE' };
  if (facts.max3dTexturePx < texturePxLeast || !facts.hasFloatLinear) {
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

/** What may be uploaded: a card's memory is not told, and a CPU in disguise takes seconds for large volumes. */
export const uploadLimits = (facts: GpuFacts): UploadLimits => ({
  edgeMost: facts.max3dTexturePx,
  voxelsMost: isSoftware(facts) ? 2 ** 21 : 2 ** 28,
});

/** Asks a throw-away context; null where there is no WebGL 2. */
export function gpuFacts(): GpuFacts | null {
  const gl = new OffscreenCanvas(1, 1).getContext('webgl2');
  if (!gl) return null;
  const facts = factsOf(gl as unknown as WebGL2RenderingContext);
  // Browsers keep sixteen contexts: give this one back.
  gl.getExtension('WEBGL_lose_context')?.loseContext();
  return facts;
}

/** The trial's result as the settings keep it. */
export function tryGpu(atMs: number): NonNullable<Settings['gpuTrial']> {
  const facts = gpuFacts();
  return { ...judgeGpu(facts), device: facts?.device ?? '', atMs };
}
