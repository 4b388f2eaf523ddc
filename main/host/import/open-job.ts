import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { JobWork } from '../jobs/job-runner.ts';
import type { Services } from '../services.ts';
import { withKind } from '../storage/backup-job.ts';
import { endOf } from './import-job.ts';
import { PlaceFiles } from './place-files.ts';
import { runImport } from './run-import.ts';
import { scratchOf } from './scratch.ts';
import { sourceHead } from './source-kind.ts';
import { StudyNews } from './study-news.ts';
import type { Upload } from './uploads.ts';

/** Reads a folder, disc or upload in place: listed and shown, not stored. */
export const openJob =
  (services: Services, request: { paths?: readonly string[]; upload?: Upload }): JobWork =>
  async (context) => {
    const { upload } = request;
    const paths = upload ? [upload.dir] : (request.paths ?? []);
    const label = upload?.title ?? (await sourceHead(paths)).label;
    const scope = services.places.nextScope();
    const base = upload?.dir ?? scratchOf(services.folder, scope);
    const news = new StudyNews(services.events);
    const tally = await runImport(
      {
        paths,
        scope,
        sourceKind: 'place',
        sourceLabel: label,
        receiptId: context.receiptId,
        demo: false,
        writer: await services.store.places(),
        scratch: upload ? join(services.folder.incoming, `place-${scope}`) : base,
        place: new PlaceFiles(),
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
    const scratch = [base, join(services.folder.incoming, `place-${scope}`)];
    const isEmpty = tally.studyKeys.size === 0;
    if (isEmpty) for (const path of scratch) await rm(path, { recursive: true, force: true });
    else services.places.add({ scope, label, paths, scratch });
    news.finish([...tally.studyKeys]);
    const end = withKind(endOf(tally, context, label, services.now()), 'open');
    return isEmpty ? end : { ...end, place: scope };
  };
