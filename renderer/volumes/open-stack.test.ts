import { describe, expect, test, vi } from 'vitest';
import { matrixFromColumns } from '../../core/geometry/matrices.ts';
import type { Vec3 } from '../../core/geometry/types.ts';
import { signedWords } from '../../core/pixels/format-fixture.ts';
import type { SeriesPlan, VolumeGroup } from '../../core/volume/types.ts';
import type { DecodeTarget } from './frame-image.ts';
import { OpenSeries } from './open-series.ts';
import { OpenStack, type StackServices } from './open-stack.ts';
import { beginWriting, endWriting } from './slice-claims.ts';

vi.mock('../workers/resample.ts?worker&url', () => ({ default: 'resample.js' }));

function planOf(size: Vec3, more: Partial<VolumeGroup> = {}): SeriesPlan {
  const grid = {
    size,
    patientFromIndex: matrixFromColumns([0.7, 0, 0], [0, 0.7, 0], [0, 0, 1], [0, 0, 0]),
  };
  const format = signedWords(size[1], size[0]);
  const ks = Array.from({ length: size[2] }, (_, k) => k);
  const group: VolumeGroup = {
    id: 'g',
    nameZh: '',
    nameEn: '',
    frames: ks,
    displayReversed: false,
    verdict: {
      kind: 'exact',
      spacingSource: 'ImagePositionPatient',
      tiltDeg: 0,
      medianGapMm: 1,
      worstGapMm: 1,
      interpolatedSlices: 0,
      residualMm: 0,
      reasons: [],
    },
    acquired: grid,
    regular: grid,
    scalarType: 'int16',
    ...more,
  };
  const instance = {
    instanceKey: 'i',
    sopInstanceUID: '1',
    transferSyntaxUID: '1.2.840.10008.1.2.1',
    deflated: false,
    format,
    attributes: {},
    flags: [],
    sizeBytes: 200,
  };
  return {
    planId: 'p',
    seriesKey: 's',
    studyKey: 't',
    stored: true,
    demo: false,
    common: {},
    instances: [instance],
    frames: ks.map(() => ({ instance: 0, frame: 0, sizeBytes: 200, attributes: {} })),
    groups: [group],
    aside: [],
  };
}

/** Notes where each frame is to go; answers nothing. */
function servicesOf(targets: (DecodeTarget | null)[], volumeCapBytes?: number): StackServices {
  return {
    frames: { load: async ({ frames }) => void targets.push(...frames.map(({ target }) => target)) },
    workerCount: 1,
    frameCapBytes: 1e6,
    ...(volumeCapBytes !== undefined && { volumeCapBytes }),
  };
}

describe('a volume beyond memory', () => {
  test('ten thousand slices of 512 × 512 are refused with their size, and fit with pixels averaged', () => {
    const stack = new OpenStack(planOf([512, 512, 10_000]), 0, servicesOf([]));
    expect(stack.volumeRefusal()).toEqual({ code: 'VOLUME_TOO_LARGE', params: { megabytes: 5000 } });
    expect(stack.neededReduction()).toBe(2);
    const float = new OpenStack(planOf([1024, 1024, 10_000], { scalarType: 'float32' }), 0, servicesOf([]));
    expect(float.volumeRefusal()?.params).toEqual({ megabytes: 40_000 });
    // 40 000 MB / 9 are still too many.
    expect(float.neededReduction()).toBe(4);
    stack.close();
    float.close();
  });

  test('what is off for another reason is not offered reduced', () => {
    const colour = new OpenStack(planOf([512, 512, 10_000], { scalarType: 'rgb8' }), 0, servicesOf([]));
    expect(colour.volumeRefusal()?.code).toBe('VOLUME_COLOUR');
    expect(colour.neededReduction()).toBeNull();
    // Planes of colours are not offered reduced either.
    expect(colour.modeRefusal('mpr')?.code).toBe('COLOUR_TOO_LARGE');
    const fitting = new OpenStack(planOf([8, 8, 4], { scalarType: 'rgb8' }), 0, servicesOf([]));
    expect([fitting.modeRefusal('mpr'), fitting.modeRefusal('3d')?.code]).toEqual([null, 'VOLUME_COLOUR']);
    expect([fitting.volume(), fitting.planesVolume()?.geometry.size]).toEqual([null, [8, 8, 4]]);
    const small = new OpenStack(planOf([8, 8, 4]), 0, servicesOf([]));
    expect([small.volumeRefusal(), small.neededReduction()]).toEqual([null, null]);
  });

  test('the stack stays whole; frames of the agreed volume are averaged on their way', () => {
    const targets: (DecodeTarget | null)[] = [];
    const series = new OpenSeries(planOf([9, 8, 4]), servicesOf(targets, 9 * 8 * 4 * 2 - 1));
    const stack = series.stack(0)!;
    expect(stack.volumeRefusal()?.code).toBe('VOLUME_TOO_LARGE');
    expect(series.volumeStack(0)).toBe(stack);
    stack.loader.focus(1);
    expect(targets).toEqual([null]);
    series.reduce(stack.neededReduction()!);
    const reduced = series.volumeStack(0)!;
    expect(series.volumeStack(0)).toBe(reduced);
    expect([reduced.reduction, reduced.volumeRefusal()]).toEqual([2, null]);
    expect(reduced.group.regular?.size).toEqual([4, 4, 4]);
    reduced.loader.focus(3);
    const volume = reduced.volume()!;
    expect(volume.voxels).toHaveLength(64);
    const byteOffset = volume.layout.voxels + 3 * 16 * 2;
    expect(targets[1]).toMatchObject({ byteOffset, scalarType: 'int16', reduction: 2 });
    expect(series.stack(0)).toBe(stack);
    series.close();
  });

  test('so are slices that have to be resampled', () => {
    const targets: (DecodeTarget | null)[] = [];
    const tilted = { resampleK: [0, 1, 2, 3], shearMm: [0, 1, 2, 3].map((mm) => [0, mm] as const) };
    const plan = planOf([9, 8, 4], tilted);
    const series = new OpenSeries(plan, servicesOf(targets, 300));
    expect(series.stack(0)!.volumeRefusal()?.code).toBe('VOLUME_TOO_LARGE');
    series.reduce(2);
    series.volumeStack(0)!.loader.focus(2);
    expect(targets).toMatchObject([{ byteOffset: 2 * 16 * 2, reduction: 2 }]);
    series.close();
  });
});

