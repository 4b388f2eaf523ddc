/** The Native DICOM Model of our DICOMweb listener, against dcm2xml and against the JSON that it gives of the same. */
import { execFile, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Host } from '../../core/contract/host.ts';
import { readDataset } from '../../core/dicom/dataset.ts';
import { jsonOfDataset } from '../../core/dicomweb/json-write.ts';
import { xmlOfDataset } from '../../core/dicomweb/xml-write.ts';
import { importPaths, temporaryFolder } from '../fixtures/host.ts';
import { type NativeElement, nativeModelOf } from '../fixtures/native-model.ts';
import { readManifest, sharedDataFolder, sharedDataMissing } from '../fixtures/shared-data.ts';
import { get, type WebAnswer } from '../fixtures/web-get.ts';
import { makeWebStudies, openWebHost, webStudy } from '../fixtures/web-host.ts';

const shared = sharedDataFolder();
const run = promisify(execFile);
const missing =
  shared === null
    ? sharedDataMissing
    : spawnSync('dcm2xml', ['--version']).error
      ? 'dcm2xml is not installed'
      : null;

describe.skipIf(missing !== null)(`the shared data${missing ? ` (${missing})` : ''}`, () => {
  it('reads as dcm2xml reads it', async () => {
    const files = readManifest(shared!).files.filter(
      ({ path, size }) => /^(single|media)\//.test(path) && size < 300_000,
    );
    const found: string[] = [];
    let compared = 0;
    for (const { path } of files.filter((_, n) => n % 3 === 0)) {
      const theirs = await dcm2xml(join(shared!, path));
      const tree = readDataset(readFileSync(join(shared!, path)));
      if (theirs === null || !tree.ok) continue;
      const { dataset, transferSyntaxUID } = tree.value;
      const ours = xmlOfDataset(jsonOfDataset(dataset, { transferSyntaxUID, bulkUri: () => 'http://h' }));
      found.push(...differences(nativeModelOf(ours), theirs, `${path} `));
      compared++;
    }
    expect(found).toEqual([]);
    expect(compared).toBeGreaterThan(40);
  }, 120_000);
});

async function dcm2xml(path: string): Promise<NativeElement[] | null> {
  try {
    const { stdout } = await run('dcm2xml', ['-q', '-nat', '+U8', '+Eb', path], { maxBuffer: 64 << 20 });
    return nativeModelOf(stdout);
  } catch {
    // It refuses the file, or writes what is no XML.
    return null;
  }
}

const nameOf = ({ tag, creator }: NativeElement): string => `${tag} ${creator.trim()}`;

/** Where both give something; retired keywords, and private elements of nobody, are told in other words. */
function differences(
  ours: readonly NativeElement[],
  theirs: readonly NativeElement[],
  path: string,
): string[] {
  const own = new Map(ours.map((element) => [nameOf(element), element]));
  return theirs.flatMap((element) => {
    const { tag, creator } = element;
    const group = Number.parseInt(tag.slice(0, 4), 16);
    const isOfNobody = group % 2 === 1 && creator === '' && !/^....00[1-9A-F]/.test(tag);
    // Our text is always UTF-8.
    if (group < 8 || isOfNobody || tag === '00080005' || tag === 'FFFCFFFC') return [];
    if (creator === '' && tag.endsWith('0000')) return [];
    const found = own.get(nameOf(element));
    if (found === undefined) return [`${path}${nameOf(element)} missing`];
    const isNamed = element.keyword === '' || element.keyword === 'PrivateCreator';
    const key = isNamed || found.keyword === element.keyword ? [] : [`${path}${tag} ${element.keyword}`];
    return [...key, ...valueDifferences(found, element, `${path}${nameOf(element)}`)];
  });
}

function valueDifferences(ours: NativeElement, theirs: NativeElement, path: string): string[] {
  // UN is what each knows of private tags; US or SS what each takes from the pixels' sign.
  const vrs = [ours.vr, theirs.vr];
  if (vrs.includes('UN') || vrs.sort().join() === 'SS,US') return [];
  if (ours.address !== null || theirs.address !== null) return [];
  if (ours.vr !== theirs.vr) return [`${path} ${ours.vr} ${theirs.vr}`];
  if (ours.bytes !== null || theirs.bytes !== null) {
    // Its words are big endian, which the standard's are not.
    const isSame = [ours.bytes, swapped(ours.bytes ?? '', ours.vr)].includes(theirs.bytes);
    return isSame ? [] : [`${path} bytes`];
  }
  if (ours.vr === 'SQ') {
    if (ours.values.length !== theirs.values.length) return [`${path} items`];
    const items = theirs.values as NativeElement[][];
    return items.flatMap((item, n) =>
      differences(ours.values[n] as NativeElement[], item, `${path}/${n + 1}/`),
    );
  }
  // It repeats the ideographic group as the phonetic one where there is none.
  const words = ({ vr, values }: NativeElement): string =>
    values
      .map((value) => {
        const [first = '', second = '', third = ''] = String(value).trim().split('=');
        return vr === 'PN'
          ? [first, second, third === second ? '' : third].map((group) => group.trim()).join('=')
          : plainNumber(sayable(String(value)).trim());
      })
      .join('\\')
      .replace(/^=+$/, '');
  return words(ours) === words(theirs) ? [] : [`${path} ${words(ours)} ${words(theirs)}`];
}

