import { expect, test } from 'vitest';
import { judgeGpu, uploadLimits } from './gpu-trial.ts';
import { reductionFor } from './upload.ts';

const good = {
  device: 'ANGLE (NVIDIA, NVIDIA GeForce RTX 3060)',
  max3dTexturePx: 2048,
  hasFloatLinear: true,
  pictureMs: 40,
};

test.each([
  ['a real card', good, 'gpu', ''],
  ['no WebGL 2', null, 'cpu', 'GPU_TRIAL_FAILED'],
  [
    'SwiftShader',
    { ...good, device: 'ANGLE (Google, Vulkan 1.3 (SwiftShader Device (Subzero)))' },
    'cpu',
    'GPU_SOFTWARE',
  ],
  ['llvmpipe', { ...good, device: 'llvmpipe (LLVM 17, 256 bits)' }, 'cpu', 'GPU_SOFTWARE'],
  ['WARP', { ...good, device: 'ANGLE (Microsoft, Microsoft Basic Render Driver)' }, 'cpu', 'GPU_SOFTWARE'],
  ['small 3D textures', { ...good, max3dTexturePx: 256 }, 'cpu', 'GPU_TRIAL_FAILED'],
  ['a wrong picture', { ...good, pictureMs: null }, 'cpu', 'GPU_TRIAL_FAILED'],
  ['a slow picture', { ...good, pictureMs: 4000 }, 'cpu', 'GPU_TRIAL_FAILED'],
  ['no filtering of floats', { ...good, hasFloatLinear: false }, 'cpu', 'GPU_TRIAL_FAILED'],
] as const)('%s', (_name, facts, road, reason) => {
  expect(judgeGpu(facts)).toEqual({ road, reason });
});

test('a volume is reduced to what a card may be asked for', () => {
  const small = (voxelBytes: 2 | 4) => reductionFor([512, 512, 1800], uploadLimits(good, voxelBytes));
  // 472 million voxels: 0.9 GB in 16 bits, 1.8 GB as floats.
  expect([small(2), small(4)]).toEqual([1, 2]);
  const software = { ...good, device: 'SwiftShader' };
  expect(reductionFor([512, 512, 300], uploadLimits(software, 4))).toBe(4);
});
