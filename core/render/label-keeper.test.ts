import { describe, expect, it } from 'vitest';
import { matrixFromColumns } from '../geometry/matrices.ts';
import { patientPoint, patientVector } from '../geometry/types.ts';
import { fitCamera } from '../scene/camera.ts';
import type { SceneLayer } from '../scene/layers.ts';
import { presetPart, volumePreset, windowLevel } from '../scene/presets.ts';
import type { SliceScene, VolumeScene } from '../scene/types.ts';
import { createCoordinator, type WorkerAnswer, type WorkerRequest } from './coordinator.ts';
import { LabelKeeper } from './label-keeper.ts';
import type { VolumeData } from './types.ts';

const geometry = {
  size: [20, 10, 10],
  patientFromIndex: matrixFromColumns([1, 0, 0], [0, 1, 0], [0, 0, 1], [3, 4, 5]),
} as const;
const count = 2000;
const page = 65536;

/** A memory of one page that may grow to `most`. */
function volumeOf(most: number): VolumeData {
  const memory = { buffer: new SharedArrayBuffer(page) as ArrayBufferLike, grow: (_: number): number => 0 };
  memory.grow = (delta) => {
    const pages = memory.buffer.byteLength / page;
    if (pages + delta > most) throw new RangeError('no memory');
    const grown = new SharedArrayBuffer((pages + delta) * page);
    new Uint8Array(grown).set(new Uint8Array(memory.buffer));
    memory.buffer = grown;
    return pages;
  };
  return {
    geometry,
    scalarType: 'int16',
    memory,
    layout: {
      voxels: 0,
      voxelBytes: 4000,
      bricks: 0,
      brickCounts: [3, 2, 2],
      control: 4096,
      values: 4160,
      rgba: 4416,
      maxOutputPixels: 64,
      labels: { labels: page, veil: page + 2048, flags: page + 4096, picture: page + 4160, pages: 2 },
    },
    rescale: { slope: 1, intercept: 0 },
    min: 0,
    max: 1,
    percentiles: new Float32Array(1001),
  };
}

const bone: SceneLayer = { index: 1, role: 'removed', colour: [0, 0, 0], opacity: 1 };
const vessel: SceneLayer = { index: 2, role: 'shown', colour: [255, 0, 0], opacity: 1 };
const whole = { lo: [0, 0, 0], hi: [3, 2, 2] };

describe('the labels of a volume', () => {
  it('grow the memory once, and are copied into it', () => {
    const volume = volumeOf(2);
    const keeper = new LabelKeeper(volume);
    expect(keeper.views()).toBeNull();
    expect(volume.memory.buffer.byteLength).toBe(page);
    const labels = Uint8Array.from({ length: count }, (_, n) => n % 3);
    expect(keeper.set(labels)).toBe(true);
    expect(volume.memory.buffer.byteLength).toBe(2 * page);
    expect(keeper.views()?.labels).toEqual(labels);
    expect(keeper.set(null)).toBe(true);
    expect(keeper.views()).toBeNull();
    expect(keeper.set(labels.fill(4))).toBe(true);
    expect(volume.memory.buffer.byteLength).toBe(2 * page);
    expect(keeper.views()?.labels[77]).toBe(4);
  });
  it('copy only the box that changed', () => {
    const keeper = new LabelKeeper(volumeOf(2));
    keeper.set(new Uint8Array(count));
    keeper.set(new Uint8Array(count).fill(9), { lo: [3, 1, 2], hi: [5, 4, 3] });
    keeper.views()?.labels.forEach((label, n) => {
      const [i, j, k] = [n % 20, Math.floor(n / 20) % 10, Math.floor(n / 200)] as const;
      expect(label).toBe(i >= 3 && i < 5 && j >= 1 && j < 4 && k === 2 ? 9 : 0);
    });
  });
  it('say so where there is no room, and refuse those of another volume', () => {
    const full = new LabelKeeper(volumeOf(1));
    expect(full.set(new Uint8Array(count))).toBe(false);
    expect(full.isSet).toBe(false);
    expect(() => full.set(new Uint8Array(count - 1))).toThrow(RangeError);
  });
  it('need a new veil for other roles or changed voxels, and only of the bricks concerned', () => {
    const keeper = new LabelKeeper(volumeOf(2));
    expect(keeper.takeJob([bone])).toBeNull();
    keeper.set(new Uint8Array(count));
    expect(keeper.takeJob([])).toBeNull();
    expect(keeper.takeJob([bone])).toMatchObject({ kind: 'veil', bricks: whole });
    expect(keeper.takeJob([bone])).toBeNull();
    expect(keeper.takeJob([bone, vessel])).toMatchObject({ bricks: whole });
    keeper.set(new Uint8Array(count), { lo: [18, 0, 0], hi: [19, 1, 1] });
    keeper.set(new Uint8Array(count), { lo: [19, 0, 1], hi: [20, 2, 2] });
    expect(keeper.takeJob([bone, vessel])).toMatchObject({ bricks: { lo: [2, 0, 0], hi: [3, 1, 1] } });
  });
});

