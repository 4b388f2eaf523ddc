/** WADO-RS (PS3.18 10.4): parts of an answer, one after the other, into the same keeping as the receiver's. */
import { type Problem, problem } from '../../../core/base/problem.ts';
import { fail, ok, type Result } from '../../../core/base/result.ts';
import type { RetrieveItem } from '../../../core/contract/remote.ts';
import { mediaTypeText, parseMediaType } from '../../../core/dicomweb/media-type.ts';
import { isBoundary, type MultipartEvent, MultipartReader } from '../../../core/dicomweb/multipart-reader.ts';
import type { IntakeClient } from '../dimse/intake-client.ts';
import type { MetaFields } from '../dimse/meta-header.ts';
import type { ObjectSink } from '../dimse/object-sink.ts';
import type { RetrieveCounts } from '../remote/archive.ts';
import type { WebAnswer } from './answer-body.ts';
import type { WebClient } from './client.ts';
import { brokenOff, exchangeProblem } from './exchange-problem.ts';
import { Part10Start } from './part10-part.ts';

export interface RetrieveTask {
  readonly items: readonly RetrieveItem[];
  /** What will come, where that is known. */
  readonly expected: number | null;
  /** Whose objects they are, for the host's intake. */
  readonly origin: number;
  /** Of the node, for (0002,0016); '' = none. */
  readonly sourceAeTitle: string;
}

type Keeper = Pick<IntakeClient, 'open' | 'keep'>;

/** Bytes that may wait for the disk, and objects for their commit, before the socket waits. */
const waitingBytesMax = 4 * 1024 * 1024;
const keepingMax = 64;
/** Single objects are asked for so many at a time. */
const requestsAtOnce = 4;

const dicom = (parameters: Readonly<Record<string, string>>): string =>
  mediaTypeText('multipart/related', { type: 'application/dicom', ...parameters });
/** As stored there, else as the server likes: one range a request, as Orthanc takes a list of them for one. */
const accepts = [dicom({ 'transfer-syntax': '*' }), dicom({})];

/** Of a study, a series of it, or one object. */
export const pathOf = (item: RetrieveItem): string[] => [
  'studies',
  item.studyInstanceUID,
  ...(item.seriesInstanceUID === undefined ? [] : ['series', item.seriesInstanceUID]),
  ...(item.sopInstanceUID === undefined ? [] : ['instances', item.sopInstanceUID]),
];

/** Fails when an answer could not be had or broke off; what came until then is kept and counted. */
export async function retrieve(
  client: WebClient,
  keeper: Keeper,
  task: RetrieveTask,
  signal: AbortSignal,
  onCounts: (counts: RetrieveCounts) => void,
): Promise<Result<RetrieveCounts>> {
  const keeping = new Keeping(keeper, task, onCounts);
  const queue = [...task.items];
  let failed: Problem | null = null;
  const serve = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined && failed === null; item = queue.shift()) {
      const problemOfItem = await retrieveItem(client, keeping, item, signal);
      failed ??= problemOfItem;
    }
  };
  const isSingle = task.items.every(({ sopInstanceUID }) => sopInstanceUID !== undefined);
  await Promise.all(Array.from({ length: isSingle ? requestsAtOnce : 1 }, serve));
  await keeping.settle();
  return failed === null ? ok(keeping.counts()) : fail(failed);
}

async function retrieveItem(
  client: WebClient,
  keeping: Keeping,
  item: RetrieveItem,
  signal: AbortSignal,
): Promise<Problem | null> {
  let answer = await client.ask({ path: pathOf(item), accept: keeping.accept(), signal });
  if (!answer.ok && isFormRefused(answer.problem) && keeping.refuseForm()) {
    answer = await client.ask({ path: pathOf(item), accept: keeping.accept(), signal });
  }
  if (!answer.ok) {
    // One object that is gone there is one failure, not the end of all.
    const isGone = answer.problem.code === 'WEB_NOT_FOUND' && item.sopInstanceUID !== undefined;
    if (isGone) keeping.failed();
    return isGone ? null : answer.problem;
  }
  return receive(answer.value, keeping, signal);
}

/** 406, and what servers answer to a parameter that they do not know. */
const isFormRefused = ({ code, params }: Problem): boolean =>
  code === 'WEB_FORM_REFUSED' || (code === 'WEB_STATUS_FAILED' && params?.['status'] === 400);

async function receive(answer: WebAnswer, keeping: Keeping, signal: AbortSignal): Promise<Problem | null> {
  if (answer.status === 204) return null;
  if (answer.status === 206) keeping.isPart();
  const type = parseMediaType(answer.headers['content-type'] ?? '');
  const boundary = type?.parameters.get('boundary') ?? '';
  const isAlone = type?.type === 'application/dicom';
  if (!isAlone && (type?.type !== 'multipart/related' || !isBoundary(boundary))) {
    answer.drop();
    return problem('WEB_ANSWER_INVALID', { reason: 'Content-Type' });
  }
  const reader = isAlone ? null : new MultipartReader(boundary);
  const parts = new Parts(keeping);
  if (isAlone) parts.begin();
  try {
    for await (const bytes of answer.body) {
      const events: MultipartEvent[] = reader ? reader.take(bytes) : [{ kind: 'data', bytes }];
      for (const event of events) if (event.kind !== 'end') await parts.take(event);
      await parts.room();
      if (parts.problem || signal.aborted) break;
    }
  } catch (error) {
    parts.fail(signal.aborted ? problem('CANCELLED') : exchangeProblem(error, new URL('http://peer')));
  }
  if (signal.aborted) parts.fail(problem('CANCELLED'));
  const rest = parts.problem || !reader ? [] : reader.end();
  for (const event of rest)
    if (event.kind === 'invalid') parts.fail(brokenOff(answer.headers, event.problem));
  if (isAlone && !parts.problem) parts.finish();
  if (parts.problem) answer.drop();
  await parts.dropRest();
  return parts.problem;
}

