import { resolve } from 'node:path';
import { problem } from '../../../core/base/problem.ts';
import { batchPlanes, mostPlanes, type PlaneBatch } from '../../../core/scene/plane-batch.ts';
import { startWindow } from '../../../core/scene/view.ts';
import { cliTerms } from '../../../core/terms/cli.ts';
import { say } from '../../../core/terms/term.ts';
import { writeReformat } from '../../host/derive/write-reformat.ts';
import type { ParsedArguments } from '../arguments.ts';
import { type Command, need, unlessInterrupted } from '../command.ts';
import { endOf, sourceOf, toHostVolume, toldVolume } from '../draw-volume.ts';
import { loadVolume } from '../load-volume.ts';
import { problemsOfPlanes } from '../one-slice.ts';
import { needed, numbers, sliceOf, volumeWish, whole, windowOf, wrong } from '../picture-options.ts';

const stepMostMm = 1000;

/** `--count N --step MM` or `--radial N`. */
function batchOf(args: ParsedArguments): PlaneBatch {
  const radial = whole(args, 'radial', [1, mostPlanes], undefined);
  const count = whole(args, 'count', [1, mostPlanes], undefined);
  const step = numbers(args, 'step', 1)?.[0];
  if (radial !== undefined) {
    if (count !== undefined) throw wrong('--count', String(count));
    if (step !== undefined) throw wrong('--step', String(step));
    return { kind: 'radial', count: radial };
  }
  if (count === undefined) throw wrong('--count', '');
  if (count > 1 && step === undefined) throw wrong('--step', '');
  if (step !== undefined && !(Math.abs(step) > 0 && Math.abs(step) <= stepMostMm))
    throw wrong('--step', String(step));
  return { kind: 'parallel', count, stepMm: step ?? 1 };
}

/** Cuts a batch of planes and writes them as a new DICOM series. */
export const reformatCommand: Command = {
  name: 'reformat',
  usage:
    'SERIES|STUDY|PATH --center X,Y,Z --right X,Y,Z --up X,Y,Z --size WxH --spacing MM --count N --step MM|--radial N --out DIR [--slab MM] [--mode mip|minip|mean] [--interpolation nearest|linear|cubic] [--window WIDTH,CENTER] [--group NAME] [--reduce N] [--json] [--data DIR]',
  options: [
    'center',
    'right',
    'up',
    'size',
    'spacing',
    'count',
    'step',
    'radial',
    'out',
    'slab',
    'mode',
    'interpolation',
    'window',
    'group',
    'reduce',
  ].map((name) => ({ name, takesValue: true })),
  positionals: { least: 1, most: 1 },
  async run(args, context) {
    const out = needed(args, 'out');
    const batch = batchOf(args);
    const window = windowOf(args);
    const asked = sliceOf(args);
    const loading = loadVolume(args.positionals[0]!, volumeWish(args), context);
    const loaded = await unlessInterrupted(loading, context.signal);
    const source = await sourceOf(loaded);
    const volume = toHostVolume(loaded, asked.width * asked.height);
    const scene = { ...asked, window: window ?? startWindow(loaded.attributes, volume.percentiles) };
    const written = need(
      await writeReformat({
        volume,
        source,
        scene,
        batch,
        verdict: loaded.group.verdict,
        outDir: resolve(out),
        nowMs: Date.now(),
        signal: context.signal,
        onProgress: (done, total) =>
          context.progress(say(context.language, cliTerms['cli.picturesOf'], { done, total })),
      }),
    );
    context.progress(null);
    const { emptyPlanes, files } = written;
    const outside =
      emptyPlanes === 0
        ? []
        : [
            emptyPlanes === files.length
              ? problem('PLANE_OUTSIDE')
              : problem('PLANES_OUTSIDE', { count: emptyPlanes, total: files.length }),
          ];
    const planes = batchPlanes(scene.plane, batch);
    const cut = { ...loaded, problems: [...problemsOfPlanes(loaded, planes, scene), ...outside] };
    const told = toldVolume(cut, context);
    const json = {
      out,
      SOPClassUID: written.sopClassUid,
      SeriesDescription: written.seriesDescription,
      files: files.length,
      bytes: written.sizeBytes,
      centers: planes.map((plane) => plane.origin),
      ...told,
      SeriesInstanceUID: written.seriesInstanceUid,
      SourceSeriesInstanceUID: told.SeriesInstanceUID,
    };
    return {
      ...endOf(cut),
      json,
      text: say(context.language, cliTerms['cli.written'], { out, files: files.length }),
    };
  },
};
