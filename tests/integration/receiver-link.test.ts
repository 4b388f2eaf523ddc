/** F17 of reliability.md: the interface that peers come by goes away while they store. */
import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../fixtures/host.ts';
import { endOf } from '../fixtures/terminal.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());
const isAllowed =
  process.platform === 'linux' &&
  spawnSync('unshare', ['-rn', 'sh', '-c', 'ip link set lo up && ip link set lo down']).status === 0;
const reason = isAllowed ? '' : ' (this system does not let us have a network of our own)';

describe.skipIf(!isAllowed)(`an interface that goes away${reason}`, () => {
  it('F17: costs nothing that was answered; what was cut goes on, and others get in at once', async () => {
    const child = join(import.meta.dirname, '../fixtures/receiver-link-child.ts');
    const words = ['-rn', process.execPath, child, join(folder.path, 'data')];
    const { code, out, err } = await endOf(spawn('unshare', words, { stdio: ['ignore', 'pipe', 'pipe'] }));
    expect([code, code === 0 ? '' : err]).toEqual([0, '']);
    const told = JSON.parse(out) as Record<string, unknown>;
    expect(told).toMatchObject({ before: [0, 0], stillListens: 'listening', after: [0, 0, 0], stored: 5 });
    expect(told['openedMs']).toBeLessThan(5000);
  });
});
