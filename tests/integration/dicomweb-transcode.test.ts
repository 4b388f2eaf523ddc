/** Whole objects in another transfer syntax than the stored one: dcmtk and the manifest's pixel hashes are the oracles. */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Host } from '../../core/contract/host.ts';
import { readDataset } from '../../core/dicom/dataset.ts';
import { importPaths, temporaryFolder } from '../fixtures/host.ts';
import { native, oddObject, write } from '../fixtures/odd-object.ts';
import { element, encapsulated, file, meta, sliceWith, u16 } from '../fixtures/raw-dicom.ts';
import {
  type ManifestFile,
  readManifest,
  sharedDataFolder,
  sharedDataMissing,
} from '../fixtures/shared-data.ts';
import { get, type WebAnswer } from '../fixtures/web-get.ts';
import { openWebHost } from '../fixtures/web-host.ts';

const explicit = '1.2.840.10008.1.2.1';
const many = (syntax = ''): string =>
  `multipart/related; type="application/dicom"${syntax && `; transfer-syntax=${syntax}`}`;
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const folder = temporaryFolder();
const shared = sharedDataFolder();
let host: Host;
let root: string;
let token: string;
const read = (path: string, accept: string, method = 'GET'): Promise<WebAnswer> =>
  get(`${root}${path}`, { token, accept, method });

beforeAll(async () => {
  ({ host, root, token } = await openWebHost(join(folder.path, 'data')));
});
afterAll(async () => {
  await host.close();
  folder.remove();
});

interface Part {
  readonly syntax: string;
  readonly body: Buffer;
}

/** Written without our reader. */
function partsOf({ body, headers }: WebAnswer): Part[] {
  const boundary = /boundary="?([^";]+)/.exec(String(headers['content-type']))?.[1] ?? '';
  const delimiter = `\r\n--${boundary}`;
  const whole = Buffer.concat([Buffer.from('\r\n'), body]);
  const parts: Part[] = [];
  for (let at = whole.indexOf(delimiter); ; ) {
    const next = whole.indexOf(delimiter, at + delimiter.length);
    if (next < 0) return parts;
    const start = whole.indexOf('\r\n\r\n', at) + 4;
    const head = whole.subarray(at, start).toString('latin1');
    const syntax = /transfer-syntax="?([\d.]+)/.exec(head)?.[1] ?? '';
    parts.push({ syntax, body: whole.subarray(start, next) });
    at = next;
  }
}

/** Native pixel data in explicit VR little endian, the last element. */
function pixelsIn(bytes: Buffer): Buffer {
  const at = bytes.lastIndexOf(Buffer.from([0xe0, 0x7f, 0x10, 0x00, 0x4f]));
  return at < 0 ? Buffer.alloc(0) : bytes.subarray(at + 12, at + 12 + bytes.readUInt32LE(at + 8));
}

function objectOf(bytes: Buffer) {
  const tree = readDataset(bytes);
  if (!tree.ok) throw new Error(tree.problem.code);
  const { dataset, transferSyntaxUID } = tree.value;
  const first = (tag: number) =>
    (dataset.find((one) => one.tag === tag)?.value as readonly unknown[] | undefined)?.[0];
  return {
    syntax: transferSyntaxUID,
    uid: first(0x00080018),
    planar: first(0x00280006),
    bitsAllocated: first(0x00280100),
    pixels: pixelsIn(bytes),
  };
}
/** What an answer makes does not stay. */
const leftovers = (): string[] =>
  readdirSync(join(folder.path, 'data', 'incoming')).filter((name) => name.endsWith('.web'));
const untilNoLeftovers = () => expect.poll(leftovers).toEqual([]);

const tools = ['dcmcjpls', 'dcmcjpeg', 'dcmcrle', 'dcmconv', 'dcmftest'];
const missing = tools.find((name) => spawnSync('which', [name]).status !== 0);