function swapped(base64: string, vr: string): string {
  const bytes = Buffer.from(base64, 'base64');
  if (vr === 'OW') bytes.swap16();
  if (vr === 'OF' || vr === 'OL') bytes.swap32();
  if (vr === 'OD' || vr === 'OV') bytes.swap64();
  return bytes.toString('base64');
}

/** It writes controls as they are, which no XML may have. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const sayable = (text: string): string => text.replace(/[\u0000-\u0008\u000B-\u001F\uFFFD]/g, '');

const plainNumber = (text: string): string =>
  text !== '' && Number.isFinite(Number(text)) ? String(Number(Number(text).toPrecision(6))) : text;

describe('the listener', () => {
  const folder = temporaryFolder();
  const many = 'multipart/related; type="application/dicom+xml"';
  let host: Host;
  let root: string;
  let token: string;
  const read = (path: string, accept: string): Promise<WebAnswer> => get(`${root}${path}`, { token, accept });
  const json = async (path: string): Promise<Record<string, { vr: string; Value?: unknown[] }>[]> =>
    JSON.parse((await read(path, 'application/dicom+json')).body.toString());

  beforeAll(async () => {
    ({ host, root, token } = await openWebHost(join(folder.path, 'data')));
    await importPaths(host, [makeWebStudies(folder.path)]);
  });
  afterAll(async () => {
    await host.close();
    folder.remove();
  });

  /** Written without our reader. */
  function documents({ headers, body }: WebAnswer): NativeElement[][] {
    const type = String(headers['content-type']);
    expect(type).toMatch(/^multipart\/related; type="application\/dicom\+xml"; boundary=/);
    const boundary = /boundary="?([^";]+)/.exec(type)?.[1] ?? '';
    const pieces = `\r\n${body.toString()}`.split(`\r\n--${boundary}`);
    expect(pieces[0]).toBe('');
    expect(pieces.at(-1)).toBe('--\r\n');
    return pieces.slice(1, -1).map((piece) => {
      const [head, text = ''] = piece.split('\r\n\r\n');
      expect(head).toBe('\r\nContent-Type: application/dicom+xml');
      return nativeModelOf(text);
    });
  }

  it.each([
    '/studies',
    `/studies?PatientName=weber*&limit=1`,
    `/studies/${webStudy}/series`,
    `/studies/${webStudy}/instances`,
    `/studies/${webStudy}/metadata`,
    `/studies/${webStudy}/series/${webStudy}.1000.1/metadata`,
  ])('says of %s in XML what it says in JSON', async (path) => {
    const [found, wanted] = [documents(await read(path, many)), await json(path)];
    expect(found.length).toBe(wanted.length);
    expect(found.length).toBeGreaterThan(0);
    for (const [n, dataset] of found.entries()) {
      expect(dataset.map(({ tag, vr }) => [tag, vr])).toEqual(
        Object.entries(wanted[n]!).map(([tag, { vr }]) => [tag, vr]),
      );
      const name = dataset.find(({ keyword }) => keyword === 'PatientName');
      if (name) expect(name.values).toEqual([expect.stringMatching(/^Weber(mann)?\^/)]);
    }
  });

  it('gives one document alone where it is one, and nothing as no content', async () => {
    const one = `/studies/${webStudy}/series/${webStudy}.1000.1/instances/${webStudy}.1/metadata`;
    const alone = await read(one, 'application/dicom+xml');
    expect(alone.headers['content-type']).toBe('application/dicom+xml');
    const elements = nativeModelOf(alone.body.toString());
    expect(elements.find(({ keyword }) => keyword === 'SOPInstanceUID')?.values).toEqual([`${webStudy}.1`]);
    const pixels = elements.find(({ keyword }) => keyword === 'PixelData');
    expect((await get(pixels?.address ?? '', { token })).status).toBe(200);
    expect(await read('/studies?PatientID=nobody', many)).toMatchObject({ status: 204 });
    expect((await read(`/studies/${webStudy}/metadata`, 'application/dicom+xml')).status).toBe(406);
    expect((await read('/studies', 'text/html')).status).toBe(406);
    expect((await read('/studies', '*/*')).headers['content-type']).toBe('application/dicom+json');
    expect((await read('/studies', `${many}, application/dicom+json;q=0.5`)).status).toBe(200);
  });
});