/** The part under way. */
class Parts {
  problem: Problem | null = null;
  readonly #keeping: Keeping;
  #start: Part10Start | null = null;
  #sink: ObjectSink | null = null;
  #fields: MetaFields | null = null;

  constructor(keeping: Keeping) {
    this.#keeping = keeping;
  }

  begin(): void {
    this.#start = new Part10Start(this.#keeping.sourceAeTitle);
  }

  fail(found: Problem): void {
    this.problem ??= found;
  }

  async take(event: MultipartEvent): Promise<void> {
    switch (event.kind) {
      case 'part': {
        const type = parseMediaType(event.headers.get('content-type') ?? 'application/dicom');
        // Other kinds of parts have no place in such an answer; they are passed over.
        if (type?.type === 'application/dicom') this.begin();
        break;
      }
      case 'data':
        this.#write(event.bytes);
        break;
      case 'partEnd':
        this.finish();
        await this.#keeping.turn();
        break;
      case 'invalid':
        this.fail(event.problem);
        break;
      case 'end':
        break;
    }
  }

  #write(bytes: Uint8Array): void {
    if (this.#sink) this.#sink.write(bytes);
    else if (this.#start) this.#open(this.#start.take(bytes));
  }

  #open(start: Result<{ fields: MetaFields; dataset: Uint8Array }> | null): void {
    if (start === null) return;
    this.#start = null;
    if (!start.ok) {
      this.#keeping.failed();
      return;
    }
    this.#fields = start.value.fields;
    this.#sink = this.#keeping.open(start.value.fields);
    this.#sink.write(start.value.dataset);
  }

  finish(): void {
    if (this.#start) this.#open(this.#start.end());
    if (this.#sink && this.#fields) this.#keeping.keep(this.#sink, this.#fields);
    this.#sink = null;
    this.#fields = null;
  }

  async room(): Promise<void> {
    const sink = this.#sink;
    if (!sink || sink.waitingBytes < waitingBytesMax || sink.problem) return;
    await new Promise<void>((resolve) => sink.whenBelow(waitingBytesMax / 2, resolve));
  }

  /** An object that broke off is none. */
  async dropRest(): Promise<void> {
    await this.#sink?.drop();
    this.#sink = null;
  }
}

/** Objects on their way to the disk and the index, and their count. */
class Keeping {
  readonly sourceAeTitle: string;
  readonly #keeper: Keeper;
  readonly #task: RetrieveTask;
  readonly #onCounts: (counts: RetrieveCounts) => void;
  readonly #running = new Set<Promise<void>>();
  #completed = 0;
  #failed = 0;
  #form = 0;

  constructor(keeper: Keeper, task: RetrieveTask, onCounts: (counts: RetrieveCounts) => void) {
    this.#keeper = keeper;
    this.#task = task;
    this.#onCounts = onCounts;
    this.sourceAeTitle = task.sourceAeTitle;
  }

  /** What this server is asked for; kept for the items that follow. */
  accept(): string {
    return accepts[this.#form]!;
  }

  /** True when there is another form to ask for. */
  refuseForm(): boolean {
    if (this.#form + 1 >= accepts.length) return false;
    this.#form += 1;
    return true;
  }

  open(fields: MetaFields): ObjectSink {
    return this.#keeper.open(fields);
  }

  keep(sink: ObjectSink, fields: MetaFields): void {
    const running = this.#keeper.keep(sink, fields, this.#task.origin).then((refused) => {
      this.#running.delete(running);
      if (refused) this.#failed += 1;
      else this.#completed += 1;
      this.#onCounts(this.counts());
    });
    this.#running.add(running);
  }

  failed(): void {
    this.#failed += 1;
    this.#onCounts(this.counts());
  }

  /** Not all that was asked for: told where nobody can count. */
  isPart(): void {
    if (this.#task.expected === null) this.failed();
  }

  /** Waits while too many objects wait for their commit. */
  async turn(): Promise<void> {
    while (this.#running.size >= keepingMax) await Promise.race(this.#running);
  }

  async settle(): Promise<void> {
    await Promise.all(this.#running);
  }

  counts(): RetrieveCounts {
    const { expected } = this.#task;
    const done = this.#completed + this.#failed;
    return {
      remaining: expected === null ? null : Math.max(0, expected - done),
      completed: this.#completed,
      failed: this.#failed,
      warning: 0,
    };
  }
}
