import type { Problem } from '../../../core/base/problem.ts';
import type { ReceiverStatus } from '../../../core/contract/network.ts';
import type { Opened, ReceiverNote } from '../dimse/receiver-protocol.ts';
import type { Services } from '../services.ts';
import type { AuditEntry } from '../store/audit-chain.ts';
import type { Sender } from './arrivals.ts';

type Refused = Extract<ReceiverNote, { kind: 'refused' }>;
type Association = ReceiverStatus['associations'][number];
type Uses = Pick<Services, 'events' | 'now' | 'store'>;

/** Counts go out once a second; what somebody must know goes out at once, but for floods. */
const countsEveryMs = 1000;
const urgentEveryMs = 100;
const keptRefusals = 50;
/** Refusals of one kind, and associations that brought nothing, go into one audit record each. */
const gatherMs = 10_000;
/** Records of associations that brought something share one transaction. */
const auditWithinMs = 1000;
/** Records that wait while the disk is full. */
const mostWaiting = 1000;

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
  readonly #unaudited = new Map<string, { readonly entry: AuditEntry; times: number }>();
  #entries: AuditEntry[] = [];
  #auditTimer: NodeJS.Timeout | null = null;
  #auditDueMs = Number.POSITIVE_INFINITY;

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

  /** For the audit trail. */
  senderEnded(sender: Sender, why: Problem | null): void {
    const { stored, duplicates, broken, files } = sender.tally;
    const head = { event: 'receiver.associate', outcome: why?.code ?? 'ok' } as const;
    if (files === 0) {
      this.#count({ ...head, detail: sender.sourceLabel });
      return;
    }
    const counts = `stored ${stored} duplicates ${duplicates} refused ${broken}`;
    this.#entries.push({ ...head, detail: `${sender.sourceLabel} ${counts}` });
    this.#auditWithin(auditWithinMs);
  }

  async close(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    await this.#flushAudit();
  }

  #note(aeTitle: string, calledAeTitle: string, address: string, why: Problem): void {
    const refusal = { atMs: this.#services.now(), aeTitle, calledAeTitle, address, problem: why };
    this.#refusals = [refusal, ...this.#refusals].slice(0, keptRefusals);
    this.#count({ event: 'receiver.refuse', outcome: why.code, detail: address });
    this.#tell(urgentEveryMs);
  }

  #count(entry: AuditEntry): void {
    const key = `${entry.event} ${entry.outcome} ${entry.detail}`;
    const known = this.#unaudited.get(key);
    if (known) known.times += 1;
    else this.#unaudited.set(key, { entry, times: 1 });
    this.#auditWithin(gatherMs);
  }

  #auditWithin(withinMs: number): void {
    const dueMs = performance.now() + withinMs;
    if (this.#auditTimer && this.#auditDueMs <= dueMs) return;
    if (this.#auditTimer) clearTimeout(this.#auditTimer);
    this.#auditDueMs = dueMs;
    this.#auditTimer = setTimeout(() => void this.#flushAudit().catch(() => undefined), withinMs).unref();
  }

  async #flushAudit(): Promise<void> {
    if (this.#auditTimer) clearTimeout(this.#auditTimer);
    this.#auditTimer = null;
    const counted = [...this.#unaudited.values()].map(({ entry, times }) => ({
      ...entry,
      detail: `${entry.detail} ${times}`,
    }));
    const entries = [...this.#entries, ...counted];
    this.#unaudited.clear();
    this.#entries = [];
    if (entries.length === 0) return;
    try {
      await this.#services.store.write.call('audit', { atMs: this.#services.now(), entries });
    } catch (error) {
      // No room: they wait for some, the newest of them.
      this.#entries = [...entries, ...this.#entries].slice(-mostWaiting);
      this.#auditWithin(gatherMs);
      throw error;
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
