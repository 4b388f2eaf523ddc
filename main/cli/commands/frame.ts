import { readdir, stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { type Problem, problem } from '../../../core/base/problem.ts';
import { problemText } from '../../../core/terms/terms.ts';
import { type FrameSummary, unknownFrame } from '../../host/decode/operations.ts';
import { createDecodeService, type DecodeService } from '../../host/decode/service.ts';
import { wholeOf } from '../arguments.ts';
import { type Command, type CommandContext, exitCodes, need, unlessInterrupted } from '../command.ts';

const nothingOf = (source: string, reason: Problem): FrameSummary => ({
  source,
  ...unknownFrame,
  problem: reason,
});

/** What lies in a folder beside its images, and is no fault there. */
const besideImages: ReadonlySet<string> = new Set(['NOT_DICOM', 'DIRECTORY_RECORD']);

/** The files of a folder and of those in it, in the order of their names; links are not followed. */
async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.flatMap((entry) => (entry.isFile() ? join(entry.parentPath, entry.name) : [])).toSorted();
}

/** One answer for a file or UID; for a folder, one for each image in it, its own path the source. */
async function summariesOf(
  word: string,
  frame: number | undefined,
  decode: DecodeService,
  context: CommandContext,
): Promise<FrameSummary[]> {
  const found = await stat(resolve(word)).catch(() => null);
  if (!found?.isDirectory()) return [await summaryOf(word, frame, decode, context)];
  const files = await filesIn(word).catch(() => []);
  const summaries = await Promise.all(files.map((file) => decode.frameSummary(resolve(file), frame, file)));
  const images = summaries.filter(({ problem: reason }) => !reason || !besideImages.has(reason.code));
  return images.length > 0 ? images : [nothingOf(word, problem('NOT_FOUND'))];
}

/** A path is read in place, also one that an import refuses; anything else is a SOP Instance UID of the cache. */
async function summaryOf(
  word: string,
  frame: number | undefined,
  decode: DecodeService,
  context: CommandContext,
): Promise<FrameSummary> {
  const path = resolve(word);
  const found = await stat(path).catch(() => null);
  if (found?.isFile()) return decode.frameSummary(path, frame, word);
  if (found) return nothingOf(word, problem('NOT_REGULAR_FILE'));
  const host = await context.host();
  const { instances } = need(await host.call('uid.find', { uid: word }));
  const instance = instances[0];
  if (!instance) return nothingOf(word, problem('NOT_FOUND'));
  const query = frame === undefined ? '' : `?frame=${frame}`;
  const answer = await host.fetch({
    method: 'GET',
    path: `/frame/${encodeURIComponent(instance.instanceKey)}${query}`,
  });
  if (answer.status !== 200 || !(answer.body instanceof Uint8Array))
    return nothingOf(word, problem('NOT_FOUND'));
  return { ...(JSON.parse(new TextDecoder().decode(answer.body)) as FrameSummary), source: word };
}

type Told = Omit<FrameSummary, 'problem'> & { readonly problem?: { code: string; message: string } };

/** What is known of a picture, for people. */
function lineOf({
  source,
  columns,
  rows,
  frames,
  photometric,
  min,
  max,
  sha256,
  problem: found,
}: Told): string {
  const what = [`${columns}×${rows}×${frames ?? '?'}`, photometric, `${min}…${max}`, sha256];
  const known = sha256 === null ? [] : what;
  return [source, ...known, ...(found ? [`${found.message} (${found.code})`] : [])].join('\t');
}

export const frameCommand: Command = {
  name: 'frame',
  usage: 'PATH|SOPInstanceUID… [--frame N] [--json] [--data DIR]',
  options: [{ name: 'frame', takesValue: true }],
  positionals: { least: 1, most: 1_000_000 },
  async run(args, context) {
    const asked = args.values.get('frame');
    const frame = asked === undefined ? undefined : need(wholeOf('frame', asked, 1), exitCodes.wrongUsage);
    const threads = Math.min(4, availableParallelism());
    const decode = createDecodeService({ threads });
    try {
      const answers = await unlessInterrupted(
        Promise.all(args.positionals.map((word) => summariesOf(word, frame, decode, context))),
        context.signal,
      );
      const summaries = answers.flat();
      const json = summaries.map(({ problem: found, ...summary }): Told => {
        if (!found) return summary;
        const { sentence } = problemText(context.language, found);
        return { ...summary, problem: { code: found.code, message: sentence } };
      });
      const text = json.map(lineOf).join('\n');
      const doubtful = summaries.some((summary) => summary.problem);
      return { exitCode: doubtful ? exitCodes.doneWithProblems : exitCodes.done, json, text };
    } finally {
      await decode.close();
    }
  },
};
