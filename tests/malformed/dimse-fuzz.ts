/**
 * Fuzz target Z2: sequences of up to 200 PDUs, whole and damaged, with what a user does between them, through
 * UpperLayer and MessageReader. However the transport splits them, actions and messages are the same; nothing throws;
 * what is held stays within 4 × what came. Cases follow from their number alone, so that a find is repeated by `{ first: n, cases: 1 }`.
 */
import { encodeCommand } from '../../core/dimse/command-set.ts';
import { MessageReader } from '../../core/dimse/message-reader.ts';
import { splitMessage } from '../../core/dimse/message-writer.ts';
import { negotiate } from '../../core/dimse/negotiate.ts';
import { encodeData, encodePdu } from '../../core/dimse/pdu-encode.ts';
import { limits } from '../../core/dimse/pdu-fixtures.ts';
import { associateRequest } from '../../core/dimse/propose.ts';
import type {
  AssociateAccept,
  AssociateRequest,
  ControlPdu,
  PdvPiece,
  Role,
  UpperLayerAction,
  UpperLayerInput,
} from '../../core/dimse/types.ts';
import { UpperLayer } from '../../core/dimse/upper-layer.ts';

export interface FuzzReport {
  readonly cases: number;
  readonly pdus: number;
  readonly bytes: number;
  /** Commands and ends of data sets that were read, faults too. */
  readonly messages: number;
  /** How often each state was the one after a step, Sta1 first. */
  readonly visits: readonly number[];
  readonly slowestMs: number;
}

/** Mulberry32: small, and the same everywhere. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

type Below = (below: number) => number;

const syntaxes = ['1.2.840.10008.1.2', '1.2.840.10008.1.2.1', '1.2.840.10008.1.2.4.80', '1.2.3', 'x', ''];
const classes = ['1.2.840.10008.1.1', '1.2.840.10008.5.1.4.1.1.2', '1.2.3.4', '../..'];
const side = {
  calledAeTitle: 'CANDELA',
  callingAeTitle: 'FUZZ',
  maxPduBytes: 16_384,
  implementationClassUid: '1.2.3',
  implementationVersion: 'Z2',
};
const rules = {
  aeTitle: 'CANDELA',
  checkCalledAeTitle: false,
  callingAeTitles: null,
  serviceFor: (uid: string) =>
    uid === '1.2.3.4' ? undefined : { transferSyntaxes: syntaxes, peerMayBeScu: true, peerMayBeScp: true },
  identity: null,
  maxPduBytes: 262_144,
  implementationClassUid: '1.2.3',
  implementationVersion: 'Z2',
};

const some = <T>(below: Below, most: number, make: (i: number) => T): T[] =>
  Array.from({ length: below(most + 1) }, (_, i) => make(i));
const oneOf = <T>(below: Below, list: readonly T[]): T => list[below(list.length)]!;
const noise = (below: Below, size: number): Uint8Array => Uint8Array.from({ length: size }, () => below(256));

function request(below: Below): AssociateRequest {
  const contexts = some(below, below(8) === 0 ? 40 : 3, (i) => ({
    id: 2 * i + 1,
    abstractSyntax: oneOf(below, classes),
    transferSyntaxes: some(below, 4, () => oneOf(below, syntaxes)),
  }));
  const roles = some(below, 2, () => ({
    sopClassUid: oneOf(below, classes),
    scu: true,
    scp: below(2) === 0,
  }));
  const plain = associateRequest({ ...side, roles }, contexts);
  if (below(3) > 0) return plain;
  const user = {
    ...plain.user,
    asyncWindow: { invoked: below(65_536), performed: below(3) },
    extended: some(below, 2, () => ({
      sopClassUid: oneOf(below, classes),
      information: noise(below, below(9)),
    })),
    commonExtended: some(below, 2, () => ({
      sopClassUid: oneOf(below, classes),
      serviceClassUid: '1.2.840.10008.4.2',
      relatedSopClassUids: some(below, 3, () => oneOf(below, classes)),
    })),
    identity: {
      type: below(7),
      wantsResponse: below(2) === 0,
      primary: noise(below, below(20)),
      secondary: noise(below, below(20)),
    },
  };
  return { ...plain, user };
}

const calmRequest = associateRequest(side, [
  { id: 1, abstractSyntax: classes[0]!, transferSyntaxes: syntaxes.slice(0, 1) },
]);

function answer(below: Below): AssociateAccept {
  const outcome = negotiate(request(below), rules);
  if ('reject' in outcome) throw new Error('The rules of the fuzz let everybody in');
  return outcome.accept;
}

const commands = [
  { name: 'C-ECHO-RQ', messageId: 1, affectedSopClassUid: classes[0]!, hasDataset: false },
  {
    name: 'C-STORE-RQ',
    messageId: 2,
    affectedSopClassUid: classes[1]!,
    affectedSopInstanceUid: '1.2.3',
    priority: 0,
    hasDataset: true,
  },
  { name: 'C-FIND-RSP', messageIdBeingRespondedTo: 3, status: 0xff00, hasDataset: true },
] as const;
const encoded = commands.map(encodeCommand);

/** One PDU of one value: noise, or a command that is whole, cut or damaged. */
function data(below: Below, contextId = below(20) === 0 ? below(256) : 1 + 2 * below(3)): Uint8Array {
  const isCommand = below(3) === 0;
  const isNoise = !isCommand || below(4) === 0;
  const command = oneOf(below, encoded);
  const bytes = isNoise
    ? noise(below, below(12) === 0 ? below(3000) : below(40))
    : below(4) === 0
      ? damage(below, command)
      : command;
  const isLast = below(isCommand ? 8 : 3) === (isCommand ? 1 : 0) ? !isCommand : isCommand;
  return join(encodeData({ contextId, isCommand, isLast, bytes }));
}

