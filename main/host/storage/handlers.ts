import { problem } from '../../../core/base/problem.ts';
import { fail, ok } from '../../../core/base/result.ts';
import type { storageCalls } from '../../../core/contract/storage.ts';
import type { Handlers } from '../handler.ts';
import { rebuildJob } from './rebuild-job.ts';

const missing = async () => fail(problem('INTERNAL', { reason: 'storage' }));

export const storageHandlers: Handlers<keyof typeof storageCalls> = {
  'storage.status': missing,
  'storage.preview': missing,
  'storage.applyRules': missing,
  'storage.emptyTrash': missing,

  async 'rebuild.start'(services) {
    return ok({ jobId: await services.jobs.start('rebuild', 'Rebuild', {}, rebuildJob(services)) });
  },
  'backup.start': missing,
  'backup.verify': missing,
  'backup.restore': missing,

  async 'versions.list'(services, { studyKey }) {
    return ok(await services.store.read.call('versions', { studyKey }));
  },
};
