import { type Problem, problem } from '../../core/base/problem.ts';
import type { Host } from '../../core/contract/host.ts';
import type { Job, Receipt } from '../../core/contract/jobs.ts';
import { cliTerms } from '../../core/terms/cli.ts';
import { type Language, say } from '../../core/terms/term.ts';
import { problemText } from '../../core/terms/terms.ts';
import { type CommandContext, CommandFailure, need } from './command.ts';

/** How often a waiting command asks whether the host is still there: a running Candela may be closed meanwhile. */
const askMs = 2000;

const ended = (job: Job): boolean => job.state !== 'waiting' && job.state !== 'running';

const howFar = ({ done, total }: Job, language: Language): string =>
  total === null
    ? say(language, cliTerms['cli.filesDone'], { done })
    : say(language, cliTerms['cli.filesOf'], { done, total });

/** Follows a job to its end; an interrupted command cancels it first. `onTrouble`: each time it meets with another problem. */
export async function waitForJob(
  host: Host,
  jobId: string,
  { signal, language, progress, log }: Pick<CommandContext, 'signal' | 'language' | 'progress' | 'log'>,
  onTrouble: (reason: Problem) => void = () => undefined,
): Promise<Job> {
  const { promise, resolve, reject } = Promise.withResolvers<Job>();
  let trouble: Problem | null = null;
  const settle = (job: Job): void => {
    if (job.jobId !== jobId) return;
    if (ended(job)) {
      resolve(job);
      return;
    }
    const isNew = job.problem !== null && job.problem.code !== trouble?.code;
    trouble = job.problem;
    if (!isNew || !trouble) return;
    progress(null);
    const { sentence, advice, code } = problemText(language, trouble);
    log(`candela: ${[sentence, advice, `(${code})`].filter(Boolean).join(' ')}`);
    onTrouble(trouble);
  };
  const ask = async (): Promise<void> => {
    const jobs = await host.call('jobs.list', {});
    if (jobs.ok) jobs.value.forEach(settle);
    else reject(new CommandFailure(jobs.problem));
  };
  const stop = host.subscribe(0, (event) => {
    if (event.topic !== 'job' || event.payload.jobId !== jobId) return;
    if (event.payload.state === 'running') progress(howFar(event.payload, language));
    settle(event.payload);
  });
  const cancel = (): void => void host.call('jobs.cancel', { jobId });
  signal.addEventListener('abort', cancel, { once: true });
  if (signal.aborted) cancel();
  const timer = setInterval(() => void ask(), askMs);
  try {
    void ask();
    return await promise;
  } finally {
    clearInterval(timer);
    progress(null);
    signal.removeEventListener('abort', cancel);
    stop();
  }
}

/** The receipt of a finished job, or its problem as the end of the command. */
export async function receiptOf(host: Host, job: Job): Promise<Receipt> {
  if (job.receiptId === null) throw new CommandFailure(job.problem ?? problem('CANCELLED'));
  return need(await host.call('jobs.receipt', { receiptId: job.receiptId }));
}