/** A whole message in fragments of some size. */
function message(below: Below): Uint8Array {
  const command = oneOf(below, commands);
  const dataset = command.hasDataset ? some(below, 3, () => noise(below, 1 + below(300))) : null;
  return join(splitMessage(1, command, dataset, 16 + below(300)).flatMap(encodeData));
}

const control: readonly ((below: Below) => ControlPdu)[] = [
  request,
  answer,
  (below) => ({ kind: 'associate-rj', result: below(3), source: below(4), reason: below(11) }),
  () => ({ kind: 'release-rq' }),
  () => ({ kind: 'release-rp' }),
  (below) => ({ kind: 'abort', source: below(3), reason: below(8) }),
];

const releases = control.slice(3, 5);

const join = (parts: readonly Uint8Array[]): Uint8Array => {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
};

/** Changes bytes, cuts, doubles, or puts a length there that lies. */
function damage(below: Below, pdu: Uint8Array): Uint8Array {
  const bytes = pdu.slice();
  switch (below(5)) {
    case 0:
      bytes[below(bytes.length)] = below(256);
      return bytes;
    case 1:
      return bytes.subarray(0, below(bytes.length));
    case 2:
      return join([bytes, bytes.subarray(below(bytes.length))]);
    case 3: {
      const at = below(bytes.length);
      bytes.set(noise(below, Math.min(4, bytes.length - at)), at);
      return bytes;
    }
    default:
      bytes[Math.min(2 + below(4), bytes.length - 1)] = below(256);
      return bytes;
  }
}

/** Anything; data most of the time. */
function wildPdu(below: Below): Uint8Array {
  const bytes = below(4) > 0 ? data(below) : encodePdu(oneOf(below, control)(below));
  return below(30) === 0 ? damage(below, bytes) : bytes;
}

/** What a good peer sends, though not always when it may: this gets far into the table. */
const calmPdu = (below: Below): Uint8Array => {
  if (below(5) === 0) return encodePdu(oneOf(below, releases)(below));
  return below(8) === 0 ? data(below, 1) : message(below);
};

type Step = UpperLayerInput | Uint8Array;

const calmInputs: readonly ((below: Below) => UpperLayerInput)[] = [
  () => ({ kind: 'requestRelease' }),
  () => ({ kind: 'requestRelease' }),
  () => ({ kind: 'answerRelease' }),
];

const wildInputs: readonly ((below: Below) => UpperLayerInput)[] = [
  ...calmInputs,
  () => ({ kind: 'requestAbort' }),
  () => ({ kind: 'timerExpired' }),
  (below) => ({ kind: 'acceptAssociation', answer: answer(below) }),
  () => ({ kind: 'rejectAssociation', answer: { kind: 'associate-rj', result: 1, source: 1, reason: 1 } }),
  (below) => ({
    kind: 'sendData',
    pieces: [{ contextId: 1, isCommand: true, isLast: true, bytes: noise(below, below(50)) }],
  }),
];

/** A legal way to an association. */
function opening(below: Below, role: Role, asked: AssociateRequest): Step[] {
  const outcome = negotiate(asked, rules);
  if ('reject' in outcome) throw new Error('The rules of the fuzz let everybody in');
  const { accept } = outcome;
  const steps: Step[] =
    role === 'requestor'
      ? [{ kind: 'requestAssociation', request: asked }, { kind: 'transportOpened' }, encodePdu(accept)]
      : [{ kind: 'transportOpened' }, encodePdu(asked), { kind: 'acceptAssociation', answer: accept }];
  if (below(10) === 0) steps.splice(below(steps.length), 1);
  return steps;
}

