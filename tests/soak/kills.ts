/** F13: the receiver is killed while four peers send; nothing that was acknowledged may be missing afterwards. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { DimsePeer } from '../fixtures/dimse-peer.ts';
import { ask, listAll, openHost } from '../fixtures/host.ts';
import { ctDataset } from './ct-datasets.ts';
import { partsIn, startReceiver } from './receiver-child.ts';

export interface KillFigures {
  readonly kills: number;
  readonly acknowledged: number;
  /** Acknowledged, and its row, its object or its hash is not as it was sent. */
  readonly lost: readonly string[];
  /** Part files after the last start. */
  readonly parts: readonly string[];
  readonly rows: number;
}

const peersAtOnce = 4;
const rows = 128;
/** A kill falls after up to so many answers of its round, and a moment. */
const mostAnswers = 16;
const spreadMs = 20;

export async function killsWhileStoring(dataDir: string, kills: number, seed: number): Promise<KillFigures> {
  const acknowledged = new Map<string, string>();
  let random = seed;
  const next = (): number => {
    random = (Math.imul(random, 1664525) + 1013904223) >>> 0;
    return random / 2 ** 32;
  };
  for (let kill = 0; kill < kills; kill++) {
    const receiver = await startReceiver(dataDir);
    const before = acknowledged.size;
    const due = before + Math.floor(next() * mostAnswers);
    const { promise: isDue, resolve: becomeDue } = Promise.withResolvers<void>();
    const onAnswer = (): void => {
      if (acknowledged.size >= due) becomeDue();
    };
    onAnswer();
    const sending = Array.from({ length: peersAtOnce }, (_, n) =>
      sendUntilCut(receiver.port, `1.2.30.${kill}.${n}`, acknowledged, onAnswer),
    );
    await isDue;
    await delay(next() * spreadMs);
    await receiver.kill();
    await Promise.all(sending);
  }
  return check(dataDir, kills, acknowledged);
}

async function sendUntilCut(
  port: number,
  root: string,
  acknowledged: Map<string, string>,
  onAnswer: () => void,
): Promise<void> {
  const peer = new DimsePeer({ port });
  if ((await peer.answer).kind !== 'accepted') return;
  for (let n = 1; ; n++) {
    const { uid, dataset } = ctDataset(root, n, rows);
    const status = await peer.store(uid, dataset);
    if (status !== 0) return;
    acknowledged.set(uid, sha256(dataset));
    onAnswer();
  }
}

async function check(
  dataDir: string,
  kills: number,
  acknowledged: ReadonlyMap<string, string>,
): Promise<KillFigures> {
  const { absent, parts, rows } = await checkKept(dataDir, acknowledged);
  return { kills, acknowledged: acknowledged.size, lost: absent, parts, rows };
}

export interface Kept {
  /** Objects whose row, file or hash is not as they were sent. */
  readonly absent: readonly string[];
  /** Files whose bytes are not those of their name. */
  readonly damaged: readonly string[];
  /** Files that no row knows. */
  readonly unknown: readonly string[];
  /** Part files after the last start. */
  readonly parts: readonly string[];
  readonly rows: number;
}

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Opens a store as after any crash and compares it with what was sent, by SOP Instance UID and data set. */
export async function checkKept(dataDir: string, sent: ReadonlyMap<string, string>): Promise<Kept> {
  // What lies on the disk without a row is taken in.
  const host = await openHost(dataDir);
  await listAll(host);
  await ask(host, 'app.info', {});
  await host.close();
  const db = new Database(join(dataDir, 'index.db'), { readonly: true });
  const isSound = db.pragma('quick_check(1)', { simple: true });
  if (isSound !== 'ok') throw new Error(`quick_check: ${String(isSound)}`);
  const rows = db
    .prepare('SELECT sop_uid AS uid, file_sha256 AS file, dataset_sha256 AS dataset FROM instances')
    .all() as { uid: string; file: string; dataset: string }[];
  db.close();
  const objects = new Map(
    filesBelow(join(dataDir, 'objects')).map((path) => [basename(path), sha256(readFileSync(path))]),
  );
  const known = new Map(rows.map((row) => [row.uid, row]));
  const names = new Set(rows.map(({ file }) => `${file}.dcm`));
  return {
    absent: [...sent].flatMap(([uid, dataset]) => {
      const row = known.get(uid);
      const isThere = row?.dataset === dataset && objects.get(`${row.file}.dcm`) === row.file;
      return isThere ? [] : [uid];
    }),
    damaged: [...objects].flatMap(([name, hash]) => (name === `${hash}.dcm` ? [] : [name])),
    unknown: [...objects.keys()].filter((name) => !names.has(name)),
    parts: partsIn(dataDir),
    rows: known.size,
  };
}

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
