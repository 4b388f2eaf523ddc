import { resolve } from 'node:path';
import { problem } from '../../../core/base/problem.ts';
import { fail, ok, type Result } from '../../../core/base/result.ts';
import type { Handlers } from '../handler.ts';
import type { JobWork } from '../jobs/job-runner.ts';
import { dropPlaceMasks } from '../masks/mask-files.ts';
import { browse } from '../media/browse.ts';
import { carryReading } from '../reading/carry-reading.ts';
import { retryTransfer } from '../remote/start-transfer.ts';
import type { Services } from '../services.ts';
import { rebuildJob } from '../storage/rebuild-job.ts';
import type { JobInput } from '../store/job-rows.ts';
import { demoJob } from './demo-job.ts';
import { importJob } from './import-job.ts';
import { openJob } from './open-job.ts';
import { verifyJob } from './verify-job.ts';

const notFound = fail(problem('NOT_FOUND'));

export const importHandlers: Handlers<
  | 'import.start'
  | 'import.beginUpload'
  | 'import.finishUpload'
  | 'import.dropUpload'
  | 'import.keep'
  | 'import.closePlace'
  | 'demo.start'
  | 'verify.start'
  | 'media.browse'
> = {
  async 'import.start'(services, { paths, mode }) {
    const absolute = paths.map((path) => resolve(path));
    return ok({ jobId: await startPaths(services, mode, absolute) });
  },

  async 'import.beginUpload'(services, { title }) {
    const begun = services.uploads.begin(title);
    return begun.ok ? ok({ uploadId: begun.value }) : begun;
  },

  async 'import.finishUpload'(services, { uploadId, mode }) {
    const upload = services.uploads.take(uploadId);
    if (!upload) return notFound;
    const input: JobInput = { paths: [upload.dir], uploadId, title: upload.title };
    const work = mode === 'open' ? openJob(services, { upload }) : importJob(services, { upload });
    return ok({ jobId: await services.jobs.start(mode, upload.title, input, work) });
  },

  async 'import.dropUpload'(services, { uploadId }) {
    return (await services.uploads.drop(uploadId)) ? ok({}) : notFound;
  },

  async 'import.keep'(services, { studyKey }) {
    return startKeep(services, studyKey);
  },

  async 'import.closePlace'(services, { place }) {
    if (!(await services.places.close(place))) return notFound;
    await dropPlaceMasks(services.folder, place);
    services.events.emit('studies', { studyKeys: [] });
    return ok({});
  },

  async 'demo.start'(services) {
    return ok({ jobId: await services.jobs.start('demo', 'Demo', {}, demoJob(services)) });
  },

  async 'verify.start'(services) {
    return ok({ jobId: await services.jobs.start('verify', 'Verify', {}, verifyJob(services)) });
  },

  async 'media.browse'(_services, { path }) {
    return browse(path);
  },
};

async function startPaths(
  services: Services,
  mode: 'import' | 'open',
  paths: readonly string[],
): Promise<string> {
  const title = titleOf(paths);
  const work = mode === 'open' ? openJob(services, { paths }) : importJob(services, { paths });
  return services.jobs.start(mode, title, { paths, title }, work);
}

const titleOf = (paths: readonly string[]): string => {
  const first = (paths[0] ?? '').split(/[\\/]/).filter(Boolean).at(-1) ?? '';
  return (paths.length > 1 ? `${first} +${paths.length - 1}` : first).slice(0, 255);
};

async function startKeep(services: Services, studyKey: string): Promise<Result<{ jobId: string }>> {
  const index = await services.store.openedPlaces();
  const paths = (await index?.call('filesOfStudy', { studyKey })) ?? [];
  if (paths.length === 0) return notFound;
  const place = services.places.find(studyKey.split('.', 1)[0] ?? '');
  const title = place?.label ?? titleOf(paths);
  const stored = importJob(services, { paths, sourcePaths: place?.paths ?? paths });
  const work: JobWork = async (context) => {
    const end = await stored(context);
    if (!context.signal.aborted && end.problem === null) await carryReading(services, studyKey);
    return end;
  };
  return ok({ jobId: await services.jobs.start('keep', title, { paths, studyKey, title }, work) });
}

/** Does again what a job was asked to do. Problems: NOT_FOUND when what it needs is gone. */
export async function retryJob(services: Services, jobId: string): Promise<Result<{ jobId: string }>> {
  const found = await services.jobs.find(jobId);
  if (!found) return notFound;
  const { job, input } = found;
  switch (job.kind) {
    case 'demo':
      return importHandlers['demo.start'](services, {});
    case 'verify':
      return importHandlers['verify.start'](services, {});
    case 'rebuild':
      return ok({ jobId: await services.jobs.start('rebuild', job.title, {}, rebuildJob(services)) });
    case 'keep':
      return startKeep(services, input.studyKey ?? '');
    case 'import':
    case 'open':
      if (input.uploadId !== undefined || !input.paths) return notFound;
      return ok({ jobId: await startPaths(services, job.kind, input.paths) });
    case 'send':
    case 'retrieve':
      return retryTransfer(services, jobId);
    default:
      return notFound;
  }
}
