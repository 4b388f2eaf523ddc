import { describe, expect, it } from 'vitest';
import { matrixFromColumns } from '../geometry/matrices.ts';
import { patientPoint, patientVector } from '../geometry/types.ts';
import { fitCamera } from '../scene/camera.ts';
import { presetPart, volumePreset, windowLevel } from '../scene/presets.ts';
import type { SliceScene, VolumeScene } from '../scene/types.ts';
import {
  createCoordinator,
  fittingCoarse,
  type RenderPort,
  type WorkerAnswer,
  type WorkerRequest,
} from './coordinator.ts';
import { controlCells } from './session.ts';
import type { Frame, VolumeData } from './types.ts';

const geometry = {
  size: [8, 8, 8],
  patientFromIndex: matrixFromColumns([1, 0, 0], [0, 1, 0], [0, 0, 1], [3, 4, 5]),
} as const;

const slice: SliceScene = {
  kind: 'slice',
  plane: { origin: patientPoint(0, 0, 0), right: patientVector(1, 0, 0), down: patientVector(0, 1, 0) },
  spacingMm: 1,
  width: 4,
  height: 2,
  slabMm: 0,
  projection: 'none',
  interpolation: 'linear',
  window: windowLevel(400, 40),
  background: [0, 0, 0],
};
const volumeScene: VolumeScene = {
  kind: 'volume',
  camera: fitCamera(geometry, 'A'),
  ...presetPart(volumePreset('bone')!),
  background: [0, 0, 0],
};
const size = { width: 4, height: 2 };

/** Two workers whose answers the test gives by hand. */
function setUp() {
  const buffer = new SharedArrayBuffer(4096);
  const volume: VolumeData = {
    geometry,
    scalarType: 'int16',
    memory: { buffer },
    layout: {
      voxels: 0,
      voxelBytes: 1024,
      bricks: 0,
      brickCounts: [1, 1, 1],
      control: 2048,
      values: 2112,
      rgba: 2560,
      maxOutputPixels: 64,
    },
    rescale: { slope: 1, intercept: 0 },
    min: 0,
    max: 1,
    percentiles: new Float32Array(1001),
  };
  const listeners: ((message: WorkerAnswer) => void)[] = [];
  const posted: WorkerRequest[] = [];
  let closed = 0;
  const ports: RenderPort[] = [0, 1].map((index) => ({
    post: (message) => {
      if (index === 0) posted.push(message);
    },
    onMessage: (listener) => listeners.push(listener),
    close: () => {
      closed += 1;
    },
  }));
  const failures: string[] = [];
  const renderer = createCoordinator(volume, ports, ({ message }) => failures.push(message));
  const control = new Int32Array(buffer, 2048, 2);
  const finish = async (fill: number | null = 0): Promise<void> => {
    await Promise.resolve();
    const jobId = posted.at(-1)!.jobId;
    if (fill !== null) new Uint8Array(buffer, 2560, 256).fill(fill);
    const cancelled = Atomics.load(control, controlCells.cancelledJob) === jobId;
    for (const listener of listeners) listener({ kind: 'finished', jobId, cancelled });
  };
  const fail = (): void => listeners[0]!({ kind: 'failed', message: 'worker died' });
  return { renderer, posted, finish, fail, failures, control, buffer, closed: () => closed };
}

const settled = async (promise: Promise<Frame | null>): Promise<'waiting' | Frame | null> =>
  Promise.race([promise, new Promise<'waiting'>((resolve) => setTimeout(() => resolve('waiting'), 0))]);

