import { problem } from '../../../core/base/problem.ts';
import { fail, ok, type Result } from '../../../core/base/result.ts';
import { patientsLabel } from '../../../core/terms/format-person.ts';
import type { Services } from '../services.ts';
import { callableNode } from './archive-of.ts';
import { type RetrieveAsked, retrieveJob } from './retrieve-job.ts';
import { type SendAsked, sendJob } from './send-job.ts';

export interface StartOptions {
  readonly resumes?: string;
  readonly byRule?: boolean;
}

/** Station and patient: of a day's jobs with one station it says which is which. */
const titleOf = (station: string, patients: string): string =>
  patients === '' ? station : `${station} · ${patients}`;

/** Starts a send. Problems: NODE_MISSING, NODE_SECRET_SEALED, NODE_PURPOSE. */
export async function startSend(
  services: Services,
  asked: SendAsked,
  options: StartOptions = {},
): Promise<Result<{ jobId: string }>> {
  const node = await callableNode(services, asked.nodeId);
  if (!node.ok) return node;
  // DICOMweb has no commitment.
  const isFit = node.value.canReceive && !(asked.commit && node.value.protocol === 'web');
  if (!isFit) return fail(problem('NODE_PURPOSE', { name: node.value.name }));
  const { nodeId } = asked;
  const { name } = node.value;
  const title = titleOf(name, patientsLabel(await services.store.read.call('patientsOfKeys', asked)));
  const audited = `${name} ${asked.studyKeys.join(' ')}`.slice(0, 500);
  const input = { nodeId, title, asked, audited, ...options };
  await services.audit({ event: 'remote.send', outcome: 'ok', detail: audited });
  const jobId = await services.jobs.start(
    'send',
    title,
    input,
    sendJob(services, asked, options.resumes ?? null),
  );
  return ok({ jobId });
}

/** Starts a retrieval. Problems: NODE_MISSING, NODE_SECRET_SEALED, NODE_PURPOSE. */
export async function startRetrieve(
  services: Services,
  asked: RetrieveAsked,
  options: StartOptions = {},
): Promise<Result<{ jobId: string }>> {
  const node = await callableNode(services, asked.nodeId);
  if (!node.ok) return node;
  if (!node.value.canQuery) return fail(problem('NODE_PURPOSE', { name: node.value.name }));
  const { nodeId } = asked;
  const { name } = node.value;
  const title = titleOf(name, asked.about ?? '');
  const studies = [...new Set(asked.items.map(({ studyInstanceUID }) => studyInstanceUID))];
  const audited = `${name} ${studies.join(' ')}`.slice(0, 500);
  await services.audit({ event: 'remote.retrieve', outcome: 'ok', detail: audited });
  const input = { nodeId, title, asked, audited, ...options };
  return ok({ jobId: await services.jobs.start('retrieve', title, input, retrieveJob(services, asked)) });
}

/** Goes on with a job that ended before it was done. NOT_FOUND when it is none of ours. */
export async function retryTransfer(services: Services, jobId: string): Promise<Result<{ jobId: string }>> {
  const found = await services.jobs.find(jobId);
  if (!found) return fail(problem('NOT_FOUND'));
  const { job, input } = found;
  const options = { resumes: jobId, ...(input.byRule && { byRule: true }) };
  if (job.kind === 'send') return startSend(services, input.asked as SendAsked, options);
  if (job.kind === 'retrieve') return startRetrieve(services, input.asked as RetrieveAsked, options);
  return fail(problem('NOT_FOUND'));
}
