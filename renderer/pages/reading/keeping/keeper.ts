import type { Problem } from '../../../../core/base/problem.ts';
import { ok, type Result } from '../../../../core/base/result.ts';
import { toWire } from '../../../../core/contract/wire.ts';
import type { Client } from '../../../app/transport/client.ts';
import { bytesOf, lastingMostBytes } from '../../../app/transport/lasting.ts';
import { Autosave } from './autosave.ts';
import { type KeptState, readKept, withFewerSteps, writeKept } from './kept-state.ts';

export interface KeeperOptions {
  readonly client: Pick<Client, 'call'>;
  readonly studyKey: string;
  /** The state as it is to be kept now. */
  state(): KeptState;
  /** What the state refers to is kept first. */
  beforeSave?(kept: KeptState): Promise<Result<unknown>>;
  /** It is kept: what only older states referred to may go. */
  afterSave?(kept: KeptState): Promise<void>;
  onProblem(problem: Problem): void;
}

/** With as many steps of undo as outlive the page. */
function lasting(kept: KeptState, studyKey: string): KeptState {
  const isShort = bytesOf(toWire({ studyKey, state: writeKept(kept) })) <= lastingMostBytes;
  const fewer = isShort ? null : withFewerSteps(kept);
  return fewer ? lasting(fewer, studyKey) : kept;
}

/** Nothing vanishes on close: brings back what was done to a study, and keeps each change within a second. */
export class Keeper {
  private readonly options: KeeperOptions;
  private readonly autosave: Autosave<KeptState>;
  private isOn = false;

  constructor(options: KeeperOptions) {
    const { state, onProblem } = options;
    this.options = options;
    this.autosave = new Autosave({
      write: state,
      save: (kept, isLast) => (isLast ? this.saveLast(kept) : this.save(kept)),
      onProblem,
    });
  }

  private async save(kept: KeptState): Promise<Result<unknown>> {
    const { client, studyKey, beforeSave, afterSave } = this.options;
    const first = beforeSave ? await beforeSave(kept) : ok(null);
    if (!first.ok) return first;
    const saved = await client.call('reading.save', { studyKey, state: writeKept(kept) });
    if (saved.ok) await afterSave?.(kept);
    return saved;
  }

  /** What only older states referred to stays until the next save. */
  private async saveLast(kept: KeptState): Promise<Result<unknown>> {
    const { client, studyKey, beforeSave } = this.options;
    const last = lasting(kept, studyKey);
    const first = beforeSave ? await beforeSave(last) : ok(null);
    if (!first.ok) return first;
    return client.call('reading.save', { studyKey, state: writeKept(last) }, { isLast: true });
  }

  /** Null when there is nothing. What could not be read is not written over: nothing is saved then. */
  async load(): Promise<KeptState | null> {
    const { client, studyKey, onProblem } = this.options;
    const answer = await client.call('reading.load', { studyKey });
    this.isOn = answer.ok;
    if (!answer.ok) {
      // `studies.show` tells of a study that is gone.
      if (answer.problem.code !== 'NOT_FOUND') onProblem(answer.problem);
      return null;
    }
    return answer.value.state === null ? null : readKept(answer.value.state);
  }

  changed(): void {
    if (this.isOn) this.autosave.changed();
  }

  /** The reader is at another place of a stack or volume. */
  moved(): void {
    if (this.isOn) this.autosave.moved();
  }

  /** The page goes: its last state is sent, whatever is under way. */
  leave(): void {
    if (this.isOn) this.autosave.leave();
  }

  /** Saves at once what is not saved yet. */
  flush(): Promise<void> {
    return this.autosave.flush();
  }
}
