/** Films and pictures that the page asks the host for: the files at their route, the DICOM film in its study. */
import { createHash, randomUUID } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { maskOf } from '../../core/analysis/mask/mask.ts';
import { packVoxels } from '../../core/analysis/mask/mask-file.ts';
import { encodeMask } from '../../core/analysis/mask/run-length.ts';
import type { Host } from '../../core/contract/host.ts';
import type { CallInput } from '../../core/contract/index.ts';
import { fitCamera } from '../../core/scene/camera.ts';
import { presetPart, volumePreset } from '../../core/scene/presets.ts';
import { sceneToJson } from '../../core/scene/scene-json.ts';
import type { VolumeScene } from '../../core/scene/types.ts';
import { findChromium } from '../../main/host/browser/find-browser.ts';
import { writePhantom } from '../../main/host/demo/write-phantom.ts';
import { kernelsReady } from '../../scripts/build-native.mjs';
import { type FieldSeries, writeField } from '../fixtures/field-series.ts';
import { ask, importPaths, jobEnd, openHost, temporaryFolder } from '../fixtures/host.ts';

const folder = temporaryFolder();
const inside = (name: string): string => join(folder.path, name);
/** A ball of 400 HU in air. */
const ball: FieldSeries = {
  size: [24, 24, 24],
  spacing: [2, 2, 2],
  row: [1, 0, 0],
  column: [0, 1, 0],
  middle: [0, 0, 0],
  slope: 1,
  value: (p) => (Math.hypot(...p) < 15 ? 400 : -1000),
};
let host: Host;
let asked: Pick<CallInput<'series.film'>, 'seriesKey' | 'groupId' | 'scene'>;
let studyKey = '';

beforeAll(async () => {
  await kernelsReady();
  writeField(inside('ball'), ball);
  host = await openHost(inside('data'));
  await importPaths(host, [inside('ball')]);
  const found = await ask(host, 'uid.find', { uid: '1.2.3.4.5' });
  const { seriesKey } = found.series[0]!;
  studyKey = found.series[0]!.studyKey;
  const plan = await ask(host, 'series.plan', { seriesKey });
  const group = plan.groups[0]!;
  const scene: VolumeScene = {
    kind: 'volume',
    camera: fitCamera(group.regular!, 'A', 1),
    ...presetPart(volumePreset('bone')!),
    shiftHu: 0,
    background: [0, 0, 40],
  };
  asked = { seriesKey, groupId: group.id, scene: JSON.stringify(sceneToJson(scene)) };
});
afterAll(async () => {
  await host.close();
  folder.remove();
});

const shape = { width: 64, height: 48, frames: 4, seconds: 1, axis: 'head' } as const;

async function made(format: CallInput<'series.film'>['format'], part: object = shape) {
  const { jobId } = await ask(host, 'series.film', { ...asked, ...shape, ...part, format });
  const job = await jobEnd(host, jobId);
  expect(job).toMatchObject({ state: 'done', problem: null });
  return job;
}

async function bytesAt(path: string): Promise<{ status: number; name: string; bytes: Buffer }> {
  const { status, headers, body } = await host.fetch({ method: 'GET', path });
  const parts: Uint8Array[] = [];
  if (body instanceof Uint8Array) parts.push(body);
  else if (body) for await (const part of body) parts.push(part);
  return { status, name: headers['content-disposition'] ?? '', bytes: Buffer.concat(parts) };
}

it('is made again by a retry', async () => {
  const first = await made('png');
  const { jobId } = await ask(host, 'jobs.retry', { jobId: first.jobId });
  expect(await jobEnd(host, jobId)).toMatchObject({ kind: 'film', state: 'done', title: first.title });
  const [one, other] = await Promise.all(
    [first.jobId, jobId].map((id) => bytesAt(`/film/${id}?format=png&name=a`)),
  );
  expect(other!.bytes.equals(one!.bytes)).toBe(true);
});

