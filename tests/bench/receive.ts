/**
 * Receiving 1,000 CT slices of 512 KiB over loopback from DCMTK's dcmsend: durable and indexed before each success. The
 * yardsticks neither index nor sync; what the syncs alone take on this disk is measured beside them.
 */
import { spawn } from 'node:child_process';
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { DimsePeer } from '../fixtures/dimse-peer.ts';
import { freePort, orthancMissing, startOrthanc } from '../fixtures/orthanc.ts';
import { dcmtkMissing, run as runProgram, startStorescp } from '../fixtures/peers.ts';
import { percentile, storeAtOnce, storeLarge } from '../soak/load.ts';
import { canMeasure, startReceiver } from '../soak/receiver-child.ts';
import { ctFolder } from './ct-series.ts';
import { type Figure, figure, interleaved, median, notMeasured, timed } from './figure.ts';
import { pause, withScratch } from './scratch.ts';

const slices = 1000;
const rounds = 3;
/** A receiver is always on: what its first images cost is no matter here. */
const warmUp = 200;
const perSecond = (ms: number): number => (slices / ms) * 1000;

export async function run(): Promise<Figure[]> {
  if (dcmtkMissing) return [notMeasured('receive', dcmtkMissing)];
  const folder = ctFolder(slices);
  const files = readdirSync(folder).map((name) => join(folder, name));
  for (const file of files) readFileSync(file);
  return withScratch(async (scratch) => {
    let made = 0;
    const fresh = (): string => join(scratch, `data-${made++}`);
    const ours = (): Promise<number> => oursOnce(fresh(), [files]);
    const storescp = await interleaved(rounds, ours, () => storescpOnce(files));
    const figures = [
      figure('receive', 'slices/s', perSecond(storescp.ours), 'storescp', perSecond(storescp.theirs), {
        ratioAtLeast: 1,
      }),
      figure(
        'receive.floor',
        'ms/slice',
        storescp.ours / slices,
        'its syncs alone',
        floorMs(fresh(), files),
        {
          reported: true,
        },
      ),
    ];
    if (orthancMissing) figures.push(notMeasured('receive.orthanc', orthancMissing));
    else {
      const found = await interleaved(rounds, ours, () => orthancOnce(files));
      figures.push(
        figure('receive.orthanc', 'slices/s', perSecond(found.ours), 'Orthanc', perSecond(found.theirs), {
          ratioAtLeast: 4.5,
        }),
      );
    }
    const dcmjs = await interleaved(rounds, ours, () => dcmjsOnce(fresh(), files));
    figures.push(
      figure('receive.dcmjs', 'slices/s', perSecond(dcmjs.ours), 'dcmjs-dimse', perSecond(dcmjs.theirs), {
        ratioAtLeast: 6.5,
      }),
    );
    const quarters = Array.from({ length: 4 }, (_, n) => files.filter((_file, k) => k % 4 === n));
    const four = await interleaved(rounds, () => oursOnce(fresh(), quarters), ours);
    figures.push(
      figure('receive.four', 'slices/s', perSecond(four.ours), 'one association', perSecond(four.theirs), {
        ratioAtLeast: 1.3,
      }),
    );
    return [...figures, ...(await besideLoad(fresh(), quarters)), ...(await memory(fresh()))];
  });
}

/** From dcmsend's start to its end; the receiver was started before. One dcmsend for each group of files. */
async function oursOnce(dataDir: string, groups: readonly (readonly string[])[]): Promise<number> {
  const receiver = await startReceiver(dataDir);
  await storeAtOnce(receiver.port, dataDir, 1, warmUp);
  const ms = await timed(() => Promise.all(groups.map((files) => send(receiver.port, 'CANDELA', files))));
  await receiver.end();
  return ms;
}

async function send(port: number, aeTitle: string, files: readonly string[]): Promise<void> {
  const { code, output } = await runProgram('dcmsend', [
    '-aec',
    aeTitle,
    '127.0.0.1',
    String(port),
    ...files,
  ]);
  if (code !== 0) throw new Error(`dcmsend: ${output.slice(-500)}`);
}

