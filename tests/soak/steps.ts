/** F2: killed at each step of keeping one object; what was answered is there, the rest is adopted whole or absent. */
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { DimsePeer } from '../fixtures/dimse-peer.ts';
import { ctDataset } from './ct-datasets.ts';
import { checkKept, type Kept, sha256 } from './kills.ts';
import { startReceiver } from './receiver-child.ts';

/** In the order of reliability.md B2. From `committed` on the object is there whatever happens. */
export const steps = [
  'created',
  'written',
  'synced',
  'named',
  'unlinked',
  'name synced',
  'rows written',
  'committed',
  'not answered',
  'answered',
] as const;
const durableFrom = steps.indexOf('committed');

export interface StepFigures extends Kept {
  /** Steps that were never come to. */
  readonly missed: readonly string[];
  /** Objects that must be there, and are not in the index as they were sent. */
  readonly lost: readonly string[];
}

/** Kills once at every step, `times` over, always in the same store, which thus recovers from each. */
export async function killsAtEachStep(dataDir: string, times: number): Promise<StepFigures> {
  const armed = join(dataDir, '..', 'armed');
  const due = new Map<string, string>();
  const sent = new Map<string, string>();
  const missed: string[] = [];
  for (let time = 0; time < times; time++) {
    for (const [order, step] of steps.entries()) {
      rmSync(armed, { force: true });
      const receiver = await startReceiver(dataDir, [], {
        NODE_OPTIONS: `--import ${join(import.meta.dirname, '../fixtures/failpoint.mjs')}`,
        CANDELA_FAILPOINT: step,
        CANDELA_FAILPOINT_ARMED: armed,
      });
      const peer = await DimsePeer.open({ port: receiver.port });
      const root = `1.2.50.${time}.${order}`;
      // One before and one or two after: kills do not always meet the first object of an association.
      for (let n = 1; n <= 1 + time; n++) {
        const { uid, dataset } = ctDataset(root, n, 64);
        if ((await peer.store(uid, dataset)) !== 0) throw new Error(`${step}: refused before it was armed`);
        due.set(uid, sha256(dataset));
      }
      // What the kill before left is taken in meanwhile: its commit is not the one to be killed at.
      await untilAllHaveRows(dataDir);
      writeFileSync(armed, '');
      const { uid, dataset } = ctDataset(root, 99, 64);
      const status = await peer.store(uid, dataset);
      sent.set(uid, sha256(dataset));
      if (status === 0 || order >= durableFrom) due.set(uid, sha256(dataset));
      await Promise.race([receiver.gone, peer.closed]);
      if (!(await wasKilled(receiver))) missed.push(step);
    }
  }
  rmSync(armed, { force: true });
  const kept = await checkKept(dataDir, new Map([...sent, ...due]));
  return { ...kept, missed, lost: kept.absent.filter((uid) => due.has(uid)) };
}

async function untilAllHaveRows(dataDir: string): Promise<void> {
  const db = new Database(join(dataDir, 'index.db'), { readonly: true });
  const rows = db.prepare('SELECT count(DISTINCT file_sha256) FROM instances').pluck();
  const objects = (): number =>
    readdirSync(join(dataDir, 'objects'), { recursive: true }).filter((name) => String(name).endsWith('.dcm'))
      .length;
  while (Number(rows.get()) < objects()) await delay(20);
  db.close();
}

async function wasKilled(receiver: Awaited<ReturnType<typeof startReceiver>>): Promise<boolean> {
  const within = new Promise<'late'>((resolve) => setTimeout(() => resolve('late'), 10_000).unref());
  const how = await Promise.race([receiver.gone, within]);
  if (how !== 'late') return receiver.process.signalCode === 'SIGKILL';
  await receiver.kill();
  return false;
}
