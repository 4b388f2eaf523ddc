/** Header scan and data set reader on every file of the shared data: manifest, dcmjs and dicom-parser as oracles. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bytesSource } from '../../core/dicom/byte-source.ts';
import { type Dataset, readDataset } from '../../core/dicom/dataset.ts';
import { scan } from '../../core/dicom/scan.ts';
import { ScanMemory } from '../../core/dicom/scan-memory.ts';
import type { PersonName, Scan } from '../../core/dicom/types.ts';
import { readManifest, sharedDataFolder, sharedDataMissing } from '../fixtures/shared-data.ts';

/** Manifest fields that only this test looks at. */
interface Row {
  readonly path: string;
  readonly expected?: 'rejected' | 'partial' | 'readable';
  readonly rows?: number;
  readonly columns?: number;
  readonly frames?: number;
  readonly samplesPerPixel?: number;
  readonly bitsAllocated?: number;
  readonly bitsStored?: number;
  readonly pixelRepresentation?: number;
  readonly photometricInterpretation?: string;
  readonly specificCharacterSet?: readonly string[];
  readonly patientName?: string;
  readonly names?: Readonly<Record<string, readonly string[]>>;
  readonly TransferSyntaxUID: string | null;
  readonly [keyword: string]: unknown;
}

const require = createRequire(import.meta.url);
const folder = sharedDataFolder();
const rows = folder ? (readManifest(folder).files as unknown as readonly Row[]) : [];
const bytesOf = (row: Row): Uint8Array => new Uint8Array(readFileSync(join(folder ?? '', row.path)));
const inPlace = (bytes: Uint8Array) => scan(bytesSource(bytes), { keepPartial: true });
const scans = new Map<string, ReturnType<typeof scan>>(rows.map((row) => [row.path, inPlace(bytesOf(row))]));
const scanOf = (row: Row): Scan => {
  const result = scans.get(row.path);
  if (result?.ok !== true) throw new Error(`${row.path}: ${JSON.stringify(result)}`);
  return result.value;
};
const readable = rows.filter((row) => scans.get(row.path)?.ok === true);

/** A file whose header facts in the manifest are, as its reason says, those of a fooled reader. */
const fooled = 'broken/dcm4che-no_preamble_dicm_in_data';
/** Made files whose bytes hold question marks instead of the names that the manifest gives. */
const lostNames = ['made-gbk-undeclared', 'made-gbk-under-iso-ir-100', 'made-utf8-undeclared'];
/** Declares JPEG Lossless over a baseline stream (marker FFC0); the scan goes by the stream. */
const misdeclared = 'single/dcmjs/sample-op.dcm';

const joined = (name: PersonName | undefined): string | undefined =>
  name && [name.alphabetic, name.ideographic ?? '', name.phonetic ?? ''].join('=').replace(/=+$/, '');

