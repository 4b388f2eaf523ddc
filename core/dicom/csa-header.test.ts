import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csaValues } from './csa-header.ts';

type Tag = readonly [name: string, values: readonly string[]];

/** A header in either layout, six items a tag as scanners write them. */
function csaHeader(tags: readonly Tag[], isSecond: boolean): Uint8Array {
  const parts: number[] = [];
  const int = (value: number): void => {
    for (const shift of [0, 8, 16, 24]) parts.push((value >> shift) & 255);
  };
  const text = (value: string, length: number): void => {
    for (let n = 0; n < length; n++) parts.push(n < value.length ? value.charCodeAt(n) : 0);
  };
  if (isSecond) {
    text('SV10', 4);
    int(0x01020304);
  }
  int(tags.length);
  int(77);
  for (const [name, values] of tags) {
    text(name, 64);
    int(values.length);
    text('FD', 4);
    int(4);
    int(6);
    int(77);
    for (let item = 0; item < 6; item++) {
      const value = values[item];
      const length = value === undefined ? 0 : value.length + 1;
      for (const field of [0, 1, 2, 3]) int(isSecond ? length : field === 0 ? length + 6 : length);
      text(value ?? '', Math.ceil(length / 4) * 4);
    }
  }
  return Uint8Array.from(parts);
}

const names = new Set(['NumberOfImagesInMosaic', 'SliceNormalVector']);

describe('csaValues', () => {
  const tags: readonly Tag[] = [
    ['EchoLinePosition', ['52']],
    ['SliceNormalVector', ['0.00000000', '-0.12360148', '-0.99233194']],
    ['NumberOfImagesInMosaic', ['36']],
  ];

  it.each([true, false])('finds values by name (second layout: %s)', (isSecond) => {
    const found = csaValues(csaHeader(tags, isSecond), names);
    expect(Object.fromEntries(found)).toEqual({
      SliceNormalVector: ['0.00000000', '-0.12360148', '-0.99233194'],
      NumberOfImagesInMosaic: ['36'],
    });
  });

  it('ends quietly in damaged headers', () => {
    const whole = csaHeader(tags, true);
    fc.assert(
      fc.property(fc.nat(whole.length), fc.nat(whole.length - 1), fc.nat(255), (length, at, byte) => {
        const damaged = whole.slice(0, length);
        if (at < length) damaged[at] = byte;
        const found = csaValues(damaged, names);
        expect([...found.keys()].every((name) => names.has(name))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
