import { problem } from '../../../core/base/problem.ts';
import { fail, ok, type Result } from '../../../core/base/result.ts';
import { echoRequest } from '../../../core/dimse/command-build.ts';
import { verificationClass } from '../../../core/dimse/service-table.ts';
import { echoContexts } from '../../../core/dimse/services.ts';
import { statusProblem } from '../../../core/dimse/status.ts';
import { IntakeClient } from './intake-client.ts';
import { OutcomeBatch } from './outcome-batch.ts';
import type { PeerAssociation } from './peer-association.ts';
import { askCommitment, reportCommitment } from './peer-commit.ts';
import type { PeerNote, PeerOperations, PeerSteps } from './peer-protocol.ts';
import { findAnswers, wrongAnswer } from './peer-query.ts';
import { retrieve } from './peer-retrieve.ts';
import { storeObjects, type Transcode } from './peer-store.ts';
import { PeerTasks, type TaskRun } from './peer-tasks.ts';
import type { PeerTrace } from './peer-types.ts';

type Transcoded = Parameters<PeerOperations['transcoded']>[0]['result'];

/** What the peer worker does: the SCU's side of every service. What comes from peers is parsed here and nowhere else. */
export function peerOperations(send: (note: PeerNote) => void): PeerOperations {
  const tasks = new PeerTasks();
  const waiting = new Map<number, (result: Transcoded) => void>();
  let nextRequest = 1;
  let intake: IntakeClient | null = null;
  const transcodeFor =
    (taskId: number): Transcode =>
    (index, to) =>
      new Promise((resolve) => {
        const requestId = nextRequest++;
        waiting.set(requestId, resolve);
        send({ kind: 'transcode', taskId, requestId, index, to });
      });
  return {
    places(input) {
      intake = new IntakeClient(input, send);
    },
    intakeVerdict: (input) => intake?.operations.intakeVerdict(input),
    intakeRefused: (input) => intake?.operations.intakeRefused(input),
    transcoded({ requestId, result }) {
      waiting.get(requestId)?.(result);
      waiting.delete(requestId);
    },
    echo: (task) => tasks.run(task, echo),
    store: (task) =>
      tasks.run(task, async (run) => {
        const batch = new OutcomeBatch((outcomes) =>
          send({ kind: 'outcomes', taskId: task.taskId, outcomes }),
        );
        const stored = storeObjects(run, task, (one) => batch.add(one), transcodeFor(task.taskId));
        return stored.finally(() => batch.flush());
      }),
    find: (task) => tasks.run(task, (run) => findAnswers(run, task)),
    get: (task) =>
      tasks.run(task, (run) =>
        retrieve(run, intake, { ...task, destination: null }, (counts) =>
          send({ kind: 'counts', taskId: task.taskId, counts }),
        ),
      ),
    move: (task) =>
      tasks.run(task, (run) =>
        retrieve(run, null, { ...task, sopClassUids: [] }, (counts) =>
          send({ kind: 'counts', taskId: task.taskId, counts }),
        ),
      ),
    commit: (task) => tasks.run(task, (run) => askCommitment(run, task.request, task.waitMs)),
    report: (task) => tasks.run(task, (run) => reportCommitment(run, task.report, task.retrieveAeTitle)),
    cancel: ({ taskId }) => tasks.cancel(taskId),
  };
}

/** C-ECHO with the time of every step. */
async function echo(run: TaskRun): Promise<PeerSteps> {
  const trace: PeerTrace = { phase: 'address', done: [] };
  const opened = await run.open(echoContexts(), { trace });
  if (!opened.ok) return { done: trace.done, failedAt: trace.phase, echoMs: null, problem: opened.problem };
  const association = opened.value;
  const startMs = performance.now();
  const answered = await ask(association);
  await association.release();
  const failed = answered.ok ? null : answered.problem;
  return { done: trace.done, failedAt: null, echoMs: performance.now() - startMs, problem: failed };
}

async function ask(association: PeerAssociation): Promise<Result<null>> {
  const contextId = association.contextOf(verificationClass);
  if (contextId === null) return fail(problem('NO_CONTEXT_ACCEPTED', { service: 'C-ECHO' }));
  const command = echoRequest(association.nextMessageId());
  await association.send(contextId, command, null);
  const message = await association.receive();
  if (!message.ok) return message;
  const { command: answer } = message.value;
  if (answer.name !== 'C-ECHO-RSP') return wrongAnswer(association, answer);
  const failed = statusProblem('echo', answer.status ?? 0x0110);
  return failed ? fail(failed) : ok(null);
}
