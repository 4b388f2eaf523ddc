import { rm } from 'node:fs/promises';
import type { Problem } from '../../../core/base/problem.ts';
import type { Result } from '../../../core/base/result.ts';
import type { CallParsedInput } from '../../../core/contract/index.ts';
import type { Plane } from '../../../core/geometry/types.ts';
import { windowLevel } from '../../../core/scene/presets.ts';
import type { SliceScene } from '../../../core/scene/types.ts';
import { startWindow } from '../../../core/scene/view.ts';
import type { VolumeGroup } from '../../../core/volume/types.ts';
import type { CachedPlan } from '../bytes/plan-cache.ts';
import { importJob } from '../import/import-job.ts';
import { scratchOf } from '../import/scratch.ts';
import type { JobContext, JobWork } from '../jobs/job-runner.ts';
import type { Services } from '../services.ts';
import { groupSource, groupVolume } from './group-volume.ts';
import { type WrittenSeries, writeReformat } from './write-reformat.ts';

export interface ReformatJobRequest {
  readonly cached: CachedPlan;
  readonly group: VolumeGroup;
  /** The middle plane, orthonormal. */
  readonly plane: Plane;
  readonly asked: CallParsedInput<'series.reformat'>;
}

async function write(
  services: Services,
  { cached, group, plane, asked }: ReformatJobRequest,
  outDir: string,
  context: JobContext,
): Promise<Result<WrittenSeries>> {
  const found = await groupVolume(services, { cached, group }, asked.width * asked.height);
  if (!found.ok) return found;
  const { volume, attributes } = found.value;
  const source = await groupSource(services, { cached, group });
  if (!source.ok) return source;
  const { width, height, spacingMm, slabMm, projection, interpolation, window } = asked;
  const scene: SliceScene = {
    kind: 'slice',
    plane,
    ...{ width, height, spacingMm, slabMm, projection, interpolation },
    window: window ? windowLevel(window.width, window.centre) : startWindow(attributes, volume.percentiles),
    background: [0, 0, 0],
  };
  return writeReformat({
    volume,
    source: source.value,
    scene,
    batch: asked.batch,
    name: asked.name,
    verdict: group.verdict,
    outDir,
    nowMs: services.now(),
    signal: context.signal,
    onProgress: (done, total) => context.update({ phase: 'computing', done, total }),
  });
}

/** Cuts the planes into a scratch folder, then imports them like anything else. */
export const reformatJob =
  (services: Services, request: ReformatJobRequest): JobWork =>
  async (context) => {
    const outDir = scratchOf(services.folder, `reformat-${context.jobId}`);
    const failed = (reason: Problem) => ({ receipt: null, problem: reason });
    context.update({ phase: 'computing', done: 0, total: request.asked.batch.count });
    try {
      const written = await write(services, request, outDir, context);
      if (!written.ok) return failed(written.problem);
      return await importJob(services, { paths: [outDir] })(context);
    } finally {
      await rm(outDir, { recursive: true, force: true });
    }
  };
