/** A browser shell with one series in its store, and what a bench does to its page. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { type LaunchedApp, launch, skipReason } from '../e2e/driver.ts';
import { importFolder, withHost } from './bench-host.ts';
import { ctFolder } from './ct-series.ts';
import { withScratch } from './scratch.ts';

export const row = 'tbody tr.tr';

/** Imports `slices` slices into a fresh data folder, starts the shell on it, and ends all of it. */
export function withShell<T>(
  slices: number,
  viewport: { readonly width: number; readonly height: number },
  work: (app: LaunchedApp) => Promise<T>,
): Promise<T> {
  const reason = skipReason('browser');
  if (reason) throw new Error(reason);
  return withScratch(async (scratch) => {
    const dataFolder = join(scratch, 'data');
    mkdirSync(dataFolder);
    await withHost(dataFolder, (host) => importFolder(host, ctFolder(slices), slices));
    const app = await launch('browser', { dataFolder, viewport, locale: 'en-US' });
    try {
      return await work(app);
    } finally {
      await app.close();
    }
  });
}

/** The list with the one study, in a page without anything left from before. */
export async function freshList(page: Page): Promise<void> {
  await page.keyboard.press('Alt+1');
  // The page remembers where it was; that must be written before it loads again.
  await page.waitForTimeout(1000);
  await page.reload();
  await page.locator(row).first().waitFor();
  await page.waitForTimeout(1000);
}

/** Milliseconds after the opening click. */
export interface Opened {
  readonly firstFrameMs: number;
  readonly volumeMs: number;
}

/**
 * Runs in the page, before the study is double-clicked. The clock starts with the event's own time stamp; the first
 * frame counts when the display frame that holds it has been handed over; the volume when every slice is in its memory.
 */
export function recordOpening(): Promise<Opened> {
  return new Promise((resolve) => {
    let clickedMs = 0;
    let firstFrameMs = 0;
    let volumeMs = 0;
    const settle = (): void => {
      if (firstFrameMs > 0 && volumeMs > 0) resolve({ firstFrameMs, volumeMs });
    };
    const opened = (event: Event): void => {
      clickedMs = event.timeStamp;
    };
    document.addEventListener('dblclick', opened, { capture: true, once: true });
    const isSeen = (canvas: Element): boolean => canvas.checkVisibility({ visibilityProperty: true });
    requestAnimationFrame(function look() {
      const seen = clickedMs > 0 && [...document.querySelectorAll('canvas[data-painted]')].some(isSeen);
      if (!seen) {
        requestAnimationFrame(look);
        return;
      }
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        firstFrameMs = performance.now() - clickedMs;
        settle();
      };
      port2.postMessage(0);
    });
    const opening = setInterval(() => {
      const mark = performance.getEntriesByName('candela:volume-ready')[0];
      if (!mark || firstFrameMs === 0) return;
      clearInterval(opening);
      // It may have been fetched before.
      volumeMs = Math.max(firstFrameMs, mark.startTime - clickedMs);
      settle();
    }, 50);
  });
}

/** Milliseconds after the opening click. */
export interface MprOpened {
  readonly firstMs: number;
  readonly completeMs: number;
}

/**
 * Runs in the page, before a study that opens as planes is double-clicked. The first picture is the first plane on
 * screen that is not black in its middle, read back, when the display frame with it has been handed over; complete is when
 * three planes are on screen, every slice is there and the last of the planes painted since has been read back. Nothing has
 * been painted for a while then.
 */
export function recordMprOpening(): Promise<MprOpened> {
  const quietMs = 400;
  return new Promise((resolve) => {
    let clickedMs = 0;
    let firstMs = 0;
    let lastMs = 0;
    const opened = (event: Event): void => {
      clickedMs = event.timeStamp;
    };
    document.addEventListener('dblclick', opened, { capture: true, once: true });
    const level = (canvas: HTMLCanvasElement): number =>
      canvas.getContext('2d')?.getImageData(canvas.width >> 1, canvas.height >> 1, 1, 1).data[0] ?? 0;
    /** Undefined until every slice is there, which may be before the click. */
    const readyMs = (): number | undefined => {
      const mark = performance.getEntriesByName('candela:volume-ready')[0];
      return mark && mark.startTime - clickedMs;
    };
    const seen = new MutationObserver((records) => {
      if (clickedMs === 0 || readyMs() === undefined) return;
      for (const { target } of records) {
        const canvas = target as HTMLCanvasElement;
        if (!canvas.closest('[data-plane]') || !canvas.dataset['painted'] || level(canvas) === 0) continue;
        lastMs = performance.now() - clickedMs;
      }
    });
    const isSeen = (canvas: HTMLCanvasElement): boolean =>
      canvas.checkVisibility({ visibilityProperty: true }) && level(canvas) > 0;
    const planes = (): HTMLCanvasElement[] => [
      ...document.querySelectorAll<HTMLCanvasElement>('[data-plane] canvas[data-painted]'),
    ];
    requestAnimationFrame(function look() {
      if (clickedMs === 0 || !planes().some(isSeen)) {
        requestAnimationFrame(look);
        return;
      }
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        firstMs = performance.now() - clickedMs;
      };
      port2.postMessage(0);
    });
    seen.observe(document, { subtree: true, attributes: true, attributeFilter: ['data-painted'] });
    const timer = setInterval(() => {
      const ready = readyMs();
      if (ready === undefined || firstMs === 0) return;
      const completeMs = Math.max(firstMs, ready, lastMs);
      if (performance.now() - clickedMs < completeMs + quietMs || planes().filter(isSeen).length < 3) return;
      clearInterval(timer);
      seen.disconnect();
      resolve({ firstMs, completeMs });
    }, 50);
  });
}

/** Opens the study and waits until all of it is there. */
export async function openStudy(page: Page): Promise<void> {
  const opened = page.evaluate(recordOpening);
  await page.locator(row).first().dblclick();
  await opened;
}

/** Runs in the page: a fast wrong picture counts for nothing. @throws when the first canvas is black */
export function checkCanvas(): void {
  const canvas = document.querySelector<HTMLCanvasElement>('canvas[data-painted]');
  const pixels = canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data;
  if (!pixels?.some((value, n) => n % 4 !== 3 && value > 40)) throw new Error('the picture is black');
}
