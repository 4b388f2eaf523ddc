/** Scrolling a loaded stack of 512 × 512 images, one image for each display frame. */
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { ctFolder } from './ct-series.ts';
import { type Figure, figure, median } from './figure.ts';
import { describeCt } from './peers/ct.ts';
import { type PeerRounds, peerFigure } from './peers/ratio.ts';
import type { SeriesDescription } from './peers/series.ts';
import { withPeerPage, withPeerServer } from './peers/serve.ts';
import { cpuMsOf, family, pageProcesses } from './processes.ts';
import { checkCanvas, freshList, openStudy, withShell } from './reading-page.ts';
import { withScratch } from './scratch.ts';

const slices = 300;
const images = 120;
const rounds = 3;
/** Headless Chromium draws 60 frames a second. */
const displayMs = 1000 / 60;
const surface = '.surface[data-cell="0"]';

export const run = (): Promise<Figure[]> =>
  withShell(slices, { width: 1920, height: 1080 }, async ({ page, context }) => {
    await freshList(page);
    await openStudy(page);
    const plain = await context.newPage();
    const full = await measure(page, plain);
    await page.evaluate(checkCanvas);
    await fitSurface(page, 512);
    const small = await measure(page, plain);
    await page.evaluate(checkCanvas);
    const yardstick = 'putImageData of 512 × 512 in an empty page';
    const box = `${full.size.width} × ${full.size.height}`;
    return [
      ...(await besidePeer(page)),
      figure('scroll.hit', '%', small.ours.hit, yardstick, small.theirs.hit, { valueAtLeast: 99 }),
      figure('scroll.cpu', 'ms/image', small.ours.cpuMs, yardstick, small.theirs.cpuMs, { reported: true }),
      figure(`scroll.hit in ${box}`, '%', full.ours.hit, yardstick, full.theirs.hit, { reported: true }),
      figure(`scroll.cpu in ${box}`, 'ms/image', full.ours.cpuMs, yardstick, full.theirs.cpuMs, {
        reported: true,
      }),
    ];
  });

interface Pace {
  /** Percent of the display frames of the time taken that brought a new image. */
  readonly hit: number;
  readonly cpuMs: number;
}

const middle = (paces: readonly Pace[]): Pace => ({
  hit: median(paces.map(({ hit }) => hit)),
  cpuMs: median(paces.map(({ cpuMs }) => cpuMs)),
});

/** A stack of the same images in Cornerstone3D, all in its cache; CPU time of the whole browser, as WebGL draws elsewhere. */
function besidePeer(page: Page): Promise<Figure[]> {
  return withScratch((scratch) =>
    withPeerServer(scratch, 'cornerstone', { files: ctFolder(slices) }, (server) =>
      withPeerPage(join(scratch, 'profile'), server, async (peer) => {
        await peer.evaluate(
          (wanted: SeriesDescription) => window.peer.loadStack?.(wanted, 512),
          describeCt(server, ctFolder(slices)),
        );
        await page.bringToFront();
        const ofPeer = family(peer.pid);
        const own = family(process.pid).filter((pid) => pid !== process.pid && !ofPeer.includes(pid));
        const cpuMs: PeerRounds = { ours: [], theirs: [] };
        for (let round = 0; round <= rounds; round++) {
          const ours = await paceOf(() => page.evaluate(scrollThrough, { selector: surface, images }), own);
          const theirs = await paceOf(() => peer.evaluate(scrollPeer, images), ofPeer);
          if (round === 0) continue;
          cpuMs.ours.push(ours.cpuMs);
          cpuMs.theirs.push(theirs.cpuMs);
        }
        const yardstick = 'Cornerstone3D stack viewport of 512 × 512, cached';
        return [peerFigure('scroll.cpu of all processes', 'ms/image', yardstick, cpuMs, 5)];
      }),
    ),
  );
}

