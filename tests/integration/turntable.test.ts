/** Films of the 3D view as independent readers see them: dcmtk and dciodvfy for DICOM, a browser for the rest. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { readDataset } from '../../core/dicom/dataset.ts';
import type { Mat4, VolumeGeometry } from '../../core/geometry/types.ts';
import { fitCamera, withLens } from '../../core/scene/camera.ts';
import { presetPart, volumePreset } from '../../core/scene/presets.ts';
import { sceneToJson } from '../../core/scene/scene-json.ts';
import { turntableCameras } from '../../core/scene/turntable.ts';
import { type BrowserPage, openBrowserPage } from '../../main/host/browser/browser-page.ts';
import { findChromium } from '../../main/host/browser/find-browser.ts';
import { openVideoEncoder } from '../../main/host/film/video-encoder.ts';
import { kernelsReady } from '../../scripts/build-native.mjs';
import { temporaryFolder } from '../fixtures/host.ts';
import { candela } from '../fixtures/terminal.ts';

const folder = temporaryFolder();
const inside = (name: string): string => join(folder.path, name);
const has = (tool: string): boolean => spawnSync('which', [tool]).status === 0;
const chromium = findChromium();
const [width, height, frames] = [96, 80, 8];
let page: BrowserPage | undefined;
afterAll(async () => {
  await page?.close();
  folder.remove();
});

async function film(out: string, ...words: readonly string[]): Promise<Record<string, unknown>> {
  const shape = [
    '--size',
    `${width}x${height}`,
    '--frames',
    String(frames),
    '--seconds',
    '2',
    '--preset',
    'skin',
  ];
  const ended = await candela(['turntable', inside('body'), '--out', out, ...shape, ...words, '--json']);
  expect(ended).toMatchObject({ code: 0, err: '' });
  return JSON.parse(ended.out) as Record<string, unknown>;
}

/** RGB of one of our PNGs: 8 bits, three samples, filter Sub (ISO/IEC 15948). */
function readPng(path: string): Uint8Array {
  const png = readFileSync(path);
  const [columns, rows] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  expect([columns, rows, png[24], png[25]]).toEqual([width, height, 8, 2]);
  const at = png.indexOf('IDAT');
  const raw = inflateSync(png.subarray(at + 4, at + 4 + png.readUInt32BE(at - 4)));
  const rgb = new Uint8Array(columns * rows * 3);
  for (let y = 0; y < rows; y++)
    for (let x = 0; x < columns * 3; x++) {
      const left = x < 3 ? 0 : rgb[y * columns * 3 + x - 3]!;
      rgb[y * columns * 3 + x] = raw[y * (columns * 3 + 1) + 1 + x]! + left;
    }
  return rgb;
}

/** Root of the mean square difference of RGB to RGBA. */
function difference(rgb: Uint8Array, rgba: ArrayLike<number>): number {
  let squares = 0;
  for (let n = 0; n < width * height; n++)
    for (let s = 0; s < 3; s++) squares += (rgb[n * 3 + s]! - rgba[n * 4 + s]!) ** 2;
  return Math.sqrt(squares / (width * height * 3));
}

const pictures: Uint8Array[] = [];
beforeAll(async () => {
  await kernelsReady();
  const body = ['--size', '64x64', '--slices', '20', '--spacing', '7,7,10'];
  expect((await candela(['phantom', '--out', inside('body'), ...body])).code).toBe(0);
  await film(`${inside('png')}/`);
  const names = readdirSync(inside('png')).sort();
  expect(names).toEqual(Array.from({ length: frames }, (_, n) => `${String(n + 1).padStart(4, '0')}.png`));
  pictures.push(...names.map((name) => readPng(join(inside('png'), name))));
  if (chromium) page = await openBrowserPage(chromium);
});

describe('a folder of pictures', () => {
  it('shows the body from all sides, each unlike the others', () => {
    for (let n = 1; n < frames; n++) {
      const different = pictures[n]!.filter((value, at) => value !== pictures[n - 1]![at]).length;
      expect(different, `${n}`).toBeGreaterThan(width * height * 0.1);
      expect(pictures[n]!.filter((value) => value > 40).length).toBeGreaterThan(width * height * 0.2);
    }
  });

  it('are those that candela render draws of the same cameras', async () => {
    const told = JSON.parse((await candela(['volume', inside('body'), '--json'])).out) as {
      size: [number, number, number];
      affine: Mat4;
    };
    const geometry = { size: told.size, patientFromIndex: told.affine };
    const cameras = turntableCameras(geometry, 'A', 'head', frames, width / height);
    const file = inside('scene.json');
    for (const n of [0, 5]) {
      const part = presetPart(volumePreset('skin')!);
      const scene = { kind: 'volume', camera: cameras[n]!, ...part, background: [0, 0, 0] } as const;
      writeFileSync(file, JSON.stringify(sceneToJson(scene)));
      const out = inside('single.png');
      const words = ['render', inside('body'), '--scene', file, '--size', `${width}x${height}`, '--out', out];
      expect((await candela(words)).code).toBe(0);
      expect(Buffer.compare(Buffer.from(readPng(out)), Buffer.from(pictures[n]!))).toBe(0);
    }
  });
});

