import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { damagedMtimeMs } from './object-path.ts';
import { moveWithoutReplacing } from './place-object.ts';

let root = '';
let [from, to] = ['', ''];
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'candela-place-'));
  [from, to] = [join(root, 'part'), join(root, 'object')];
  writeFileSync(from, 'four');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const without = (code: string) => (): never => {
  throw Object.assign(new Error(code), { code });
};
/** exFAT under Windows; FAT and exFAT under Linux; under macOS; file systems in user space; too many names. */
const refusals = ['EISDIR', 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'];

describe.each(['links', ...refusals])('an object gets its name with %s', (how) => {
  const place = (): boolean =>
    how === 'links' ? moveWithoutReplacing(from, to, 4) : moveWithoutReplacing(from, to, 4, without(how));

  it('where none was', () => {
    expect(place()).toBe(true);
    expect([readFileSync(to, 'utf8'), existsSync(from)]).toEqual(['four', false]);
  });

  it('not where it lies already, which stays the same file', () => {
    writeFileSync(to, 'FOUR');
    const { ino } = statSync(to);
    expect(place()).toBe(false);
    expect([readFileSync(to, 'utf8'), existsSync(from), statSync(to).ino]).toEqual(['FOUR', false, ino]);
  });

  it('in place of one that was cut off', () => {
    writeFileSync(to, 'fo');
    expect(place()).toBe(true);
    expect([readFileSync(to, 'utf8'), existsSync(from)]).toEqual(['four', false]);
  });
});

it.each([0, damagedMtimeMs])('takes the place of one that was found damaged (marked %i)', (mtimeMs) => {
  writeFileSync(to, 'FOUR');
  utimesSync(to, mtimeMs / 1000, mtimeMs / 1000);
  expect(moveWithoutReplacing(from, to, 4)).toBe(true);
  expect(readFileSync(to, 'utf8')).toBe('four');
});

it('tells what is wrong with the disk, and leaves the part where it is', () => {
  expect(() => moveWithoutReplacing(from, to, 4, without('EIO'))).toThrow('EIO');
  expect(existsSync(from)).toBe(true);
});

it('makes its folder again where somebody removed that', () => {
  to = join(root, 'ab', 'object');
  expect(moveWithoutReplacing(from, to, 4)).toBe(true);
  expect(readFileSync(to, 'utf8')).toBe('four');
});
