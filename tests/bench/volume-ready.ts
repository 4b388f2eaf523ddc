/** From a click to three complete planes: Candela's browser shell beside Cornerstone3D, plain and compressed files. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { printedAddress } from '../e2e/driver.ts';
import { frameEncoders } from '../fixtures/frame-encoders.ts';
import { importFolder, withHost } from './bench-host.ts';
import { compressedFolder, ctFolder } from './ct-series.ts';
import type { Figure } from './figure.ts';
import { fetchFrames, freshList, pixelsPath } from './open.ts';
import { describeCt } from './peers/ct.ts';
import { type PeerRounds, peerFigure } from './peers/ratio.ts';
import type { SeriesDescription } from './peers/series.ts';
import { type PeerServer, withPeerPage, withPeerServer } from './peers/serve.ts';
import { type PlainPage, withPlainPage } from './plain-chromium.ts';
import { family, watchPageMemory } from './processes.ts';
import { checkCanvas, type MprOpened, recordMprOpening, row } from './reading-page.ts';
import { pause, root, withScratch } from './scratch.ts';

interface Kind {
  readonly name: string;
  readonly times: number;
  readonly syntax: string;
  folder(slices: number): string | Promise<string>;
}

const rounds = 3;
const explicitLittle = '1.2.840.10008.1.2.1';
const allSlices = 400;
/** Of the study beside it in the list: too few for anything to be made ready. */
const fewSlices = 3;

const compressed = (name: keyof typeof frameEncoders, times: number): Kind => ({
  name: `volume-ready.${name}`,
  times,
  syntax: frameEncoders[name][3],
  folder: (slices) => compressedFolder(slices, name),
});

const kinds: readonly Kind[] = [
  { name: 'volume-ready', times: 10, syntax: explicitLittle, folder: ctFolder },
  compressed('htj2k', 8),
  compressed('jpegLs', 6),
  compressed('jpeg2000', 1.8),
];

export const run = (most = allSlices): Promise<Figure[]> =>
  withScratch(async (scratch) => {
    const figures: Figure[] = [];
    for (const kind of kinds)
      figures.push(...(await measure(join(scratch, kind.name), kind, Math.min(allSlices, most))));
    return figures;
  });

/** Both start a Chromium of their own for each round, with the profile of the round before: code is cached. */
async function measure(scratch: string, kind: Kind, slices: number): Promise<Figure[]> {
  const folder = await kind.folder(slices);
  const data = join(scratch, 'data');
  for (const [from, files] of [
    [ctFolder(fewSlices), fewSlices],
    [folder, slices],
  ] as const)
    await withHost(data, (host) => importFolder(host, from, files));
  return withPeerServer(scratch, 'cornerstone', { files: folder }, (server) => {
    const series = describeCt(server, folder, kind.syntax);
    return compare(
      kind,
      slices,
      (way) => withProduct(scratch, (product) => openProduct(product, slices, way)),
      (way) => openPeer(join(scratch, 'peer'), server, series, way),
    );
  });
}

interface Round extends MprOpened {
  /** The same of a study that nobody selected or pointed at; the product only, where it is timed. */
  readonly unselectedMs: number;
  readonly peakBytes: number;
  /** Moving the frames to the page and dropping them; the product only. */
  readonly bytesMs: number;
}

/** How often one is opened: once to warm up, once with its memory watched, which costs time, then timed. */
type Way = 'warm' | 'watched' | 'timed';
type Open = (way: Way) => Promise<Round>;

async function compare(kind: Kind, slices: number, product: Open, peer: Open): Promise<Figure[]> {
  const { name, times } = kind;
  await product('warm');
  await peer('warm');
  // Voxels take what they take, however they are compressed: memory is watched once.
  const isMain = kind === kinds[0];
  const peaks = isMain
    ? { ours: [megabytes(await product('watched'))], theirs: [megabytes(await peer('watched'))] }
    : null;
  const complete: PeerRounds = { ours: [], theirs: [] };
  const unselected: PeerRounds = { ours: [], theirs: complete.theirs };
  const first: PeerRounds = { ours: [], theirs: [] };
  const bytes: number[] = [];
  for (let round = 1; round <= rounds; round++) {
    const ours = await product('timed');
    const theirs = await peer('timed');
    complete.ours.push(ours.completeMs);
    complete.theirs.push(theirs.completeMs);
    unselected.ours.push(ours.unselectedMs);
    first.ours.push(ours.firstMs);
    first.theirs.push(theirs.firstMs);
    bytes.push(ours.bytesMs);
  }
  const of = `Cornerstone3D, ${slices} slices`;
  const moved = { ours: bytes, theirs: complete.ours };
  return [
    peerFigure(name, 'ms', of, complete, times),
    peerFigure(`${name}.unselected`, 'ms', of, unselected, times),
    peerFigure(`${name}.first`, 'ms', `${of}, first picture`, first, isMain ? 12 : null),
    ...(peaks ? [peerFigure(`${name}.peakMemory`, 'MB', `${of}, all processes`, peaks, 2.5)] : []),
    peerFigure(`${name}.bytes (moving them alone)`, 'ms', 'click to complete MPR', moved, null),
  ];
}