describe('pictures with layers', () => {
  const size = { width: 4, height: 2 };
  const solid: VolumeScene = {
    kind: 'volume',
    camera: fitCamera(geometry, 'A'),
    ...presetPart(volumePreset('bone')!),
    background: [0, 0, 0],
    layers: [bone],
  };
  const plane: SliceScene = {
    kind: 'slice',
    plane: { origin: patientPoint(0, 0, 0), right: patientVector(1, 0, 0), down: patientVector(0, 1, 0) },
    spacingMm: 1,
    ...size,
    slabMm: 0,
    projection: 'none',
    interpolation: 'linear',
    window: windowLevel(400, 40),
    background: [0, 0, 0],
    layers: [vessel],
  };

  function setUp() {
    const volume = volumeOf(2);
    const posted: WorkerRequest[] = [];
    let tell: (message: WorkerAnswer) => void = () => undefined;
    const port = {
      post(message: WorkerRequest): void {
        posted.push(message);
        queueMicrotask(() => tell({ kind: 'finished', jobId: message.jobId, cancelled: false }));
      },
      onMessage(listener: (message: WorkerAnswer) => void): void {
        tell = listener;
      },
      close: () => undefined,
    };
    return { volume, posted, renderer: createCoordinator(volume, [port]) };
  }
  const kinds = (posted: readonly WorkerRequest[]): string[] => posted.map(({ job }) => job.kind);

  it('are drawn without them until labels are set', async () => {
    const { posted, renderer } = setUp();
    await renderer.volume(solid, size);
    expect((await renderer.slice(plane))?.labels).toBeUndefined();
    expect(kinds(posted)).toEqual(['bricks', 'pictures', 'pictures']);
    expect(posted.flatMap(({ job }) => (job.kind === 'pictures' ? job.pictures : []))).toMatchObject([
      { labelled: false },
      { labelled: false },
    ]);
  });
  it('have their veil made first, once, and planes come with their labels', async () => {
    const { volume, posted, renderer } = setUp();
    renderer.setLabels(new Uint8Array(count).fill(1));
    await renderer.volume(solid, size);
    await renderer.volume(solid, size);
    expect(kinds(posted)).toEqual(['bricks', 'veil', 'pictures', 'pictures']);
    new Uint8Array(volume.memory.buffer, page + 4160, 8).set([0, 1, 2, 3, 4, 5, 6, 7]);
    expect([...(await renderer.slice(plane))!.labels!]).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    const { layers, ...bare } = plane;
    expect((await renderer.slice(bare))?.labels).toBeUndefined();
    renderer.setLabels(null);
    await renderer.volume(solid, size);
    expect(kinds(posted).slice(4)).toEqual(['pictures', 'pictures', 'pictures']);
  });
  it('are prepared for the graphics card in the same memory', async () => {
    const { posted, renderer } = setUp();
    expect(await renderer.prepareLayers([bone])).toBeNull();
    renderer.setLabels(new Uint8Array(count).fill(1));
    const views = await renderer.prepareLayers([bone]);
    expect(views?.labels[5]).toBe(1);
    expect(views?.veil).toHaveLength(count);
    expect(kinds(posted)).toEqual(['veil']);
    const waiting = renderer.prepareLayers([vessel]);
    renderer.dispose();
    expect(await waiting).toBeNull();
    expect(await renderer.prepareLayers([vessel])).toBeNull();
  });
});
