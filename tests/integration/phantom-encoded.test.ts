/** The phantom in JPEG-LS, JPEG 2000 and HTJ2K: lossless, for Candela and for independent decoders. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encapsulatedSyntax } from '../../core/dicom/write/transfer-syntax.ts';
import { bodyParts } from '../../core/phantom/body.ts';
import { phantomSeries } from '../../core/phantom/series.ts';
import { summarise } from '../../main/host/decode/tasks.ts';
import { frameEncoders, loadFrameEncoder } from '../fixtures/frame-encoders.ts';

const has = (tool: string): boolean => spawnSync('which', [tool]).status === 0;
const names = Object.keys(frameEncoders) as (keyof typeof frameEncoders)[];
const body = bodyParts();

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'candela-encoded-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(names)('%s', (name) => {
  const path = () => join(folder, `${name}.dcm`);
  let pixels: Buffer = Buffer.alloc(0);
  beforeAll(async () => {
    const [instance] = phantomSeries(
      {
        size: [120, 90],
        spacingMm: [3, 3.2],
        slices: 2,
        noiseHu: 10,
        syntax: encapsulatedSyntax(frameEncoders[name][3]),
        encodeFrame: await loadFrameEncoder(name, 12),
      },
      body,
    ).instances;
    const frame = instance!.frame();
    pixels = Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength);
    writeFileSync(path(), instance!.bytes());
  });

  it('is decoded to the same values by Candela', async () => {
    const summary = await summarise({ path: path(), source: name }, () => undefined);
    expect(summary.problem).toBeUndefined();
    expect(summary.sha256).toBe(createHash('sha256').update(pixels).digest('hex'));
  });

  it('is decoded to the same values by GDCM', ({ skip }) => {
    skip(!has('gdcmconv') || !has('gdcmraw'), 'gdcm is not installed');
    skip(name === 'htj2k', 'GDCM reads no HTJ2K');
    const raw = join(folder, `${name}-raw.dcm`);
    expect(spawnSync('gdcmconv', ['--raw', path(), raw]).status).toBe(0);
    const out = join(folder, `${name}.raw`);
    expect(spawnSync('gdcmraw', ['-i', raw, '-o', out]).status).toBe(0);
    expect(readFileSync(out).equals(pixels)).toBe(true);
  });

  it('is a valid object for dciodvfy', ({ skip }) => {
    skip(!has('dciodvfy'), 'dciodvfy is not installed');
    skip(name === 'htj2k', 'dciodvfy does not know HTJ2K');
    const { stdout, stderr } = spawnSync('dciodvfy', [path()], { encoding: 'utf8' });
    expect(`${stdout}${stderr}`).toMatch(/^CTImage\s*$/);
  });
});
