import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { faultOfCount } from '../../../core/contract/frame-faults.ts';
import { closeFile, openFile, readInto } from './descriptor.ts';
import { pixelStream, reusePiece } from './pixel-stream.ts';
import type { CachedPlan } from './plan-cache.ts';
import { SpareBuffers } from './spare-buffers.ts';

const folder = mkdtempSync(join(tmpdir(), 'candela-pixels-'));
afterAll(() => rmSync(folder, { recursive: true }));

const headerBytes = 100;
const side = 200;
const frameBytes = side * side * 2;
/** Each byte tells its file and place. */
const contentOf = (n: number): Uint8Array =>
  Uint8Array.from({ length: headerBytes + frameBytes }, (_, at) => (n * 31 + at * 7 + (at >> 8)) % 251);

/** One file for each frame; those in `gone` are not there, those in `changed` have another length. */
function planOf(count: number, gone: readonly number[] = [], changed: readonly number[] = []): CachedPlan {
  const files = Array.from({ length: count }, (_, n) => {
    const file = join(folder, `${count}-${n}`);
    if (!gone.includes(n)) writeFileSync(file, contentOf(n));
    const sizeBytes = headerBytes + frameBytes + (changed.includes(n) ? 1 : 0);
    const attributes = { Rows: side, Columns: side, BitsAllocated: 16, SamplesPerPixel: 1 };
    const range = { offset: headerBytes, length: frameBytes };
    const scan = {
      transferSyntaxUID: '1.2.840.10008.1.2.1',
      datasetOffset: 0,
      deflated: false,
      attributes,
      pixel: { kind: 'native', element: 'PixelData', range },
      isDirectory: false,
      flags: [],
    } as const;
    return { scan, location: { file, sizeBytes, modifiedAtMs: null } };
  });
  const frames = files.map((_, n) => ({ instance: n, frame: 0 }));
  return { plan: { frames }, files } as unknown as CachedPlan;
}

interface Frames {
  readonly found: ReadonlyMap<number, Uint8Array>;
  readonly faults: ReadonlyMap<number, string>;
}

/** The frames of a stream; its parts are written over as soon as they have been read. */
async function framesOf(cached: CachedPlan, frames: readonly number[]): Promise<Frames> {
  const parts: Uint8Array[] = [];
  for await (const part of pixelStream(cached, frames, () => false)) {
    parts.push(part.slice());
    part.fill(0xee);
    reusePiece(part);
  }
  const all = new Uint8Array(await new Blob(parts as Uint8Array<ArrayBuffer>[]).arrayBuffer());
  const view = new DataView(all.buffer);
  const found = new Map<number, Uint8Array>();
  const faults = new Map<number, string>();
  for (let at = 0; at < all.length; ) {
    const [index, count] = [view.getUint32(at, true), view.getUint32(at + 4, true)];
    const fault = faultOfCount(count);
    if (fault) faults.set(index, fault.code);
    if (fault) at += 8;
    if (fault) continue;
    const length = count === 0 ? 0 : view.getUint32(at + 8, true);
    at += 8 + 4 * count;
    found.set(index, all.slice(at, at + length));
    at += length;
  }
  return { found, faults };
}

describe('the framed stream of pixels', () => {
  it('gives each frame its own bytes, in buffers that are written over once they were sent', async () => {
    const wanted = Array.from({ length: 40 }, (_, n) => (n * 7) % 40);
    const { found } = await framesOf(planOf(40), wanted);
    expect([...found.keys()]).toEqual(wanted);
    for (const [n, bytes] of found) expect(bytes).toEqual(contentOf(n).slice(headerBytes));
  });

  it('says which file is gone and which is not the one that was indexed, and gives all others', async () => {
    const { found, faults } = await framesOf(planOf(20, [3, 4], [11]), [...new Array(20).keys()]);
    const missing = 'FILE_MISSING';
    expect(Object.fromEntries(faults)).toEqual({ 3: missing, 4: missing, 11: 'OBJECT_CORRUPT' });
    expect(found.size).toBe(17);
    expect(found.get(5)).toEqual(contentOf(5).slice(headerBytes));
    expect(found.get(12)).toEqual(contentOf(12).slice(headerBytes));
  });

  it('ends when nobody wants it any more', async () => {
    let parts = 0;
    const sent = pixelStream(planOf(30), [...new Array(30).keys()], () => parts >= 3);
    for await (const _ of sent) parts += 1;
    expect(parts).toBe(3);
  });
});

describe('bytes of a file', () => {
  it('are zero where the file holds none, whatever was in the buffer', async () => {
    const path = join(folder, 'short');
    writeFileSync(path, contentOf(1).slice(0, 50));
    const file = await openFile(path);
    const out = new Uint8Array(80).fill(0xee);
    await readInto(file, out, 4, 70, 10);
    await closeFile(file);
    expect(out.slice(4, 44)).toEqual(contentOf(1).slice(10, 50));
    expect([...new Set(out.slice(44, 74))]).toEqual([0]);
    expect([...out.slice(0, 4), ...out.slice(74)]).toEqual(new Array(10).fill(0xee));
  });
});

describe('buffers that are used again', () => {
  it('come back for what fits, and never more of them are kept than allowed', () => {
    const spare = new SpareBuffers(400_000);
    const first = spare.take(150_000);
    spare.give(first);
    expect(spare.take(140_000).buffer).toBe(first.buffer);
    expect(spare.keptBytes).toBe(0);
    for (let n = 0; n < 5; n++) spare.give(new Uint8Array(150_000));
    expect(spare.keptBytes).toBe(300_000);
    expect(spare.take(200_000).length).toBe(200_000);
    expect(spare.keptBytes).toBe(300_000);
    // A much smaller one has its own: the large one would be held for nothing.
    expect(spare.take(1000).buffer.byteLength).toBeLessThan(150_000);
  });
});
