import { describe, expect, it } from 'vitest';
import { problem } from '../../../core/base/problem.ts';
import type { ProblemCode } from '../../../core/base/problem-table.ts';
import { fail, ok } from '../../../core/base/result.ts';
import type { PlanItem } from '../../../core/volume/frames.ts';
import { buildSeriesPlan } from '../../../core/volume/plan.ts';
import { planKeys, sliceAt } from '../../../tests/fixtures/scans.ts';
import type { CachedPlan } from '../bytes/plan-cache.ts';
import type { FillRequest } from '../decode/fill.ts';
import type { DecodeService } from '../decode/service.ts';
import { assembleVolume } from './assemble.ts';
import { partsOf } from './parts.ts';
import { assembleReduced } from './reduced.ts';

function cachedOf(items: readonly PlanItem[]): CachedPlan {
  const plan = buildSeriesPlan(items, planKeys);
  const files = plan.instances.map(({ instanceKey }) => {
    const { scan } = items.find((item) => item.instanceKey === instanceKey)!;
    return { scan, location: { file: instanceKey } as CachedPlan['files'][number]['location'] };
  });
  return { plan, files };
}

/** Writes InstanceNumber into every voxel; instances in `broken` do not decode. */
function decoderOf(broken: readonly number[] = [], code: ProblemCode = 'FRAME_UNDECODABLE'): DecodeService {
  const fill = async (request: FillRequest) => {
    const number = request.scan.attributes.InstanceNumber ?? 0;
    if (broken.includes(number)) return request.targets.map(() => fail(problem(code)));
    const voxels = new Int16Array(request.voxels);
    for (const { at } of request.targets) voxels.fill(number, at, at + request.sliceVoxels);
    return request.targets.map(() => ok(null));
  };
  return { fill } as unknown as DecodeService;
}

const stack = (heights: readonly number[], more = {}): PlanItem[] =>
  heights.map((height, k) => sliceAt(k + 5, height, more));
const slicesOf = (voxels: ArrayLike<number>): number[] =>
  Array.from({ length: voxels.length / 24 }, (_, k) => voxels[k * 24]!);

describe('assembleVolume', () => {
  it.each(['FRAME_UNDECODABLE', 'PIXEL_TRUNCATED'] as const)(
    'gives a slice that is not there (%s) the lowest value of the others, and names it',
    async (code) => {
      const cached = cachedOf(stack([0, 2.5, 5, 7.5]));
      const made = await assembleVolume(cached, cached.plan.groups[0]!, decoderOf([6], code));
      expect(made.ok && slicesOf(made.value.voxels)).toEqual([5, 5, 7, 8]);
      expect(made.ok && made.value.problems).toEqual([{ frame: 1, problem: { code } }]);
    },
  );

  it('leaves out of pictures what is not there: a slice that does not decode, and what no slice covers', async () => {
    const tilted = Array.from({ length: 4 }, (_, k) => sliceAt(k + 5, 2.5 * k, {}, 0.8 * k));
    const cached = cachedOf(tilted);
    const [group] = cached.plan.groups;
    const made = await assembleVolume(cached, group!, decoderOf([6]), { blanks: 'noData' });
    if (!made.ok) throw new Error(made.problem.code);
    const [columns, rows] = made.value.geometry.size;
    expect(rows).toBe(12);
    const { voxels } = made.value;
    const column = (k: number): number[] =>
      Array.from({ length: rows }, (_, row) => voxels[(k * rows + row) * columns]!);
    const none = (count: number): number[] => new Array<number>(count).fill(-32768);
    expect(column(0)).toEqual([...new Array<number>(6).fill(5), ...none(6)]);
    expect(column(1)).toEqual(none(12));
    expect(column(3)).toEqual([...none(6), ...new Array<number>(6).fill(8)]);
    const exported = await assembleVolume(cached, group!, decoderOf([6]));
    expect(exported.ok && Math.min(...exported.value.voxels)).toBe(5);
  });

  it.each([
    ['straight', stack([0, 2.5, 5])],
    ['tilted', [0, 1, 2].map((k) => sliceAt(k + 5, 2.5 * k, {}, 0.8 * k))],
  ])('makes up no volume of which no slice decodes (%s)', async (_, items) => {
    const cached = cachedOf(items);
    const [group] = cached.plan.groups;
    const none = decoderOf([5, 6, 7], 'TS_UNSUPPORTED');
    expect(await assembleVolume(cached, group!, none)).toEqual(fail(problem('TS_UNSUPPORTED')));
    expect((await assembleVolume(cached, group!, decoderOf([5, 6]))).ok).toBe(true);
  });

  it('fills holes between the slices that are there', async () => {
    const cached = cachedOf(stack([0, 2.5, 7.5, 10]));
    const made = await assembleVolume(cached, cached.plan.groups[0]!, decoderOf());
    expect(made.ok && slicesOf(made.value.voxels)).toEqual([5, 6, 7, 7, 8]);
  });

  it('refuses what is too large, with its size', async () => {
    const cached = cachedOf(stack([0, 2.5, 5]));
    const made = await assembleVolume(cached, cached.plan.groups[0]!, decoderOf(), { mostBytes: 100 });
    expect(made).toEqual(fail(problem('VOLUME_TOO_LARGE', { megabytes: 1 })));
  });

  it('refuses 5 GB before it asks for memory', async () => {
    const heights = Array.from({ length: 11 }, (_, k) => 2.5 * k);
    const cached = cachedOf(stack(heights, { Rows: 16_000, Columns: 16_000 }));
    const made = await assembleVolume(cached, cached.plan.groups[0]!, decoderOf());
    expect(made).toEqual(fail(problem('VOLUME_TOO_LARGE', { megabytes: 5372 })));
  });
});

describe('partsOf', () => {
  it('covers every plane once, each part with the slices it needs', () => {
    const { plan } = cachedOf(stack([0, 2.5, 5, 12.5, 15]));
    const [group] = plan.groups;
    const parts = [...partsOf(group!, 2 * 24 * 2)];
    expect(parts.map((part) => part.regular!.size[2])).toEqual([2, 2, 2, 1]);
    expect(parts.map((part) => part.frames)).toEqual([[0, 1], [2, 3], [2, 3], [4]]);
    expect(parts.map((part) => part.resampleK)).toEqual([
      [0, 1],
      [0, expect.closeTo(1 / 3, 9)],
      [expect.closeTo(2 / 3, 9), 1],
      [0],
    ]);
  });
});

describe('assembleReduced', () => {
  it('reads all parts into one memory, and keeps nothing of a part in the next', async () => {
    const cached = cachedOf(stack([0, 2.5, 5, 7.5, 10]));
    const seen = new Set<unknown>();
    const decoder = decoderOf([9]);
    const fill = (request: FillRequest) => {
      seen.add(request.voxels);
      return decoder.fill(request);
    };
    // Two planes of 24 voxels a part; the last part has one, which does not decode.
    const request = { factor: 2, partBytes: 2 * 24 * 2 };
    const made = await assembleReduced(cached, cached.plan.groups[0]!, { fill } as DecodeService, request);
    const voxels = made.ok ? [...made.value.voxels] : [];
    expect(voxels).toEqual([5, 6, 7, 8, -32768].flatMap((value) => new Array(6).fill(value)));
    expect(seen.size).toBe(1);
  });
});
