/** Text to bytes in the character sets that Candela writes (PS3.3 C.12.1.1.2); TextEncoder itself knows UTF-8 only. */

/** Values of (0008,0005) that Candela writes; '' is the default repertoire (ASCII). */
export type WriteCharset = '' | 'ISO_IR 100' | 'ISO_IR 192' | 'GB18030';

const utf8Encoder = new TextEncoder();

let gb18030: ReadonlyMap<number, number> | undefined;

/** Code of every character that GB18030 has two or four bytes for below U+10000, from the platform's decoder. */
function gb18030Table(): ReadonlyMap<number, number> {
  const codes: number[] = [];
  const bytes: number[] = [];
  // A line end can be no part of a longer code, so that whatever is no code does not spoil its neighbours.
  const add = (...code: number[]): void => {
    codes.push(code.reduce((value, byte) => value * 256 + byte, 0));
    bytes.push(...code, 0x0a);
  };
  for (let lead = 0x81; lead <= 0xfe; lead++) {
    for (let trail = 0x40; trail <= 0xfe; trail++) if (trail !== 0x7f) add(lead, trail);
  }
  for (let first = 0x81; first <= 0x84; first++) {
    for (let second = 0x30; second <= 0x39; second++) {
      for (let third = 0x81; third <= 0xfe; third++) {
        for (let fourth = 0x30; fourth <= 0x39; fourth++) add(first, second, third, fourth);
      }
    }
  }
  const table = new Map<number, number>();
  const texts = new TextDecoder('gb18030').decode(Uint8Array.from(bytes)).split('\n');
  texts.forEach((text, i) => {
    const point = text.codePointAt(0);
    if (text.length !== 1 || point === undefined || point === 0xfffd || table.has(point)) return;
    table.set(point, codes[i]!);
  });
  return table;
}

/** Codes above U+FFFF follow each other (GB 18030, four bytes from 90 30 81 30). */
function astralCode(point: number): number {
  const index = point - 0x10000;
  const fourth = index % 10;
  const third = Math.floor(index / 10) % 126;
  const second = Math.floor(index / 1260) % 10;
  const first = Math.floor(index / 12_600);
  return (((0x90 + first) * 256 + 0x30 + second) * 256 + 0x81 + third) * 256 + 0x30 + fourth;
}

const questionMark = 0x3f;

function encodeGb18030(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const character of text) {
    const point = character.codePointAt(0)!;
    if (point < 0x80) {
      bytes.push(point);
      continue;
    }
    gb18030 ??= gb18030Table();
    const code = point > 0xffff ? astralCode(point) : (gb18030.get(point) ?? questionMark);
    if (code > 0xffff) bytes.push(Math.floor(code / 0x1000000), (code >>> 16) & 0xff);
    if (code > 0xff) bytes.push((code >>> 8) & 0xff);
    bytes.push(code & 0xff);
  }
  return Uint8Array.from(bytes);
}

const singleByteHas = (point: number, charset: WriteCharset): boolean =>
  point < 0x80 || (charset === 'ISO_IR 100' && point >= 0xa0 && point <= 0xff);

/** Bytes of a text; what a set lacks becomes `?`. */
export function encodeText(text: string, charset: WriteCharset): Uint8Array {
  if (charset === 'ISO_IR 192') return utf8Encoder.encode(text);
  if (charset === 'GB18030') return encodeGb18030(text);
  return Uint8Array.from([...text], (character) => {
    const point = character.codePointAt(0)!;
    return singleByteHas(point, charset) ? point : questionMark;
  });
}

/** Whether a set has every character of a text; both Unicode sets have all. */
export const canEncode = (text: string, charset: WriteCharset): boolean =>
  charset === 'ISO_IR 192' ||
  charset === 'GB18030' ||
  [...text].every((character) => singleByteHas(character.codePointAt(0)!, charset));
