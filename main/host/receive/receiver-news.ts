import type { Problem } from '../../../core/base/problem.ts';
import type { ReceiverStatus } from '../../../core/contract/network.ts';
import type { Opened, ReceiverNote } from '../dimse/receiver-protocol.ts';
import type { Services } from '../services.ts';

type Refused = Extract<ReceiverNote, { kind: 'refused' }>;
type Association = ReceiverStatus['associations'][number];
type Uses = Pick<Services, 'events' | 'now' | 'audit'>;

/** Counts go out once a second; what somebody must know goes out at once, but for floods. */
const countsEveryMs = 1000;
const urgentEveryMs = 100;
const keptRefusals = 50;
/** Refusals of one kind go into one audit record. */
const gatherMs = 10_000;

/** What the receiver does now, as `receiver.status` and the event `receiver` tell it. */
export class ReceiverNews {
  readonly #services: Uses;
  #state: ReceiverStatus['state'] = 'off';
  #head = { aeTitle: '', address: '', port: 0, tlsPort: null as number | null };
  #problem: Problem | null = null;
  #room: Problem | null = null;
  #received = 0;
  readonly #associations = new Map<number, Association>();
  readonly #troubled = new Set<string>();
  #refusals: ReceiverStatus['refusals'] = [];
  #timer: NodeJS.Timeout | null = null;
  #dueMs = Number.POSITIVE_INFINITY;
  readonly #unaudited = new Map<string, number>();
  #auditTimer: NodeJS.Timeout | null = null;

  constructor(services: Uses) {
    this.#services = services;
  }

  status(): ReceiverStatus {
    return {
      state: this.#state,
      ...this.#head,
      problem: this.#problem ?? this.#room,
      associations: [...this.#associations.values()],
      received: this.#received,
      refusals: this.#refusals,
    };
  }

  listening(
    head: {
      readonly aeTitle: string;
      readonly address: string;
      readonly port: number;
      readonly tlsPort: number | null;
    },
    state: 'starting' | 'listening',
  ): void {
    const { aeTitle, address, port, tlsPort } = head;
    this.#head = { aeTitle, address, port, tlsPort };
    this.#state = state;
    this.#problem = null;
    this.#tell(urgentEveryMs);
  }

  failed(why: Problem): void {
    this.#state = 'failed';
    this.#problem = why;
    this.#tell(urgentEveryMs);
  }

  off(): void {
    if (this.#state === 'off') return;
    this.#state = 'off';
    this.#problem = null;
    this.#room = null;
    this.#tell(urgentEveryMs);
  }

  room(full: Problem | null): void {
    if (this.#room?.code === full?.code) return;
    this.#room = full;
    this.#tell(urgentEveryMs);
  }

  opened({ associationId, callingAeTitle, address, encrypted }: Opened): void {
    this.#associations.set(associationId, {
      associationId,
      aeTitle: callingAeTitle,
      address,
      encrypted,
      startedAtMs: this.#services.now(),
      received: 0,
      bytes: 0,
    });
    this.#tell(countsEveryMs);
  }

  received(associationId: number, received: number, bytes: number): void {
    const association = this.#associations.get(associationId);
    this.#received += 1;
    if (association) this.#associations.set(associationId, { ...association, received, bytes });
    this.#tell(countsEveryMs);
  }

  /** Of an association that ended other than by its release, people are told. */
  closed(associationId: number, why: Problem | null): void {
    const association = this.#associations.get(associationId);
    this.#associations.delete(associationId);
    for (const key of this.#troubled) if (key.startsWith(`${associationId} `)) this.#troubled.delete(key);
    const isOurs = why !== null && !peersOwn.has(why.code);
    if (association && isOurs) this.#note(association.aeTitle, '', association.address, why);
    this.#tell(countsEveryMs);
  }

  nobody(): void {
    this.#associations.clear();
    this.#troubled.clear();
  }

  /** Once for each kind of trouble of an association. */
  objectRefused(associationId: number, { code, params }: Problem): void {
    const key = `${associationId} ${code}`;
    const association = this.#associations.get(associationId);
    if (!association || this.#troubled.has(key)) return;
    this.#troubled.add(key);
    this.#note(association.aeTitle, '', association.address, { code, ...(params && { params }) });
  }

  refused({ aeTitle, calledAeTitle, address, problem }: Refused): void {
    this.#note(aeTitle, calledAeTitle, address, problem);
  }

  async close(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    await this.#flushAudit();
  }

  #note(aeTitle: string, calledAeTitle: string, address: string, why: Problem): void {
    const refusal = { atMs: this.#services.now(), aeTitle, calledAeTitle, address, problem: why };
    this.#refusals = [refusal, ...this.#refusals].slice(0, keptRefusals);
    const key = `${why.code} ${address}`;
    this.#unaudited.set(key, (this.#unaudited.get(key) ?? 0) + 1);
    this.#auditTimer ??= setTimeout(() => void this.#flushAudit().catch(() => undefined), gatherMs).unref();
    this.#tell(urgentEveryMs);
  }

  async #flushAudit(): Promise<void> {
    if (this.#auditTimer) clearTimeout(this.#auditTimer);
    this.#auditTimer = null;
    const gathered = [...this.#unaudited];
    this.#unaudited.clear();
    for (const [key, times] of gathered) {
      const [code, address] = key.split(' ');
      await this.#services.audit({ event: 'receiver.refuse', outcome: code!, detail: `${address} ${times}` });
    }
  }

  #tell(withinMs: number): void {
    const dueMs = performance.now() + withinMs;
    if (this.#timer && this.#dueMs <= dueMs) return;
    if (this.#timer) clearTimeout(this.#timer);
    this.#dueMs = dueMs;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#services.events.emit('receiver', this.status());
    }, withinMs);
    this.#timer.unref();
  }
}

/** What peers do by themselves is in the audit trail, and nobody's concern here. */
const peersOwn: ReadonlySet<string> = new Set(['PEER_ABORTED', 'CONNECTION_LOST', 'CANCELLED']);