async function storescpOnce(files: readonly string[]): Promise<number> {
  const station = await startStorescp();
  const ms = await timed(() => send(station.port, station.aeTitle, files));
  await station.stop();
  return ms;
}

async function orthancOnce(files: readonly string[]): Promise<number> {
  const orthanc = await startOrthanc();
  const ms = await timed(() => send(orthanc.dimsePort, orthanc.aeTitle, files));
  await orthanc.stop();
  return ms;
}

async function dcmjsOnce(folder: string, files: readonly string[]): Promise<number> {
  mkdirSync(folder);
  const port = await freePort();
  const script = join(import.meta.dirname, 'peers/dcmjs-receiver.ts');
  const child = spawn(process.execPath, [script, String(port), folder], { stdio: 'ignore' });
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  while ((await runProgram('echoscu', ['127.0.0.1', String(port)])).code !== 0) await pause(50);
  const ms = await timed(() => send(port, 'DCMJS', files));
  child.kill('SIGKILL');
  await gone;
  return ms;
}

/** What a slice costs when nothing is done but what must be durable: file, name, row; one after another. */
function floorMs(folder: string, files: readonly string[]): number {
  const objects = Array.from({ length: 256 }, (_, n) => join(folder, String(n)));
  for (const path of objects) mkdirSync(path, { recursive: true });
  const db = new Database(join(folder, 'index.db'));
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.exec('CREATE TABLE rows (id INTEGER PRIMARY KEY, scan BLOB)');
  const insert = db.prepare('INSERT INTO rows (scan) VALUES (?)');
  const bytes = readFileSync(files[0]!);
  const times: number[] = [];
  for (let n = 0; n < 300; n++) {
    const part = join(folder, `${n}.part`);
    const startMs = performance.now();
    const fd = openSync(part, 'wx');
    writeSync(fd, bytes);
    fsyncSync(fd);
    closeSync(fd);
    const parent = objects[(n * 37) % 256]!;
    renameSync(part, join(parent, `${n}.dcm`));
    const directory = openSync(parent, 'r');
    fsyncSync(directory);
    closeSync(directory);
    insert.run(bytes.subarray(0, 2048));
    times.push(performance.now() - startMs);
  }
  db.close();
  return median(times);
}

/** While four associations send: how long another peer waits for the answer to its C-ECHO. */
async function besideLoad(dataDir: string, groups: readonly (readonly string[])[]): Promise<Figure[]> {
  const receiver = await startReceiver(dataDir);
  const peer = await DimsePeer.open({ port: receiver.port, from: '127.0.0.2' });
  const answersMs: number[] = [];
  let isOver = false;
  const sending = Promise.all(groups.map((files) => send(receiver.port, 'CANDELA', files))).then(() => {
    isOver = true;
  });
  while (!isOver) {
    answersMs.push(await timed(() => peer.echo()));
    await pause(5);
  }
  await sending;
  await peer.release();
  await receiver.end();
  const p99Ms = percentile(answersMs, 0.99);
  return [figure('receive.echo', 'ms', p99Ms, 'median', percentile(answersMs, 0.5), { valueAtMost: 50 })];
}

const largeMiB = 4096;

async function memory(dataDir: string): Promise<Figure[]> {
  if (!canMeasure) return [notMeasured('receive.memory', 'needs /proc')];
  const receiver = await startReceiver(dataDir);
  // What the first object of a process takes is no matter of its size.
  await send(
    receiver.port,
    'CANDELA',
    readdirSync(ctFolder(slices))
      .slice(0, 20)
      .map((name) => join(ctFolder(slices), name)),
  );
  const found = await storeLarge(receiver, largeMiB * 1024 * 1024);
  await receiver.end();
  if (found.status !== 0) throw new Error(`a large object was answered ${found.status}`);
  return [
    figure('receive.memory', 'MiB', found.growthMiB, `of an object of ${largeMiB} MiB`, largeMiB, {
      valueAtMost: 64,
    }),
  ];
}
