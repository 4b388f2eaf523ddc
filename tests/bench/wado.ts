/** A frame of the local store over DICOMweb, by its UIDs, on one kept connection; beside reading the same file whole. */
import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import type { Host } from '../../core/contract/host.ts';
import type { JsonDataset } from '../../core/dicomweb/json-write.ts';
import { freePort } from '../fixtures/orthanc.ts';
import { importFolder, need, withHost } from './bench-host.ts';
import { ctFolder, matrix } from './ct-series.ts';
import { type Figure, figure, median, timed } from './figure.ts';
import { withScratch } from './scratch.ts';

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

interface Reader {
  readonly agent: Agent;
  get(url: string, accept: string): Promise<Buffer>;
  readonly root: string;
}

async function openReader(host: Host): Promise<Reader> {
  const { network } = need(await host.call('settings.get', {}));
  const web = { enabled: true, port: await freePort() };
  need(await host.call('settings.set', { changes: { network: { ...network, web } } }));
  const { url: root } = need(await host.call('web.status', {}));
  const { token } = need(await host.call('web.newToken', {}));
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const get = (url: string, accept: string): Promise<Buffer> =>
    new Promise((resolve, reject) => {
      const headers = { authorization: `Bearer ${token}`, accept };
      const sent = request(url, { agent, headers }, (answer) => {
        const parts: Buffer[] = [];
        answer.on('data', (part: Buffer) => parts.push(part));
        answer.on('end', () => resolve(Buffer.concat(parts)));
        if (answer.statusCode !== 200) reject(new Error(`${url}: ${answer.statusCode}`));
      });
      sent.on('error', reject).end();
    });
  return { agent, get, root };
}

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
