/** Opening a series of 400 slices in the browser shell: first picture, whole volume, memory; and the memory of 1,000. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { printedAddress } from '../e2e/driver.ts';
import { importFolder, withHost } from './bench-host.ts';
import { ctFolder, matrix } from './ct-series.ts';
import { type Figure, figure, median } from './figure.ts';
import { type PlainPage, withPlainPage } from './plain-chromium.ts';
import { watchPageMemory } from './processes.ts';
import { checkCanvas, type Opened, recordOpening, row } from './reading-page.ts';
import { pause, root, withScratch } from './scratch.ts';

const slices = 400;
/** Of the study beside it in the list. */
const fewSlices = 3;
const rounds = 5;
const manySlices = 1000;
const sliceBytes = matrix * matrix * 2;
const voxelBytes = sliceBytes * slices;
const mb = 1e6;

export const run = (): Promise<Figure[]> =>
  withScratch(async (scratch) => [
    ...(await withReader(join(scratch, 'few'), [fewSlices, slices], measure)),
    await withReader(join(scratch, 'many'), [manySlices], measureMany),
  ]);

/** A page beside a shell that holds studies of so many slices each. */
async function withReader<T>(
  folder: string,
  studies: readonly number[],
  work: (page: PlainPage) => Promise<T>,
): Promise<T> {
  const data = join(folder, 'data');
  for (const files of studies) await withHost(data, (host) => importFolder(host, ctFolder(files), files));
  const args = [join(root, 'out/main/server.js'), '--data', data, '--port', '0', '--no-open'];
  const server = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  try {
    const address = await printedAddress(server);
    return await withPlainPage(join(folder, 'profile'), { width: 1920, height: 1080 }, async (page) => {
      await page.goto(address);
      return work(page);
    });
  } finally {
    server.kill('SIGTERM');
    await ended;
  }
}

/** The memory of the page with many slices, as a stack and in MPR on the CPU road. */
async function measureMany(page: PlainPage): Promise<Figure> {
  const { peak } = await openOnce(page, []);
  const bytes = manySlices * sliceBytes;
  const goal = { valueAtMost: Math.round((1.5 * bytes + 400 * mb) / mb) };
  return figure(`open.peakMemory, ${manySlices} slices`, 'MB', peak / mb, 'the voxels', bytes / mb, goal);
}

async function measure(page: PlainPage): Promise<Figure[]> {
  const opened: Opened[] = [];
  const unselected: number[] = [];
  const oneFrameMs: number[] = [];
  const allFramesMs: number[] = [];
  let peakBytes = 0;
  for (let round = 0; round <= rounds; round++) {
    if (round > 0) await freshList(page);
    // Another study is selected, and its page drawn ahead.
    const other = await openOnce(page, ['ArrowDown', 'ArrowDown']);
    await freshList(page);
    const { times, peak } = await openOnce(page, []);
    peakBytes = Math.max(peakBytes, peak);
    const path = await page.evaluate(pixelsPath);
    const one = await page.evaluate(fetchFrames, `${path}?frames=${slices >> 1}`);
    const all = await page.evaluate(fetchFrames, `${path}?frames=0-${slices - 1}`);
    if (round === 0) continue;
    opened.push(times);
    unselected.push(other.times.firstFrameMs);
    oneFrameMs.push(one);
    allFramesMs.push(all);
  }
  const of = (name: keyof Opened): number => median(opened.map((times) => times[name]));
  const peakMost = Math.round((2.5 * voxelBytes + 400 * mb) / mb);
  return [
    figure('open.firstFrame', 'ms', of('firstFrameMs'), 'fetching one frame', median(oneFrameMs), {
      valueAtMost: 300,
    }),
    figure('open.firstFrame.unselected', 'ms', median(unselected), 'fetching one frame', median(oneFrameMs), {
      valueAtMost: 300,
    }),
    figure('open.volume', 'ms', of('volumeMs'), 'fetching all frames, nothing else', median(allFramesMs), {
      valueAtMost: 2000,
    }),
    figure('open.peakMemory', 'MB', peakBytes / mb, 'the voxels', voxelBytes / mb, { valueAtMost: peakMost }),
  ];
}

export async function freshList(page: PlainPage): Promise<void> {
  await page.press('1', 'Digit1', true);
  // The page remembers where it was; that must be written before it loads again.
  await pause(1000);
  await page.reload();
}

/** From a list with nothing open to three planes; the memory is that of the page's processes meanwhile. */
async function openOnce(
  page: PlainPage,
  before: readonly string[],
): Promise<{ times: Opened; peak: number }> {
  await page.waitFor(row);
  for (const key of before) await page.press(key, key);
  await pause(1000);
  const memory = watchPageMemory();
  const recorded = page.evaluate(recordOpening);
  await page.doubleClick(row);
  const times = await recorded;
  await page.press('m', 'KeyM');
  await page.waitFor('[data-plane="coronal"] canvas[data-painted]');
  await pause(500);
  const peak = memory.stop();
  await page.evaluate(checkCanvas);
  // How a study was read is kept: the next time it must open as a stack again.
  await page.press('m', 'KeyM');
  await page.waitFor('.surface[data-cell="0"] canvas[data-painted]');
  return { times, peak };
}

/** Runs in the page: where its frames came from, by the series whose thumbnail it shows. */
export async function pixelsPath(): Promise<string> {
  const thumb = performance.getEntriesByType('resource').findLast(({ name }) => name.includes('/thumb/'));
  const seriesKey = /\/thumb\/([^/?]+)/.exec(thumb?.name ?? '')?.[1];
  if (!seriesKey) throw new Error('no thumbnail was fetched');
  const nonce = sessionStorage.getItem('candela.nonce') ?? '';
  const answer = await fetch('/call/series.plan', {
    method: 'POST',
    headers: { 'x-candela-nonce': nonce },
    body: JSON.stringify({ seriesKey: decodeURIComponent(seriesKey) }),
  });
  const planId = /"planId":"([^"]+)"/.exec(await answer.text())?.[1];
  if (!planId) throw new Error('no plan');
  return `/pixels/${encodeURIComponent(planId)}`;
}

/** Runs in the page: a plain loop over the body, each chunk dropped. */
export async function fetchFrames(address: string): Promise<number> {
  const startMs = performance.now();
  const nonce = sessionStorage.getItem('candela.nonce') ?? '';
  const { body, status } = await fetch(address, { headers: { 'x-candela-nonce': nonce } });
  if (status !== 200 || !body) throw new Error(`pixels: ${status}`);
  const reader = body.getReader();
  while (!(await reader.read()).done);
  return performance.now() - startMs;
}
