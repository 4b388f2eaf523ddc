/**
 * K8 of reliability.md, short form: eight tabs of the browser shell read while four senders fill the store. What the tabs
 * ask is answered, the events come to each, nothing is lost, and no tab has a fault.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { DimsePeer } from '../fixtures/dimse-peer.ts';
import { freePort } from '../fixtures/orthanc.ts';
import { ctDataset } from '../soak/ct-datasets.ts';
import { percentile } from '../soak/load.ts';
import { partsIn } from '../soak/receiver-child.ts';
import { type LaunchedApp, launch, skipReason } from './driver.ts';
import { rowsOf, soon } from './pages.ts';
import { openFirst } from './planes.ts';

const reason = skipReason('browser');
const tabs = 8;
const senders = 4;
const forMs = 30_000;
const folder = mkdtempSync(join(tmpdir(), 'candela-k8-'));
const dataFolder = join(folder, 'data');

describe.skipIf(reason !== null)(`K8${reason ? ` (skipped: ${reason})` : ''}`, () => {
  let app: LaunchedApp;
  let port = 0;
  const pages: Page[] = [];

  beforeAll(async () => {
    app = await launch('browser', { dataFolder, locale: 'en-US', viewport: { width: 1366, height: 768 } });
    port = await freePort();
    await call(app.page, 'settings.set', {
      changes: { network: { receiver: { enabled: true, port, address: '127.0.0.1' } } },
    });
    const first = await firstPeer(port);
    for (let n = 1; n <= 40; n++) {
      const { uid, dataset } = ctDataset('1.2.91', n, 128);
      expect(await first.store(uid, dataset)).toBe(0);
    }
    await first.release();
    // Windows that a page opens inherit the nonce of its session.
    await app.page.evaluate((more) => {
      for (let n = 0; n < more; n++) window.open('/');
    }, tabs - 1);
    await vi.waitFor(() => expect(app.context.pages()).toHaveLength(tabs), soon);
    pages.push(...app.context.pages());
    await Promise.all(pages.map(openSlowly));
  });
  afterAll(async () => {
    await app?.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  it('answers eight tabs that scroll while it receives, and loses nothing', async () => {
    let isOver = false;
    const kept: number[] = [];
    const sending = Promise.all(
      Array.from({ length: senders }, async (_, a) => {
        const peer = await DimsePeer.open({ port });
        for (let n = 1; !isOver; n++) {
          const { uid, dataset } = ctDataset(`1.2.90.${a}`, n, 512);
          expect(await peer.store(uid, dataset)).toBe(0);
          kept.push(n);
        }
        await peer.release();
      }),
    );
    const tookMs: number[] = [];
    const steps: number[] = [];
    const endMs = performance.now() + forMs;
    await Promise.all(
      pages.map(async (page, n) => {
        for (steps[n] = 0; performance.now() < endMs; steps[n]! += 1) {
          const before = await paintOf(page);
          await page.keyboard.press(steps[n]! % 10 < 5 ? 'ArrowDown' : 'ArrowUp');
          await expect.poll(() => paintOf(page), soon).not.toBe(before);
          tookMs.push(await callMs(page));
        }
      }),
    );
    isOver = true;
    await sending;
    // Each tab went on all the time, and each heard of what came.
    expect(Math.min(...steps)).toBeGreaterThan(5);
    expect(tookMs.length).toBeGreaterThan(tabs * 5);
    expect(percentile(tookMs, 0.99)).toBeLessThan(5000);
    process.stdout.write(
      `K8: ${kept.length} stored, ${steps.reduce((sum, n) => sum + n, 0)} steps, p99 of calls ${percentile(tookMs, 0.99).toFixed(0)} ms\n`,
    );
    const { rows } = (await call(app.page, 'studies.list', {
      filter: {},
      sort: [],
      offset: 0,
      limit: 100,
    })) as { rows: { studyKey: string; instances: number }[] };
    const received = rows.filter(({ studyKey }) => studyKey.startsWith('s.1.2.90.'));
    expect(received.reduce((sum, { instances }) => sum + instances, 0)).toBe(kept.length);
    expect(kept.length).toBeGreaterThan(senders * 5);
    expect(partsIn(dataFolder)).toEqual([]);
    await Promise.all(
      pages.map(async (page) => {
        await page.getByText('Studies', { exact: true }).first().click();
        await expect.poll(() => rowsOf(page).count(), soon).toBe(senders + 1);
      }),
    );
  });
});

/** The receiver starts beside the answer. */
async function firstPeer(to: number): Promise<DimsePeer> {
  for (;;) {
    const peer = new DimsePeer({ port: to });
    if ((await peer.answer).kind === 'accepted') return peer;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function openSlowly(page: Page): Promise<void> {
  page.setDefaultTimeout(soon.timeout);
  await openFirst(page);
}

/** Changes with the slice that is on screen. */
const paintOf = (page: Page): Promise<string | undefined> =>
  page.evaluate(
    () => document.querySelector<HTMLElement>('.surface canvas[data-painted]')?.dataset['painted'],
  );

/** A call as the page makes it. */
const call = (page: Page, name: string, input: unknown): Promise<unknown> =>
  page.evaluate(
    async ([path, body]) => {
      const nonce = sessionStorage.getItem('candela.nonce') ?? '';
      const answer = await fetch(path, { method: 'POST', headers: { 'x-candela-nonce': nonce }, body });
      const result = (await answer.json()) as { ok: boolean; value: unknown };
      if (!result.ok) throw new Error(JSON.stringify(result));
      return result.value;
    },
    [`/call/${name}`, JSON.stringify(input)] as const,
  );

async function callMs(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const startMs = performance.now();
    const nonce = sessionStorage.getItem('candela.nonce') ?? '';
    const body = JSON.stringify({ filter: {}, sort: [], offset: 0, limit: 100 });
    await (
      await fetch('/call/studies.list', { method: 'POST', headers: { 'x-candela-nonce': nonce }, body })
    ).text();
    return performance.now() - startMs;
  });
}
