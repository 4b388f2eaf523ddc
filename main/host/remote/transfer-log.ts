import type { TransferOutcome } from '../../../core/contract/remote.ts';
import type { Services } from '../services.ts';

/** Outcomes are written together: a commit for each would cost as much as sending it. */
const writeEveryMs = 250;
const writeAtMost = 500;

/** The outcomes of one job as they come, kept so that they outlive the host. */
export class TransferLog {
  readonly #services: Pick<Services, 'store'>;
  readonly #jobId: string;
  readonly #all = new Map<string, TransferOutcome>();
  /** Asked for at every object: never counted anew. */
  readonly #counts = new Map<TransferOutcome['state'], number>();
  #changed = new Map<string, TransferOutcome>();
  #timer: NodeJS.Timeout | null = null;
  #writing: Promise<void> = Promise.resolve();

  constructor(services: Pick<Services, 'store'>, jobId: string) {
    this.#services = services;
    this.#jobId = jobId;
  }

  get(sopInstanceUID: string): TransferOutcome | undefined {
    return this.#all.get(sopInstanceUID);
  }

  values(): TransferOutcome[] {
    return [...this.#all.values()];
  }

  count(...states: readonly TransferOutcome['state'][]): number {
    return states.reduce((sum, state) => sum + (this.#counts.get(state) ?? 0), 0);
  }

  get size(): number {
    return this.#all.size;
  }

  set(outcome: TransferOutcome): void {
    const before = this.#all.get(outcome.sopInstanceUID);
    if (before) this.#counts.set(before.state, (this.#counts.get(before.state) ?? 0) - 1);
    this.#counts.set(outcome.state, (this.#counts.get(outcome.state) ?? 0) + 1);
    this.#all.set(outcome.sopInstanceUID, outcome);
    this.#changed.set(outcome.sopInstanceUID, outcome);
    if (this.#changed.size >= writeAtMost) void this.write();
    else this.#timer ??= setTimeout(() => void this.write(), writeEveryMs);
  }

  /** Settles when everything so far is durable. */
  write(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    const outcomes = [...this.#changed.values()];
    this.#changed = new Map();
    if (outcomes.length > 0) {
      const jobId = this.#jobId;
      this.#writing = this.#writing.then(() =>
        this.#services.store.write.call('saveTransfers', { jobId, outcomes }),
      );
    }
    return this.#writing;
  }
}

/** All outcomes of an earlier job, by SOP instance. */
export async function outcomesOf(
  services: Pick<Services, 'store'>,
  jobId: string,
): Promise<Map<string, TransferOutcome>> {
  const { rows } = await services.store.read.call('transfers', { jobId, offset: 0, limit: -1 });
  return new Map(rows.map((row) => [row.sopInstanceUID, row]));
}

export const waitingOutcome = (sopInstanceUID: string, sopClassUID: string): TransferOutcome => ({
  sopInstanceUID,
  sopClassUID,
  state: 'waiting',
  status: null,
  transcodedTo: '',
  attempts: 0,
  problem: null,
});
