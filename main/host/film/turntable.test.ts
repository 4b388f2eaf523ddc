import { expect, it } from 'vitest';
import { ok } from '../../../core/base/result.ts';
import { matrixFromColumns } from '../../../core/geometry/matrices.ts';
import { markAsDemo } from '../../../core/render/demo-mark.ts';
import { fitCamera } from '../../../core/scene/camera.ts';
import { presetPart, volumePreset } from '../../../core/scene/presets.ts';
import { turnedCameras } from '../../../core/scene/turntable.ts';
import type { VolumeScene } from '../../../core/scene/types.ts';
import { kernelsReady } from '../../../scripts/build-native.mjs';
import { allocateHostVolume, hostVolume } from '../render/volume-memory.ts';
import { writeFilm } from './turntable.ts';

await kernelsReady();

const geometry = {
  size: [20, 20, 20],
  patientFromIndex: matrixFromColumns([1, 0, 0], [0, 1, 0], [0, 0, 1], [3, 4, 5]),
} as const;
const shape = { width: 64, height: 48, frames: 2, framesPerSecond: 2 };

async function filmed(isDemo: boolean): Promise<readonly Uint8ClampedArray[]> {
  const request = { geometry, scalarType: 'int16', workerCount: 1, maxOutputPixels: 64 * 48 } as const;
  const empty = allocateHostVolume(request);
  if (!empty) throw new Error('no memory');
  empty.voxels.fill(600);
  const camera = fitCamera(geometry, 'A', 4 / 3);
  const scene: VolumeScene = {
    kind: 'volume',
    camera,
    ...presetPart(volumePreset('bone')!),
    background: [0, 0, 40],
  };
  const frames: Uint8ClampedArray[] = [];
  const written = await writeFilm(
    {
      volume: hostVolume(empty, request, undefined, -32768),
      scene,
      isDemo,
      cameras: turnedCameras(camera, 'head', shape.frames),
      shape,
      signal: new AbortController().signal,
      onProgress: () => undefined,
    },
    {
      add: async ({ rgba }) => {
        frames.push(rgba);
        return ok(null);
      },
      finish: async () => ok({ files: 1, sizeBytes: 0 }),
      close: async () => undefined,
    },
  );
  expect(written.ok).toBe(true);
  return frames;
}

it('every picture of a film of a demo study says so, and none of any other', async () => {
  const [plain, marked] = [await filmed(false), await filmed(true)];
  expect(plain.length).toBe(2);
  for (const [n, frame] of plain.entries()) {
    expect(marked[n]).not.toEqual(frame);
    const same = frame.slice();
    markAsDemo(same, shape.width, shape.height);
    expect(marked[n]).toEqual(same);
  }
});
