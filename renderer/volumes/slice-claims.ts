/**
 * Who may write a slice of a volume, one cell each, shared with the decode workers. New memory is zero, which means
 * something: whoever reads voxels has each slice that nobody wrote made "no data" first, and whoever writes one says so.
 * So no slice is written twice where nobody reads before it comes, and none is blanked that has come.
 */
export type SliceClaims = Int32Array<SharedArrayBuffer>;

const states = { raw: 0, holds: 1, blanking: 2, writing: 3 } as const;

/** A slice's cell, as it travels to a worker. */
export interface SliceClaim {
  readonly claims: SliceClaims;
  readonly slice: number;
}

export const newClaims = (slices: number): SliceClaims => new Int32Array(new SharedArrayBuffer(slices * 4));

/** Before the values of a slice are written, in a worker: waits where it is being made "no data". */
export function beginWriting({ claims, slice }: SliceClaim): void {
  for (;;) {
    const had = Atomics.compareExchange(claims, slice, states.raw, states.writing);
    if (had !== states.blanking) return;
    Atomics.wait(claims, slice, states.blanking);
  }
}

/** All values of the slice are there. */
export const endWriting = ({ claims, slice }: SliceClaim): void =>
  void Atomics.store(claims, slice, states.holds);

/** Makes the slices "no data" that nobody has written or is writing. */
export function blankRaw(claims: SliceClaims, blank: (slice: number) => void): void {
  for (let slice = 0; slice < claims.length; slice += 1) {
    if (Atomics.compareExchange(claims, slice, states.raw, states.blanking) !== states.raw) continue;
    blank(slice);
    Atomics.store(claims, slice, states.holds);
    Atomics.notify(claims, slice);
  }
}

/** Makes a slice "no data" that will not come, whatever part of it was written. */
export function blankFailed(claims: SliceClaims, slice: number, blank: (slice: number) => void): void {
  blank(slice);
  Atomics.store(claims, slice, states.holds);
}
