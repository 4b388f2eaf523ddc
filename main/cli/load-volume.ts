import { type Problem, problem } from '../../core/base/problem.ts';
import type { Host } from '../../core/contract/host.ts';
import type { Attributes } from '../../core/dicom/types.ts';
import type { VolumeGeometry } from '../../core/geometry/types.ts';
import { isInverted } from '../../core/pixels/voi.ts';
import { type FusionLayer, isSameFrame } from '../../core/scene/fusion.ts';
import { problemText } from '../../core/terms/terms.ts';
import { frameAttributes } from '../../core/volume/plan.ts';
import { reducedGroup } from '../../core/volume/reduce.ts';
import type { AnyVoxels, VoxelArray } from '../../core/volume/resample.ts';
import type { SeriesPlan, VolumeGroup } from '../../core/volume/types.ts';
import type { Blanks } from '../host/volumes/assemble.ts';
import { choiceNotes } from './choice-notes.ts';
import { type CommandContext, CommandFailure, need } from './command.ts';
import { lackingReasons } from './lacking-reasons.ts';
import { adviceFor } from './reduction.ts';
import { cutOff, doubtsOf, openTarget, type Target } from './target.ts';

export interface LoadedVolume<Voxels extends AnyVoxels = VoxelArray> {
  readonly host: Host;
  readonly plan: SeriesPlan;
  readonly group: VolumeGroup;
  readonly geometry: VolumeGeometry;
  readonly attributes: Attributes;
  /** The files say that low values are white. */
  readonly isFileInverted: boolean;
  readonly voxels: Voxels;
  readonly problems: readonly Problem[];
  /** Those of them that were told when the path was opened. */
  readonly broken: readonly Problem[];
  readonly reduction?: number;
}

/** How well a group serves as a volume: values before colours, trusted millimetres before guessed ones, then the most frames. */
const worthOf = (group: VolumeGroup): number => {
  if (!group.regular) return 0;
  const isTrusted = group.verdict.kind === 'exact' || group.verdict.kind === 'resampled';
  const worth = (isTrusted && group.frames.length > 2 ? 1e7 : 0) + group.frames.length;
  return group.scalarType === 'rgb8' ? worth / 1e9 : worth;
};

/** The group asked for by id, name or number from 1; without one, the one that serves best as a volume. */
export function chooseGroup(plan: SeriesPlan, wanted: string | undefined): VolumeGroup | undefined {
  if (wanted !== undefined) {
    const named = plan.groups.find((group) => [group.id, group.nameEn, group.nameZh].includes(wanted));
    return named ?? (/^[1-9]\d{0,5}$/.test(wanted) ? plan.groups[Number(wanted) - 1] : undefined);
  }
  const best = plan.groups.toSorted((a, b) => worthOf(b) - worthOf(a))[0];
  return best && worthOf(best) > 0 ? best : undefined;
}

/** The series a person means when a study or folder has several: the one with the best group; and what could not be read. */
async function choosePlan(
  host: Host,
  seriesKeys: readonly string[],
  wanted: string | undefined,
): Promise<Pick<ChosenVolume, 'plan' | 'seriesCount'> & { readonly unread: readonly Problem[] }> {
  const plans: { readonly plan: SeriesPlan; readonly worth: number }[] = [];
  for (const seriesKey of seriesKeys) {
    const plan = need(await host.call('series.plan', { seriesKey, purpose: 'measure' }));
    const group = chooseGroup(plan, wanted);
    plans.push({ plan, worth: group ? 1 + worthOf(group) : 0 });
  }
  const best = plans.toSorted((a, b) => b.worth - a.worth)[0];
  if (!best) throw new CommandFailure(problem('NOT_FOUND'));
  return {
    plan: best.plan,
    unread: plans.flatMap(({ plan }) => cutOff(plan)),
    seriesCount: plans.filter(({ plan }) => plan.groups.length > 0).length,
  };
}

/** Why a series is no volume, in its own words. */
function whyNone(plan: SeriesPlan): Problem {
  const [group] = plan.groups;
  return group?.verdict.reasons[0] ?? plan.aside[0]?.reason ?? problem('VOLUME_NONE');
}

/** What a person asks of a volume: by `--group` and `--reduce`. */
export interface VolumeWish {
  readonly group?: string | undefined;
  /** Means of so many pixels across and down, which the person agrees to; 1 for the pixels themselves. */
  readonly reduction?: number;
}

/**
 * Voxels of a SERIES or STUDY (UID or path) on their regular grid, "no data" where there is nothing; a series that is
 * no volume ends with its reason, one in colour with VOLUME_COLOUR.
 */
export async function loadVolume(
  word: string,
  wish: VolumeWish,
  context: CommandContext,
): Promise<LoadedVolume> {
  const chosen = reducedVolume(await chooseVolume(word, wish.group, context), wish, context);
  if (chosen.group.scalarType === 'rgb8') throw new CommandFailure(problem('VOLUME_COLOUR'));
  return ofValues(await fetchVolume(chosen, 'noData'));
}

/** The same for what can do with colours, too: three bytes a voxel, black where there is nothing. */
export async function loadAnyVolume(
  word: string,
  wish: VolumeWish,
  context: CommandContext,
): Promise<LoadedVolume<AnyVoxels>> {
  const chosen = await chooseVolume(word, wish.group, context);
  return fetchVolume(reducedVolume(chosen, wish, context), 'noData');
}