describe.skipIf(!folder)(`scan of the shared data (${folder ? 'present' : sharedDataMissing})`, () => {
  it('refuses exactly what is no DICOM file', () => {
    const refused = rows.filter((row) => scans.get(row.path)?.ok === false).map((row) => row.path);
    const expected = rows.filter((row) => row.expected === 'rejected').map((row) => row.path);
    expect(refused).toEqual([...expected, 'media/disc-vendor-junk/VIEWER/DICM.dat']);
  });

  it('agrees with the manifest on identity', () => {
    const keywords = [
      'SOPClassUID',
      'SOPInstanceUID',
      'StudyInstanceUID',
      'SeriesInstanceUID',
      'Modality',
      'Manufacturer',
    ];
    const differing = readable.flatMap((row) => {
      const attributes = scanOf(row).attributes as Readonly<Record<string, unknown>>;
      return keywords
        .filter((keyword) => (attributes[keyword] ?? null) !== row[keyword] && row.path !== fooled)
        .map((keyword) => `${row.path} ${keyword}: ${attributes[keyword]} for ${row[keyword]}`);
    });
    expect(differing).toEqual([]);
  });

  it('agrees with the manifest on transfer syntaxes, and says where it had to guess', () => {
    for (const row of readable) {
      const { transferSyntaxUID, flags } = scanOf(row);
      const codes = flags.map((flag) => flag.code);
      if (row.TransferSyntaxUID === null) expect(codes, row.path).toContain('TS_GUESSED');
      else if (row.path === misdeclared) expect(codes).toContain('PIXEL_ENCODING_MISMATCH');
      else expect(transferSyntaxUID, row.path).toBe(row.TransferSyntaxUID);
    }
  });

  it('agrees with the manifest on pictures', () => {
    const differing = readable
      .filter((row) => row.rows !== undefined)
      .flatMap((row) => {
        const a = scanOf(row).attributes;
        // The manifest gives 1 sample and unsigned where a file does not say.
        const pairs = [
          [a.Rows, row.rows],
          [a.Columns, row.columns],
          [a.NumberOfFrames ?? 1, row.frames],
          [a.SamplesPerPixel ?? 1, row.samplesPerPixel],
          [a.BitsAllocated, row.bitsAllocated],
          [a.BitsStored, row.bitsStored],
          [a.PixelRepresentation ?? 0, row.pixelRepresentation],
          [a.PhotometricInterpretation, row.photometricInterpretation],
        ];
        return pairs.some(([ours, theirs]) => (ours ?? null) !== (theirs ?? null))
          ? [`${row.path} ${pairs}`]
          : [];
      });
    expect(differing).toEqual([]);
  });

  it('finds as many frames as the manifest in compressed files', () => {
    for (const row of readable) {
      const { pixel, flags } = scanOf(row);
      if (pixel.kind !== 'encapsulated') continue;
      const isVideo = flags.some((flag) => flag.code === 'VIDEO_KEPT');
      expect(pixel.frames.length, row.path).toBe(isVideo ? 1 : row.frames);
    }
  });

  it('decodes every name', () => {
    const named = rows.filter((row) => row.patientName !== undefined);
    expect(named.length).toBeGreaterThan(30);
    for (const row of named) {
      if (lostNames.some((lost) => row.path.includes(lost))) continue;
      expect(joined(scanOf(row).attributes.PatientName) ?? null, row.path).toBe(row.patientName);
      expect(scanOf(row).attributes.SpecificCharacterSet, row.path).toEqual(row.specificCharacterSet);
    }
  });

  it('decodes names inside sequences, each item by its own character set', () => {
    for (const row of rows.filter((one) => one.names !== undefined && !/GB2312|ir58/.test(one.path))) {
      const tree = readDataset(bytesOf(row));
      expect(tree.ok, row.path).toBe(true);
      if (!tree.ok) continue;
      for (const [path, names] of Object.entries(row.names ?? {})) {
        const values = valueAt(tree.value.dataset, path)?.map((name) => String(name).replace(/=+$/, ''));
        if (!lostNames.some((lost) => row.path.includes(lost)))
          expect(values, `${row.path} ${path}`).toEqual(names);
      }
    }
  });

  it('gives broken files the verdict of the manifest', () => {
    const withFault = rows.filter(
      (row) => row.expected === 'partial' && row.path !== 'broken/fo-dicom-GH340.dcm',
    );
    for (const row of withFault) {
      const codes = scanOf(row).flags.map((flag) => flag.code);
      expect(
        codes.filter((code) => code !== 'PREAMBLE_NONZERO'),
        row.path,
      ).not.toEqual([]);
    }
  });

  it('gives the same from a source that reuses its buffer', () => {
    const buffer = new Uint8Array(64 * 1024);
    for (const row of rows) {
      const bytes = bytesOf(row);
      const reusing = {
        size: bytes.length,
        read: (at: number, length: number) => {
          const target = length <= buffer.length ? buffer : new Uint8Array(length);
          target.set(bytes.subarray(at, at + length));
          return target.subarray(0, Math.min(length, bytes.length - at));
        },
      };
      expect(scan(reusing, { keepPartial: true }), row.path).toEqual(scans.get(row.path));
      expect(readDataset(reusing), row.path).toEqual(readDataset(bytes));
    }
  });

  it('gives the same scan with the memory of all files before', () => {
    const memory = new ScanMemory();
    for (const row of rows) {
      const remembering = scan(bytesSource(bytesOf(row)), { keepPartial: true, memory });
      expect(remembering, row.path).toEqual(scans.get(row.path));
    }
  });

  it('gives the same scan whole and byte by byte', () => {
    const some = rows
      .filter((row) => /^(broken|charset|single)\//.test(row.path))
      .filter((_, i) => i % 3 === 0);
    for (const row of some) {
      const bytes = bytesOf(row);
      if (bytes.length > 300_000) continue;
      const drip = {
        size: bytes.length,
        read: (at: number, n: number) => bytes.slice(at, at + Math.min(n, 1)),
      };
      expect(scan(drip, { keepPartial: true }), row.path).toEqual(inPlace(bytes));
    }
  });
});

function valueAt(dataset: Dataset, path: string): readonly (string | number)[] | undefined {
  let here = dataset;
  let value: readonly (string | number)[] | undefined;
  for (const part of path.split('.')) {
    const [, keyword, index] = /^(\w+)(?:\[(\d+)\])?$/.exec(part) ?? [];
    const element = here.find((one) => one.keyword === keyword);
    if (index !== undefined) here = element?.items?.[Number(index)] ?? [];
    else value = element?.value instanceof Uint8Array ? undefined : element?.value;
  }
  return value;
}

interface ParsedElement {
  readonly tag: string;
  readonly length: number;
  readonly dataOffset: number;
  readonly items?: readonly {
    readonly dataSet?: { readonly elements: Readonly<Record<string, ParsedElement>> };
  }[];
}

describe.skipIf(!folder)('the data set reader against others', () => {
  it('lists the same top-level elements as dicom-parser, and pixels at the same place', () => {
    const { parseDicom } = require('dicom-parser') as {
      parseDicom(bytes: Uint8Array): { readonly elements: Readonly<Record<string, ParsedElement>> };
    };
    let compared = 0;
    for (const row of readable) {
      const bytes = bytesOf(row);
      let theirs: Readonly<Record<string, ParsedElement>>;
      try {
        theirs = parseDicom(bytes).elements;
      } catch {
        continue;
      }
      const tree = readDataset(bytes);
      const { pixel, deflated, flags } = scanOf(row);
      if (!tree.ok || deflated || flags.some((flag) => ['TRAILING_BYTES', 'TS_GUESSED'].includes(flag.code)))
        continue;
      compared++;
      const ours = tree.value.dataset.map((element) => `x${element.tag.toString(16).padStart(8, '0')}`);
      const tags = Object.keys(theirs).filter((tag) => tag >= 'x00030000' && !/^x(fffe|0000)/.test(tag));
      expect([...new Set(ours)].filter((tag) => tag >= 'x00030000').sort(), row.path).toEqual(tags.sort());
      const element = theirs['x7fe00010'];
      if (pixel.kind === 'native' && pixel.element === 'PixelData' && element !== undefined) {
        expect(pixel.range.offset, row.path).toBe(element.dataOffset);
      }
    }
    expect(compared).toBeGreaterThan(600);
  });

  it('reads the same texts and numbers as dcmjs', () => {
    const dcmjs = require('dcmjs') as {
      readonly log: { setLevel?(level: string): void };
      readonly data: {
        readonly DicomMessage: {
          readFile(bytes: ArrayBuffer): {
            readonly dict: Readonly<
              Record<string, { readonly vr: string; readonly Value?: readonly unknown[] }>
            >;
          };
        };
      };
    };
    dcmjs.log.setLevel?.('silent');
    const vrs = ['AE', 'CS', 'DA', 'TM', 'UI', 'US', 'SS', 'UL', 'SL', 'FD', 'DS', 'IS'];
    let compared = 0;
    for (const row of readable
      .filter((one) => !one.path.startsWith('broken/'))
      .filter((_, i) => i % 4 === 0)) {
      const bytes = bytesOf(row);
      const { flags } = scanOf(row);
      if (
        bytes.length > 2_000_000 ||
        flags.some((flag) => ['VALUE_INVALID', 'TS_GUESSED', 'TAG_ORDER'].includes(flag.code))
      )
        continue;
      let dict: ReturnType<typeof dcmjs.data.DicomMessage.readFile>['dict'];
      try {
        dict = dcmjs.data.DicomMessage.readFile(bytes.slice().buffer).dict;
      } catch {
        continue;
      }
      const tree = readDataset(bytes);
      if (!tree.ok) continue;
      for (const element of tree.value.dataset) {
        const theirs = dict[element.tag.toString(16).toUpperCase().padStart(8, '0')];
        if (
          !theirs?.Value ||
          theirs.vr !== element.vr ||
          !vrs.includes(element.vr) ||
          element.value instanceof Uint8Array
        )
          continue;
        // dcmjs rewrites the character set to UTF-8 in memory.
        if (element.value === undefined || element.tag === 0x00080005) continue;
        compared++;
        const same = (x: unknown): unknown => (typeof x === 'string' ? x.trim() : x);
        // dcmjs leaves some texts unsplit.
        const parts = theirs.Value.flatMap((x) => (typeof x === 'string' ? x.split('\\') : [x]));
        const list = parts.map(same).filter((x) => x !== '' && x !== null && x !== undefined);
        expect(
          element.value.map(same).filter((x) => x !== ''),
          `${row.path} ${element.keyword}`,
        ).toEqual(list);
      }
    }
    expect(compared).toBeGreaterThan(4000);
  });
});
