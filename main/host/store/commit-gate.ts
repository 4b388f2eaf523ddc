/**
 * Shared memory between the thread that makes a part file durable and the store's, which gives it its name and adds its
 * row: a word that says how far it is, a word that says whether the hashes are there, and the hashes. Rows go into the
 * transaction while the file is still being synced; then the store's thread names it, syncs the directory and commits
 * (name-parts.ts). So the order of reliability.md B2 stays, with two threads woken for it. The way back is the first
 * word: whoever waits for the row hears of the commit without a third thread between them.
 */
export type CommitGate = Int32Array;

const states = { closed: 0, open: 1, shut: 2, passed: 3 } as const;
const hashes = { awaited: 0, given: 1, missing: 2 } as const;

/** A disk that takes longer keeps nobody else waiting for good: what was to be added is refused. */
const mostWaitMs = 30_000;

/** Two words and two hashes. */
const hashBytes = 32;
const gateBytes = 8 + 2 * hashBytes;

export interface PartHashes {
  readonly fileSha256: string;
  readonly datasetSha256: string;
}

export const newGate = (): CommitGate => new Int32Array(new SharedArrayBuffer(gateBytes));

/** Once, before the gate is opened. */
export function giveHashes(gate: CommitGate, { fileSha256, datasetSha256 }: PartHashes): void {
  bytesOf(gate).set(Buffer.from(fileSha256 + datasetSha256, 'hex'));
  Atomics.store(gate, 1, hashes.given);
  Atomics.notify(gate, 1);
}

/** Of a gate that was given them. */
export const hashesOf = (gate: CommitGate): PartHashes => {
  const hex = Buffer.from(bytesOf(gate)).toString('hex');
  return { fileSha256: hex.slice(0, 2 * hashBytes), datasetSha256: hex.slice(2 * hashBytes) };
};

/**
 * Blocks its thread until they are there.
 * @throws when they do not come: their thread has ended
 */
export function awaitHashes(gate: CommitGate): PartHashes {
  Atomics.wait(gate, 1, hashes.awaited, mostWaitMs);
  if (Atomics.load(gate, 1) !== hashes.given) throw new Error('an object without its hashes');
  return hashesOf(gate);
}

const bytesOf = (gate: CommitGate): Uint8Array => new Uint8Array(gate.buffer, 8);

/** The file is durable. */
export const openGate = (gate: CommitGate): void => change(gate, states.closed, states.open);

/** It is not, or nobody knows: the thread behind it has ended. An open gate stays open. */
export function shutGate(gate: CommitGate): void {
  change(gate, states.closed, states.shut);
  // Nobody waits for hashes that do not come.
  Atomics.compareExchange(gate, 1, hashes.awaited, hashes.missing);
  Atomics.notify(gate, 1);
}

/** The row could not be written. */
export function refuseAtGate(gate: CommitGate): void {
  shutGate(gate);
  change(gate, states.open, states.shut);
}

export const isOpen = (gate: CommitGate): boolean => Atomics.load(gate, 0) === states.open;

/**
 * Blocks its thread until the gate is open.
 * @throws when it is shut, or stays closed: the transaction is to be undone
 */
export function awaitGate(gate: CommitGate): void {
  Atomics.wait(gate, 0, states.closed, mostWaitMs);
  if (!isOpen(gate)) throw new Error('what a row names is not durable');
}

/** After COMMIT. */
export const passGate = (gate: CommitGate): void => change(gate, states.open, states.passed);

/** Of an open gate: true once the row is committed, false when it was refused. */
export async function whenPassed(gate: CommitGate): Promise<boolean> {
  await Atomics.waitAsync(gate, 0, states.open).value;
  return Atomics.load(gate, 0) === states.passed;
}

function change(gate: CommitGate, from: number, to: number): void {
  Atomics.compareExchange(gate, 0, from, to);
  Atomics.notify(gate, 0);
}
