import { problem } from '../../../core/base/problem.ts';
import { fail, ok } from '../../../core/base/result.ts';
import type { ByteResponse } from '../../../core/contract/host.ts';
import { refuse } from '../bytes/refuse.ts';
import { findGroup } from '../derive/group-volume.ts';
import type { Handlers } from '../handler.ts';
import { fileProblem } from '../media/file-problem.ts';
import { indexOf, type Services } from '../services.ts';
import { listMasks, maskFolder, readMask, removeMasks, writePiece } from './mask-files.ts';
import { segmentationJob } from './segmentation-job.ts';

const notFound = fail(problem('NOT_FOUND'));

/** Folder of a study that is known; null for others. */
async function folderOf(services: Services, studyKey: string): Promise<string | null> {
  const index = await indexOf(services, studyKey);
  const state = await index?.call('readingState', { studyKey });
  return state === undefined ? null : maskFolder(services.folder, studyKey);
}

export const maskHandlers: Handlers<'masks.list' | 'masks.save' | 'masks.remove' | 'masks.toSeries'> = {
  async 'masks.list'(services, { studyKey }) {
    const dir = await folderOf(services, studyKey);
    return dir === null ? notFound : ok({ masks: [...(await listMasks(dir))] });
  },

  async 'masks.save'(services, { studyKey, piece, ...rest }) {
    const dir = await folderOf(services, studyKey);
    if (dir === null) return notFound;
    const written = await writePiece(dir, { ...rest, bytes: Buffer.from(piece, 'base64') });
    return written.ok ? ok({ isWhole: written.value }) : written;
  },

  async 'masks.remove'(services, { studyKey, maskIds }) {
    const dir = await folderOf(services, studyKey);
    if (dir === null) return notFound;
    try {
      await removeMasks(dir, maskIds);
    } catch (error) {
      return fail(fileProblem(error));
    }
    return ok({});
  },

  async 'masks.toSeries'(services, input) {
    const dir = await folderOf(services, input.studyKey);
    const found = await findGroup(services, input.seriesKey, input.groupId);
    if (dir === null || !found.ok) return notFound;
    const title =
      input.name ??
      input.segments
        .map(({ label }) => label)
        .join(', ')
        .slice(0, 255);
    const work = segmentationJob(services, { named: found.value, dir, asked: input });
    return ok({ jobId: await services.jobs.start('import', title, { title }, work) });
  },
};

/** `/mask/<studyKey>?id=<maskId>`: a mask as the page gave it. */
export async function sendMask(services: Services, studyKey: string, maskId: string): Promise<ByteResponse> {
  const dir = await folderOf(services, studyKey);
  if (dir === null) return refuse(404);
  const read = await readMask(dir, maskId);
  if (!read.ok) return refuse(read.problem.code === 'NOT_FOUND' ? 404 : 409, read.problem);
  return {
    status: 200,
    headers: {
      'content-type': 'application/octet-stream',
      'content-length': String(read.value.length),
      'cache-control': 'no-store',
    },
    body: read.value,
  };
}
