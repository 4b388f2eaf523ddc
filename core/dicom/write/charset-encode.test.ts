import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canEncode, encodeText } from './charset-encode.ts';

const hexOf = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

describe('encodeText', () => {
  it.each([
    // PS3.5 J.3 and annex K: Wang XiaoDong = 王小东.
    ['王^小东', 'GB18030', 'cdf55ed0a1b6ab'],
    ['王^小东', 'ISO_IR 192', 'e78e8b5ee5b08fe4b89c'],
    // Four bytes: U+3400 (CJK extension A) and U+20000, the first of extension B.
    ['\u3400', 'GB18030', '8139ee39'],
    ['\u{20000}', 'GB18030', '95328236'],
    ['\u{10ffff}', 'GB18030', 'e3329a35'],
    ['\ud800', 'GB18030', '3f'],
    ['Müller', 'ISO_IR 100', '4dfc6c6c6572'],
    ['Müller\u0080王', 'ISO_IR 100', '4dfc6c6c65723f3f'],
    ['Müller', '', '4d3f6c6c6572'],
  ] as const)('%s in %s', (text, charset, hex) => {
    expect(hexOf(encodeText(text, charset))).toBe(hex);
  });

  it('writes in GB18030 what its decoder reads back, for every character', () => {
    const decoder = new TextDecoder('gb18030');
    for (let start = 0; start < 0x110000; start += 0x1000) {
      const points = Array.from({ length: 0x1000 }, (_, i) => start + i);
      const text = points
        .filter((point) => point < 0xd800 || point > 0xdfff)
        .map((point) => String.fromCodePoint(point))
        .join('');
      const lost = [...text].filter((c) => decoder.decode(encodeText(c, 'GB18030')) !== c);
      // The decoder of the platform gives some private-use characters no code.
      expect(lost.filter((c) => !/\p{Co}/u.test(c) && c !== '\ufffd')).toEqual([]);
    }
  });

  it('loses nothing where it says so', () => {
    const labels = { '': 'windows-1252', 'ISO_IR 100': 'windows-1252', 'ISO_IR 192': 'utf-8' } as const;
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 12 }),
        fc.constantFrom('', 'ISO_IR 100', 'ISO_IR 192'),
        (text, set) => {
          if (!canEncode(text, set)) return;
          expect(new TextDecoder(labels[set], { ignoreBOM: true }).decode(encodeText(text, set))).toBe(text);
        },
      ),
    );
    expect(canEncode('王', 'GB18030')).toBe(true);
    expect(canEncode('王', 'ISO_IR 100')).toBe(false);
    expect(canEncode('ü', '')).toBe(false);
  });
});
