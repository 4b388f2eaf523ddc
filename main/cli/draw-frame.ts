import { type Problem, problem } from '../../core/base/problem.ts';
import type { SeriesPlan, VolumeGroup } from '../../core/volume/types.ts';
import { numbersOf, type ParsedArguments, wholeOf } from './arguments.ts';
import { choiceNotes } from './choice-notes.ts';
import { type CommandContext, CommandFailure, exitCodes, need } from './command.ts';
import { chooseGroup } from './load-volume.ts';
import { wrong } from './picture-options.ts';
import { cutOff, openTarget, type Target } from './target.ts';

/** One frame of a stack as it is first shown on the reading page. */
export interface DrawnFrame {
  readonly plan: SeriesPlan;
  readonly group: VolumeGroup;
  /** From 1, along the stack. */
  readonly slice: number;
  readonly png: Uint8Array;
  readonly problems: readonly Problem[];
  /** Those of them that were told when the path was opened. */
  readonly broken: readonly Problem[];
}

/** Options that say where a plane or a camera lies: a frame is what it is. */
const notForFrames = ['scene', 'size', 'preset', 'background', 'center', 'slab', 'mode'] as const;

/** The stack asked for, else the series and group with the most pictures. */
async function chooseStack(
  word: string,
  wanted: string | undefined,
  context: CommandContext,
): Promise<Pick<Target, 'host' | 'broken'> & Pick<DrawnFrame, 'plan' | 'group' | 'problems'>> {
  const { host, seriesKeys, broken } = await openTarget(word, context);
  const problems = [...broken];
  let best: { readonly plan: SeriesPlan; readonly group: VolumeGroup } | undefined;
  let aside: Problem | undefined;
  let seriesCount = 0;
  for (const seriesKey of seriesKeys) {
    const plan = need(await host.call('series.plan', { seriesKey, purpose: 'measure' }));
    const group = wanted === undefined ? plan.groups[0] : chooseGroup(plan, wanted);
    problems.push(...cutOff(plan));
    aside ??= plan.aside[0]?.reason;
    if (plan.groups.length > 0) seriesCount += 1;
    if (group && group.frames.length > (best?.group.frames.length ?? 0)) best = { plan, group };
  }
  if (best) {
    for (const line of choiceNotes(best, seriesCount, wanted, context)) context.log(line);
    return { host, broken, problems, ...best };
  }
  if (wanted !== undefined) throw wrong('--group', wanted);
  throw new CommandFailure(aside ?? problem('NOT_IMAGE'));
}

/** Draws one frame through the pixel pipeline: `--slice` from 1, the middle one when left out. */
export async function drawFrame(args: ParsedArguments, context: CommandContext): Promise<DrawnFrame> {
  for (const name of notForFrames) {
    const value = args.values.get(name);
    if (value !== undefined) throw wrong(`--${name}`, value);
  }
  const asked = args.values.get('slice');
  const number = asked === undefined ? undefined : need(wholeOf('slice', asked, 1), exitCodes.wrongUsage);
  const window = args.values.get('window');
  const [width, centre] =
    window === undefined ? [] : need(numbersOf('window', window, 2), exitCodes.wrongUsage);
  if (width !== undefined && !(width > 0)) throw wrong('--window', window ?? '');
  const chosen = await chooseStack(args.positionals[0]!, args.values.get('group'), context);
  const { host, plan, group } = chosen;
  const slice = number ?? Math.floor(group.frames.length / 2) + 1;
  // As the page counts them.
  const frame = group.frames[group.displayReversed ? group.frames.length - slice : slice - 1];
  if (frame === undefined)
    throw new CommandFailure(problem('FRAME_RANGE', { frame: slice, frames: group.frames.length }));
  const query = width === undefined ? '' : `&window=${width},${centre}`;
  const path = `/picture/${encodeURIComponent(plan.planId)}?frame=${frame}${query}`;
  const answer = await host.fetch({ method: 'GET', path });
  if (!(answer.body instanceof Uint8Array)) throw new CommandFailure(problem('INTERNAL'));
  if (answer.status !== 200) {
    const told = JSON.parse(new TextDecoder().decode(answer.body) || '{}') as { readonly problem?: Problem };
    throw new CommandFailure(told.problem ?? problem('NOT_FOUND'));
  }
  const met = JSON.parse(decodeURIComponent(answer.headers['x-candela-problems'] ?? '[]')) as Problem[];
  return {
    plan,
    group,
    slice,
    png: answer.body,
    problems: [...chosen.problems, ...met],
    broken: chosen.broken,
  };
}
