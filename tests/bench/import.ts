/** Importing a folder beside copying it; scanning headers beside dicom-parser. */
import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync, readdirSync, readFileSync, readSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import dicomParser from 'dicom-parser';
import { parseOperations } from '../../main/host/parse/operations.ts';
import { importFolder, listed, withHost } from './bench-host.ts';
import { ctFolder } from './ct-series.ts';
import { type Figure, figure, interleaved, timed } from './figure.ts';
import { pause, withScratch } from './scratch.ts';

const slices = 400;
const rounds = 5;
/** A host that has just been made still starts its workers and rehearses; a person's was started long before. */
const startedMs = 4000;

export async function run(): Promise<Figure[]> {
  const folder = ctFolder(slices);
  return [await importing(folder), await scanning(folder)];
}

/** From the call to the answer of the list, in a running host on an empty data folder. */
async function importing(folder: string): Promise<Figure> {
  const files = readdirSync(folder).map((name) => join(folder, name));
  for (const file of files) readFileSync(file);
  return withScratch(async (scratch) => {
    const ours = async (): Promise<number> => {
      const data = join(scratch, 'data');
      execFileSync('sync');
      const ms = await withHost(data, async (host) => {
        // The list that stands on the screen when somebody imports.
        await listed(host, '');
        await pause(startedMs);
        return timed(async () => {
          await importFolder(host, folder, slices);
          const { total } = await listed(host, '');
          if (total !== 1) throw new Error('not listed');
        });
      });
      rmSync(data, { recursive: true });
      return ms;
    };
    const theirs = async (): Promise<number> => {
      const copy = join(scratch, 'copy');
      execFileSync('sync');
      const ms = await timed(() => {
        execFileSync('cp', ['-r', folder, copy]);
        execFileSync('sync');
      });
      rmSync(copy, { recursive: true });
      return ms;
    };
    const found = await interleaved(rounds, ours, theirs);
    return figure('import', 'ms', found.ours, 'cp -r and sync of the folder', found.theirs, {
      ratioAtMost: 2,
    });
  });
}

const passes = 10;
/** The engine goes on compiling both for the first few. */
const scanRounds = 9;

/** CPU time, since nothing here waits. Both open, read and close each file; all files are in the page cache. */
async function scanning(folder: string): Promise<Figure> {
  const files = readdirSync(folder).map((name) => join(folder, name));
  const operations = parseOperations();
  const buffer = new Uint8Array(8192);
  const perSecond = (one: (file: string) => void): number => {
    const before = process.cpuUsage();
    for (let pass = 0; pass < passes; pass++) for (const file of files) one(file);
    const { user, system } = process.cpuUsage(before);
    return (files.length * passes) / ((user + system) / 1e6);
  };
  const ours = (file: string): void => {
    if (!operations.scan({ file, keepPartial: false }).ok) throw new Error(file);
  };
  const theirs = (file: string): void => {
    const descriptor = openSync(file, constants.O_RDONLY);
    const length = readSync(descriptor, buffer, 0, buffer.length, 0);
    closeSync(descriptor);
    const set = dicomParser.parseDicom(buffer.subarray(0, length), { untilTag: 'x7fe00010' });
    if (set.string('x0020000d') === undefined) throw new Error(file);
  };
  const found = await interleaved(
    scanRounds,
    async () => perSecond(ours),
    async () => perSecond(theirs),
  );
  return figure('import.scan', 'files/s', found.ours, 'dicom-parser on the first 8 KiB', found.theirs, {
    ratioAtLeast: 1.5,
  });
}