/** The volume with coarser pixels, where the person agreed to that; it is said once more on stderr. */
function reducedVolume(
  chosen: ChosenVolume,
  { reduction = 1 }: VolumeWish,
  { language, log }: CommandContext,
): ChosenVolume {
  if (reduction === 1) return chosen;
  const group = reducedGroup(chosen.group, reduction);
  if (!group.regular || Math.min(...group.regular.size) < 1)
    throw new CommandFailure(problem('INPUT_INVALID', { name: '--reduce', value: reduction }), 2);
  log(`candela: ${problemText(language, group.verdict.reasons[0]!).sentence} (VOLUME_REDUCED)`);
  return { ...chosen, group, geometry: group.regular, reduction };
}

function ofValues({ voxels, ...loaded }: LoadedVolume<AnyVoxels>): LoadedVolume {
  if (voxels instanceof Uint8Array) throw new CommandFailure(problem('VOLUME_COLOUR'));
  return { ...loaded, voxels };
}

/**
 * The volume of a scene's fusion layer, looked for where the first was found. A series that is not there ends the command
 * with NOT_FOUND, one that lies elsewhere with FUSION_OTHER_FRAME.
 */
export async function loadFused(
  { series, group }: FusionLayer,
  { host, plan }: Pick<LoadedVolume, 'host' | 'plan'>,
): Promise<LoadedVolume> {
  const found = need(await host.call('uid.find', { uid: series }));
  const seriesKeys = found.series.map(({ seriesKey }) => seriesKey);
  if (seriesKeys.length === 0) throw new CommandFailure(problem('NOT_FOUND', {}, series));
  const chosen = await chooseAmong({ host, seriesKeys, broken: [] }, group === '' ? undefined : group);
  if (!isSameFrame(plan, chosen.plan)) throw new CommandFailure(problem('FUSION_OTHER_FRAME'));
  return ofValues(await fetchVolume(chosen, 'noData'));
}

/** A group that is a volume, not yet read. */
export interface ChosenVolume {
  readonly host: Host;
  readonly plan: SeriesPlan;
  readonly group: VolumeGroup;
  readonly geometry: VolumeGeometry;
  /** Series with pictures among which it was chosen. */
  readonly seriesCount: number;
  /** Files beside it that cannot be read, and images that are missing or have no place in it. */
  readonly problems: readonly Problem[];
  /** Those of them that were told when the path was opened. */
  readonly broken: readonly Problem[];
  /** Its pixels are means of so many across and down. */
  readonly reduction?: number;
}

export async function chooseVolume(
  word: string,
  wantedGroup: string | undefined,
  context: CommandContext,
): Promise<ChosenVolume> {
  const target = await openTarget(word, context);
  const chosen = await chooseAmong(target, wantedGroup);
  for (const line of choiceNotes(chosen, chosen.seriesCount, wantedGroup, context)) context.log(line);
  return chosen;
}

async function chooseAmong(
  { host, seriesKeys, broken }: Target,
  wantedGroup: string | undefined,
): Promise<ChosenVolume> {
  const { plan, unread, seriesCount } = await choosePlan(host, seriesKeys, wantedGroup);
  const group = chooseGroup(plan, wantedGroup);
  if (!group && wantedGroup !== undefined)
    throw new CommandFailure(problem('INPUT_INVALID', { name: '--group', value: wantedGroup }), 2);
  if (!group?.regular) throw new CommandFailure(whyNone(plan));
  return {
    host,
    plan,
    group,
    geometry: group.regular,
    seriesCount,
    problems: [...broken, ...unread, ...lackingReasons(group.verdict), ...doubtsOf(plan)],
    broken,
  };
}

/** All its voxels at once, colours as three bytes each. */
export async function fetchVolume(chosen: ChosenVolume, blanks: Blanks): Promise<LoadedVolume<AnyVoxels>> {
  const { host, plan, group, geometry, problems: known, broken, reduction = 1 } = chosen;
  const answer = await host.fetch({
    method: 'GET',
    path: `/volume/${plan.planId}?group=${group.id}&blanks=${blanks}&reduce=${reduction}`,
  });
  const bytes = await wholeBody(answer.body);
  if (answer.status !== 200) throw new CommandFailure(adviceFor(refusal(bytes), chosen));
  const count = geometry.size[0] * geometry.size[1] * geometry.size[2];
  const problems = JSON.parse(decodeURIComponent(answer.headers['x-candela-problems'] ?? '[]')) as {
    problem: Problem;
  }[];
  const middle = group.frames[Math.floor(group.frames.length / 2)]!;
  const attributes = frameAttributes(plan, middle);
  const { format } = plan.instances[plan.frames[middle]!.instance]!;
  return {
    host,
    plan,
    group,
    geometry,
    attributes,
    isFileInverted: isInverted(format?.photometricInterpretation ?? '', attributes),
    voxels: voxelsOf(group.scalarType, bytes, count),
    problems: [...known, ...problems.map((entry) => entry.problem)],
    broken,
    reduction,
  };
}

function voxelsOf(scalarType: VolumeGroup['scalarType'], bytes: Uint8Array, count: number): AnyVoxels {
  if (scalarType === 'rgb8') return bytes.subarray(0, 3 * count);
  return scalarType === 'int16'
    ? new Int16Array(bytes.buffer, bytes.byteOffset, count)
    : new Float32Array(bytes.buffer, bytes.byteOffset, count);
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
