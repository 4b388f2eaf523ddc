/**
 * The browser shell against other pages in a real browser (reliability.md W1–W6).
 * The server runs in this process over a host that counts, so that "refused" is seen where it matters.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { ok } from '../../core/base/result.ts';
import type { Host } from '../../core/contract/host.ts';
import { type BrowserShell, type RefusalRule, startBrowserShell } from '../../main/browser/server.ts';
import { loadStaticAssets } from '../../main/shell/static-assets.ts';
import { chromiumFlags, findChromium } from '../../scripts/chromium.ts';
import { skipReason } from './driver.ts';
import { soon } from './pages.ts';

const reached: string[] = [];
const refused: RefusalRule[] = [];

const host: Host = {
  call: (async (name: string) => {
    reached.push(name);
    return ok(null);
  }) as Host['call'],
  subscribe() {
    reached.push('events');
    return () => {};
  },
  async fetch({ path }) {
    reached.push(path);
    return {
      status: 200,
      headers: { 'content-type': 'text/plain' },
      body: new TextEncoder().encode('patient'),
    };
  },
  close: async () => {},
};

const reason = skipReason('browser');
describe.skipIf(reason !== null)(
  `browser shell against other pages${reason ? ` (skipped: ${reason})` : ''}`,
  () => {
    let shell: BrowserShell;
    let attacker: Server;
    let attackerOrigin = '';
    const attackerCookies: string[] = [];
    let browser: Browser;
    let context: BrowserContext;
    let own: Page;
    let url = '';

    beforeAll(async () => {
      const assets = await loadStaticAssets(join(import.meta.dirname, '../../out'));
      shell = await startBrowserShell({ host, assets, onRefused: (rule) => refused.push(rule) });
      attacker = createServer((request, response) => {
        attackerCookies.push(request.headers.cookie ?? '');
        response.setHeader('content-type', 'text/html');
        response.end('<!doctype html><title>other</title><body></body>');
      });
      await new Promise<void>((resolve) => attacker.listen(0, '127.0.0.1', resolve));
      attackerOrigin = `http://127.0.0.1:${(attacker.address() as AddressInfo).port}`;
      browser = await chromium.launch({ executablePath: findChromium() ?? '', args: chromiumFlags() });
      context = await browser.newContext();
      own = await context.newPage();
      url = shell.terminalUrl();
      await own.goto(url);
      await own.waitForURL(`${shell.origin}/`);
      await vi.waitFor(() => expect(reached).toContain('events'), soon);
      // What the page asks at its start would be taken for another page's.
      await own.waitForLoadState('networkidle');
    });
    afterAll(async () => {
      await browser?.close();
      await shell?.close();
      attacker?.close();
    });
    beforeEach(() => {
      reached.length = 0;
      refused.length = 0;
    });

    async function onForeignPage<T>(work: (page: Page) => Promise<T>): Promise<T> {
      const page = await context.newPage();
      await page.goto(attackerOrigin);
      try {
        return await work(page);
      } finally {
        await page.close();
      }
    }

    it('W4 leaves no token in address, referrer or timing entries', async () => {
      const seen = await own.evaluate(() =>
        JSON.stringify([
          location.href,
          document.referrer,
          performance.getEntriesByType('navigation'),
          history.length,
        ]),
      );
      expect(seen).toContain(`"${shell.origin}/"`);
      expect(seen).not.toContain(new URL(url).hash.slice(1));
    });

    it('W4 tells a person who uses a link twice what to do', async () => {
      const page = await context.newPage();
      await page.goto(url);
      await page.locator('#refused').waitFor({ state: 'visible' });
      expect(page.url()).toBe(`${shell.origin}/enter`);
      expect(refused).toEqual(['token']);
      await page.close();
    });

    it('W3 another port gets our cookie from the browser, and still nothing from us', async () => {
      await onForeignPage(async () => {});
      expect(attackerCookies.some((cookie) => cookie.includes('candela_s='))).toBe(true);
      const outcome = await onForeignPage((page) =>
        page.evaluate(async (origin) => {
          const quiet = (work: Promise<unknown>) =>
            work.then(
              () => 'answered',
              () => 'failed',
            );
          const simple = { mode: 'no-cors', credentials: 'include' } as const;
          await quiet(fetch(`${origin}/call/studies.delete`, { ...simple, method: 'POST', body: '{}' }));
          await quiet(fetch(`${origin}/thumb/s.1`, simple));
          navigator.sendBeacon(`${origin}/call/studies.delete`, '{}');
          const readable = await quiet(fetch(`${origin}/`, { credentials: 'include' }));
          const headers = { 'x-candela-nonce': 'guess' };
          const withNonce = await quiet(
            fetch(`${origin}/call/app.info`, { headers, credentials: 'include' }),
          );
          const socket = await new Promise<string>((resolve) => {
            const opened = new WebSocket(`${origin.replace('http', 'ws')}/events`);
            opened.onopen = () => resolve('open');
            opened.onerror = () => resolve('refused');
          });
          return { readable, withNonce, socket };
        }, shell.origin),
      );
      expect(outcome).toEqual({ readable: 'failed', withNonce: 'failed', socket: 'refused' });
      // Two posts and one read refused by origin; the preflight of the fourth refused by its method.
      await expect.poll(() => [...refused].sort()).toEqual(['method', 'origin', 'origin', 'origin']);
      expect(reached).toEqual([]);
    });

    it('W1 a form posted from elsewhere changes nothing', async () => {
      await onForeignPage(async (page) => {
        await page.evaluate((origin) => {
          const form = document.createElement('form');
          form.method = 'post';
          form.action = `${origin}/call/studies.delete`;
          document.body.append(form);
          form.submit();
        }, shell.origin);
        await expect.poll(() => refused).toEqual(['origin']);
      });
      expect(reached).toEqual([]);
    });

    it('W6 cannot be framed, embedded or reached through its window', async () => {
      const outcome = await onForeignPage((page) =>
        page.evaluate(async (origin) => {
          const frame = document.createElement('iframe');
          frame.src = `${origin}/`;
          document.body.append(frame);
          await new Promise((resolve) => {
            frame.onload = resolve;
          });
          const script = document.createElement('script');
          script.src = `${origin}/enter.js`;
          const embedded = await new Promise<string>((resolve) => {
            script.onload = () => resolve('ran');
            script.onerror = () => resolve('blocked');
            document.body.append(script);
          });
          return { framed: frame.contentDocument !== null, embedded };
        }, shell.origin),
      );
      // A frame that was refused shows the browser's own error page, of another origin, without our page in it.
      expect(outcome).toEqual({ framed: false, embedded: 'blocked' });
      expect(reached).toEqual([]);
    });

    it('W6 a window that opened us cannot reach us', async () => {
      await onForeignPage(async (page) => {
        const popup = context.waitForEvent('page');
        const isCut = page.evaluate(async (origin) => {
          const opened = window.open(`${origin}/`);
          while (opened && !opened.closed) await new Promise((resolve) => setTimeout(resolve, 20));
          return true;
        }, shell.origin);
        expect(await isCut).toBe(true);
        const opened = await popup;
        expect(await opened.evaluate(() => window.opener)).toBeNull();
        await opened.close();
      });
    });

    it('gives a tab that was opened by hand the page but no data', async () => {
      const page = await context.newPage();
      await page.goto(`${shell.origin}/`);
      await expect.poll(() => refused).toContain('session');
      expect(reached).toEqual([]);
      await page.close();
    });

    it('D8 takes the launcher file that a browser is started with', async () => {
      const { launcherPage } = await import('../../main/browser/enter-page.ts');
      const page = await (await browser.newContext()).newPage();
      await page.route('http://launcher.invalid/', (route) =>
        route.fulfill({ contentType: 'text/html', body: launcherPage(shell.origin, shell.launchToken()) }),
      );
      await page.goto('http://launcher.invalid/');
      await page.waitForURL(`${shell.origin}/`);
      await expect.poll(() => reached).toContain('events');
      await page.context().close();
    });
  },
);
