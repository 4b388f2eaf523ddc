import { describe, expect, it } from 'vitest';
import { whileHeld, whileHeldSync } from './rename.ts';

const fault = (code: string) => Object.assign(new Error(code), { code });

/** Fails with each code in turn, then succeeds; how often it was tried, and the waits in between. */
function attempts(codes: readonly string[]) {
  const waitsMs: number[] = [];
  const left = [...codes];
  const tried = { times: 0 };
  const act = (): void => {
    tried.times += 1;
    const code = left.shift();
    if (code) throw fault(code);
  };
  return { tried, waitsMs, act, sleep: (ms: number) => waitsMs.push(ms) };
}

const endless = Array.from({ length: 50 }, () => 'EPERM');

describe('a file that a scanner holds', () => {
  it('gets its name as soon as it is let go', async () => {
    const codes = ['EPERM', 'EBUSY', 'EACCES'];
    const a = attempts(codes);
    whileHeldSync(a.act, 'win32', a.sleep);
    expect(a.tried.times).toBe(4);
    const b = attempts(codes);
    await whileHeld(
      async () => b.act(),
      'win32',
      async (ms) => b.sleep(ms),
    );
    expect(b.tried.times).toBe(4);
    for (const { waitsMs } of [a, b]) {
      expect(waitsMs).toHaveLength(3);
      expect(waitsMs).toEqual(waitsMs.toSorted((x, y) => x - y));
    }
  });

  it('is given up after less than two seconds, with what the system says', async () => {
    const a = attempts(endless);
    expect(() => whileHeldSync(a.act, 'win32', a.sleep)).toThrow('EPERM');
    const b = attempts(endless);
    await expect(
      whileHeld(
        async () => b.act(),
        'win32',
        async (ms) => b.sleep(ms),
      ),
    ).rejects.toThrow('EPERM');
    for (const { waitsMs } of [a, b]) {
      const sum = waitsMs.reduce((all, ms) => all + ms, 0);
      expect(sum).toBeGreaterThan(1000);
      expect(sum).toBeLessThan(2000);
    }
  });
});

it('waits for nothing else, and nowhere but on Windows', async () => {
  for (const [codes, platform] of [
    [['ENOENT', 'ENOENT'], 'win32'],
    [['ENOSPC', 'ENOSPC'], 'win32'],
    [['EPERM', 'EPERM'], 'linux'],
    [['EBUSY', 'EBUSY'], 'darwin'],
  ] as const) {
    const a = attempts(codes);
    expect(() => whileHeldSync(a.act, platform, a.sleep)).toThrow(codes[0]);
    const b = attempts(codes);
    await expect(
      whileHeld(
        async () => b.act(),
        platform,
        async (ms) => b.sleep(ms),
      ),
    ).rejects.toThrow(codes[0]);
    for (const { tried, waitsMs } of [a, b]) expect([tried.times, waitsMs]).toEqual([1, []]);
  }
});
