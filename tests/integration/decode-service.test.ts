import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scan } from '../../core/dicom/scan.ts';
import { openFile } from '../../main/host/decode/frame-bytes.ts';
import { createDecodeService } from '../../main/host/decode/service.ts';

/** A minimal CT, or PET in a unit, of 4 × 8 pixels, 16 bits: value = 10·row + column. */
function smallCt(pixels: Uint8Array, petUnits?: string): Uint8Array {
  const parts: number[] = [];
  const text = (value: string): number[] => [
    ...new TextEncoder().encode(value.length % 2 ? `${value}\0` : value),
  ];
  const u16 = (value: number): number[] => [value & 255, value >> 8];
  const element = (group: number, tag: number, vr: string, value: readonly number[]): void => {
    parts.push(...u16(group), ...u16(tag), ...text(vr), ...u16(value.length), ...value);
  };
  const meta = (): void => {
    element(2, 0x10, 'UI', text('1.2.840.10008.1.2.1'));
  };
  meta();
  element(8, 0x16, 'UI', text('1.2.840.10008.5.1.4.1.1.2'));
  element(8, 0x18, 'UI', text('1.2.3.4'));
  element(8, 0x60, 'CS', text(petUnits ? 'PT' : 'CT'));
  element(0x20, 0x0d, 'UI', text('1.2.3'));
  element(0x20, 0x0e, 'UI', text('1.2.3.1'));
  element(0x28, 0x02, 'US', u16(1));
  element(0x28, 0x04, 'CS', text('MONOCHROME2'));
  element(0x28, 0x10, 'US', u16(4));
  element(0x28, 0x11, 'US', u16(8));
  element(0x28, 0x30, 'DS', text('2\\1'));
  element(0x28, 0x100, 'US', u16(16));
  element(0x28, 0x101, 'US', u16(16));
  element(0x28, 0x102, 'US', u16(15));
  element(0x28, 0x103, 'US', u16(0));
  if (petUnits) {
    element(0x28, 0x1050, 'DS', text('20'));
    element(0x28, 0x1051, 'DS', text('40'));
    element(0x54, 0x1001, 'CS', text(petUnits));
  }
  parts.push(...u16(0x7fe0), ...u16(0x10), ...text('OW'), 0, 0, ...u16(pixels.length), 0, 0, ...pixels);
  return Uint8Array.from([...new Uint8Array(128), ...text('DICM'), ...parts]);
}
const values = Uint16Array.from({ length: 32 }, (_, n) => 10 * (n >> 3) + (n & 7));

describe('decode service', () => {
  const folder = mkdtempSync(join(tmpdir(), 'candela-decode-'));
  const path = join(folder, 'ct.dcm');
  const service = createDecodeService();
  beforeAll(() => writeFileSync(path, smallCt(new Uint8Array(values.buffer))));
  afterAll(async () => {
    await service.close();
    rmSync(folder, { recursive: true });
  });

  const scanned = (of = path) => {
    const file = openFile(of);
    if (!file.ok) throw new Error(file.problem.code);
    const result = scan(file.value);
    file.value.close();
    if (!result.ok) throw new Error(result.problem.code);
    return result.value;
  };

  it('gives the summary of a file, and FRAME_RANGE for a frame that is not there', async () => {
    expect(await service.frameSummary(path, undefined, 'mine')).toMatchObject({
      source: 'mine',
      rows: 4,
      columns: 8,
      samples: 1,
      frames: 1,
      bitsAllocated: 16,
      photometric: 'MONOCHROME2',
      min: 0,
      max: 37,
    });
    expect((await service.frameSummary(path, 2)).problem?.code).toBe('FRAME_RANGE');
    expect((await service.frameSummary(join(folder, 'no.dcm'))).problem?.code).toBe('FILE_MISSING');
  });

  it('decodes frames, each with its own outcome', async () => {
    const [good, bad] = await service.decodeFrames(path, scanned(), [0, 7]);
    expect(good?.ok && [...good.value.masked]).toEqual([...values]);
    expect(bad?.ok).toBe(false);
  });

  it('draws a thumbnail as PNG, in true aspect, dark to bright', async () => {
    const png = await service.thumbnailPng(path, scanned(), undefined, 8);
    if (!png.ok) throw new Error(png.problem.code);
    const view = new DataView(png.value.buffer, png.value.byteOffset);
    expect([view.getUint32(16), view.getUint32(20)]).toEqual([8, 8]);
    const length = view.getUint32(33);
    const raw = inflateSync(png.value.subarray(41, 41 + length));
    expect(raw.length).toBe(8 * 25);
    expect(raw[1]).toBeLessThan(10);
    expect(raw[raw.length - 1]).toBeGreaterThan(245);
  });

  // Grey = 255·(1 − SUV / 5), whatever window the file brings; values that say no amount keep the file's.
  it.each([
    ['GML', [255, 204, 153, 102, 51, 0, 0, 0]],
    ['1CM', [0, 7, 13, 20, 26, 33, 39, 46]],
  ])('draws PET in %s as the page opens it', async (units, greys) => {
    const pet = join(folder, `${units}.dcm`);
    writeFileSync(pet, smallCt(new Uint8Array(values.buffer), units));
    const png = await service.thumbnailPng(pet, scanned(pet), undefined, 8);
    if (!png.ok) throw new Error(png.problem.code);
    const view = new DataView(png.value.buffer, png.value.byteOffset);
    const raw = inflateSync(png.value.subarray(41, 41 + view.getUint32(33)));
    for (const [n, grey] of greys.entries()) expect(Math.abs(raw[1 + 3 * n]! - grey)).toBeLessThanOrEqual(1);
  });

  it('draws one tile of a mosaic', async () => {
    const tile = { column: 6, row: 1, columns: 2, rows: 2 };
    const png = await service.thumbnailPng(path, scanned(), 0, 4, tile);
    if (!png.ok) throw new Error(png.problem.code);
    const view = new DataView(png.value.buffer, png.value.byteOffset);
    expect([view.getUint32(16), view.getUint32(20)]).toEqual([2, 4]);
    const length = view.getUint32(33);
    expect(inflateSync(png.value.subarray(41, 41 + length))).toHaveLength(4 * 7);
  });

  it('ends a worker at the deadline and goes on with a fresh one', async () => {
    const hasty = createDecodeService({ deadlineMs: 1 });
    expect((await hasty.frameSummary(path)).problem?.code).toBe('DEADLINE');
    expect((await hasty.frameSummary(path)).problem?.code).toBe('DEADLINE');
    await hasty.close();
    expect((await service.frameSummary(path)).problem).toBe(undefined);
  });

  it('refuses what still waits when it is closed', async () => {
    const closing = createDecodeService();
    const answers = Promise.all([1, 2, 3].map(() => closing.frameSummary(path)));
    await closing.close();
    const codes = (await answers).map((answer) => answer.problem?.code);
    expect(codes.slice(1)).toEqual(['CANCELLED', 'CANCELLED']);
  });

  it('starts no thread once it has closed, which nobody would end', async () => {
    const ended = createDecodeService();
    await ended.close();
    expect(await ended.decodeFrames(path, scanned(), [0])).toMatchObject([
      { ok: false, problem: { code: 'CANCELLED' } },
    ]);
  });
});
