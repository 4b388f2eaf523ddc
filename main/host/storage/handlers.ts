import { problem } from '../../../core/base/problem.ts';
import { fail, ok } from '../../../core/base/result.ts';
import type { storageCalls } from '../../../core/contract/storage.ts';
import type { Handlers } from '../handler.ts';
import { emptyTrash } from '../trash/purge-trash.ts';
import { backupJob, checkBackupJob, repairJob, restoreJob } from './backup-job.ts';
import { rebuildJob } from './rebuild-job.ts';
import { applyRules, previewRules } from './rules.ts';
import { storageStatus } from './status.ts';
import { useRestored } from './use-restored.ts';

const titleOf = (path: string): string => path.split(/[\\/]/).filter(Boolean).at(-1)?.slice(0, 255) ?? '';

export const storageHandlers: Handlers<keyof typeof storageCalls> = {
  async 'storage.status'(services) {
    return ok(await storageStatus(services));
  },

  async 'storage.preview'(services, { storage }) {
    return ok(await previewRules(services, storage));
  },

  async 'storage.applyRules'(services) {
    return ok({ moved: await applyRules(services, services.settings.get().storage) });
  },

  async 'storage.emptyTrash'(services) {
    if (services.jobs.isRunning('backup')) return fail(problem('STORE_BUSY'));
    const emptied = await emptyTrash(services);
    await services.audit({ event: 'trash.empty', outcome: 'ok', detail: `${emptied.studies}` });
    services.events.emit('studies', { studyKeys: [] });
    return ok(emptied);
  },

  async 'rebuild.start'(services) {
    return ok({ jobId: await services.jobs.start('rebuild', 'Rebuild', {}, rebuildJob(services)) });
  },

  async 'backup.start'(services, { folder, passphrase }) {
    const work = backupJob(services, folder, passphrase ?? null);
    return ok({ jobId: await services.jobs.start('backup', titleOf(folder), { title: folder }, work) });
  },

  async 'backup.verify'(services, { folder, passphrase }) {
    const work = checkBackupJob(services, folder, passphrase ?? null);
    return ok({ jobId: await services.jobs.start('backup', titleOf(folder), { title: folder }, work) });
  },

  async 'backup.repair'(services, { folder, passphrase }) {
    const work = repairJob(services, folder, passphrase ?? null);
    return ok({ jobId: await services.jobs.start('restore', titleOf(folder), { title: folder }, work) });
  },

  async 'backup.restore'(services, { folder, target, passphrase }) {
    const work = restoreJob(services, folder, target, passphrase ?? null);
    return ok({ jobId: await services.jobs.start('restore', titleOf(folder), { title: folder }, work) });
  },

  'backup.useRestored': (services, { folder }) => useRestored(services, folder),

  async 'storage.kept'({ kept }) {
    return ok(await kept.list());
  },

  async 'storage.deleteKept'(services, { name }) {
    const removed = await services.kept.remove(name);
    const outcome = removed.ok ? 'ok' : removed.problem.code;
    await services.audit({ event: 'store.restore', outcome, detail: `delete ${name}` });
    return removed;
  },

  async 'versions.list'(services, { studyKey }) {
    return ok(await services.store.read.call('versions', { studyKey }));
  },
};
