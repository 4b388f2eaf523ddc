import { describe, expect, it } from 'vitest';
import { matrixFromColumns } from '../geometry/matrices.ts';
import { patientPoint, patientVector } from '../geometry/types.ts';
import { fitCamera } from '../scene/camera.ts';
import { presetPart, volumePreset, windowLevel } from '../scene/presets.ts';
import { bandRows, controlCells, createRenderSession, type PictureJob, type RenderJob } from './session.ts';
import type { Kernels, RaycastRequest, ResliceRequest, VolumeInfo } from './types.ts';

const geometry = {
  size: [9, 9, 20],
  patientFromIndex: matrixFromColumns([1, 0, 0], [0, 1, 0], [0, 0, 1], [3, 4, 5]),
} as const;

/** Kernels that only write down what they were asked. */
function setUp(onRows: () => void = () => undefined) {
  const buffer = new SharedArrayBuffer(256);
  const volume: VolumeInfo = {
    geometry,
    scalarType: 'int16',
    layout: {
      voxels: 0,
      voxelBytes: 3240,
      bricks: 0,
      brickCounts: [2, 2, 3],
      control: 128,
      values: 0,
      rgba: 0,
      maxOutputPixels: 1e6,
      labels: { labels: 512, veil: 600, flags: 700, picture: 5000, pages: 1 },
    },
    rescale: { slope: 1, intercept: 0 },
    min: 0,
    max: 1,
    percentiles: new Float32Array(1001),
  };
  const rows: (readonly [number, number])[] = [];
  const layers: (readonly [number, number])[] = [];
  const labelled: number[] = [];
  const raycasts: RaycastRequest[] = [];
  const reslices: ResliceRequest[] = [];
  const note = (from: number, to: number): void => {
    rows.push([from, to]);
    onRows();
  };
  const kernels: Kernels = {
    reslice: (request, from, to) => {
      reslices.push(request);
      note(from, to);
    },
    curved: (_, from, to) => note(from, to),
    window: () => undefined,
    bricks: (_, from, to) => void layers.push([from, to]),
    veil: (_, from, to) => void layers.push([from, to]),
    labelRow: ({ out }) => void labelled.push(out),
    raycast: (request, from, to) => {
      raycasts.push(request);
      note(from, to);
    },
  };
  const control = new Int32Array(buffer, 128, 2);
  const session = createRenderSession(kernels, volume, buffer);
  return { session, rows, layers, labelled, raycasts, reslices, control };
}

const slicePicture: PictureJob = {
  scene: {
    kind: 'slice',
    plane: { origin: patientPoint(0, 0, 0), right: patientVector(1, 0, 0), down: patientVector(0, 1, 0) },
    spacingMm: 1,
    width: 8,
    height: 40,
    slabMm: 0,
    projection: 'none',
    interpolation: 'linear',
    window: windowLevel(400, 40),
    background: [0, 0, 0],
  },
  size: { width: 8, height: 40 },
  coarse: 1,
  quality: 'rest',
  skipping: true,
  labelled: false,
  filled: null,
  outputAt: 0,
};
const sliceJob: RenderJob = { kind: 'pictures', pictures: [slicePicture] };
const volumeJob = (shiftHu = 0): RenderJob => ({
  kind: 'pictures',
  pictures: [
    {
      ...slicePicture,
      size: { width: 8, height: 12 },
      scene: {
        kind: 'volume',
        camera: fitCamera(geometry, 'A'),
        ...presetPart(volumePreset('bone')!),
        shiftHu,
        background: [0, 0, 0],
      },
    },
  ],
});

describe('a worker’s share of a job', () => {
  it('takes bands until the rows are gone, each once, the last one short', () => {
    const { session, rows } = setUp();
    expect(session.run(sliceJob, 1)).toBe('done');
    expect(rows).toEqual([
      [0, bandRows],
      [bandRows, 2 * bandRows],
      [2 * bandRows, 40],
    ]);
  });
  it('shares the counter with the other workers', () => {
    const { session, rows, control } = setUp();
    Atomics.store(control, controlCells.nextBand, 1);
    session.run(sliceJob, 1);
    expect(rows[0]).toEqual([bandRows, 2 * bandRows]);
    expect(session.run(sliceJob, 2)).toBe('done');
    expect(rows).toHaveLength(2);
  });
  it('draws several planes as one, each into its own part of the output', () => {
    const { session, rows, reslices } = setUp();
    const second: PictureJob = { ...slicePicture, outputAt: 320 };
    session.run({ kind: 'pictures', pictures: [slicePicture, second] }, 1);
    expect(rows).toHaveLength(6);
    expect(rows.slice(3)).toEqual(rows.slice(0, 3));
    expect(reslices.map((r) => r.values)).toEqual([0, 0, 0, 1280, 1280, 1280]);
  });
  it('stops between bands when its job is cancelled, and only then', () => {
    const { session, rows, control } = setUp(() => Atomics.store(control, controlCells.cancelledJob, 7));
    expect(session.run(sliceJob, 7)).toBe('cancelled');
    expect(rows).toHaveLength(1);
    Atomics.store(control, controlCells.nextBand, 0);
    expect(session.run(sliceJob, 8)).toBe('done');
  });
  it('builds every layer of bricks', () => {
    const { session, layers } = setUp();
    session.run({ kind: 'bricks' }, 1);
    expect(layers).toEqual([
      [0, 0],
      [0, 1],
      [1, 2],
      [2, 3],
    ]);
  });
  it('makes the veil of the layers of bricks that changed', () => {
    const { session, layers } = setUp();
    const bricks = { lo: [0, 1, 1], hi: [2, 2, 3] } as const;
    session.run({ kind: 'veil', roles: new Uint8Array(256), bricks }, 1);
    expect(layers).toEqual([
      [0, 0],
      [1, 2],
      [2, 3],
    ]);
  });
  it('writes the labels of a plane beside it, at its own part of the output', () => {
    const { session, labelled } = setUp();
    const layered: PictureJob = { ...slicePicture, labelled: true, outputAt: 320 };
    session.run({ kind: 'pictures', pictures: [slicePicture, layered] }, 1);
    expect(labelled).toEqual(Array.from({ length: 40 }, (_, row) => 5000 + 320 + 8 * row));
  });
  it('makes a transfer table once as long as the function stays', () => {
    const { session, raycasts, control } = setUp();
    for (const [jobId, shift] of [
      [1, 0],
      [2, 0],
      [3, 50],
    ] as const) {
      Atomics.store(control, controlCells.nextBand, 0);
      session.run(volumeJob(shift), jobId);
    }
    const tables = raycasts.map((r) => r.transfer);
    expect(tables).toHaveLength(9);
    expect(new Set(tables).size).toBe(2);
    expect(tables[3]).toBe(tables[0]);
    expect(tables[6]).not.toBe(tables[0]);
  });
});
