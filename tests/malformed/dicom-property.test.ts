/** Header scanner and data set reader under random damage: a value with problems or a coded failure, always the same. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesSource } from '../../core/dicom/byte-source.ts';
import { readDataset } from '../../core/dicom/dataset.ts';
import { scan } from '../../core/dicom/scan.ts';
import { ScanMemory } from '../../core/dicom/scan-memory.ts';
import * as raw from '../fixtures/raw-dicom.ts';

const { element, file, meta, sequence, sliceWith, text, u16, u32 } = raw;

const lut = sequence(0x28, 0x3010, [
  ...element(0x28, 0x3002, 'US', [4, 0, 12].flatMap(u16)),
  ...element(0x28, 0x3006, 'OW', [1, 0, 2, 0, 3, 0, 4, 0]),
]);
const groups = sequence(
  0x5200,
  0x9230,
  sequence(0x20, 0x9113, element(0x20, 0x32, 'DS', '1\\2\\3')),
  sequence(0x20, 0x9113, element(0x20, 0x32, 'DS', '1\\2\\4')),
);
const rich = [
  element(8, 5, 'CS', '\\ISO 2022 IR 87'),
  element(0x10, 0x10, 'PN', [...text('Yamada=\u001b$B'), 0x3b, 0x33, 0x45, 0x44, ...text('\u001b(B ')]),
  element(0x28, 8, 'IS', '2'),
  element(0x6000, 0x10, 'US', u16(2)),
  element(0x6000, 0x11, 'US', u16(4)),
  element(0x6000, 0x3000, 'OW', [0x5a, 0]),
  lut,
  groups,
];
const stream = [0xff, 0xd8, 0xff, 0xc0, 0, 11, 8, 0, 2, 0, 4, 1, 1, 0x11, 0, 0, 0xff, 0xd9];
const samples = [
  file(sliceWith(...rich)),
  file(
    sliceWith(...rich.slice(2), raw.encapsulated([0, 26].flatMap(u32), [stream, stream])),
    meta(raw.jpegBaseline),
  ),
  Uint8Array.from(sliceWith(...rich)),
];

/** A sample cut, with bytes changed, and stretches repeated. */
const damaged = fc
  .record({
    sample: fc.constantFrom(...samples),
    cut: fc.double({ min: 0, max: 1, noNaN: true }),
    isCut: fc.boolean(),
    changes: fc.array(
      fc.tuple(fc.double({ min: 0, max: 0.999, noNaN: true }), fc.integer({ min: 0, max: 255 })),
      { maxLength: 6 },
    ),
    copy: fc.tuple(fc.double({ min: 0, max: 0.999, noNaN: true }), fc.integer({ min: 0, max: 40 })),
  })
  .map(({ sample, cut, isCut, changes, copy }) => {
    const bytes = isCut ? sample.slice(0, Math.floor(sample.length * cut)) : sample.slice();
    for (const [place, byte] of changes) if (bytes.length > 0) bytes[Math.floor(place * bytes.length)] = byte;
    const at = Math.floor(copy[0] * bytes.length);
    return Uint8Array.from([...bytes.slice(0, at + copy[1]), ...bytes.slice(at)]);
  });

describe('random damage', () => {
  it('never throws, reads within the file, and gives the same verdict twice', () => {
    fc.assert(
      fc.property(damaged, (bytes) => {
        let furthest = 0;
        const source = {
          size: bytes.length,
          read: (offset: number, length: number) => {
            furthest = Math.max(furthest, offset + length);
            return bytes.slice(offset, offset + length);
          },
        };
        const first = scan(source);
        expect(furthest).toBeLessThanOrEqual(bytes.length);
        expect(scan(bytesSource(bytes))).toEqual(first);
      }),
      { numRuns: 3000, seed: 7 },
    );
  });

  it('gives the same scan whole and byte by byte', () => {
    fc.assert(
      fc.property(damaged, (bytes) => {
        const drip = {
          size: bytes.length,
          read: (at: number, n: number) => bytes.slice(at, at + Math.min(1, n)),
        };
        expect(scan(drip, { keepPartial: true })).toEqual(scan(bytesSource(bytes), { keepPartial: true }));
      }),
      { numRuns: 300, seed: 8 },
    );
  });

  it('keeps what an import would refuse when asked, and nothing less', () => {
    fc.assert(
      fc.property(damaged, (bytes) => {
        const strict = scan(bytesSource(bytes));
        const lenient = scan(bytesSource(bytes), { keepPartial: true });
        if (strict.ok) expect(lenient).toEqual(strict);
        else if (lenient.ok)
          expect(lenient.value.flags.map((flag) => flag.code)).toContain(strict.problem.code);
        else expect(lenient).toEqual(strict);
      }),
      { numRuns: 1000, seed: 9 },
    );
  });

  it('gives the same scan with the memory of other files', () => {
    fc.assert(
      fc.property(fc.array(damaged, { minLength: 2, maxLength: 6 }), (files) => {
        const memory = new ScanMemory();
        for (const bytes of [...files, ...samples, ...files]) {
          const remembering = scan(bytesSource(bytes), { keepPartial: true, memory });
          expect(remembering).toEqual(scan(bytesSource(bytes), { keepPartial: true }));
        }
      }),
      { numRuns: 200, seed: 11 },
    );
  });

  it('reads whole data sets without throwing', () => {
    fc.assert(
      fc.property(damaged, (bytes) => {
        const tree = readDataset(bytes);
        expect(tree.ok || tree.problem.code.length > 0).toBe(true);
      }),
      { numRuns: 1500, seed: 10 },
    );
  });
});
