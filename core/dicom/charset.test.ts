import { describe, expect, it } from 'vitest';
import { characterSetOf, decodeText, guessCharset } from './charset.ts';

const bytes = (...parts: (string | number)[]): Uint8Array =>
  Uint8Array.from(
    parts.flatMap((part) => (typeof part === 'string' ? [...part].map((c) => c.charCodeAt(0)) : [part])),
  );

const name = (charset: string[], ...parts: (string | number)[]): string =>
  decodeText(bytes(...parts), characterSetOf(charset), true).text;

describe('characterSetOf', () => {
  it('trims values and forgives how terms are written', () => {
    expect(characterSetOf(['GB18030 ']).label).toBe('gb18030');
    expect(characterSetOf(['ISO-IR_192']).label).toBe('utf-8');
    expect(characterSetOf(['ISO 2022 IR 6', 'ISO 2022 IR 58']).impliedG1).toBe('gb18030');
  });

  it('tells unknown terms', () => {
    expect(characterSetOf(['ISO_IR 999']).known).toBe(false);
    expect(characterSetOf(['', 'ISO 2022 IR 87']).known).toBe(true);
  });
});

describe('decodeText', () => {
  // PS3.5 annex H.3.1: the standard's own example in ISO 2022 IR 87.
  it('decodes the Japanese example of PS3.5 H.3', () => {
    const text = name(
      ['', 'ISO 2022 IR 87'],
      ...[
        'Yamada^Tarou=\u001b$B',
        0x3b,
        0x33,
        0x45,
        0x44,
        '\u001b(B^\u001b$B',
        0x42,
        0x40,
        0x4f,
        0x3a,
        '\u001b(B',
      ],
      ...[
        '=\u001b$B',
        0x24,
        0x64,
        0x24,
        0x5e,
        0x24,
        0x40,
        '\u001b(B^\u001b$B',
        0x24,
        0x3f,
        0x24,
        0x6d,
        0x24,
        0x26,
      ],
      '\u001b(B',
    );
    expect(text).toBe('Yamada^Tarou=山田^太郎=やまだ^たろう');
  });

  // PS3.5 annex I.2.
  it('decodes the Korean example of PS3.5 I.2', () => {
    const text = name(
      ['', 'ISO 2022 IR 149'],
      ...['Hong^Gildong=\u001b$)C', 0xfb, 0xf3, '^\u001b$)C', 0xd1, 0xce, 0xd4, 0xd7],
      ...['=\u001b$)C', 0xc8, 0xab, '^\u001b$)C', 0xb1, 0xe6, 0xb5, 0xbf],
    );
    expect(text).toBe('Hong^Gildong=洪^吉洞=홍^길동');
  });

  it('decodes ISO 2022 IR 58 with and without the first escape', () => {
    const zhang = [0xd5, 0xc5];
    const xiaodong = [0xd0, 0xa1, 0xb6, 0xab];
    const set = ['', 'ISO 2022 IR 58'];
    expect(name(set, 'Zhang^XiaoDong=\u001b$)A', ...zhang, '^\u001b$)A', ...xiaodong, '=')).toBe(
      'Zhang^XiaoDong=张^小东=',
    );
    expect(name(set, 'Zhang^XiaoDong=', ...zhang, '^\u001b$)A', ...xiaodong)).toBe('Zhang^XiaoDong=张^小东');
  });

  it('keeps 5C and 5E inside GBK characters', () => {
    // 乗 is 81 5C, 區 is 85 5E, 塡 is 89 5F.
    expect(name(['GBK'], 0x81, 0x5c, '^', 0x85, 0x5e)).toBe('乗^區');
    expect(name(['GB18030'], 0x81, 0x5c, '\\', 0x85, 0x5e).split('\\')).toEqual(['乗', '區']);
  });

  it('resets a G0 multi-byte set at a delimiter, not inside a character', () => {
    // 0x5C as the second half of a JIS X 0208 character: 杉 is 3F 79, 愛 is 30 26, 石 is 40 50, 表 is 49 3D.
    expect(name(['', 'ISO 2022 IR 87'], '\u001b$B', 0x49, 0x3d, '\u001b(B')).toBe('表');
    expect(name(['', 'ISO 2022 IR 87'], '\u001b$B', 0x49, 0x3d, '\u001b(B\\A')).toBe('表\\A');
  });

  it('decodes half-width katakana of ISO_IR 13', () => {
    expect(name(['ISO_IR 13'], 0xd4, 0xcf, 0xc0, 0xde, '^', 0xc0, 0xdb, 0xb3)).toBe('ﾔﾏﾀﾞ^ﾀﾛｳ');
  });

  it('says when bytes are not legal', () => {
    expect(decodeText(bytes('A', 0xc3), characterSetOf(['ISO_IR 192']), false).valid).toBe(false);
    expect(decodeText(bytes('A\u001b!x'), characterSetOf(['', 'ISO 2022 IR 87']), false).valid).toBe(false);
  });
});

describe('guessCharset', () => {
  const wu = bytes(0xce, 0xe2, 0xce, 0xc0, 0xc9, 0xfa);

  it('finds GBK where nothing or Latin-1 is declared', () => {
    expect(guessCharset([wu], characterSetOf(undefined))).toBe('GB18030');
    expect(guessCharset([wu], characterSetOf(['ISO_IR 100']))).toBe('GB18030');
  });

  it('finds UTF-8', () => {
    expect(guessCharset([new TextEncoder().encode('李^四')], characterSetOf(undefined))).toBe('UTF-8');
  });

  it('leaves Müller alone', () => {
    expect(guessCharset([bytes('M', 0xfc, 'ller')], characterSetOf(['ISO_IR 100']))).toBeUndefined();
    expect(guessCharset([bytes('J', 0xe9, 'r', 0xf4, 'me')], characterSetOf(['ISO_IR 100']))).toBeUndefined();
  });

  it('believes Cyrillic, Greek and Japanese declarations', () => {
    const cyrillic = bytes(0xb8, 0xd2, 0xd0, 0xdd, 0xde, 0xd2);
    expect(guessCharset([cyrillic], characterSetOf(['ISO_IR 144']))).toBeUndefined();
  });
});
