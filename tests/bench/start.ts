/** A warm `npm start` to a list that can be used, beside the same Chromium with a page that is nothing. */
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { chromiumFlags, findChromium } from '../../scripts/chromium.ts';
import { printedAddress } from '../e2e/driver.ts';
import { type Figure, figure, interleaved } from './figure.ts';
import { root, withScratch } from './scratch.ts';

const rounds = 3;

export const run = (): Promise<Figure[]> =>
  withScratch(async (scratch) => {
    const data = join(scratch, 'data');
    const found = await interleaved(
      rounds,
      () => candelaMs(data),
      () => trivialMs(),
    );
    const goal = { valueAtMost: Math.round(1.5 * found.theirs + 1000) };
    return [figure('start', 'ms', found.ours, 'Chromium painting a trivial page', found.theirs, goal)];
  });

/** What `npm start` runs, with a browser opened at the address it prints. */
async function candelaMs(data: string): Promise<number> {
  const startMs = performance.now();
  const args = [join(root, 'scripts/bootstrap.mjs'), 'start', '--browser', '--no-open', '--port', '0'];
  const shell = spawn(process.execPath, [...args, '--data', data], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<void>((resolve) => shell.once('exit', () => resolve()));
  try {
    const address = await printedAddress(shell);
    return await shownMs(startMs, address, async (page) => {
      await page.locator('[data-page="studies"][data-ready="true"]').waitFor();
      await page.locator('[role="searchbox"], input[type="search"]').first().waitFor();
    });
  } finally {
    shell.kill('SIGTERM');
    await ended;
  }
}

async function trivialMs(): Promise<number> {
  const server = createServer((_, answer) => {
    answer.setHeader('content-type', 'text/html');
    answer.end('<!doctype html><title>.</title><p id="here">.');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const { port } = server.address() as AddressInfo;
    return await shownMs(performance.now(), `http://127.0.0.1:${port}/`, (page) =>
      page.locator('#here').waitFor(),
    );
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

/** Starts Chromium at an address; the clock stops when what was waited for has been on a display frame. */
async function shownMs(
  startMs: number,
  address: string,
  isThere: (page: Page) => Promise<void>,
): Promise<number> {
  const executablePath = findChromium();
  if (!executablePath) throw new Error('no Chromium, Chrome or Edge is installed');
  const browser = await chromium.launch({ executablePath, args: chromiumFlags() });
  try {
    const page = await browser.newPage();
    await page.goto(address, { waitUntil: 'commit' });
    await isThere(page);
    await page.evaluate(
      () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
    );
    return performance.now() - startMs;
  } finally {
    await browser.close();
  }
}
