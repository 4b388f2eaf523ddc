/** Dragging the crosshair through 512 × 512 × 300: three planes for each step, without a graphics card. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { moved } from '../../core/geometry/matrices.ts';
import type { PlaneName } from '../../core/geometry/orientation.ts';
import { patientVector, type VolumeGeometry } from '../../core/geometry/types.ts';
import type { CpuRenderer } from '../../core/render/coordinator.ts';
import { createHostRenderer } from '../../main/host/render/pool.ts';
import { allocateHostVolume, hostVolume } from '../../main/host/render/volume-memory.ts';
import { placePlane, sliceScene } from '../../renderer/pages/reading/mpr/mpr-picture.ts';
import { applyMpr, startMprView } from '../../renderer/pages/reading/mpr/mpr-view.ts';
import type { CanvasSize } from '../../renderer/viewport/use-canvas-size.ts';
import { ctFolder, matrix } from './ct-series.ts';
import { type Figure, figure, median, timed } from './figure.ts';
import { run as besidePeers } from './mpr-peers.ts';
import { checkCanvas, freshList, openStudy, withShell } from './reading-page.ts';

const slices = 300;
const steps = 30;
const rounds = 3;
const planes: readonly PlaneName[] = ['axial', 'coronal', 'sagittal'];

export const run = async (): Promise<Figure[]> => [...(await product()), ...(await besidePeers(slices))];

const product = (): Promise<Figure[]> =>
  withShell(slices, { width: 1920, height: 1080 }, async ({ page }) => {
    await freshList(page);
    await openStudy(page);
    await page.keyboard.press('m');
    for (const plane of planes) await page.locator(`[data-plane="${plane}"] canvas[data-painted]`).waitFor();
    await page.waitForTimeout(2000);
    const size = await surfaceSize(page);
    const renderer = await kernelRenderer();
    try {
      return await measure(page, renderer, size);
    } finally {
      renderer.dispose();
    }
  });

async function measure(page: Page, renderer: CpuRenderer, size: CanvasSize): Promise<Figure[]> {
  const ours: number[] = [];
  const theirs: number[] = [];
  const paces: number[] = [];
  let coarse = 0;
  for (let round = 0; round <= rounds; round++) {
    const dragged = await drag(page, size);
    const kernel = await kernelSteps(renderer, size);
    if (round === 0) continue;
    ours.push(...dragged.stepMs);
    theirs.push(...kernel);
    paces.push(dragged.paceMs);
    coarse += dragged.coarse;
  }
  await page.evaluate(checkCanvas);
  const what = `${size.width} × ${size.height}`;
  const isExact = coarse === 0 ? 'exact' : `${Math.round((100 * coarse) / (rounds * steps * 3))} % coarse`;
  const yardstick = `the kernel alone, three exact planes of ${what}`;
  return [
    figure(`mpr.step (three planes of ${what}, ${isExact})`, 'ms', median(ours), yardstick, median(theirs), {
      valueAtMost: 33,
    }),
    figure('mpr.pace while the pointer never rests', 'ms', median(paces), yardstick, median(theirs), {
      reported: true,
    }),
  ];
}

async function surfaceSize(page: Page): Promise<CanvasSize> {
  return page.locator('[data-plane="axial"] canvas').evaluate((canvas: HTMLCanvasElement) => {
    const { width, height } = canvas.getBoundingClientRect();
    return {
      cssWidth: width,
      cssHeight: height,
      width: canvas.width,
      height: canvas.height,
      ratio: devicePixelRatio,
    };
  });
}

interface Dragged {
  /** From the page's pointer event to the last of the three canvases. */
  readonly stepMs: readonly number[];
  /** Time for each complete set of planes when moves come as fast as the page takes them. */
  readonly paceMs: number;
  /** Pictures that were drawn with fewer pixels than the canvas has. */
  readonly coarse: number;
}

async function drag(page: Page, size: CanvasSize): Promise<Dragged> {
  const reach = Math.min(size.cssWidth, size.cssHeight) * 0.25;
  const cross = await crosshair(page);
  const at = (n: number): readonly [number, number] => {
    const turn = (2 * Math.PI * n) / steps;
    return [cross.x + reach * Math.sin(turn), cross.y + reach * Math.sin(2 * turn)];
  };
  await page.mouse.move(...at(0));
  await page.mouse.down();
  await page.evaluate(listen, planes);
  const stepMs: number[] = [];
  for (let n = 1; n <= steps; n++) {
    await page.mouse.move(...at(n));
    stepMs.push(await page.evaluate(() => (window as unknown as { benchStep: Promise<number> }).benchStep));
  }
  const coarse = await page.evaluate(() => (window as unknown as { benchCoarse: number }).benchCoarse);
  const paceMs = await pace(page, at);
  await page.mouse.up();
  return { stepMs, paceMs, coarse };
}