/** Runs in the page. @throws when the peer shows nothing */
async function scrollPeer(count: number): Promise<Run> {
  const run = await window.peer.scroll?.(count);
  if (!run || run.shown === 0 || run.level === 0) throw new Error(`no images: ${JSON.stringify(run)}`);
  return run;
}

async function measure(page: Page, plain: Page) {
  const ours: Pace[] = [];
  const theirs: Pace[] = [];
  for (let round = 0; round <= rounds; round++) {
    await page.bringToFront();
    const own = await paceOf(() => page.evaluate(scrollThrough, { selector: surface, images }));
    await plain.bringToFront();
    const other = await paceOf(() => plain.evaluate(paintPlain, images));
    if (round === 0) continue;
    ours.push(own);
    theirs.push(other);
  }
  const size = await page
    .locator(`${surface} canvas`)
    .evaluate(({ width, height }: HTMLCanvasElement) => ({ width, height }));
  return { ours: middle(ours), theirs: middle(theirs), size };
}

interface Run {
  readonly shown: number;
  readonly elapsedMs: number;
}

async function paceOf(work: () => Promise<Run>, pids = pageProcesses()): Promise<Pace> {
  const before = cpuMsOf(pids);
  const { shown, elapsedMs } = await work();
  const cpuMs = (cpuMsOf(pids) - before) / shown;
  return { hit: Math.min(100, (100 * shown) / (elapsedMs / displayMs)), cpuMs };
}

/** Runs in the page: turns the wheel once in each display frame and counts the frames whose image is another. */
async function scrollThrough({
  selector,
  images: count,
}: {
  selector: string;
  images: number;
}): Promise<Run> {
  const box = document.querySelector(selector);
  const canvas = box?.querySelector('canvas');
  if (!box || !canvas) throw new Error('no stack');
  const { left, top, width, height } = box.getBoundingClientRect();
  const wheel = (deltaY: number): void => {
    const at = { clientX: left + width / 2, clientY: top + height / 2 };
    box.dispatchEvent(new WheelEvent('wheel', { deltaY, ...at, bubbles: true, cancelable: true }));
  };
  const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
  let deltaY = 100;
  let last = canvas.dataset['painted'];
  let shown = 0;
  const startMs = await frame();
  let nowMs = startMs;
  for (let n = 0; n < count; n++) {
    wheel(deltaY);
    nowMs = await frame();
    const painted = canvas.dataset['painted'];
    // An end of the stack shows the same image again: turn round.
    if (painted === last) deltaY = -deltaY;
    else shown++;
    last = painted;
  }
  return { shown, elapsedMs: nowMs - startMs };
}

/** Runs in an empty page: the same number of pictures by the shortest road there is. */
async function paintPlain(count: number): Promise<Run> {
  let canvas = document.querySelector('canvas');
  if (!canvas) {
    canvas = document.createElement('canvas');
    canvas.width = 512;
    canvas.height = 512;
    document.body.append(canvas);
  }
  const context = canvas.getContext('2d', { alpha: false });
  const picture = new ImageData(512, 512);
  const pixels = new Uint32Array(picture.data.buffer);
  const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
  const startMs = await frame();
  let nowMs = startMs;
  for (let n = 0; n < count; n++) {
    pixels.fill(0xff000000 | (n * 0x010101));
    context?.putImageData(picture, 0, 0);
    nowMs = await frame();
  }
  return { shown: count, elapsedMs: nowMs - startMs };
}

/** Resizes the window until the viewport is `side` × `side`. */
async function fitSurface(page: Page, side: number): Promise<void> {
  for (let n = 0; n < 4; n++) {
    const box = await page.locator(surface).boundingBox();
    const window = page.viewportSize();
    if (!box || !window) throw new Error('no stack');
    if (box.width === side && box.height === side) return;
    await page.setViewportSize({
      width: Math.round(window.width + side - box.width),
      height: Math.round(window.height + side - box.height),
    });
    await page.waitForTimeout(300);
  }
}