it('an AVI lies at the route of its job, with its name', async () => {
  const { jobId, kind, done, total } = await made('avi');
  expect({ kind, done, total }).toEqual({ kind: 'film', done: 4, total: 4 });
  const { status, name, bytes } = await bytesAt(`/film/${jobId}?format=avi&name=%E8%86%9D`);
  expect(status).toBe(200);
  expect(name).toContain("filename*=UTF-8''%E8%86%9D.avi");
  expect(bytes.toString('latin1', 0, 12)).toMatch(/^RIFF....AVI $/s);
  expect(bytes.readUInt32LE(48)).toBe(4);
  for (const path of [
    `/film/${jobId}?format=mp4`,
    `/film/${jobId}?format=..`,
    `/film/${'.'.repeat(36)}?format=avi`,
    `/film/..%2F${jobId}?format=avi`,
  ])
    expect((await bytesAt(path)).status, path).toBe(404);
});

it('a picture has the size that was asked for, and shows the ball', async () => {
  const { jobId, done, total } = await made('png', { width: 96, height: 96 });
  expect([done, total]).toEqual([1, 1]);
  const { bytes } = await bytesAt(`/film/${jobId}?format=png`);
  expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([96, 96]);
  const at = bytes.indexOf('IDAT');
  const raw = inflateSync(bytes.subarray(at + 4, at + 4 + bytes.readUInt32BE(at - 4)));
  // Filter Sub: the first pixel of a row is as it is, the same colour further on is zero.
  expect([...raw.subarray(1, 7)]).toEqual([0, 0, 40, 0, 0, 0]);
  const lit = raw.subarray(48 * 289 + 1, 49 * 289).some((level) => level > 0 && level < 200);
  expect(lit).toBe(true);
});

it('a picture of a demo study says so', async () => {
  const options = { size: [32, 32], slices: 8, spacingMm: [12, 12], sliceGapsMm: 60, subSlices: 1 } as const;
  const written = await writePhantom({ options, outDir: inside('phantom') });
  if (!written.ok) throw new Error(written.problem.code);
  await importPaths(host, [inside('phantom')]);
  const found = await ask(host, 'uid.find', { uid: written.value.seriesInstanceUid });
  const { seriesKey } = found.series[0]!;
  const { groups, demo } = await ask(host, 'series.plan', { seriesKey });
  expect(demo).toBe(true);
  const { jobId } = await ask(host, 'series.film', {
    ...{ ...asked, ...shape },
    ...{ seriesKey, groupId: groups[0]!.id, format: 'png' },
  });
  expect(await jobEnd(host, jobId)).toMatchObject({ state: 'done' });
  const row = redOf((await bytesAt(`/film/${jobId}?format=png`)).bytes, shape.width, 4);
  // The upper line of the letters DEMO.
  expect(
    row
      .slice(2, 29)
      .map((red) => (red === 255 ? '#' : '.'))
      .join(''),
  ).toBe('..####..#####.#...#..###...');
});

it('a DICOM film joins its study, and leaves nothing behind', async () => {
  const { receiptId } = await made('dcm');
  expect(await ask(host, 'jobs.receipt', { receiptId: receiptId! })).toMatchObject({ stored: 1 });
  const { series } = await ask(host, 'studies.show', { studyKey });
  expect(series.map((row) => [row.number, row.frames, row.rows, row.columns])).toContainEqual([
    301, 4, 48, 64,
  ]);
  const left = readdirSync(inside('data/incoming'), { recursive: true }).map(String);
  expect(left.filter((name) => name.endsWith('.dcm'))).toEqual([]);
});

