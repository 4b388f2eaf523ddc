import { expect, test } from 'vitest';
import { judgeGpu } from './gpu-trial.ts';

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
