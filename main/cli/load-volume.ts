import { type Problem, problem } from '../../core/base/problem.ts';
import type { Host } from '../../core/contract/host.ts';
import type { Attributes } from '../../core/dicom/types.ts';
import type { VolumeGeometry } from '../../core/geometry/types.ts';
import { frameAttributes } from '../../core/volume/plan.ts';
import type { VoxelArray } from '../../core/volume/resample.ts';
import type { SeriesPlan, VolumeGroup } from '../../core/volume/types.ts';
import { type CommandContext, CommandFailure, need } from './command.ts';
import { openTarget } from './target.ts';

export interface LoadedVolume {
  readonly plan: SeriesPlan;
  readonly group: VolumeGroup;
  readonly geometry: VolumeGeometry;
  readonly attributes: Attributes;
  readonly voxels: VoxelArray;
  readonly problems: readonly Problem[];
}

/** The group asked for by id or name; without one, the largest that is a volume. */
export function chooseGroup(plan: SeriesPlan, wanted: string | undefined): VolumeGroup | undefined {
  if (wanted === undefined) return plan.groups.find((group) => group.regular !== null);
  return plan.groups.find((group) => [group.id, group.nameEn, group.nameZh].includes(wanted));
}

/** Most frames first: the series a person means when a study or folder has several. */
async function choosePlan(host: Host, seriesKeys: readonly string[]): Promise<SeriesPlan> {
  const plans: SeriesPlan[] = [];
  for (const seriesKey of seriesKeys) plans.push(need(await host.call('series.plan', { seriesKey })));
  const size = (plan: SeriesPlan): number =>
    Math.max(0, ...plan.groups.map((group) => (group.regular ? group.frames.length : 0)));
  const best = plans.sort((a, b) => size(b) - size(a))[0];
  if (!best) throw new CommandFailure(problem('NOT_FOUND'));
  return best;
}

/** Voxels of a SERIES or STUDY (UID or path) on their regular grid; a series that is no volume ends with its reason. */
export async function loadVolume(
  word: string,
  wantedGroup: string | undefined,
  context: CommandContext,
): Promise<LoadedVolume> {
  const { host, seriesKeys } = await openTarget(word, context);
  const plan = await choosePlan(host, seriesKeys);
  const group = chooseGroup(plan, wantedGroup);
  if (!group && wantedGroup !== undefined)
    throw new CommandFailure(problem('INPUT_INVALID', { name: '--group', value: wantedGroup }), 2);
  if (!group?.regular)
    throw new CommandFailure(
      plan.groups[0]?.verdict.reasons[0] ?? plan.aside[0]?.reason ?? problem('VOLUME_NONE'),
    );
  const answer = await host.fetch({ method: 'GET', path: `/volume/${plan.planId}?group=${group.id}` });
  const bytes = await wholeBody(answer.body);
  if (answer.status !== 200) throw new CommandFailure(refusal(bytes));
  const count = group.regular.size[0] * group.regular.size[1] * group.regular.size[2];
  const voxels =
    group.scalarType === 'int16'
      ? new Int16Array(bytes.buffer, bytes.byteOffset, count)
      : new Float32Array(bytes.buffer, bytes.byteOffset, count);
  const problems = JSON.parse(decodeURIComponent(answer.headers['x-candela-problems'] ?? '[]')) as {
    problem: Problem;
  }[];
  return {
    plan,
    group,
    geometry: group.regular,
    attributes: frameAttributes(plan, group.frames[Math.floor(group.frames.length / 2)]!),
    voxels,
    problems: problems.map((entry) => entry.problem),
  };
}

async function wholeBody(body: Uint8Array | AsyncIterable<Uint8Array> | null): Promise<Uint8Array> {
  if (body instanceof Uint8Array) return body;
  const parts: Uint8Array[] = [];
  if (body) for await (const part of body) parts.push(part);
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function refusal(bytes: Uint8Array): Problem {
  const answer: unknown = JSON.parse(new TextDecoder().decode(bytes) || '{}');
  return typeof answer === 'object' && answer !== null && 'problem' in answer
    ? (answer.problem as Problem)
    : problem('VOLUME_NONE');
}
