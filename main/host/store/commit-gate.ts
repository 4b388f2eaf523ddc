/**
 * A word of shared memory between the thread that makes an object durable and the store's, which adds its row. Rows go
 * into the transaction while the object's directory is still being synced; only COMMIT waits for that. So the order of
 * reliability.md B2 stays, and its waits are shorter. The way back is the same word: whoever waits for the row hears of
 * the commit without a third thread between them.
 */
export type CommitGate = Int32Array;

const states = { closed: 0, open: 1, shut: 2, passed: 3 } as const;

/** So long the store stands still for a name: everybody else's changes wait behind it. */
const mostHoldMs = 500;
/** A disk or thread that takes longer is not waited for: what was to be added is refused. */
const mostWaitMs = 30_000;

/** Nothing is wrong with what was to be added, but it is not durable yet. */
export class GateLate extends Error {}

export const newGate = (): CommitGate => new Int32Array(new SharedArrayBuffer(4));

/** What the rows name is durable. */
export const openGate = (gate: CommitGate): void => change(gate, states.closed, states.open);

/** It is not, or nobody knows: the thread behind it has ended. An open gate stays open. */
export const shutGate = (gate: CommitGate): void => change(gate, states.closed, states.shut);

/** The row could not be written. */
export function refuseAtGate(gate: CommitGate): void {
  shutGate(gate);
  change(gate, states.open, states.shut);
}

export const isClosed = (gate: CommitGate): boolean => Atomics.load(gate, 0) === states.closed;

export const isOpen = (gate: CommitGate): boolean => Atomics.load(gate, 0) === states.open;

/**
 * Before COMMIT; blocks its thread until all are open, half a second at most.
 * @throws GateLate when one stays closed, Error when one is shut: the transaction is to be undone
 */
export function awaitGates(gates: readonly CommitGate[]): void {
  const untilMs = performance.now() + mostHoldMs;
  for (const gate of gates) {
    Atomics.wait(gate, 0, states.closed, Math.max(0, untilMs - performance.now()));
    if (isClosed(gate)) throw new GateLate('what a row names is not durable yet');
    if (!isOpen(gate)) throw new Error('what a row names is not durable');
  }
}

/** Settles when a gate is open or shut; one that stays closed for too long is shut. Blocks nobody. */
export async function whenDecided(gate: CommitGate): Promise<void> {
  await Atomics.waitAsync(gate, 0, states.closed, mostWaitMs).value;
  shutGate(gate);
}

/** After COMMIT. */
export function passGates(gates: readonly CommitGate[]): void {
  for (const gate of gates) change(gate, states.open, states.passed);
}

/** Of an open gate: true once the row is committed, false when it was refused. */
export async function whenPassed(gate: CommitGate): Promise<boolean> {
  await Atomics.waitAsync(gate, 0, states.open).value;
  return Atomics.load(gate, 0) === states.passed;
}

function change(gate: CommitGate, from: number, to: number): void {
  // Woken without a change, who waits would take it for the end of its waiting.
  if (Atomics.compareExchange(gate, 0, from, to) === from) Atomics.notify(gate, 0);
}