describe('coordinator', () => {
  it('answers when every worker has, with a copy of the picture', async () => {
    const { renderer, finish } = setUp();
    const asked = renderer.slice(slice);
    expect(await settled(asked)).toBe('waiting');
    await finish(77);
    const frame = (await asked)!;
    expect([frame.width, frame.height, frame.coarse]).toEqual([4, 2, 1]);
    expect([...frame.rgba]).toEqual(new Array(32).fill(77));
    expect(frame.values).toHaveLength(8);
    const second = renderer.slice(slice, { values: false });
    await finish(1);
    expect((await second)!.values).toBeNull();
    expect(frame.rgba[0]).toBe(77);
  });
  it('drops what a newer request of its channel replaces; other channels keep theirs', async () => {
    const { renderer, posted, finish } = setUp();
    const first = renderer.slice(slice, { channel: 'a' });
    await Promise.resolve();
    const old = renderer.slice(slice, { channel: 'a' });
    const other = renderer.slice(slice, { channel: 'b' });
    const newest = renderer.slice({ ...slice, slabMm: 9 }, { channel: 'a' });
    expect(await old).toBeNull();
    await finish();
    expect(await first).not.toBeNull();
    await finish();
    expect(await other).not.toBeNull();
    expect(await newest).not.toBeNull();
    expect(posted).toHaveLength(2);
  });
  it('draws the planes that wait together as one job, each from its own part of the output', async () => {
    const { renderer, posted, finish, buffer } = setUp();
    const asked = ['axial', 'coronal', 'sagittal'].map((channel) => renderer.slice(slice, { channel }));
    const solid = renderer.volume(volumeScene, size, { channel: '3d' });
    await Promise.resolve();
    const pictures = posted.map(({ job }) =>
      job.kind === 'pictures' ? job.pictures.map((p) => p.outputAt) : [],
    );
    expect(pictures).toEqual([[0, 8, 16]]);
    const rgba = new Uint8Array(buffer, 2560, 256);
    for (let n = 0; n < 3; n += 1) rgba.fill(n + 1, n * 32, n * 32 + 32);
    await finish(null);
    const frames = await Promise.all(asked);
    expect(frames.map((frame) => [...new Set(frame!.rgba)])).toEqual([[1], [2], [3]]);
    await finish();
    await finish();
    expect(await solid).not.toBeNull();
  });
  it('leaves planes that do not fit together for the next job', async () => {
    const { renderer, posted, finish } = setUp();
    const big = { ...slice, width: 8, height: 5 };
    const asked = ['a', 'b'].map((channel) => renderer.slice(big, { channel }));
    await finish();
    await finish();
    expect((await Promise.all(asked)).every((frame) => frame?.width === 8)).toBe(true);
    expect(posted).toHaveLength(2);
  });
  it('builds the bricks once before the first volume picture, and again after invalidate', async () => {
    const { renderer, posted, finish } = setUp();
    const kinds = (): string[] => posted.map(({ job }) => job.kind);
    const first = renderer.volume(volumeScene, size);
    await finish();
    await finish();
    await first;
    const second = renderer.volume(volumeScene, size);
    await finish();
    await second;
    expect(kinds()).toEqual(['bricks', 'pictures', 'pictures']);
    renderer.invalidate();
    void renderer.volume(volumeScene, size);
    await Promise.resolve();
    expect(kinds().at(-1)).toBe('bricks');
  });
  it('gives a copy of the bricks, built when they are asked for first, and null after its end', async () => {
    const { renderer, posted, finish, buffer } = setUp();
    const asked = renderer.prepareBricks();
    expect(posted.map(({ job }) => job.kind)).toEqual(['bricks']);
    new Float32Array(buffer, 0, 2).set([-7, 9]);
    await finish(null);
    const bricks = await asked;
    expect([...bricks!]).toEqual([-7, 9]);
    new Float32Array(buffer, 0, 2).fill(0);
    expect([...(await renderer.prepareBricks())!]).toEqual([0, 0]);
    expect(bricks![0]).toBe(-7);
    expect(posted).toHaveLength(1);
    renderer.invalidate();
    const again = renderer.prepareBricks();
    renderer.dispose();
    expect(await again).toBeNull();
    expect(await renderer.prepareBricks()).toBeNull();
  });
  it('tells its workers of new statistics between two jobs, and builds the bricks again', async () => {
    const { renderer, posted, finish } = setUp();
    const first = renderer.volume(volumeScene, size);
    await finish();
    const statistics = { min: -5, max: 5, percentiles: new Float32Array(1001) };
    renderer.restate(statistics);
    const plane = renderer.slice(slice, { channel: 'p', filled: [2, 3] });
    await finish();
    await finish(null);
    await finish();
    await Promise.all([first, plane]);
    void renderer.volume(volumeScene, size);
    await Promise.resolve();
    expect(posted.map(({ job }) => job.kind)).toEqual([
      'bricks',
      'pictures',
      'statistics',
      'pictures',
      'bricks',
    ]);
    expect(posted[2]!.job).toEqual({ kind: 'statistics', statistics });
    expect(posted[3]!.job).toMatchObject({ pictures: [{ filled: [2, 3] }] });
  });
  it('stops a resting 3D picture for a moving one and takes it up again', async () => {
    const { renderer, posted, finish, control } = setUp();
    const resting = renderer.volume(volumeScene, size, { channel: '3d', quality: 'rest' });
    await finish();
    const jobId = posted.at(-1)!.jobId;
    const moving = renderer.slice(slice, { channel: 'axial', quality: 'moving' });
    expect(Atomics.load(control, controlCells.cancelledJob)).toBe(jobId);
    await finish();
    expect(await settled(resting)).toBe('waiting');
    await finish();
    expect(await moving).not.toBeNull();
    await finish();
    expect(await resting).not.toBeNull();
  });
  it('drops a resting picture whose own view has moved on', async () => {
    const { renderer, finish } = setUp();
    const resting = renderer.volume(volumeScene, size, { channel: '3d' });
    await finish();
    const moving = renderer.volume(volumeScene, size, { channel: '3d', quality: 'moving', coarse: 2 });
    await finish();
    expect(await resting).toBeNull();
    await finish();
    expect((await moving)!.width).toBe(2);
  });
  it('lets moving pictures finish, so that dragging always shows something', async () => {
    const { renderer, finish, control } = setUp();
    const first = renderer.slice(slice, { quality: 'moving' });
    await Promise.resolve();
    void renderer.slice(slice, { quality: 'moving' });
    expect(Atomics.load(control, controlCells.cancelledJob)).toBe(0);
    await finish();
    expect(await first).not.toBeNull();
  });
  it('draws coarser what does not fit the output', async () => {
    const { renderer, finish } = setUp();
    const big = renderer.slice({ ...slice, width: 40, height: 40 });
    await finish();
    const frame = (await big)!;
    expect(frame.width * frame.height).toBeLessThanOrEqual(64);
    expect(frame.coarse).toBeGreaterThan(4);
    const layout = { maxOutputPixels: 64 } as Parameters<typeof fittingCoarse>[0];
    expect(fittingCoarse(layout, { width: 8, height: 8 }, 1)).toBe(1);
    expect(fittingCoarse(layout, { width: 8, height: 8 }, 0.2)).toBe(1);
  });
  it('answers null to all after dispose, and an error after a worker died', async () => {
    const one = setUp();
    const waiting = one.renderer.slice(slice);
    one.renderer.dispose();
    expect(await waiting).toBeNull();
    expect(await one.renderer.slice(slice)).toBeNull();
    expect(one.closed()).toBe(2);
    const two = setUp();
    const lost = two.renderer.slice(slice);
    two.fail();
    await expect(lost).rejects.toThrow('worker died');
    await expect(two.renderer.slice(slice)).rejects.toThrow('worker died');
    two.fail();
    expect([one.failures, two.failures]).toEqual([[], ['worker died']]);
  });
});
