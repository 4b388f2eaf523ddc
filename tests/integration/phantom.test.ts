/** The phantom's files as independent programs read them: dicom3tools, dcmtk, GDCM and dcm2niix. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bytesSource } from '../../core/dicom/byte-source.ts';
import { scan } from '../../core/dicom/scan.ts';
import * as syntaxes from '../../core/dicom/write/transfer-syntax.ts';
import { beadParts, beads } from '../../core/phantom/anatomy/lesions.ts';
import { bodyParts } from '../../core/phantom/body.ts';
import type { PhantomOptions } from '../../core/phantom/options.ts';
import { Painter } from '../../core/phantom/paint.ts';
import { randomStream } from '../../core/phantom/random.ts';
import { phantomSeries } from '../../core/phantom/series.ts';
import { writePhantom } from '../../main/host/demo/write-phantom.ts';

const has = (tool: string): boolean => spawnSync('which', [tool]).status === 0;
const run = (tool: string, ...args: string[]) => spawnSync(tool, args, { encoding: 'utf8' });
const missing = (tool: string): string => `${tool} is not installed`;

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'candela-phantom-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, options: PhantomOptions, parts = bodyParts()): string {
  const to = join(folder, name);
  mkdirSync(to, { recursive: true });
  for (const instance of phantomSeries(options, parts).instances)
    writeFileSync(join(to, instance.fileName), instance.bytes());
  return to;
}

const small: PhantomOptions = { size: [96, 80], spacingMm: [3.5, 4], slices: 3, noiseHu: 9 };
const body = bodyParts();
const kinds: Readonly<Record<string, PhantomOptions>> = {
  implicit: { ...small, syntax: syntaxes.implicitLittleEndian },
  explicit: { ...small, syntax: syntaxes.explicitLittleEndian },
  'big endian': { ...small, syntax: syntaxes.explicitBigEndian },
  deflated: { ...small, syntax: syntaxes.deflatedLittleEndian },
  rle: { ...small, syntax: syntaxes.rleLossless },
  'signed, tilted': { ...small, signed: true, gantryTiltDeg: 15 },
  mr: { ...small, contrast: 'mr' },
  pet: { ...small, contrast: 'pet', noiseHu: 0 },
  'sagittal, reversed': { ...small, orientation: 'sagittal', reversed: true },
};

describe.each(Object.entries(kinds))('%s', (name, options) => {
  const file = () => join(folder, name, 'IM0002.dcm');
  const frame = () => phantomSeries(options, body).instances[1]!.frame();
  beforeAll(() => {
    write(name, options, body);
  });

  it('is a valid object for dciodvfy', ({ skip }) => {
    skip(!has('dciodvfy'), missing('dciodvfy'));
    skip(name === 'deflated', 'this build of dciodvfy reads no deflated files');
    const { stderr, stdout } = run('dciodvfy', file());
    expect(`${stdout}${stderr}`).toMatch(/^(CT|MR|PET)Image\s*$/);
  });

  it('gives dcmtk the same pixels', ({ skip }) => {
    skip(!has('dcmconv') || !has('dcmdrle'), missing('dcmtk'));
    const plain = join(folder, `${name}-plain.dcm`);
    const made = name === 'rle' ? run('dcmdrle', file(), plain) : run('dcmconv', '+te', file(), plain);
    expect(made.stderr).toBe('');
    const bytes = readFileSync(plain);
    const pixels = frame();
    const size = pixels.byteLength;
    const tail = bytes.subarray(bytes.length - size);
    expect(tail.equals(Buffer.from(pixels.buffer, pixels.byteOffset, size))).toBe(true);
    expect(run('dcmdump', '+P', 'PatientName', file()).stdout).toContain('DEMO^PHANTOM=演示^体模');
  });

  it('gives GDCM the same pixels', ({ skip }) => {
    skip(!has('gdcmconv') || !has('gdcmraw'), missing('gdcm'));
    const raw = join(folder, `${name}-gdcm.dcm`);
    expect(run('gdcmconv', '--raw', file(), raw).status).toBe(0);
    const out = join(folder, `${name}.raw`);
    expect(run('gdcmraw', '-i', raw, '-o', out).status).toBe(0);
    const pixels = frame();
    const bytes = readFileSync(out);
    expect(bytes.equals(Buffer.from(pixels.buffer, pixels.byteOffset, pixels.byteLength))).toBe(true);
  });

  it('is scanned by Candela without a problem', () => {
    const scanned = scan(bytesSource(readFileSync(file())));
    expect(scanned.ok).toBe(true);
    if (scanned.ok) expect(scanned.value.flags).toEqual([]);
  });
});

/** Centroid of brightness over air in LPS, by dcm2niix' own affine (RAS in the file). */
function niftiCentroid(path: string): number[] {
  const bytes = readFileSync(path);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const size = [1, 2, 3].map((n) => view.getInt16(40 + 2 * n, true));
  const rows = [280, 296, 312].map((at) => [0, 1, 2, 3].map((n) => view.getFloat32(at + 4 * n, true)));
  const start = view.getFloat32(108, true);
  let total = 0;
  const sum = [0, 0, 0];
  for (let k = 0; k < size[2]!; k++)
    for (let j = 0; j < size[1]!; j++)
      for (let i = 0; i < size[0]!; i++) {
        const value = view.getInt16(start + 2 * ((k * size[1]! + j) * size[0]! + i), true) + 1000;
        total += value;
        rows.forEach((row, n) => {
          sum[n]! += value * (row[0]! * i + row[1]! * j + row[2]! * k + row[3]!);
        });
      }
  return [-sum[0]! / total, -sum[1]! / total, sum[2]! / total];
}