describe.skipIf(missing !== undefined)(
  `as dcmtk codes it${missing ? ` (${missing} is missing)` : ''}`,
  () => {
    const study = '1.2.3.80';
    const size = 24;
    const pixelsOf = (n: number): number[] =>
      Array.from({ length: size * size }, (_, at) => u16((at * 37 + n * 1009) % 4096)).flat();
    const ways: readonly (readonly [string, readonly string[]])[] = [
      ['dcmcjpls', []],
      ['dcmcjpeg', ['+e1']],
      ['dcmcjpeg', ['+el']],
      ['dcmcrle', []],
      ['dcmconv', ['+td']],
      ['dcmconv', ['+ti']],
      ['dcmconv', ['+tb']],
      ['dcmconv', ['+te']],
    ];

    beforeAll(async () => {
      const [plain, coded] = [join(folder.path, 'plain'), join(folder.path, 'coded')];
      for (const made of [plain, coded]) mkdirSync(made);
      for (const [n, [tool, words]] of ways.entries()) {
        const own = [
          element(0x8, 0x18, 'UI', `${study}.${n}`),
          element(0x20, 0xd, 'UI', study),
          element(0x20, 0xe, 'UI', `${study}.1000`),
          element(0x20, 0x13, 'IS', String(n)),
          element(0x28, 0x10, 'US', u16(size)),
          element(0x28, 0x11, 'US', u16(size)),
          element(0x7fe0, 0x10, 'OW', pixelsOf(n)),
        ];
        const [from, to] = [join(plain, `${n}.dcm`), join(coded, `${n}.dcm`)];
        writeFileSync(from, file(sliceWith(...own)));
        execFileSync(tool, [...words, from, to]);
      }
      await importPaths(host, [coded]);
    });

    it.each(['', '*/*', many(), many(explicit)])('gives all of a study for “%s”', async (accept) => {
      const answer = await read(`/studies/${study}`, accept);
      expect(answer.status).toBe(200);
      const parts = partsOf(answer);
      expect(parts.map(({ syntax }) => syntax)).toEqual(ways.map(() => explicit));
      for (const [n, { body }] of parts.entries()) {
        const found = objectOf(body);
        expect([found.syntax, found.uid]).toEqual([explicit, `${study}.${n}`]);
        expect(sha256(found.pixels)).toBe(sha256(Uint8Array.from(pixelsOf(n))));
        const path = join(folder.path, 'got.dcm');
        writeFileSync(path, body);
        expect(execFileSync('dcmftest', [path], { encoding: 'utf8' })).toMatch(/^yes/);
        // Read to its end by an independent reader, which tells the syntax of each.
        execFileSync('dcmconv', [path, join(folder.path, 'read.dcm')]);
      }
      await untilNoLeftovers();
    });

    it('gives all of it bit for bit where any syntax will do', async () => {
      const parts = partsOf(await read(`/studies/${study}`, many('*')));
      expect(parts.map(({ body }) => sha256(body))).toEqual(
        ways.map((_, n) => sha256(readFileSync(join(folder.path, 'coded', `${n}.dcm`)))),
      );
      expect(new Set(parts.map(({ syntax }) => syntax)).size).toBe(ways.length);
    });

    it('gives the objects that it can in the syntax that is named, and says that others are not there', async () => {
      const answer = await read(`/studies/${study}`, many('1.2.840.10008.1.2.4.80'));
      expect(answer.status).toBe(206);
      expect(String(answer.headers['warning'])).toContain('7 objects cannot be given');
      expect(partsOf(answer).map(({ syntax }) => syntax)).toEqual(['1.2.840.10008.1.2.4.80']);
    });

    it('takes the most wanted of several syntaxes, part by part', async () => {
      const accept = `${many('1.2.840.10008.1.2.4.70')}, ${many(explicit)}; q=0.4`;
      const parts = partsOf(await read(`/studies/${study}`, accept));
      expect(parts.filter(({ syntax }) => syntax === '1.2.840.10008.1.2.4.70')).toHaveLength(1);
      expect(parts.filter(({ syntax }) => syntax === explicit)).toHaveLength(7);
    });

    it('answers one object alone, and HEAD without making anything', async () => {
      const path = `/studies/${study}/series/${study}.1000/instances/${study}.0`;
      const accept = `application/dicom; transfer-syntax=${explicit}`;
      const answer = await read(path, accept);
      expect([answer.status, answer.headers['content-type']]).toEqual([200, 'application/dicom']);
      expect(sha256(objectOf(answer.body).pixels)).toBe(sha256(Uint8Array.from(pixelsOf(0))));
      const head = await read(path, accept, 'HEAD');
      expect([head.status, head.body.length]).toEqual([200, 0]);
      await untilNoLeftovers();
    });
  },
);

