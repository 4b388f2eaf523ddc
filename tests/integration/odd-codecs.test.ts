/** What dcmtk's encoders can write, in every process, predictor and interleave mode, as dcmtk decodes it: bit for bit. */
import { spawnSync } from 'node:child_process';
import { afterAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../fixtures/host.ts';
import {
  dcmtkPixels,
  has,
  hashOf,
  native,
  type OddObject,
  oddObject,
  summaryOf,
  write,
} from '../fixtures/odd-object.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());
const tools = ['dcmcjpeg', 'dcmdjpeg', 'dcmcjpls', 'dcmdjpls', 'dcmcrle', 'dcmdrle', 'gdcmraw'];

const [rows, columns, frames] = [45, 53, 2];
const field = (n: number, turn: number): number =>
  (Math.sin((n % columns) / 9 + turn) + Math.cos(Math.floor(n / columns) / 7) + 2) / 4 + (n % 5) * 0.002;
const count = rows * columns * frames;
const grey = (bits: number, isSigned: boolean): number[] =>
  Array.from({ length: count }, (_, n) => {
    const value = Math.floor(Math.min(field(n, n < count / 2 ? 0 : 1), 1) * (2 ** bits - 1));
    return isSigned ? value - 2 ** (bits - 1) : value;
  });
const colour = (planar: 0 | 1): Uint8Array =>
  Uint8Array.from({ length: 3 * count }, (_, n) => {
    const size = rows * columns;
    const [pixel, sample] = planar
      ? [(n % size) + Math.floor(n / (3 * size)) * size, Math.floor(n / size) % 3]
      : [Math.floor(n / 3), n % 3];
    return Math.floor(Math.min(field(pixel, sample), 1) * 255);
  });
const bytesOf = (cells: ArrayBufferView): Uint8Array => new Uint8Array(cells.buffer);

const shape = { rows, columns, frames } as const;
const rgb = { ...shape, bitsAllocated: 8, samples: 3, photometric: 'RGB' } as const;
const objects: Readonly<Record<string, OddObject>> = {
  '8 bits': { ...shape, bitsAllocated: 8, pixels: native(grey(8, false)) },
  '12 bits': { ...shape, bitsStored: 12, pixels: native(bytesOf(Uint16Array.from(grey(12, false)))) },
  '16 bits, signed': { ...shape, signed: true, pixels: native(bytesOf(Int16Array.from(grey(16, true)))) },
  RGB: { ...rgb, planar: 0, pixels: native(colour(0)) },
  'RGB in planes': { ...rgb, planar: 1, pixels: native(colour(1)) },
};

const predictors = [1, 2, 3, 4, 5, 6, 7].map((value) => ['dcmcjpeg', '+el', '+sv', String(value)]);
const encoders = [
  ...predictors,
  ['dcmcjpeg', '+e1'],
  ['dcmcjpeg', '+el', '+sv', '4', '+pt', '2'],
  ['dcmcjpeg', '+eb'],
  ['dcmcjpeg', '+ee'],
  ['dcmcjpeg', '+es'],
  ['dcmcjpeg', '+ep'],
  ['dcmcjpls', '+in'],
  ['dcmcjpls', '+il'],
  ['dcmcjpls', '+is'],
  ['dcmcjpls', '+en', '+md', '3', '+il'],
  ['dcmcjpls', '+en', '+md', '3', '+is'],
  ['dcmcrle'],
].map((words) => [words.join(' '), words] as const);

const family = /sv 7$|\+e1|\+ep|\+in|\+en|dcmcrle/;

describe.skipIf(!has(...tools))(has(...tools) ? 'dcmtk' : 'dcmtk is not installed', () => {
  describe.each(Object.entries(objects))('%s', (name, object) => {
    const path = write(folder.path, name, oddObject(object));

    // Every process where a codec's own arithmetic shows; elsewhere one of each family.
    const own = /^(12 bits|RGB)$/.test(name) ? encoders : encoders.filter(([title]) => family.test(title));
    it.for(own)('%s', async ([title, [tool = '', ...options]], { skip }) => {
      const coded = `${path}.${title.replaceAll(/\W/g, '')}.dcm`;
      const made = spawnSync(tool, [...options, path, coded], { encoding: 'utf8' });
      // dcmtk encodes no signed pixels with loss in JPEG-LS.
      skip(made.stderr.includes('Unsupported pixel representation'), 'dcmtk cannot');
      expect(made.status, made.stderr).toBe(0);
      const decoder = tool.replace('dcmc', 'dcmd');
      const words = decoder === 'dcmdrle' ? [] : decoder === 'dcmdjpeg' ? ['+cn', '+px'] : ['+px'];
      const decoded = dcmtkPixels(coded, decoder, ...words);
      const cells = decoded.subarray(0, count * (object.samples ?? 1) * (object.bitsAllocated === 8 ? 1 : 2));
      // dcmdrle gives colours as the object said that it had them.
      const wanted = object.planar === 1 && decoder === 'dcmdrle' ? sideBySide(cells) : cells;
      const { sha256, problem } = await summaryOf(coded);
      expect({ sha256, problem }).toEqual({ sha256: hashOf(wanted), problem: undefined });
    });
  });
});

function sideBySide(planes: Uint8Array): Uint8Array {
  const size = rows * columns;
  return planes.map((_, n) => {
    const [pixel, sample] = [Math.floor(n / 3), n % 3];
    return planes[Math.floor(pixel / size) * 3 * size + sample * size + (pixel % size)]!;
  });
}
