/** The browser shell as a process: its port, its launcher, its folder. */
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isBuilt, type Running, startServer } from './processes.ts';

let folder = '';
const running: Running[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'candela-shell-'));
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.stop()));
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

const data = () => join(folder, 'data');
function start(args: readonly string[], environment?: NodeJS.ProcessEnv): Running {
  const one = startServer(['--data', data(), ...args], environment);
  running.push(one);
  return one;
}
const portOf = async (one: Running) => Number((await one.address)?.port ?? 0);

describe.skipIf(!isBuilt)(`the browser shell's process${isBuilt ? '' : ' (skipped: not built)'}`, () => {
  it('comes back on its port, and on another when that is taken', async () => {
    const first = start(['--no-open']);
    const port = await portOf(first);
    expect(port).toBeGreaterThan(1023);
    expect(await first.stop()).toBe(process.platform === 'win32' ? expect.any(Number) : 0);

    const second = start(['--no-open']);
    expect(await portOf(second)).toBe(port);
    await second.stop();

    const taken = createServer().listen(port, '127.0.0.1');
    await once(taken, 'listening');
    try {
      expect(await portOf(start(['--no-open']))).not.toBe(port);
    } finally {
      taken.close();
    }
  });

  it('F40 leaves a folder alone that another one has, and says why', async () => {
    const first = start(['--no-open']);
    await first.address;
    const second = start(['--no-open']);
    expect(await second.address).toBeNull();
    expect(await second.ended).toBe(1);
    expect(second.errors()).toContain('STORE_IN_USE');
    expect(first.child.exitCode).toBeNull();
  });

  it('ends when its given port is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const address = taken.address();
    const port = typeof address === 'object' ? String(address?.port) : '';
    try {
      const one = start(['--no-open', '--port', port]);
      expect(await one.address).toBeNull();
      expect(await one.ended).toBe(1);
      expect(one.errors()).toContain(port);
      expect(one.errors()).not.toContain('at ');
    } finally {
      taken.close();
    }
  });

  it.skipIf(process.platform !== 'linux')(
    'W4 starts the browser on a private file, never on the token',
    async () => {
      const programs = join(folder, 'bin');
      const seen = join(folder, 'seen');
      mkdirSync(programs);
      writeFileSync(
        join(programs, 'xdg-open'),
        `#!/bin/sh\nprintf '%s' "$*" > "${seen}.part" && mv "${seen}.part" "${seen}"\n`,
        {
          mode: 0o755,
        },
      );
      const one = start([], { DISPLAY: ':7', PATH: `${programs}${delimiter}${process.env['PATH']}` });
      await one.address;
      await expect.poll(() => existsSync(seen)).toBe(true);
      const launcher = readFileSync(seen, 'utf8');
      expect(launcher.startsWith(join(data(), 'launch'))).toBe(true);
      expect(statSync(launcher).mode & 0o777).toBe(0o600);
      const token = /name="token" value="([\w-]{43})"/.exec(readFileSync(launcher, 'utf8'))?.[1] ?? '';
      expect(token).not.toBe('');
      expect(launcher).not.toContain(token);
      expect(one.output() + one.errors()).not.toContain(token);
      await one.stop();
      // The next start clears what a killed process left.
      const next = start(['--no-open']);
      await next.address;
      expect(existsSync(join(data(), 'launch')) && readdirSync(join(data(), 'launch')).length > 0).toBe(
        false,
      );
    },
  );
});
