/** A frame of the local store over DICOMweb, by its UIDs, on one kept connection; beside reading the same file whole. */
import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { JsonDataset } from '../../core/dicomweb/json-write.ts';
import { importFolder, withHost } from './bench-host.ts';
import { ctFolder, matrix } from './ct-series.ts';
import { type Figure, figure, median, timed } from './figure.ts';
import { withScratch } from './scratch.ts';
import { openReader, type Reader } from './web-reader.ts';

const slices = 400;
/** Frames asked for, one after the other, none twice; the first of them are dropped. */
const asked = 200;
const dropped = 20;

export const run = (): Promise<Figure[]> =>
  withScratch((scratch) =>
    withHost(join(scratch, 'data'), async (host) => {
      const folder = ctFolder(slices);
      await importFolder(host, folder, slices);
      const reader = await openReader(host);
      try {
        return await measure(reader, folder);
      } finally {
        reader.agent.destroy();
      }
    }),
  );

async function measure({ get, root }: Reader, folder: string): Promise<Figure[]> {
  const rows = JSON.parse(String(await get(`${root}/instances`, 'application/dicom+json'))) as JsonDataset[];
  const urls = rows.map((row) => String(row['00081190']?.Value?.[0]));
  const frameMs: number[] = [];
  for (const url of urls.slice(0, asked)) {
    let bytes = 0;
    const tookMs = await timed(async () => {
      bytes = (await get(`${url}/frames/1`, 'application/octet-stream')).length;
    });
    if (bytes !== matrix * matrix * 2) throw new Error(`${bytes} bytes`);
    frameMs.push(tookMs);
  }
  const fileMs: number[] = [];
  for (const name of readdirSync(folder).slice(0, asked))
    fileMs.push(await timed(() => readFile(join(folder, name))));
  const own = frameMs.slice(dropped).sort((a, b) => a - b);
  const slow = own[Math.floor(own.length * 0.95)]!;
  const file = median(fileMs.slice(dropped));
  return [
    figure('wado.frame', 'ms', median(own), 'reading the file', file, { valueAtMost: 10 }),
    figure('wado.frame95', 'ms', slow, 'reading the file', file, { reported: true }),
  ];
}
