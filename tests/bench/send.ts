/** Sending 1,000 CT slices of 512 KiB by C-STORE to storescp over loopback, beside DCMTK's dcmsend. */
import { join } from 'node:path';
import type { Host } from '../../core/contract/host.ts';
import { jobEnd } from '../fixtures/host.ts';
import { dcmtkMissing, run as runProgram, type Station, startStorescp } from '../fixtures/peers.ts';
import { importFolder, listed, need, withHost } from './bench-host.ts';
import { ctFolder } from './ct-series.ts';
import { type Figure, figure, interleaved, notMeasured, timed } from './figure.ts';
import { withScratch } from './scratch.ts';

const images = 1000;
const rounds = 5;

/** Slices a second: more is better. */
const rate = (ms: number): number => (images / ms) * 1000;

export const run = (): Promise<Figure[]> => {
  if (dcmtkMissing) return Promise.resolve([notMeasured('send.ct', dcmtkMissing)]);
  return withScratch(async (scratch) => {
    const folder = ctFolder(images);
    return withHost(join(scratch, 'data'), async (host) => {
      await importFolder(host, folder, images);
      const studyKey = (await listed(host, '')).rows[0]!.studyKey;
      const station = await startStorescp(['--ignore']);
      try {
        const ours = () => sendOnce(host, station, studyKey);
        const theirs = () => dcmsendOnce(station, folder);
        const times = await interleaved(rounds, ours, theirs);
        const goal = { ratioAtLeast: 0.8 };
        return [figure('send.ct', 'slices/s', rate(times.ours), 'dcmsend', rate(times.theirs), goal)];
      } finally {
        await station.stop();
      }
    });
  });
};

/** From the call to the job's end: negotiation, 1,000 objects, each with its outcome kept. */
async function sendOnce(host: Host, { aeTitle, port }: Station, studyKey: string): Promise<number> {
  const nodeId = `${aeTitle}@127.0.0.1:${port}`;
  return timed(async () => {
    const { jobId } = need(await host.call('remote.send', { nodeId, studyKeys: [studyKey] }));
    const job = await jobEnd(host, jobId);
    if (job.state !== 'done' || job.done !== images) throw new Error(`send: ${job.state} ${job.done}`);
  });
}

/** Reads the same folder, as dcmsend does, in its one process. */
async function dcmsendOnce({ aeTitle, port }: Station, slices: string): Promise<number> {
  const words = ['-aec', aeTitle, '+sd', '--no-halt', '127.0.0.1', String(port), slices];
  const ms = await timed(async () => {
    const { code, output } = await runProgram('dcmsend', words);
    if (code !== 0) throw new Error(`dcmsend: ${output.slice(-500)}`);
  });
  return ms;
}
