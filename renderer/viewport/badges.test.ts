import { expect, it } from 'vitest';
import { problem } from '../../core/base/problem.ts';
import type { ProblemCode } from '../../core/base/problem-table.ts';
import type { FrameInfo } from '../volumes/frame-attributes.ts';
import type { OpenStack } from '../volumes/open-stack.ts';
import { frameBadges, planeBadges, seriesBadges } from './badges.ts';

const stackOf = (...flags: readonly (readonly ProblemCode[])[]): OpenStack => {
  const instances = flags.map((codes) => ({ flags: codes.map((code) => ({ code })) }));
  const group = { verdict: { kind: 'exact', reasons: [], missing: [] } };
  return {
    plan: { instances, aside: [], stored: true },
    group,
    count: 2,
    reduction: 1,
  } as unknown as OpenStack;
};

it('a doubt about any file of a series is on each of its pictures, once', () => {
  const badges = seriesBadges(
    stackOf([], ['RESCALE_INVALID', 'LENGTH_ODD'], ['RESCALE_INVALID', 'GREYS_UNCLEAR', 'DECIMAL_COMMA']),
  );
  expect(badges.map(({ id, tone }) => [id, tone])).toEqual([
    ['verdict', 'ok'],
    ['RESCALE_INVALID', 'warn'],
    ['GREYS_UNCLEAR', 'warn'],
    ['DECIMAL_COMMA', 'warn'],
  ]);
  expect(seriesBadges(stackOf(['FRAME_COUNT_MISMATCH'])).map(({ id }) => id)).toEqual([
    'verdict',
    'FRAME_COUNT_MISMATCH',
  ]);
  expect(seriesBadges(stackOf([], ['LENGTH_ODD'])).map(({ id }) => id)).toEqual(['verdict']);
});

it('bits that fit into no cell are told, bits that lie high in it are not', () => {
  const idsOf = (params: Readonly<Record<string, number>>): string[] => {
    const stack = stackOf([]);
    const instances = [{ flags: [problem('BIT_DEPTH', params)] }];
    return seriesBadges({ ...stack, plan: { ...stack.plan, instances } } as unknown as OpenStack).map(
      ({ id }) => id,
    );
  };
  expect(idsOf({ stored: 17, allocated: 16 })).toEqual(['verdict', 'BIT_DEPTH']);
  expect(idsOf({ stored: 12, high: 7, allocated: 16 })).toEqual(['verdict', 'BIT_DEPTH']);
  expect(idsOf({ stored: 12, high: 15 })).toEqual(['verdict']);
});

it('groups for another number of frames are told, some that say a thing twice are not', () => {
  const idsOf = (frames: number, groups: number): string[] => {
    const stack = stackOf([]);
    const instances = [{ flags: [problem('FUNCTIONAL_GROUPS', { frames, groups })] }];
    return seriesBadges({ ...stack, plan: { ...stack.plan, instances } } as unknown as OpenStack).map(
      ({ id }) => id,
    );
  };
  expect([idsOf(3, 5), idsOf(3, 3)]).toEqual([['verdict', 'FUNCTIONAL_GROUPS'], ['verdict']]);
});

it('a volume without some of its images says so beside its verdict', () => {
  const stack = stackOf([]);
  const reasons = [problem('GEOMETRY_LEFT_OUT', { count: 2 })];
  const group = { verdict: { ...stack.group.verdict, reasons } };
  const badges = seriesBadges({ ...stack, group, count: 2, reduction: 1 } as unknown as OpenStack);
  expect(badges.map(({ id, tone, params }) => [id, tone, params?.['n']])).toEqual([
    ['verdict', 'ok', undefined],
    ['left-out', 'warn', 2],
  ]);
});

it('a frame that is coded otherwise than declared is not called incomplete', () => {
  const idsOf = (code: ProblemCode, flags: readonly ProblemCode[] = []): string[] => {
    const instance = { flags: flags.map((flag) => problem(flag)) };
    const info = { attributes: { PixelSpacing: [1, 1] }, instance } as unknown as FrameInfo;
    return frameBadges(info, { isMirrored: false, problem: problem(code) }).map(({ id }) => id);
  };
  expect(idsOf('FRAME_PARTIAL')).toEqual(['damaged']);
  expect(idsOf('FRAME_MORE_PICTURES')).toEqual(['FRAME_MORE_PICTURES']);
  expect(idsOf('PIXEL_LENGTH_MISMATCH')).toEqual(['PIXEL_LENGTH_MISMATCH']);
  expect(idsOf('PIXEL_ENCODING_MISMATCH')).toEqual(['PIXEL_ENCODING_MISMATCH']);
  expect(idsOf('PIXEL_ENCODING_MISMATCH', ['PIXEL_ENCODING_MISMATCH'])).toEqual([]);
});