const megabytes = (round: Round): number => round.peakBytes / 1e6;

interface Product {
  readonly page: PlainPage;
  processes(): number[];
}

/**
 * The address that a shell prints lets one browser in, so both start anew. The port is the one of the start before, as for
 * a person: at another one the browser would keep nothing. The peer's stays the same, too.
 */
async function withProduct<T>(scratch: string, work: (product: Product) => Promise<T>): Promise<T> {
  const options = ['--data', join(scratch, 'data'), '--no-open'];
  const server = spawn(process.execPath, [join(root, 'out/main/server.js'), ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  try {
    const address = await printedAddress(server);
    return await withPlainPage(join(scratch, 'own'), { width: 1920, height: 1080 }, async (page) => {
      await page.goto(address);
      return work({ page, processes: () => [...family(server.pid ?? 0), ...family(page.pid)] });
    });
  } finally {
    server.kill('SIGTERM');
    await ended;
  }
}

/** How a study was read is kept: left as planes it opens as planes. The first time they are asked for by key. */
async function openProduct({ page, processes }: Product, slices: number, way: Way): Promise<Round> {
  await page.waitFor(row);
  await pause(1000);
  const memory = way === 'watched' ? watchPageMemory(100, processes) : null;
  const recorded = page.evaluate(recordMprOpening);
  await page.doubleClick(row);
  if (way === 'warm') {
    await page.waitFor('.surface[data-cell="0"] canvas[data-painted]');
    await page.press('m', 'KeyM');
  }
  const opened = await recorded;
  const peakBytes = memory?.stop() ?? 0;
  await page.evaluate(checkCanvas);
  const bytesMs = await moveBytes(page, slices);
  // The next browser opens where this one was, which must be written before it ends: the list.
  await freshList(page);
  const unselectedMs = way === 'timed' ? await openUnselected(page) : 0;
  return { ...opened, unselectedMs, peakBytes, bytesMs };
}

/** From a list in which another study is selected. */
async function openUnselected(page: PlainPage): Promise<number> {
  for (let tries = 1; ; tries += 1) {
    await page.waitFor(row);
    for (let n = 0; n < 2; n += 1) await page.press('ArrowDown', 'ArrowDown');
    await pause(1000);
    if (!(await page.evaluate(isReady))) break;
    // The list stood long enough before the keys came.
    if (tries === 3) throw new Error('it was made ready');
    await freshList(page);
  }
  const recorded = page.evaluate(recordMprOpening);
  await page.doubleClick(row);
  const { completeMs } = await recorded;
  await page.press('1', 'Digit1', true);
  await pause(1000);
  return completeMs;
}

const isReady = (): boolean => performance.getEntriesByName('candela:volume-ready').length > 0;

async function moveBytes(page: PlainPage, slices: number): Promise<number> {
  const path = await page.evaluate(pixelsPath);
  return page.evaluate(fetchFrames, `${path}?frames=0-${slices - 1}`);
}

function openPeer(profile: string, server: PeerServer, series: SeriesDescription, way: Way): Promise<Round> {
  return withPeerPage(profile, server, async (page) => {
    await pause(1000);
    const memory = way === 'watched' ? watchPageMemory(100, () => family(page.pid)) : null;
    const opened = await page.evaluate((wanted: SeriesDescription) => {
      if (!window.peer.openVolume) throw new Error('no loader');
      return window.peer.openVolume(wanted);
    }, series);
    const peakBytes = memory?.stop() ?? 0;
    if (opened.levels.some((level) => level < 60)) throw new Error(`black: ${opened.levels.join(' ')}`);
    return { ...opened, peakBytes, unselectedMs: 0, bytesMs: 0 };
  });
}
