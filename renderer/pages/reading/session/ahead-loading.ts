import type { OpenStack } from '../../../volumes/open-stack.ts';
import type { AheadSession } from './ahead-session.ts';
import type { ReadingSession } from './reading-session.ts';

/** Bytes of a stack's frames in memory, about. */
function frameBytes({ plan, group }: OpenStack): number {
  const bytesPerPixel = { int16: 2, float32: 4, rgb8: 4 }[group.scalarType];
  return group.frames.reduce((sum, index) => {
    const frame = plan.frames[index];
    const size = frame?.tile ?? (frame && plan.instances[frame.instance]?.format);
    return sum + (size?.rows ?? 0) * (size?.columns ?? 0) * bytesPerPixel;
  }, 0);
}

function shownBytes(session: ReadingSession): number {
  const stacks = new Set([...session.state.cells.map(session.stackOf), session.mprStack()]);
  return [...stacks].reduce((sum, stack) => sum + (stack ? frameBytes(stack) : 0), 0);
}

/**
 * Fetches all that a study shows first before it is opened, where that fits well. What was fetched of studies that nobody
 * opened takes room until the engine collects it: walking down a list of large ones would hold gigabytes.
 */
export class AheadLoading {
  private readonly heldBytes = new Map<symbol, number>();
  private readonly tokens = new WeakMap<ReadingSession, symbol>();
  private readonly collected: FinalizationRegistry<symbol>;
  private readonly mostBytes: number;

  /** @param onRoom something was collected: what had no room may be asked for again */
  constructor(mostBytes: number, onRoom: () => void) {
    this.mostBytes = mostBytes;
    this.collected = new FinalizationRegistry((token) => {
      this.heldBytes.delete(token);
      onRoom();
    });
  }

  /** True where it is being fetched. A study that is read where it lies (a disc) is left alone. */
  begin({ session, load }: Pick<AheadSession, 'session' | 'load'>): boolean {
    if (this.tokens.has(session)) return true;
    const bytes = shownBytes(session);
    const held = [...this.heldBytes.values()].reduce((sum, one) => sum + one, 0);
    if (!session.state.study?.stored || held + bytes > this.mostBytes) return false;
    const token = Symbol(session.state.studyKey);
    this.tokens.set(session, token);
    this.heldBytes.set(token, bytes);
    this.collected.register(session, token);
    load();
    return true;
  }

  has(session: ReadingSession): boolean {
    return this.tokens.has(session);
  }

  /** From now on it counts as what is read does. */
  opened(session: ReadingSession): void {
    const token = this.tokens.get(session);
    if (token) this.heldBytes.delete(token);
  }
}