describe('a broken stream', () => {
  const study = '1.2.3.81';
  const jpegLs = '1.2.840.10008.1.2.4.80';
  const path = `/studies/${study}/series/${study}.1/instances/${study}.9`;
  let stored: Uint8Array;

  beforeAll(async () => {
    const made = join(folder.path, 'broken');
    mkdirSync(made);
    const own = (uid: string, ...more: number[][]) => [
      element(0x8, 0x18, 'UI', uid),
      element(0x20, 0xd, 'UI', study),
      element(0x20, 0xe, 'UI', `${study}.1`),
      ...more,
    ];
    const stream = encapsulated([], [[0xff, 0xd8, 0xff, 0xf7, 0, 0, 0, 0]]);
    const broken = sliceWith(...own(`${study}.9`, element(0x20, 0x13, 'IS', '2'), stream));
    stored = file(broken, meta(jpegLs));
    writeFileSync(join(made, 'broken.dcm'), stored);
    const whole = sliceWith(...own(`${study}.8`, element(0x20, 0x13, 'IS', '1')));
    writeFileSync(join(made, 'whole.dcm'), file(whole));
    // Two bytes a pixel in two segments, the second of which is longer than the picture.
    const run = (count: number): number[] => [count - 1, ...new Array<number>(count).fill(7)];
    const header = [2, 64, 64 + 10].flatMap((value) => [...u16(value), 0, 0]);
    const rle = [
      ...header,
      ...new Array<number>(64 - header.length).fill(0),
      ...run(8),
      0,
      ...run(8),
      ...run(20),
    ];
    const long = sliceWith(...own(`${study}.7`, element(0x20, 0x13, 'IS', '3'), encapsulated([], [rle])));
    writeFileSync(join(made, 'long.dcm'), file(long, meta('1.2.840.10008.1.2.5')));
    await importPaths(host, [made]);
  });

  it('goes as it is stored, never as bare pixels that nobody would doubt; a picture of it says so', async () => {
    const one = `/studies/${study}/series/${study}.1/instances/${study}.7`;
    const bare = await read(`${one}/frames/1`, 'application/octet-stream');
    expect([bare.status, bare.body.toString()]).toEqual([
      422,
      expect.stringContaining('PIXEL_LENGTH_MISMATCH'),
    ]);
    const stored = await read(`${one}/frames/1`, 'image/dicom-rle');
    expect(stored.status).toBe(200);
    const drawn = await read(`${one}/rendered`, 'image/png');
    expect([drawn.status, drawn.headers['warning']]).toEqual([
      200,
      expect.stringContaining('PIXEL_LENGTH_MISMATCH'),
    ]);
    const sound = await read(one.replace(/7$/, '8/frames/1'), 'application/octet-stream');
    expect([sound.status, sound.headers['warning']]).toEqual([200, undefined]);
  });

  it('is refused with the reason where another syntax is named', async () => {
    const answer = await read(path, many(explicit));
    expect(answer.status).toBe(406);
    expect((JSON.parse(answer.body.toString()) as { error: string }).error).toMatch(/^[A-Z_]+$/);
    expect(leftovers()).toEqual([]);
  });

  it('goes as it is where none is named, and among others, and its part says so', async () => {
    const [alone] = partsOf(await read(path, many()));
    expect([alone?.syntax, sha256(alone!.body)]).toEqual([jpegLs, sha256(stored)]);
    const parts = partsOf(await read(`/studies/${study}`, many(explicit)));
    expect(parts.map(({ syntax }) => syntax)).toEqual([explicit, jpegLs, '1.2.840.10008.1.2.5']);
  });
});

