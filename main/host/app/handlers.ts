import { availableParallelism, totalmem } from 'node:os';
import { problem } from '../../../core/base/problem.ts';
import { fail, ok } from '../../../core/base/result.ts';
import type { Settings } from '../../../core/contract/settings.ts';
import { retryDerived } from '../derive/handlers.ts';
import type { Handlers } from '../handler.ts';
import { freeBytesOf } from '../import/free-space.ts';
import { retryJob } from '../import/handlers.ts';
import { examine } from './doctor.ts';
import { certificateFinding, receiverFinding } from './doctor-network.ts';

/** For the answer to reach the page before the host ends. */
const answerMs = 100;

/** Where the window was left: kept for the next start, and not worth a record. */
const viewState: ReadonlySet<string> = new Set<keyof Settings>([
  'lastPage',
  'openStudies',
  'activeStudy',
  'keptStudies',
  'reading',
  'studiesTable',
]);

export const appHandlers: Handlers<
  | 'app.info'
  | 'app.quit'
  | 'app.doctor'
  | 'audit.list'
  | 'settings.get'
  | 'settings.set'
  | 'jobs.list'
  | 'jobs.cancel'
  | 'jobs.retry'
  | 'jobs.receipt'
  | 'jobs.receipts'
> = {
  async 'app.info'({ options, folder }) {
    return ok({
      version: options.version ?? '0.0.0',
      shell: options.shell,
      dataFolder: folder.root,
      nodeVersion: process.versions.node,
      platform: `${process.platform}-${process.arch}`,
      systemLanguage: options.language ?? systemLanguage(),
      freeBytes: await (options.freeBytes ?? freeBytesOf)(folder.root),
      cores: availableParallelism(),
      memoryBytes: totalmem(),
    });
  },

  async 'app.quit'({ options }) {
    if (!options.quit) return fail(problem('NOT_FOUND'));
    setTimeout(options.quit, answerMs);
    return ok({});
  },

  async 'app.doctor'(services) {
    const machine = await examine(services.folder, services.settings.get().gpuTrial);
    const certificates = await services.certificates.list();
    return ok([
      ...machine,
      receiverFinding(services.receiver.status()),
      certificateFinding(certificates, services.now()),
    ]);
  },

  async 'audit.list'(services, page) {
    const { total, rows, problem: found } = await services.store.slow().call('auditPage', page);
    return ok({ total, rows, intact: found === null, problem: found });
  },

  async 'settings.get'({ settings }) {
    return ok(settings.get());
  },

  async 'settings.set'(services, { changes }) {
    const settings = await services.settings.set(changes);
    const detail = Object.keys(changes)
      .filter((key) => !viewState.has(key))
      .sort()
      .join(' ')
      .slice(0, 500);
    if (detail !== '') await services.audit({ event: 'settings.write', outcome: 'ok', detail });
    return ok(settings);
  },

  async 'jobs.list'({ jobs }) {
    return ok(await jobs.list());
  },

  async 'jobs.cancel'({ jobs }, { jobId }) {
    return (await jobs.cancel(jobId)) ? ok({}) : fail(problem('NOT_FOUND'));
  },

  async 'jobs.retry'(services, { jobId }) {
    const found = await services.jobs.find(jobId);
    const started = await ((found && retryDerived(services, found.input)) ?? retryJob(services, jobId));
    if (started.ok) await services.jobs.noteRetry(jobId, started.value.jobId);
    return started;
  },

  async 'jobs.receipt'({ store }, { receiptId }) {
    const receipt = await store.read.call('receipt', { receiptId });
    return receipt ? ok(receipt) : fail(problem('NOT_FOUND'));
  },

  async 'jobs.receipts'({ store }) {
    return ok(await store.read.call('receipts', { limit: 100 }));
  },
};

export const systemLanguage = (): string => Intl.DateTimeFormat().resolvedOptions().locale;
