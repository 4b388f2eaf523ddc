import { problem } from '../../../core/base/problem.ts';
import { fail, ok } from '../../../core/base/result.ts';
import type { Handlers } from '../handler.ts';
import { fileProblem } from '../media/file-problem.ts';
import { indexOf, isPlaceKey, writerOf } from '../services.ts';
import { readStateFile, writeStateFile } from './state-file.ts';

const notFound = fail(problem('NOT_FOUND'));

export const readingHandlers: Handlers<'reading.load' | 'reading.save'> = {
  async 'reading.load'(services, { studyKey }) {
    const index = await indexOf(services, studyKey);
    const state = await index?.call('readingState', { studyKey });
    if (state === undefined) return notFound;
    if (!isPlaceKey(studyKey)) services.rules.opened(studyKey);
    if (state !== null || isPlaceKey(studyKey)) return ok({ state });
    return ok({ state: await readStateFile(services.folder, studyKey) });
  },

  async 'reading.save'(services, { studyKey, state }) {
    const writer = await writerOf(services, studyKey);
    const isSaved = await writer?.call('saveReadingState', { studyKey, state, nowMs: services.now() });
    if (!isSaved) return notFound;
    if (isPlaceKey(studyKey)) return ok({});
    try {
      await writeStateFile(services.folder, studyKey, state);
    } catch (error) {
      return fail(fileProblem(error));
    }
    return ok({});
  },
};