it('turns the camera of a scene file as it stands', async () => {
  const geometry = {
    size: [64, 64, 20],
    patientFromIndex: [7, 0, 0, -220, 0, 7, 0, -220, 0, 0, 10, -35, 0, 0, 0, 1],
  };
  const camera = withLens(fitCamera(geometry as unknown as VolumeGeometry, 'L'), 'perspective');
  const part = presetPart(volumePreset('lung')!);
  const file = inside('own.json');
  const scene = { kind: 'volume', camera, ...part, background: [9, 9, 9] } as const;
  writeFileSync(file, JSON.stringify(sceneToJson(scene)));
  const [folderOut, single] = [inside('own'), inside('own.png')];
  const size = ['--size', `${width}x${height}`];
  const words = ['turntable', inside('body'), '--scene', file, '--frames', '2', ...size, '--out', folderOut];
  const ended = await candela([...words, '--json']);
  expect(ended).toMatchObject({ code: 0, err: '' });
  expect(JSON.parse(ended.out)).toMatchObject({ preset: 'lung', frames: 2 });
  expect((await candela(['render', inside('body'), '--scene', file, ...size, '--out', single])).code).toBe(0);
  expect(readPng(join(folderOut, '0001.png'))).toEqual(readPng(single));
  expect(readPng(join(folderOut, '0002.png'))).not.toEqual(readPng(single));
});

describe('a DICOM film', () => {
  it('is a valid multi-frame Secondary Capture of the study', async () => {
    const out = inside('film.dcm');
    await film(out);
    const tree = readDataset(new Uint8Array(readFileSync(out)));
    if (!tree.ok) throw new Error(tree.problem.code);
    const value = (keyword: string) => tree.value.dataset.find((one) => one.keyword === keyword)?.value;
    expect(value('SOPClassUID')).toEqual(['1.2.840.10008.5.1.4.1.1.7.4']);
    expect(value('PatientID')).toEqual(['DEMO-001']);
    expect([value('Rows'), value('Columns'), value('NumberOfFrames'), value('FrameTime')]).toEqual([
      [height],
      [width],
      [frames],
      [250],
    ]);
    expect(value('ImagePositionPatient')).toBeUndefined();
    expect(value('ImageComments')).toEqual(['CANDELA DEMO']);
    if (!has('dciodvfy')) return;
    const { stdout, stderr } = spawnSync('dciodvfy', [out], { encoding: 'utf8' });
    expect(`${stdout}${stderr}`.split('\n').filter((line) => line.startsWith('Error'))).toEqual([]);
  });

  it('holds the pictures exactly, by dcmtk', async ({ skip }) => {
    skip(!has('dcmdrle') || !has('dcm2pnm'), 'dcmtk is not installed');
    const [out, raw, ppm] = [inside('exact.dcm'), inside('raw.dcm'), inside('ppm')];
    await film(out);
    expect(spawnSync('dcmdrle', [out, raw]).status).toBe(0);
    mkdirSync(ppm);
    expect(spawnSync('dcm2pnm', ['+Fa', '+op', raw, join(ppm, 'x')]).status).toBe(0);
    const names = readdirSync(ppm).sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
    expect(names).toHaveLength(frames);
    for (const [n, name] of names.entries()) {
      const rgb = readFileSync(join(ppm, name)).subarray(-width * height * 3);
      expect(Buffer.compare(rgb, Buffer.from(pictures[n]!)), name).toBe(0);
    }
  });

  it('is imported and decoded like any other object', async () => {
    const out = inside('read.dcm');
    await film(out);
    const ended = await candela(['frame', out, '--json']);
    expect(ended.code).toBe(0);
    expect(JSON.parse(ended.out)).toMatchObject([
      { rows: height, columns: width, samples: 3, frames, photometric: 'RGB', bitsAllocated: 8 },
    ]);
  });
});

interface Played {
  readonly width: number;
  readonly height: number;
  readonly duration: number;
  readonly rgba: number[];
}

