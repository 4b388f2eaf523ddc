import type { FrameImage, FrameState } from './frame-image.ts';

const waiting: FrameState = { kind: 'waiting' };

const bytesOf = (image: FrameImage): number =>
  image.kind === 'mono' ? image.values.byteLength : image.rgba.byteLength;

/**
 * The frames of one stack with a cap on their memory. Frames that live in a volume's shared memory are
 * pinned; of the others those farthest from the focus go first.
 */
export class FrameStore {
  private readonly states: FrameState[];
  private readonly pinned: boolean;
  private readonly capBytes: number;
  private heldBytes = 0;
  private readyCount = 0;
  private settledCount = 0;

  constructor(count: number, options: { readonly pinned: boolean; readonly capBytes: number }) {
    this.states = new Array<FrameState>(count).fill(waiting);
    this.pinned = options.pinned;
    this.capBytes = options.capBytes;
  }

  get count(): number {
    return this.states.length;
  }
  /** Frames ready to paint. */
  get ready(): number {
    return this.readyCount;
  }
  /** Frames ready or failed: nothing more to wait for. */
  get settled(): number {
    return this.settledCount;
  }

  state(k: number): FrameState {
    return this.states[k] ?? waiting;
  }

  put(k: number, state: FrameState, focus: number): void {
    const before = this.state(k);
    if (before.kind !== 'waiting') this.settledCount -= 1;
    if (before.kind === 'ready') this.count_(before.image, -1);
    this.states[k] = state;
    if (state.kind !== 'waiting') this.settledCount += 1;
    if (state.kind === 'ready') this.count_(state.image, 1);
    if (!this.pinned && this.heldBytes > this.capBytes) this.evict(focus, k);
  }

  /** True when another frame at `distance` from the focus would only push out a nearer one. */
  isFullFor(distance: number, focus: number, frameBytes: number): boolean {
    if (this.pinned || this.heldBytes + frameBytes <= this.capBytes) return false;
    return distance >= this.farthest(focus).distance;
  }

  private count_(image: FrameImage, sign: 1 | -1): void {
    this.readyCount += sign;
    this.heldBytes += sign * bytesOf(image);
  }

  private farthest(focus: number, except = -1): { k: number; distance: number } {
    let found = { k: -1, distance: -1 };
    for (const [k, state] of this.states.entries()) {
      const distance = Math.abs(k - focus);
      if (state.kind === 'ready' && k !== except && distance > found.distance) found = { k, distance };
    }
    return found;
  }

  private evict(focus: number, keep: number): void {
    while (this.heldBytes > this.capBytes) {
      const { k } = this.farthest(focus, keep);
      const state = this.state(k);
      if (state.kind !== 'ready') return;
      this.count_(state.image, -1);
      this.settledCount -= 1;
      this.states[k] = waiting;
    }
  }
}