describe.each(['axial', 'reversed', 'sagittal', 'coronal', 'oblique'] as const)('dcm2niix, %s', (name) => {
  it('finds a bead within 0.01 mm', ({ skip }) => {
    skip(!has('dcm2niix'), missing('dcm2niix'));
    const from = write(
      `bead-${name}`,
      {
        size: [36, 34],
        spacingMm: [0.62, 0.55],
        slices: 33,
        sliceGapsMm: 0.6,
        centreMm: beads[3]!.centre.map((value, n) => value + [0.13, -0.21, 0.17][n]!) as [
          number,
          number,
          number,
        ],
        signed: true,
        ...(name === 'reversed' ? { reversed: true } : { orientation: name }),
      },
      [beadParts()[3]!],
    );
    const to = join(folder, `nifti-${name}`);
    mkdirSync(to);
    run('dcm2niix', '-z', 'n', '-b', 'n', '-o', to, from);
    const files = readdirSync(to).filter((file) => file.endsWith('.nii'));
    expect(files.length).toBe(1);
    const found = niftiCentroid(join(to, files[0]!));
    expect(Math.hypot(...found.map((value, n) => value - beads[3]!.centre[n]!))).toBeLessThan(0.01);
  });
});

describe('Painter', () => {
  it('paints the whole body block by block as point by point', () => {
    const painter = new Painter(bodyParts({ beads: true }), 'labels');
    const random = randomStream(11);
    const step = 1.5;
    const size = [256, 180] as const;
    const z0 = -320 + random() * 3;
    let wrong = 0;
    for (let slab = 0; slab < 8; slab++) {
      const origins = Array.from({ length: 4 }, (_, k) => [-192, -140, z0 + slab * 76 + k * step] as const);
      const block = painter.paint(
        {
          size,
          origins,
          columnStep: [step, 0, 0],
          rowStep: [0, step, 0],
          thickness: [0, 0, step],
          subSlices: 1,
          sharp: true,
        },
        0,
        4,
      );
      for (let n = 0; n < 350; n++) {
        const q = Math.floor(random() * block.length);
        const [k, rest] = [Math.floor(q / (256 * 180)), q % (256 * 180)];
        const origin = origins[k]!;
        const point = [
          origin[0] + (rest % 256) * step,
          origin[1] + Math.floor(rest / 256) * step,
          origin[2],
        ] as const;
        if (painter.valueAt(point) !== block[q]) wrong++;
      }
    }
    expect(wrong).toBe(0);
  });
});

describe('writePhantom', () => {
  const options = { ...small, slices: 20, seriesKey: 'threads' };

  it('writes with threads what one thread would', async () => {
    const outDir = join(folder, 'threads');
    const steps: number[] = [];
    const written = await writePhantom({
      options,
      outDir,
      workers: 2,
      onProgress: (done) => steps.push(done),
    });
    expect(written.ok).toBe(true);
    if (!written.ok) return;
    expect(steps.at(-1)).toBe(20);
    expect(written.value.files.length).toBe(20);
    const alone = phantomSeries(options).instances[13]!;
    expect(readFileSync(written.value.files[13]!.path).equals(Buffer.from(alone.bytes()))).toBe(true);
  });

  it('stops when it is told to', async () => {
    const outDir = join(folder, 'cancelled');
    const stop = new AbortController();
    const written = await writePhantom({
      options: { ...options, slices: 64 },
      outDir,
      workers: 1,
      signal: stop.signal,
      onProgress: () => stop.abort(),
    });
    expect(written.ok).toBe(false);
    if (!written.ok) expect(written.problem.code).toBe('CANCELLED');
    expect(readdirSync(outDir).length).toBeLessThan(64);
  });

  it('says when the folder cannot be made', async () => {
    const blocked = join(folder, 'a-file');
    writeFileSync(blocked, '');
    const written = await writePhantom({ options, outDir: join(blocked, 'inside') });
    expect(!written.ok && written.problem.code).toBe('FOLDER_IMPOSSIBLE');
  });
});
