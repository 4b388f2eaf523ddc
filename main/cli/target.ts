import { existsSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { type Problem, problem } from '../../core/base/problem.ts';
import type { Host } from '../../core/contract/host.ts';
import { isBitContradiction } from '../../core/dicom/check-picture.ts';
import { problemText } from '../../core/terms/terms.ts';
import type { PlanInstance, SeriesPlan } from '../../core/volume/types.ts';
import { type CommandContext, CommandFailure, need } from './command.ts';
import { receiptOf, waitForJob } from './wait-for-job.ts';

/** What a word on the command line stands for: series of the cache, or of a file or folder read in place. */
export interface Target {
  readonly host: Host;
  readonly seriesKeys: readonly string[];
  /** Files of the path that cannot be read: what is missing of a series may be among them. */
  readonly broken: readonly Problem[];
}

/** What is listed for completeness, and is no fault. */
const harmless: ReadonlySet<string> = new Set(['NOT_DICOM', 'DIRECTORY_RECORD', 'UID_CONFLICT']);

async function seriesOfStudy(host: Host, studyKey: string): Promise<string[]> {
  const study = need(await host.call('studies.show', { studyKey }));
  return study.series.map((series) => series.seriesKey);
}

/** Reads a path in place with a host of its own, so that nobody's data folder is touched or needed. */
async function openPlace(path: string, context: CommandContext): Promise<Target> {
  const host = await context.scratchHost();
  if (context.signal.aborted) throw new CommandFailure(problem('CANCELLED'));
  const { jobId } = need(await host.call('import.start', { paths: [path], mode: 'open' }));
  const job = await waitForJob(host, jobId, context);
  if (context.signal.aborted) throw new CommandFailure(problem('CANCELLED'));
  if (job.place === null) {
    const [first] = (await receiptOf(host, job)).problems;
    throw new CommandFailure(job.problem ?? first ?? problem('NOT_FOUND', {}, path));
  }
  const receipt = await receiptOf(host, job);
  const broken = receipt.broken > 0 ? receipt.problems.filter(({ code }) => !harmless.has(code)) : [];
  for (const found of broken) {
    const { code, sentence } = problemText(context.language, found);
    context.log(`candela: ${found.path ?? path}: ${sentence} (${code})`);
  }
  const page = need(
    await host.call('studies.list', { filter: { source: 'place' }, sort: [], offset: 0, limit: 1000 }),
  );
  const seriesKeys: string[] = [];
  for (const row of page.rows) seriesKeys.push(...(await seriesOfStudy(host, row.studyKey)));
  return { host, seriesKeys, broken };
}

/** A disc's directory file stands for its disc. */
export const discOf = (path: string): string =>
  basename(path).toUpperCase() === 'DICOMDIR' ? dirname(path) : path;

/** Finds a STUDY or SERIES by UID in the cache, else reads the path in place; NOT_FOUND ends the command. */
export async function openTarget(word: string, context: CommandContext): Promise<Target> {
  const path = resolve(word);
  if (existsSync(path)) return openPlace(discOf(path), context);
  const host = await context.host();
  const found = need(await host.call('uid.find', { uid: word }));
  const seriesKeys = [
    ...found.series.map((series) => series.seriesKey),
    ...found.instances.map((instance) => instance.seriesKey),
  ];
  for (const studyKey of found.studies) seriesKeys.push(...(await seriesOfStudy(host, studyKey)));
  if (seriesKeys.length === 0) throw new CommandFailure(problem('NOT_FOUND', {}, word));
  return { host, seriesKeys: [...new Set(seriesKeys)], broken: [] };
}

/** Faults that hide what follows them in a file, its pixels among it. */
const hiding: ReadonlySet<string> = new Set([
  'TRUNCATED_HEADER',
  'LENGTH_BEYOND_EOF',
  'LENGTH_OVERFLOW',
  'LENGTH_UNDEFINED',
  'SEQUENCE_UNTERMINATED',
  'SEQUENCE_OVERRUN',
]);

/** Why files read in place have no picture though they may be slices: their headers end before it. */
export const cutOff = ({ aside, instances }: SeriesPlan): Problem[] =>
  aside.flatMap(({ instance }) => instances[instance]!.flags.find(({ code }) => hiding.has(code)) ?? []);

/** Faults that leave the pictures to be seen and their values or places in doubt. */
const doubtful: ReadonlySet<string> = new Set([
  'RESCALE_INVALID',
  'RESCALE_NO_SLOPE',
  'BYTE_ORDER_GUESSED',
  'DECIMAL_COMMA',
  'FRAME_COUNT_MISMATCH',
  'PIXEL_ATTRIBUTES',
]);
const isDoubt = (flag: Problem): boolean => doubtful.has(flag.code) || isBitContradiction(flag);

/** Numbers of colours that the file does not say: what is drawn of them are no greys. */
const lacksPalette = ({ format, palette }: PlanInstance): boolean =>
  format?.photometricInterpretation === 'PALETTE COLOR' && palette === undefined;

/** What puts a series' values or places in doubt, each once. */
export function doubtsOf({ instances }: SeriesPlan): Problem[] {
  const found = instances.flatMap((instance) => {
    const isGuess = lacksPalette(instance);
    return instance.flags.filter((flag) => isDoubt(flag) || (isGuess && flag.code === 'LUT_INVALID'));
  });
  return [...new Map(found.map((flag) => [flag.code, flag])).values()];
}
