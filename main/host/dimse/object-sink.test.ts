/** Oracles: node:crypto over the whole file, and what was given, byte for byte. */
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { metaHeader } from './meta-header.ts';
import { ObjectSink } from './object-sink.ts';

const folder = mkdtempSync(join(tmpdir(), 'candela-sink-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const fields = {
  transferSyntaxUid: '1.2.840.10008.1.2.1',
  sopClassUid: '1.2.840.10008.5.1.4.1.1.2',
  sopInstanceUid: '1.2.3.4',
  sourceAeTitle: 'SENDER',
};
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
let next = 0;
const newPath = (): string => join(folder, `${next++}.part`);

function made(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = 0, x = length + 1; i < length; i++) {
    x = (Math.imul(x, 1664525) + 1013904223) >>> 0;
    bytes[i] = x >>> 24;
  }
  return bytes;
}

describe('object sink', () => {
  const sizes = [0, 1, 5000, 256 * 1024, 1024 * 1024 + 7, 5 * 1024 * 1024 + 3];
  const pieceSizes = [1, 777, 16_384, 65_536, 300_000];
  const cases = sizes.flatMap((size) =>
    pieceSizes.filter((piece) => size / piece < 20_000).map((piece): [number, number] => [size, piece]),
  );

  it.each(cases)('keeps %i bytes that come in pieces of %i', async (size, pieceBytes) => {
    const data = made(size);
    const path = newPath();
    const sink = new ObjectSink(path, fields, 1e9);
    // One buffer for all pieces: the sink may not rely on it.
    const piece = new Uint8Array(pieceBytes);
    for (let at = 0; at < size; at += pieceBytes) {
      const part = data.subarray(at, at + pieceBytes);
      piece.set(part);
      sink.write(piece.subarray(0, part.length));
    }
    const written = await sink.written();
    const header = metaHeader(fields);
    const file = Buffer.concat([header, data]);
    expect(written).toEqual({
      ok: true,
      value: { path, sizeBytes: file.length, datasetOffset: header.length },
    });
    const synced = await sink.synced();
    expect(synced).toMatchObject({ value: { fileSha256: sha256(file), datasetSha256: sha256(data) } });
    expect(sha256(readFileSync(path))).toBe(sha256(file));
  });

  it('writes a header that says whose the data set is', () => {
    const header = Buffer.from(metaHeader(fields));
    expect(header.subarray(128, 132).toString()).toBe('DICM');
    expect(header.readUInt32LE(140)).toBe(header.length - 144);
    const ae = header.indexOf(Buffer.from([2, 0, 0x16, 0, 0x41, 0x45, 6, 0]));
    expect(header.subarray(ae + 8, ae + 14).toString()).toBe('SENDER');
  });

  it('stops at its largest size, and leaves nothing when dropped', async () => {
    const path = newPath();
    const sink = new ObjectSink(path, fields, 10_000);
    sink.write(made(20_000));
    const written = await sink.written();
    expect(written).toMatchObject({ ok: false, problem: { code: 'FILE_TOO_LARGE' } });
    await sink.drop();
    expect(existsSync(path)).toBe(false);
  });

  it('never writes over a file that is there', async () => {
    const path = newPath();
    writeFileSync(path, 'somebody else’s');
    const sink = new ObjectSink(path, fields, 10_000);
    sink.write(made(100));
    expect((await sink.written()).ok).toBe(false);
    await sink.drop();
    expect(readFileSync(path, 'utf8')).toBe('somebody else’s');
  });

  it('tells when the disk has caught up', async () => {
    const sink = new ObjectSink(newPath(), fields, 1e9);
    sink.write(made(8 * 1024 * 1024));
    expect(sink.waitingBytes).toBeGreaterThan(4 * 1024 * 1024);
    await new Promise<void>((resolve) => sink.whenBelow(1024 * 1024, resolve));
    expect(sink.waitingBytes).toBeLessThan(1024 * 1024);
    await sink.drop();
  });
});