/** Where the crosshair is: between the inner ends of a line's two halves. Elsewhere a drag would window. */
const crosshair = (page: Page): Promise<{ readonly x: number; readonly y: number }> =>
  page.locator('[data-plane="axial"] svg.cross').evaluate((svg) => {
    const { left, top } = svg.getBoundingClientRect();
    const path = svg.querySelector('path')?.getAttribute('d') ?? '';
    const [a, b] = [...path.matchAll(/M(\S+) ([^L]+)L/g)];
    const middle = (n: number): number => (Number(a?.[n]) + Number(b?.[n])) / 2;
    return { x: left + middle(1), y: top + middle(2) };
  });

/** Runs in the page. From a pointer event until all three canvases have been painted again. */
function listen(names: readonly string[]): void {
  const bench = window as unknown as {
    benchStep: Promise<number>;
    benchCoarse: number;
    benchStop?: () => void;
  };
  bench.benchStop?.();
  bench.benchCoarse = 0;
  let resolve: (ms: number) => void = () => undefined;
  const arm = (): void => {
    bench.benchStep = new Promise((done) => {
      resolve = done;
    });
  };
  arm();
  let startMs = 0;
  let waiting = new Set<string>();
  const onMove = (): void => {
    if (waiting.size === 0) arm();
    startMs = performance.now();
    waiting = new Set(names);
  };
  const seen = new MutationObserver((records) => {
    for (const { target } of records) {
      const canvas = target as HTMLElement;
      waiting.delete(canvas.closest<HTMLElement>('[data-plane]')?.dataset['plane'] ?? '');
    }
    if (waiting.size === 0 && startMs > 0) {
      resolve(performance.now() - startMs);
      startMs = 0;
    }
  });
  seen.observe(document, { subtree: true, attributes: true, attributeFilter: ['data-painted'] });
  document.addEventListener('pointermove', onMove, { capture: true });
  const { drawImage } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.drawImage = function (
    this: CanvasRenderingContext2D,
    ...args: unknown[]
  ) {
    const [source] = args;
    if (source instanceof OffscreenCanvas && source.width < this.canvas.width) bench.benchCoarse++;
    return Reflect.apply(drawImage, this, args);
  } as typeof drawImage;
  bench.benchStop = () => {
    seen.disconnect();
    document.removeEventListener('pointermove', onMove, { capture: true });
    CanvasRenderingContext2D.prototype.drawImage = drawImage;
  };
}

/** Moves as fast as they are taken, and counts how often the slowest plane was drawn. */
async function pace(page: Page, at: (n: number) => readonly [number, number]): Promise<number> {
  const numbers = () =>
    page
      .locator(planes.map((name) => `[data-plane="${name}"] canvas`).join(', '))
      .evaluateAll((all) =>
        all.map((canvas) => Number((canvas as HTMLElement).dataset['painted']?.split('.')[1])),
      );
  const before = await numbers();
  const ms = await timed(async () => {
    for (let n = 0; n < steps; n++) await page.mouse.move(...at(n));
  });
  const after = await numbers();
  return ms / Math.max(1, Math.min(...after.map((number, n) => number - before[n]!)));
}

/** The same volume and threads in Node: kernels through their coordinator, nothing else. */
async function kernelRenderer(): Promise<CpuRenderer> {
  const request = { geometry: geometry(), scalarType: 'int16', workerCount: 2 } as const;
  const empty = allocateHostVolume(request);
  if (!empty) throw new Error('no memory for the volume');
  const folder = ctFolder(slices);
  const bytes = matrix * matrix * 2;
  for (const [k, name] of readdirSync(folder).sort().entries()) {
    const file = readFileSync(join(folder, name));
    const stored = new Uint16Array(file.buffer.slice(file.byteOffset + file.length - bytes).slice(0, bytes));
    empty.voxels.set(
      stored.map((value) => value - 1024),
      k * matrix * matrix,
    );
  }
  return createHostRenderer(hostVolume(empty, request));
}

const geometry = (): VolumeGeometry => ({
  size: [matrix, matrix, slices],
  patientFromIndex: [0.75, 0, 0, -191.6, 0, 0.75, 0, -191.6, 0, 0, 1.25, -127, 0, 0, 0, 1],
});

async function kernelSteps(renderer: CpuRenderer, size: CanvasSize): Promise<number[]> {
  const voi = { kind: 'window', function: 'LINEAR', centre: 50, width: 400, invert: false } as const;
  const start = startMprView(
    'bench',
    0,
    geometry(),
    { voi, isInverted: false, presetId: null } as never,
    'CT',
  );
  const times: number[] = [];
  for (let n = 1; n <= steps; n++) {
    const turn = (2 * Math.PI * n) / steps;
    const by = patientVector(60 * Math.sin(turn), 60 * Math.sin(2 * turn), 0);
    const view = applyMpr(start, { kind: 'move', centre: moved(start.state.centre, by, 1) });
    times.push(
      await timed(() =>
        Promise.all(
          planes.map((name) =>
            renderer.slice(sliceScene(view, name, placePlane(view, name, size), voi), {
              channel: name,
              values: false,
            }),
          ),
        ),
      ),
    );
  }
  return times;
}
