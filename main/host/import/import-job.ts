import { rm } from 'node:fs/promises';
import type { JobContext, JobEnd, JobWork } from '../jobs/job-runner.ts';
import type { Services } from '../services.ts';
import { runImport } from './run-import.ts';
import { scratchOf } from './scratch.ts';
import { sourceHead } from './source-kind.ts';
import { StudyNews } from './study-news.ts';
import type { Tally } from './tally.ts';
import type { Upload } from './uploads.ts';

export interface ImportRequest {
  readonly paths?: readonly string[];
  /** Where the paths belong to, when they are single files of a place. */
  readonly sourcePaths?: readonly string[];
  readonly upload?: Upload;
  readonly demo?: boolean;
}

/** Stores what the paths (or an upload) hold. */
export const importJob =
  (services: Services, request: ImportRequest): JobWork =>
  async (context) => {
    const { upload } = request;
    const paths = upload ? [upload.dir] : (request.paths ?? []);
    const head = upload
      ? { kind: 'upload' as const, label: upload.title }
      : request.demo
        ? { kind: 'demo' as const, label: 'Demo' }
        : await sourceHead(request.sourcePaths ?? paths);
    const news = new StudyNews(services.events);
    const tally = await runImport(
      {
        paths,
        scope: 's',
        sourceKind: head.kind,
        sourceLabel: head.label,
        receiptId: context.receiptId,
        demo: request.demo ?? false,
        writer: services.store.write,
        scratch: scratchOf(services.folder, context.jobId),
        place: null,
        names: upload?.names ?? null,
      },
      services.imports,
      context.signal,
      (progress) => {
        context.update({
          phase: 'copying',
          done: progress.done,
          bytes: progress.bytes,
          total: progress.total,
        });
        news.changed(progress.changedStudies);
      },
    );
    if (upload) await rm(upload.dir, { recursive: true, force: true });
    if (tally.undecided.size > 0) await tellVersions(services, tally, context);
    news.finish([...tally.studyKeys]);
    await services.audit({
      event: 'study.import',
      outcome: tally.stoppedBy?.code ?? 'ok',
      detail: `${tally.stored} ${[...tally.studies].slice(0, 50).join(' ')}`,
    });
    return endOf(tally, context, head.label, services.now());
  };

/** All is stored by now; the receipt says which of it are conflicts. */
async function tellVersions(services: Services, tally: Tally, context: JobContext): Promise<void> {
  context.update({ phase: 'checking' });
  await services.versions.settle(context.signal);
  const fileSha256 = [...tally.undecided.keys()];
  for (const found of await services.store.read.call('differencesOf', { fileSha256 })) {
    if (found.difference === 'undecided') continue;
    tally.addDecision(found.fileSha256, found.difference === 'pixels');
  }
}

export function endOf(tally: Tally, context: JobContext, source: string, nowMs: number): JobEnd {
  const receipt = tally.receipt({
    receiptId: context.receiptId,
    jobId: context.jobId,
    source,
    startedAtMs: context.startedAtMs,
    finishedAtMs: nowMs,
    cancelled: context.signal.aborted,
  });
  return { receipt, problem: tally.stoppedBy };
}
