import { stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { type Problem, problem } from '../../../core/base/problem.ts';
import { problemText } from '../../../core/terms/terms.ts';
import type { FrameSummary } from '../../host/decode/operations.ts';
import { createDecodeService, type DecodeService } from '../../host/decode/service.ts';
import { wholeOf } from '../arguments.ts';
import { type Command, type CommandContext, exitCodes, need, unlessInterrupted } from '../command.ts';

const nothingOf = (source: string, reason: Problem): FrameSummary => ({
  source,
  rows: null,
  columns: null,
  samples: null,
  frames: null,
  bitsAllocated: null,
  photometric: null,
  min: null,
  max: null,
  sha256: null,
  problem: reason,
});

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

export const frameCommand: Command = {
  name: 'frame',
  usage: 'PATH|SOPInstanceUID… [--frame N] [--json] [--data DIR]',
  options: [{ name: 'frame', takesValue: true }],
  positionals: { least: 1, most: 1_000_000 },
  async run(args, context) {
    const asked = args.values.get('frame');
    const frame = asked === undefined ? undefined : need(wholeOf('frame', asked, 1), exitCodes.wrongUsage);
    const threads = Math.max(1, Math.min(4, availableParallelism(), args.positionals.length));
    const decode = createDecodeService({ threads });
    try {
      const summaries = await unlessInterrupted(
        Promise.all(args.positionals.map((word) => summaryOf(word, frame, decode, context))),
        context.signal,
      );
      const json = summaries.map(({ problem: found, ...summary }) => {
        if (!found) return summary;
        const { sentence } = problemText(context.language, found);
        return { ...summary, problem: { code: found.code, message: sentence } };
      });
      const text = json
        .map((s) =>
          [
            s.source,
            `${s.columns}×${s.rows}×${s.frames}`,
            s.photometric,
            `${s.min}…${s.max}`,
            s.sha256,
            'problem' in s ? s.problem.code : '',
          ].join('\t'),
        )
        .join('\n');
      const doubtful = summaries.some((summary) => summary.problem);
      return { exitCode: doubtful ? exitCodes.doneWithProblems : exitCodes.done, json, text };
    } finally {
      await decode.close();
    }
  },
};
