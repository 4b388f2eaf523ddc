/** A small PNG writer (ISO/IEC 15948): 8-bit RGB or RGBA, one IDAT, filter 0 or Sub. */
const signature = [137, 80, 78, 71, 13, 10, 26, 10];

const crcTable = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let bit = 0; bit < 8; bit += 1) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c;
});

function crc32(bytes: Uint8Array): number {
  let c = 0xffffffff;
  for (const byte of bytes) c = crcTable[(c ^ byte) & 255]! ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}

function adler32(bytes: Uint8Array): number {
  let a = 1;
  let b = 0;
  for (const byte of bytes) {
    a = (a + byte) % 65521;
    b = (b + a) % 65521;
  }
  return ((b << 16) | a) >>> 0;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

const bigEndian = (value: number): Uint8Array =>
  Uint8Array.of(value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255);

/** zlib stream of stored blocks: no compression, needs nothing. */
export function storedZlib(bytes: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [Uint8Array.of(0x78, 0x01)];
  for (let at = 0; at === 0 || at < bytes.length; at += 65535) {
    const block = bytes.subarray(at, at + 65535);
    const n = block.length;
    const final = at + 65535 >= bytes.length ? 1 : 0;
    parts.push(Uint8Array.of(final, n & 255, n >> 8, ~n & 255, (~n >> 8) & 255), block);
  }
  parts.push(bigEndian(adler32(bytes)));
  return joined(parts);
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const body = joined([Uint8Array.from(type, (c) => c.charCodeAt(0)), data]);
  return joined([bigEndian(data.length), body, bigEndian(crc32(body))]);
}

export interface PngOptions {
  /** zlib-format compressor; stored blocks where absent. */
  readonly deflate?: (bytes: Uint8Array) => Uint8Array;
  /** Pixel size, written as pHYs. */
  readonly spacingMm?: number;
}

/** Opaque pictures lose their alpha channel. `rgba` is width × height × 4 bytes. */
export function encodePng(
  rgba: ArrayLike<number>,
  width: number,
  height: number,
  options: PngOptions = {},
): Uint8Array {
  let opaque = true;
  for (let p = 3; p < width * height * 4; p += 4) opaque &&= rgba[p] === 255;
  const samples = opaque ? 3 : 4;
  const rowBytes = 1 + width * samples;
  const raw = new Uint8Array(height * rowBytes);
  for (let y = 0; y < height; y += 1) {
    raw[y * rowBytes] = 1;
    for (let x = 0; x < width; x += 1)
      for (let s = 0; s < samples; s += 1) {
        const value = rgba[(y * width + x) * 4 + s]!;
        const left = x > 0 ? rgba[(y * width + x - 1) * 4 + s]! : 0;
        raw[y * rowBytes + 1 + x * samples + s] = value - left;
      }
  }
  const header = joined([bigEndian(width), bigEndian(height), Uint8Array.of(8, opaque ? 2 : 6, 0, 0, 0)]);
  const perMetre = options.spacingMm ? Math.round(1000 / options.spacingMm) : 0;
  const physical =
    perMetre > 0 ? [chunk('pHYs', joined([bigEndian(perMetre), bigEndian(perMetre), Uint8Array.of(1)]))] : [];
  return joined([
    Uint8Array.from(signature),
    chunk('IHDR', header),
    ...physical,
    chunk('IDAT', (options.deflate ?? storedZlib)(raw)),
    chunk('IEND', new Uint8Array(0)),
  ]);
}
