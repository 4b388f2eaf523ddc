/** Every picture of the shared data against the hashes and probes of independent decoders (its README says whose). */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scan } from '../../core/dicom/scan.ts';
import type { Scan } from '../../core/dicom/types.ts';
import { formatOf } from '../../core/pixels/format.ts';
import { frameHashBytes } from '../../core/pixels/frame-hash.ts';
import { frameToRgba } from '../../core/pixels/show.ts';
import type { DecodedFrame } from '../../core/pixels/types.ts';
import { openFile } from '../../main/host/decode/frame-bytes.ts';
import { decodeFrames, summarise } from '../../main/host/decode/tasks.ts';
import {
  type ManifestFile,
  readManifest,
  sharedDataFolder,
  sharedDataMissing,
} from '../fixtures/shared-data.ts';

type Probe = readonly number[];
interface Pixels {
  readonly sha256: string;
  readonly sha256Masked?: string;
  readonly exact: boolean;
  readonly min: number;
  readonly max: number;
  readonly tolerance?: number;
  /** [frame, row, column, samples…] */
  readonly probe?: readonly Probe[];
  readonly mean?: readonly number[] | number;
  readonly rgb?: { readonly probe: readonly Probe[] };
}
type PictureFile = Omit<ManifestFile, 'pixels'> & { readonly pixels: Pixels };

const folder = sharedDataFolder();
const manifest = folder ? readManifest(folder) : null;
const files = manifest?.files ?? [];
const pictures = files.filter((file) => file.pixels) as unknown as PictureFile[];
const nothing = (): void => undefined;
const folders = [...new Set(pictures.map((file) => file.path.split('/').slice(0, -1).join('/')))];

function scanOf(path: string): Scan {
  const file = openFile(join(folder!, path));
  if (!file.ok) throw new Error(`${path}: ${file.problem.code}`);
  try {
    const scanned = scan(file.value, { keepPartial: true });
    if (!scanned.ok) throw new Error(`${path}: ${scanned.problem.code}`);
    return scanned.value;
  } finally {
    file.value.close();
  }
}

async function framesOf(path: string): Promise<{ scan: Scan; frames: DecodedFrame[] }> {
  const scanned = scanOf(path);
  const format = formatOf(scanned);
  if (!format.ok) throw new Error(`${path}: ${format.problem.code}`);
  const numbers = Array.from({ length: format.value.frames }, (_, n) => n);
  const results = await decodeFrames({ path: join(folder!, path), scan: scanned, frames: numbers }, nothing);
  const frames = results.map((result) => {
    if (!result.ok) throw new Error(`${path}: ${result.problem.code}`);
    return result.value;
  });
  return { scan: scanned, frames };
}

const hashOf = (frames: readonly DecodedFrame[], which: 'cells' | 'masked'): string => {
  const hash = createHash('sha256');
  for (const frame of frames) hash.update(frameHashBytes(frame, which));
  return hash.digest('hex');
};