/** A picture as the browser decodes it: RGBA of the film at a time, with its size and length. */
const played = (file: string, type: string, second: number): string => `(async () => {
  const bytes = await (await fetch('data:${type};base64,${readFileSync(file).toString('base64')}')).blob();
  const video = document.createElement('video');
  video.muted = true;
  video.src = URL.createObjectURL(bytes);
  await new Promise((done, fail) => { video.onloadeddata = done; video.onerror = fail; });
  await new Promise((done) => { video.onseeked = done; video.currentTime = ${second}; });
  const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight);
  const context = canvas.getContext('2d');
  context.drawImage(video, 0, 0);
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  return { width: canvas.width, height: canvas.height, duration: video.duration, rgba: [...data] };
})()`;

describe.each([
  ['mp4', 'video/mp4'],
  ['webm', 'video/webm'],
])('a film in %s', (extension, type) => {
  it('plays in a browser: right size, length and pictures', async ({ skip }) => {
    skip(!page, 'no Chromium, Chrome or Edge is installed');
    const out = inside(`film.${extension}`);
    expect(await film(out)).toMatchObject({ format: extension, frames, seconds: 2 });
    for (const n of [0, 3, 6]) {
      // A busy browser says that it has found the moment before it shows it: black, or what was shown before.
      const seen = await vi.waitFor(
        async () => {
          const now = (await page!.evaluate(played(out, type, (n + 0.5) / 4))) as Played;
          expect(difference(pictures[n]!, now.rgba)).toBeLessThan(14);
          return now;
        },
        { timeout: 90_000 },
      );
      expect([seen.width, seen.height]).toEqual([width, height]);
      expect(seen.duration).toBeCloseTo(2, 2);
      // Video keeps less colour than a picture; another frame is far more unlike.
      const own = difference(pictures[n]!, seen.rgba);
      expect(difference(pictures[(n + 2) % frames]!, seen.rgba)).toBeGreaterThan(own * 1.5);
    }
  });

  it('without a browser says what to install', async () => {
    const request = { format: extension as 'mp4' | 'webm', width, height, framesPerSecond: 4 };
    const missing = await openVideoEncoder(request, null);
    expect(missing).toMatchObject({
      ok: false,
      problem: { code: 'VIDEO_ENCODER_MISSING', params: { format: extension } },
    });
    const broken = await openVideoEncoder(
      request,
      process.platform === 'win32' ? 'C:\\none.exe' : '/bin/true',
    );
    expect(broken).toMatchObject({ ok: false, problem: { code: 'VIDEO_ENCODER_FAILED' } });
  });
});

describe('an AVI', () => {
  it('holds JPEGs that a browser decodes to the pictures', async ({ skip }) => {
    skip(!page, 'no Chromium, Chrome or Edge is installed');
    const out = inside('film.avi');
    await film(out);
    const avi = readFileSync(out);
    let at = avi.indexOf('movi') + 4;
    for (let n = 0; n < frames; n++) {
      expect(avi.toString('latin1', at, at + 4)).toBe('00dc');
      const size = avi.readUInt32LE(at + 4);
      const jpeg = avi.subarray(at + 8, at + 8 + size).toString('base64');
      at += 8 + size + (size % 2);
      if (n % 3 !== 0) continue;
      const seen = (await page!.evaluate(`(async () => {
        const bitmap = await createImageBitmap(await (await fetch('data:image/jpeg;base64,${jpeg}')).blob());
        const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
        const context = canvas.getContext('2d');
        context.drawImage(bitmap, 0, 0);
        return [...context.getImageData(0, 0, bitmap.width, bitmap.height).data];
      })()`)) as number[];
      expect(seen).toHaveLength(width * height * 4);
      expect(difference(pictures[n]!, seen)).toBeLessThan(8);
    }
  });
});

it.each([
  [['--out', 'x.mov'], '--out x.mov'],
  [['--out', 'x.mp4', '--size', '101x100'], '--size 101x100'],
  [['--out', 'x.avi', '--frames', '0'], '--frames 0'],
  [['--out', 'x.avi', '--seconds', '0'], '--seconds 0'],
  [['--out', 'x.avi', '--axis', 'spine'], '--axis spine'],
  [['--out', 'x.avi', '--view', 'axial'], '--view axial'],
  [['--out', 'x.avi', '--preset', 'gold'], '--preset gold'],
])('%j is wrong usage', async (words, told) => {
  const ended = await candela(['turntable', inside('body'), ...words]);
  expect(ended).toMatchObject({ code: 2, out: '' });
  expect(ended.err).toContain(told);
});