describe('videos', () => {
  it('are made where there is a browser', async ({ skip }) => {
    skip(findChromium() === null, 'no Chromium is installed');
    const { jobId } = await made('webm');
    const { bytes } = await bytesAt(`/film/${jobId}?format=webm`);
    expect(bytes.readUInt32BE(0)).toBe(0x1a45dfa3);
  });

  it('are refused at once where there is none, with what to do', async () => {
    const before = process.env['CANDELA_CHROMIUM'];
    process.env['CANDELA_CHROMIUM'] = inside('none');
    try {
      const refused = await host.call('series.film', { ...asked, ...shape, format: 'mp4' });
      expect(refused).toMatchObject({ ok: false, problem: { code: 'VIDEO_ENCODER_MISSING' } });
    } finally {
      if (before === undefined) delete process.env['CANDELA_CHROMIUM'];
      else process.env['CANDELA_CHROMIUM'] = before;
    }
  });
});

it.each([
  ['an odd size', { width: 63, format: 'mp4' }, 'INPUT_INVALID'],
  ['a film as large as a picture may be', { width: 4098, format: 'avi' }, 'INPUT_INVALID'],
  ['no scene', { scene: '{"version":1}', format: 'avi' }, 'INPUT_INVALID'],
  ['no JSON', { scene: '{', format: 'avi' }, 'INPUT_INVALID'],
  ['no such group', { groupId: 'none', format: 'avi' }, 'NOT_FOUND'],
] as const)('%s is refused', async (_what, part, code) => {
  const refused = await host.call('series.film', { ...asked, ...shape, ...part });
  expect(refused).toMatchObject({ ok: false, problem: { code } });
});

it('a cancelled film leaves no file', async () => {
  const { jobId } = await ask(host, 'series.film', { ...asked, ...shape, frames: 1800, format: 'avi' });
  await ask(host, 'jobs.cancel', { jobId });
  expect(await jobEnd(host, jobId)).toMatchObject({ state: 'cancelled' });
  expect((await bytesAt(`/film/${jobId}?format=avi`)).status).toBe(404);
});

/** The red of a picture's row. */
function redOf(png: Buffer, width: number, row: number): number[] {
  const at = png.indexOf('IDAT');
  const raw = inflateSync(png.subarray(at + 4, at + 4 + png.readUInt32BE(at - 4)));
  const line = raw.subarray(row * (width * 3 + 1) + 1);
  // Filter Sub: red is told as the step from the pixel before.
  let red = 0;
  return Array.from({ length: width }, (_, column) => {
    red = (red + line[column * 3]!) & 255;
    return red;
  });
}

/** How many pixels of a picture of the ball are brighter than its background, with these masks. */
async function seenPixels(masks?: CallInput<'series.film'>['masks']): Promise<number> {
  const { jobId } = await made('png', { ...shape, ...(masks && { masks }) });
  const { bytes } = await bytesAt(`/film/${jobId}?format=png`);
  let count = 0;
  for (let row = 0; row < shape.height; row += 1)
    count += redOf(bytes, shape.width, row).filter((red) => red > 60).length;
  return count;
}

describe('masks of the study', () => {
  it('are left out of pictures and films as on screen', async () => {
    const mask = maskOf(ball.size, (i) => i < 12);
    const packed = packVoxels(mask.size, encodeMask(mask));
    const maskId = randomUUID();
    const sha256 = createHash('sha256').update(packed).digest('hex');
    const piece = Buffer.from(packed).toString('base64');
    const kept = { studyKey, maskId, sha256, sizeBytes: packed.length, fromByte: 0, piece };
    expect(await ask(host, 'masks.save', kept)).toEqual({ isWhole: true });
    const whole = await seenPixels();
    const half = await seenPixels({ studyKey, shown: [], removed: [maskId] });
    expect(half / whole).toBeGreaterThan(0.35);
    expect(half / whole).toBeLessThan(0.65);
    const lost = { ...asked, ...shape, format: 'png' as const };
    const { jobId } = await ask(host, 'series.film', {
      ...lost,
      masks: { studyKey, shown: [], removed: [randomUUID()] },
    });
    expect((await jobEnd(host, jobId)).problem?.code).toBe('NOT_FOUND');
  });
});