describe.skipIf(!folder)(folder ? 'pixels of the shared data' : sharedDataMissing, () => {
  it.each(folders)('exact pictures in %s have the hash and the range of the manifest', async (name) => {
    const here = pictures.filter(
      (file) => file.pixels.exact && file.path.split('/').slice(0, -1).join('/') === name,
    );
    const wrong: string[] = [];
    for (const { path, pixels } of here) {
      const summary = await summarise({ path: join(folder!, path), source: path }, nothing);
      const same =
        summary.sha256 === pixels.sha256 && summary.min === pixels.min && summary.max === pixels.max;
      if (!same) wrong.push(`${path}: ${summary.problem?.code ?? 'other pixels'}`);
    }
    expect(wrong).toEqual([]);
  });

  const dirty = pictures.filter((file) => file.pixels.sha256Masked !== undefined);
  it.each(dirty)(
    '$path: bits above BitsStored are cleared, the sign is extended',
    async ({ path, pixels }) => {
      const { frames } = await framesOf(path);
      expect(hashOf(frames, 'cells')).toBe(pixels.sha256);
      expect(hashOf(frames, 'masked')).toBe(pixels.sha256Masked);
    },
  );

  const inexact = pictures.filter((file) => !file.pixels.exact);
  it.each(inexact)('$path: probes and means within tolerance', async ({ path, pixels }) => {
    const { frames } = await framesOf(path);
    const { tolerance = 0, probe = [] } = pixels;
    expect(probe.length).toBeGreaterThan(0);
    for (const [frame = 0, row = 0, column = 0, ...samples] of probe) {
      const picture = frames[frame]!;
      const at = (row * picture.columns + column) * picture.samples;
      samples.forEach((value, s) => {
        expect(Math.abs(picture.masked[at + s]! - value)).toBeLessThanOrEqual(tolerance);
      });
    }
    const means = pixels.mean === undefined ? [] : [pixels.mean].flat();
    means.forEach((mean, s) => {
      let [sum, count] = [0, 0];
      for (const { masked, samples } of frames) {
        for (let n = s; n < masked.length; n += samples, count++) sum += masked[n]!;
      }
      expect(Math.abs(sum / count - mean)).toBeLessThanOrEqual(tolerance);
    });
  });

  it('the integer IDCT and the chroma filter equal those of dcmtk bit for bit', async () => {
    const jpeg = inexact.filter((file) => /\.4\.5[0135]$/.test(file.TransferSyntaxUID ?? ''));
    const other: string[] = [];
    for (const { path, pixels } of jpeg) {
      if (hashOf((await framesOf(path)).frames, 'cells') !== pixels.sha256) other.push(path);
    }
    expect(jpeg.length).toBeGreaterThan(30);
    expect(other).toEqual([]);
  });

  // Where header and stream disagree on the colours, dcmtk follows the header and we follow the stream.
  const disputed = ['single/fo-dicom/GH195.dcm'];
  const colours = pictures.filter((f) => (f.pixels.rgb?.probe.length ?? 0) > 0 && !disputed.includes(f.path));
  it.each(colours)('$path: colours as another decoder converts them', async ({ path, pixels }) => {
    const { scan: scanned, frames } = await framesOf(path);
    const format = formatOf(scanned);
    for (const [frame = 0, row = 0, column = 0, ...rgb] of pixels.rgb!.probe) {
      const picture = frames[frame]!;
      const rgba = frameToRgba(picture, {
        format: format.ok ? format.value : never(),
        attributes: scanned.attributes,
      });
      rgb.forEach((value, c) => {
        expect(Math.abs(rgba[(row * picture.columns + column) * 4 + c]! - value)).toBeLessThanOrEqual(2);
      });
    }
  });

  it('subsampled chroma under a header that says RGB is shown as YCbCr', async () => {
    for (const path of disputed)
      expect((await framesOf(path)).frames[0]!.photometricInterpretation).toBe('YBR_FULL');
  });

  it.each(manifest?.groups ?? [])('group $pixelSha256 is bit-identical', async ({ paths, pixelSha256 }) => {
    for (const path of paths) expect(hashOf((await framesOf(path)).frames, 'cells')).toBe(pixelSha256);
  });

  const partial = files.filter((file) => file.expected === 'partial' && (file.rows ?? 0) > 0);
  it.each(partial)('$path: what is damaged says so', async ({ path }) => {
    const summary = await summarise({ path: join(folder!, path), source: path }, nothing);
    expect(summary.problem).toBeDefined();
  });

  const video = files.filter((file) => file.path.startsWith('single/made/video-'));
  it.each(video)('$path: video is kept', async ({ path }) => {
    const summary = await summarise({ path: join(folder!, path), source: path }, nothing);
    expect(summary).toMatchObject({ sha256: null, problem: { code: 'VIDEO_KEPT' } });
  });
});

function never(): never {
  throw new Error('format was checked before');
}