/** A role and what happens to it; bytes between two other inputs are one step, to be split at will. */
function story(below: Below): { role: Role; steps: Step[]; pdus: number } {
  const role: Role = below(3) === 0 ? 'requestor' : 'acceptor';
  const isCalm = below(2) === 0;
  const steps = opening(below, role, isCalm ? calmRequest : request(below));
  const pdus = below(16) === 0 ? 1 + below(200) : 1 + below(20);
  let stretch: Uint8Array[] = [];
  for (let i = 0; i < pdus; i++) {
    stretch.push(isCalm && below(20) > 0 ? calmPdu(below) : wildPdu(below));
    if (below(isCalm ? 2 : 6) > 0) continue;
    steps.push(join(stretch), oneOf(below, isCalm ? calmInputs : wildInputs)(below));
    stretch = [];
  }
  steps.push(join(stretch));
  if (below(2) === 0) steps.push({ kind: 'transportClosed' });
  return { role, steps, pdus };
}

const textOf = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');

/** Actions as text; pieces of a value are joined, for only their sum is the same for every split. */
class Log {
  readonly lines: string[] = [];
  readonly messages: string[] = [];
  readonly reader = new MessageReader();
  #dataset = '';
  #open: { head: string; text: string } | null = null;

  add(actions: readonly UpperLayerAction[]): void {
    for (const action of actions) {
      if (action.kind === 'data') this.#piece(action.piece);
      else this.#line(action.kind === 'write' ? `write ${textOf(action.bytes)}` : JSON.stringify(action));
    }
  }

  #piece(piece: PdvPiece): void {
    const { contextId, isCommand, isLast, bytes } = piece;
    const head = `${contextId} ${isCommand}`;
    if (this.#open !== null && this.#open.head !== head) this.end();
    this.#open ??= { head, text: '' };
    this.#open.text += textOf(bytes);
    for (const event of this.reader.take(piece)) {
      if (event.kind === 'dataset') this.#dataset += textOf(event.bytes);
      else {
        this.messages.push(`${this.#dataset} ${JSON.stringify(event)}`);
        this.#dataset = '';
      }
    }
    if (isLast) this.#line('last');
  }

  #line(line: string): void {
    this.end();
    this.lines.push(line);
  }

  /** Of a data set that did not end. */
  get rest(): string {
    return this.#dataset;
  }

  end(): void {
    if (this.#open !== null) this.lines.push(`data ${this.#open.head} ${this.#open.text}`);
    this.#open = null;
  }
}

type Split = (bytes: Uint8Array) => Iterable<Uint8Array>;

const whole: Split = (bytes) => [bytes];
function* byteByByte(bytes: Uint8Array): Iterable<Uint8Array> {
  for (let i = 0; i < bytes.length; i++) yield bytes.subarray(i, i + 1);
}
const atRandom = (below: Below): Split =>
  function* (bytes) {
    for (let at = 0; at < bytes.length; ) {
      const size = below(3) === 0 ? 1 + below(8) : 1 + below(400);
      yield bytes.subarray(at, at + size);
      at += size;
    }
  };

interface Outcome {
  readonly text: string;
  readonly states: readonly number[];
  readonly messages: number;
}

function play(role: Role, steps: readonly Step[], split: Split): Outcome {
  const layer = new UpperLayer(role, limits);
  const log = new Log();
  const states: number[] = [];
  let received = 0;
  for (const step of steps) {
    if (!(step instanceof Uint8Array)) log.add(layer.step(step));
    for (const bytes of step instanceof Uint8Array ? split(step) : []) {
      received += bytes.length;
      log.add(layer.step({ kind: 'transportBytes', bytes }));
      const heldBytes = layer.heldBytes + log.reader.heldBytes;
      if (heldBytes > 4 * received + 1024) throw new Error(`${heldBytes} bytes are held of ${received}`);
    }
    states.push(layer.state);
  }
  log.end();
  return {
    text: [...log.lines, ...log.messages, log.rest].join('\n'),
    states,
    messages: log.messages.length,
  };
}

/** Runs cases `first` to `first + cases - 1`. Throws at the first that breaks a promise, with its number. */
export function fuzzUpperLayer({ cases, first = 0 }: { cases: number; first?: number }): FuzzReport {
  const visits = new Array<number>(13).fill(0);
  let pdus = 0;
  let bytes = 0;
  let messages = 0;
  let slowestMs = 0;
  for (let number = first; number < first + cases; number++) {
    const below = numbers(number);
    const { role, steps, pdus: count } = story(below);
    const start = performance.now();
    const once = play(role, steps, whole);
    slowestMs = Math.max(slowestMs, performance.now() - start);
    const splits = [atRandom(below), ...(number % 8 === 0 ? [byteByByte] : [])];
    for (const split of splits) {
      const again = play(role, steps, split);
      if (again.text !== once.text || again.states.join() !== once.states.join()) {
        throw new Error(`Case ${number} depends on how the transport splits it`);
      }
    }
    for (const state of once.states) visits[state - 1]! += 1;
    pdus += count;
    messages += once.messages;
    for (const step of steps) if (step instanceof Uint8Array) bytes += step.length;
  }
  return { cases, pdus, bytes, messages, visits, slowestMs };
}