describe('a volume that is being filled', () => {
  /** Frames fail one by one when the test says so: settled all the same. */
  function held(workerCount: number) {
    const waiting: (() => void)[] = [];
    const frames: StackServices['frames'] = {
      load: ({ frames: asked, onFrame }) =>
        new Promise((resolve) => {
          waiting.push(() => {
            for (const { index } of asked) onFrame(index, { ok: false, problem: { code: 'IO_ERROR' } });
            resolve();
          });
        }),
    };
    const stack = new OpenStack(planOf([3, 2, 9]), 0, { ...servicesOf([]), frames, workerCount });
    const arrive = async (): Promise<void> => {
      waiting.shift()?.();
      for (let n = 0; n < 5; n += 1) await Promise.resolve();
    };
    return { stack, arrive };
  }
  const isNone = (slices: readonly [number, number] | null): boolean =>
    slices !== null && slices[0] > slices[1];

  test('shows planes the slices around the one looked at that are settled', async () => {
    const { stack, arrive } = held(0);
    stack.loader.focus(4);
    stack.volumeToFill();
    // A worker has it, and may not have begun.
    expect(isNone(stack.filledSlices())).toBe(true);
    await arrive();
    expect(stack.filledSlices()).toEqual([4, 4]);
    stack.loader.focus(5);
    await arrive();
    expect(stack.filledSlices()).toEqual([4, 5]);
    expect([stack.holdsSlices(4, 5), stack.holdsSlices(3, 5), stack.holdsSlices(4, 6)]).toEqual([
      true,
      false,
      false,
    ]);
    stack.loader.focus(8);
    await arrive();
    expect(stack.filledSlices()).toEqual([8, 8]);
    stack.close();
  });

  test('holds "no data" where a slice failed, and what has come where one has', async () => {
    const pixels = Int16Array.of(1, 2, 3, 4, 5, 6);
    const frames: StackServices['frames'] = {
      async load({ frames: asked, onFrame }) {
        for (const { index, target } of asked) {
          const values = new Int16Array(target!.buffer, target!.byteOffset, 6);
          // Every third is cut off while it is written.
          beginWriting(target!.claim!);
          values.set(index % 3 === 0 ? pixels.subarray(0, 3) : pixels);
          const range = { min: 1, max: 6, sample: Float32Array.of(1) };
          if (index % 3 === 0) onFrame(index, { ok: false, problem: { code: 'FRAME_UNDECODABLE' } });
          else {
            endWriting(target!.claim!);
            onFrame(index, { ok: true, value: { kind: 'mono', rows: 2, columns: 3, values, range } });
          }
        }
      },
    };
    const stack = new OpenStack(planOf([3, 2, 9]), 0, { ...servicesOf([]), frames });
    stack.loader.focus(4);
    const { voxels } = stack.volume()!;
    await expect.poll(() => stack.loader.isDone).toBe(true);
    expect([...voxels]).toEqual(
      Array.from({ length: 9 }, (_, k) => (k % 3 === 0 ? new Array(6).fill(-32768) : [...pixels])).flat(),
    );
    expect(stack.volume()!.voxels).toEqual(voxels);
    stack.close();
  });

  test('is shown whole once all slices are settled', async () => {
    const { stack, arrive } = held(1);
    stack.volumeToFill();
    while (!stack.loader.isDone) await arrive();
    expect(stack.filledSlices()).toBeNull();
    expect(stack.holdsSlices(0, 8)).toBe(true);
    stack.close();
  });

  test('holds "no data" for whoever reads voxels where nothing has come', async () => {
    const { stack } = held(0);
    stack.loader.focus(2);
    expect(stack.volumeToFill()!.voxels.some((value) => value !== 0)).toBe(false);
    const { voxels } = stack.volume()!;
    // Also where a worker was asked: it may not have begun.
    expect([...new Set(voxels)]).toEqual([-32768]);
    expect(isNone(stack.filledSlices())).toBe(true);
    stack.close();
  });
});
