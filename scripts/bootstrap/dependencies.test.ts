import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ensureDependencies } from './dependencies.mjs';

let root = '';
let said: string[] = [];

/** A stand-in for npm that writes down its arguments. */
function fakeNpm(exitCode: number): string {
  const path = join(root, 'npm-cli.js');
  const log = JSON.stringify(join(root, 'npm-arguments'));
  writeFileSync(
    path,
    `require('node:fs').writeFileSync(${log}, process.argv.slice(2).join(' '));process.exit(${exitCode})`,
  );
  chmodSync(path, 0o755);
  return path;
}

const lockOf = (version: string) =>
  JSON.stringify({
    packages: {
      '': { name: 'x' },
      'node_modules/a': { version, integrity: 'sha512-a' },
      'node_modules/win-only': { version: '1.0.0', integrity: 'sha512-b', optional: true },
    },
  });
const installed = (version: string) => {
  mkdirSync(join(root, 'node_modules'), { recursive: true });
  const packages = { 'node_modules/a': { version, integrity: 'sha512-a' } };
  writeFileSync(join(root, 'node_modules/.package-lock.json'), JSON.stringify({ packages }));
};
const npmArguments = () =>
  existsSync(join(root, 'npm-arguments')) ? readFileSync(join(root, 'npm-arguments'), 'utf8') : null;
const stamp = () => readFileSync(join(root, 'node_modules/.candela-lock-sha256'), 'utf8').trim();

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'candela-bootstrap-'));
  said = [];
  writeFileSync(join(root, 'package-lock.json'), lockOf('1.0.0'));
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => said.push(String(text)) > 0);
  vi.stubEnv('npm_execpath', fakeNpm(0));
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  rmSync(root, { recursive: true, force: true });
});

describe('ensureDependencies', () => {
  it('installs on a fresh clone, without install scripts, and remembers the lock file', () => {
    ensureDependencies(root);
    expect(npmArguments()).toMatch(/^ci --ignore-scripts --no-audit --no-fund/);
    expect(stamp()).toBe(createHash('sha256').update(lockOf('1.0.0')).digest('hex'));
    expect(said.join('')).toContain('installing');
  });

  it('does nothing the second time', () => {
    ensureDependencies(root);
    rmSync(join(root, 'npm-arguments'));
    ensureDependencies(root);
    expect(npmArguments()).toBeNull();
  });

  it('installs again when the lock file asks for something else', () => {
    ensureDependencies(root);
    rmSync(join(root, 'npm-arguments'));
    writeFileSync(join(root, 'package-lock.json'), lockOf('2.0.0'));
    ensureDependencies(root);
    expect(npmArguments()).toMatch(/^ci /);
  });

  it('trusts an install by hand that has what the lock file asks for', () => {
    installed('1.0.0');
    ensureDependencies(root);
    expect(npmArguments()).toBeNull();
    expect(stamp()).toHaveLength(64);
  });

  it('does not trust one with another version', () => {
    installed('0.9.0');
    ensureDependencies(root);
    expect(npmArguments()).toMatch(/^ci /);
  });

  it('remembers nothing when npm fails, and says so', () => {
    vi.stubEnv('npm_execpath', fakeNpm(1));
    expect(() => ensureDependencies(root)).toThrow(/npm ci failed/);
    expect(existsSync(join(root, 'node_modules/.candela-lock-sha256'))).toBe(false);
  });
});
