import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { executableIn, failureKeptMs, findElectron, hasFailedLately } from './binary.ts';
import { answersInTime, artifactUrl } from './fetch.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'candela-electron-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('findElectron', () => {
  it('takes the package’s binary, or the folder that the environment names', () => {
    expect(findElectron(folder, {})).toBeNull();
    const dist = join(folder, 'node_modules/electron/dist');
    const binary = join(dist, executableIn(process.platform));
    mkdirSync(join(binary, '..'), { recursive: true });
    writeFileSync(binary, '');
    expect(findElectron(folder, {})).toBe(binary);
    expect(findElectron('/nowhere', { ELECTRON_OVERRIDE_DIST_PATH: dist })).toBe(binary);
    expect(findElectron(folder, { ELECTRON_OVERRIDE_DIST_PATH: '/nowhere' })).toBeNull();
  });
});

describe('hasFailedLately', () => {
  const nowMs = 1_000_000_000_000;
  const remembered = (atMs: number, from = 'default') => {
    const file = join(folder, 'memory.json');
    writeFileSync(file, JSON.stringify({ atMs, from }));
    return { file, nowMs };
  };

  it('holds for seven days, for the same source', () => {
    expect(hasFailedLately(remembered(nowMs - 1), 'default')).toBe(true);
    expect(hasFailedLately(remembered(nowMs - failureKeptMs + 1), 'default')).toBe(true);
    expect(hasFailedLately(remembered(nowMs - failureKeptMs), 'default')).toBe(false);
    expect(hasFailedLately(remembered(nowMs - 1), 'http://mirror/')).toBe(false);
  });

  it('does not hold for a missing or damaged memory, nor for one from the future', () => {
    expect(hasFailedLately({ file: join(folder, 'none'), nowMs }, 'default')).toBe(false);
    const file = join(folder, 'damaged.json');
    writeFileSync(file, 'null');
    expect(hasFailedLately({ file, nowMs }, 'default')).toBe(false);
    expect(readFileSync(file, 'utf8')).toBe('null');
    expect(hasFailedLately(remembered(nowMs + 1000), 'default')).toBe(false);
  });
});

describe('artifactUrl', () => {
  it('honours the mirror and its folder', () => {
    const end = `electron-v45.4.1-${process.platform}-${process.arch}.zip`;
    expect(artifactUrl('45.4.1', {})).toMatch(new RegExp(`^https://github\\.com/.*/v45\\.4\\.1/${end}$`));
    const mirror = { ELECTRON_MIRROR: 'http://m/electron/', ELECTRON_CUSTOM_DIR: '{{ version }}' };
    expect(artifactUrl('45.4.1', mirror)).toBe(`http://m/electron/45.4.1/${end}`);
  });
});

describe('answersInTime', () => {
  let server: Server;
  let origin = '';
  beforeAll(async () => {
    server = createServer((request, response) => {
      if (request.url === '/file') response.end('bytes');
      if (request.url === '/missing') response.writeHead(404).end('no');
      if (request.url === '/empty') response.end();
      if (request.url === '/headers-only')
        response.writeHead(200, { 'content-length': '100' }).flushHeaders();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  it.each([
    ['/file', true],
    ['/missing', false],
    ['/empty', false],
    ['/headers-only', false],
    ['/silent', false],
  ])('%s → %s', async (path, expected) => {
    // What never answers is waited for briefly; what does gets a busy machine's time.
    expect(await answersInTime(origin + path, expected ? 30_000 : 300)).toBe(expected);
  });

  it('is false where nobody listens', async () => {
    expect(await answersInTime('http://127.0.0.1:9/', 300)).toBe(false);
  });
});