it('a volume with images that did not decode, or pixels that are no numbers, says so on planes and 3D', () => {
  const regular = { size: [4, 4, 12], patientFromIndex: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1] };
  const codesAt: readonly (readonly [number, ProblemCode])[] = [
    [8, 'PIXEL_TRUNCATED'],
    [3, 'FRAME_UNDECODABLE'],
    [5, 'PIXEL_NOT_NUMBER'],
    [1, 'FRAME_MORE_PICTURES'],
  ];
  const faults = new Map(codesAt.map(([k, code]) => [k, problem(code)]));
  const verdict = { kind: 'exact', reasons: [], medianGapMm: 1 };
  const group = { regular, verdict: { ...verdict, reasons: [] }, displayReversed: false };
  const stack = {
    group,
    plan: { groups: [group] },
    groupIndex: 0,
    faults,
    count: 12,
    info: () => undefined,
  } as unknown as OpenStack;
  expect(planeBadges(stack, false).map(({ id, tone, params }) => [id, tone, params])).toEqual([
    ['faulty', 'danger', { n: 2, which: '4, 9' }],
    ['not-numbers', 'warn', undefined],
  ]);
  expect(planeBadges({ ...stack, faults: new Map() } as unknown as OpenStack, false)).toEqual([]);
});

it('planes of one of several stacks say of how many images they are, but not those of a phase', () => {
  const verdict = { kind: 'exact', reasons: [] as unknown[], medianGapMm: 1 };
  const regular = { size: [4, 4, 15], patientFromIndex: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1] };
  const frames = Array.from({ length: 15 }, (_, n) => n);
  const group = { regular, verdict, frames };
  const badgesOf = (own: object, others: readonly object[]) => {
    const plan = { groups: [own, ...others] };
    // Read reduced, it is another object than the one of the plan.
    const shared = { plan, groupIndex: 0, faults: new Map(), count: 15, info: () => undefined };
    const stack = { ...shared, group: { ...own } };
    return planeBadges(stack as unknown as OpenStack, true).map(({ id, params }) => [id, params]);
  };
  expect(badgesOf(group, [])).toEqual([]);
  expect(badgesOf(group, [{ ...group, frames: [0, 1] }])).toEqual([
    ['part', { n: 15, total: 17, stacks: 2 }],
  ]);
  const phase = { ...group, dimension: { set: 'time', index: 0 } };
  expect(badgesOf(phase, [{ ...phase, dimension: { set: 'time', index: 1 } }])).toEqual([]);
  expect(badgesOf(phase, [group]).map(([id]) => id)).toEqual(['part']);
  // Those have a place of their own, and a badge that says more.
  const reasons = [problem('GEOMETRY_LEFT_OUT', { count: 2 })];
  const lacking = { ...group, verdict: { ...verdict, reasons } };
  expect(badgesOf(lacking, [group])).toEqual([]);
});

it('planes and 3D of images that were compressed with loss or derived say so, as the images do', () => {
  const regular = { size: [4, 4, 3], patientFromIndex: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1] };
  const badgesOf = (...attributes: readonly object[]) => {
    const group = { regular, verdict: { kind: 'exact', reasons: [], medianGapMm: 1 } };
    const info = (k: number) => ({ attributes: attributes[k] });
    const plan = { groups: [group] };
    const stack = { plan, group, groupIndex: 0, faults: new Map(), count: attributes.length, info };
    return planeBadges(stack as unknown as OpenStack, false).map(({ id, params }) => [id, params]);
  };
  const lossy = (ratio?: number) => ({
    LossyImageCompression: '01',
    ...(ratio !== undefined && { LossyImageCompressionRatio: [2, ratio] }),
  });
  const derived = { ImageType: ['DERIVED', 'SECONDARY'] };
  const original = { ImageType: ['ORIGINAL', 'PRIMARY'], LossyImageCompression: '00' };
  expect(badgesOf(original, original, original)).toEqual([]);
  expect(badgesOf(original, lossy(8.44), { ...lossy(12.6), ...derived })).toEqual([
    ['lossy', { n: '13' }],
    ['derived', undefined],
  ]);
  expect(badgesOf(lossy(), original, original)).toEqual([['lossy', undefined]]);
});