describe.skipIf(shared === null)(`the shared data${shared ? '' : ` (${sharedDataMissing})`}`, () => {
  let files: ManifestFile[];
  beforeAll(async () => {
    files = onePerSyntax(readManifest(shared!).files);
    await importPaths(
      host,
      files.map(({ path }) => join(shared!, path)),
    );
  });
  const ask = (one: ManifestFile, accept: string): Promise<WebAnswer> =>
    read(
      `/studies/${one.StudyInstanceUID}/series/${one.SeriesInstanceUID}/instances/${one.SOPInstanceUID}`,
      accept,
    );

  it('has the pixels of independent decoders', { timeout: 120_000 }, async () => {
    const seen: string[] = [];
    for (const one of files) {
      const answer = await ask(one, `application/dicom; transfer-syntax=${explicit}`);
      if (one.path.includes('video')) {
        expect([one.path, answer.status]).toEqual([one.path, 406]);
        continue;
      }
      expect([one.path, answer.status]).toEqual([one.path, 200]);
      const found = objectOf(answer.body);
      expect([one.path, found.syntax]).toEqual([one.path, explicit]);
      const isComparable = one.pixels?.exact === true && found.planar !== 1 && found.bitsAllocated !== 1;
      if (!isComparable) continue;
      // Of an odd number of bytes the last one pads.
      const hashes = [found.pixels, found.pixels.subarray(0, -1)].map(sha256);
      const wanted = [one.pixels?.sha256, one.pixels?.sha256Masked];
      expect([one.path, hashes.some((hash) => wanted.includes(hash))]).toEqual([one.path, true]);
      seen.push(one.TransferSyntaxUID ?? '');
    }
    expect(new Set(seen).size).toBeGreaterThan(8);
    await untilNoLeftovers();
  });

  it('is as stored where it was compressed with loss or is a film, and no syntax is named', async () => {
    const kept = files.filter(
      ({ path, TransferSyntaxUID }) =>
        ['1.2.840.10008.1.2.4.50', '1.2.840.10008.1.2.4.51'].includes(TransferSyntaxUID ?? '') ||
        path.includes('video'),
    );
    expect(kept.length).toBeGreaterThan(2);
    for (const one of kept) {
      const answer = await ask(one, 'application/dicom');
      expect([one.path, objectOf(answer.body).syntax]).toEqual([one.path, one.TransferSyntaxUID]);
      const stored = readFileSync(join(shared!, one.path)).subarray(128);
      expect(sha256(answer.body.subarray(128))).toBe(sha256(stored));
    }
  });
});

/** Small single objects whose UID is theirs alone. */
function onePerSyntax(all: readonly ManifestFile[]): ManifestFile[] {
  const times = new Map<string, number>();
  for (const { SOPInstanceUID } of all)
    times.set(SOPInstanceUID ?? '', (times.get(SOPInstanceUID ?? '') ?? 0) + 1);
  const taken = new Set<string>();
  return all.filter(({ path, size, StudyInstanceUID, SOPInstanceUID, TransferSyntaxUID, expected, rows }) => {
    const isFit =
      path.startsWith('single/') && size < 400_000 && expected === undefined && rows && StudyInstanceUID;
    if (!isFit || !SOPInstanceUID || !TransferSyntaxUID || times.get(SOPInstanceUID) !== 1) return false;
    if (taken.has(TransferSyntaxUID)) return false;
    taken.add(TransferSyntaxUID);
    return true;
  });
}

describe('frames of twelve bits a pixel', () => {
  const [rows, columns, frames] = [5, 7, 3];
  const values = Array.from({ length: rows * columns * frames }, (_, n) => (n * 2_654_435_761) >>> 20);
  /** Two pixels are six digits, the second one first; read from the end they are bytes. */
  const packedOf = (cells: readonly number[]): number[] => {
    const digits = [...cells].reverse().map((cell) => cell.toString(16).padStart(3, '0'));
    return [
      ...Buffer.from(digits.join('').padStart(2 * Math.ceil(cells.length * 1.5), '0'), 'hex'),
    ].reverse();
  };
  const frameOf = (n: number) => values.slice(n * rows * columns, (n + 1) * rows * columns);

  it('each begins with a byte of its own, where the one before ends within one too', async () => {
    const made = join(folder.path, 'twelve');
    mkdirSync(made);
    const uid = '1.2.3.97';
    const also = [
      element(0x8, 0x18, 'UI', `${uid}.1`),
      element(0x20, 0xd, 'UI', uid),
      element(0x20, 0xe, 'UI', `${uid}.2`),
    ];
    const pixels = native(packedOf(values));
    const object = oddObject({ rows, columns, frames, bitsAllocated: 12, also, pixels });
    const path = write(made, 'packed', object);
    await importPaths(host, [path]);
    const one = `/studies/${uid}/series/${uid}.2/instances/${uid}.1`;
    for (const n of [0, 1, 2]) {
      const { status, body } = await read(`${one}/frames/${n + 1}`, 'application/octet-stream');
      expect([status, [...body]]).toEqual([200, packedOf(frameOf(n))]);
    }
    const whole = await read(`${one}/frames/3,1`, 'multipart/related; type="application/octet-stream"');
    expect(partsOf(whole).map(({ body }) => [...body])).toEqual([2, 0].map((n) => packedOf(frameOf(n))));
    expect((await read(`${one}/frames/4`, 'application/octet-stream')).status).toBe(404);
  });
});
