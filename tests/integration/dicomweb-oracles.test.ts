/** What our DICOMweb listener says of the shared data, against dcm2json and against the manifest's pixel hashes. */
import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Host } from '../../core/contract/host.ts';
import type { JsonDataset, JsonElement } from '../../core/dicomweb/json-write.ts';
import { importPaths, temporaryFolder } from '../fixtures/host.ts';
import {
  type ManifestFile,
  readManifest,
  sharedDataFolder,
  sharedDataMissing,
} from '../fixtures/shared-data.ts';
import { get } from '../fixtures/web-get.ts';
import { openWebHost } from '../fixtures/web-host.ts';

const shared = sharedDataFolder();
const folder = temporaryFolder();
const run = promisify(execFile);
const has = spawnSync('dcm2json', ['--version']).status === 0;
let host: Host;
let root: string;
let token: string;

describe.skipIf(shared === null)(`the shared data${shared ? '' : ` (${sharedDataMissing})`}`, () => {
  let files: ManifestFile[];

  beforeAll(async () => {
    files = chosen(readManifest(shared!).files);
    ({ host, root, token } = await openWebHost(join(folder.path, 'data')));
    await importPaths(
      host,
      files.map(({ path }) => join(shared!, path)),
    );
  });
  afterAll(async () => {
    await host.close();
    folder.remove();
  });

  const urlOf = (one: ManifestFile): string =>
    `${root}/studies/${one.StudyInstanceUID}/series/${one.SeriesInstanceUID}/instances/${one.SOPInstanceUID}`;

  it.skipIf(!has)('reads as dcm2json reads it', { timeout: 120_000 }, async () => {
    const found: string[] = [];
    let compared = 0;
    for (const one of files) {
      const theirs = await dcm2json(join(shared!, one.path));
      const answer = await get(`${urlOf(one)}/metadata`, { token, accept: 'application/dicom+json' });
      if (theirs === null || answer.status !== 200) continue;
      const [ours] = JSON.parse(answer.body.toString()) as JsonDataset[];
      found.push(...differences(ours!, theirs, `${one.path} `));
      compared++;
    }
    expect(found).toEqual([]);
    expect(compared).toBeGreaterThan(20);
  });

  it('gives frames whose pixels are those of independent decoders', { timeout: 120_000 }, async () => {
    const found: string[] = [];
    let compared = 0;
    for (const one of files) {
      const { pixels, frames = 1 } = one;
      const isPlain = pixels?.sha256 && pixels.exact === true && (frames ?? 1) <= 40;
      if (!isPlain) continue;
      const list = Array.from({ length: frames ?? 1 }, (_, n) => n + 1).join(',');
      const meta = await get(`${urlOf(one)}/metadata`, { token });
      if (meta.status !== 200) continue;
      const [head] = JSON.parse(meta.body.toString()) as JsonDataset[];
      const number = (tag: string): unknown => head?.[tag]?.Value?.[0];
      // The hashes are of interleaved samples, one byte a bit; an octet stream is as the object says of itself.
      if (number('00280006') === 1 || number('00280100') === 1) continue;
      const answer = await get(`${urlOf(one)}/frames/${list}`, { token });
      if (answer.status !== 200) continue;
      const bytes = partsOf(answer.body, String(answer.headers['content-type']));
      if (sha256(bytes) === pixels.sha256) compared++;
      else if (sha256(bytes) !== pixels.sha256Masked) found.push(one.path);
    }
    expect(found).toEqual([]);
    expect(compared).toBeGreaterThan(20);
  });
});

/** Short single objects, at most one of a transfer syntax and class; those that share a UID show one of them only. */
function chosen(files: readonly ManifestFile[]): ManifestFile[] {
  const times = new Map<string, number>();
  for (const { SOPInstanceUID } of files)
    times.set(SOPInstanceUID ?? '', (times.get(SOPInstanceUID ?? '') ?? 0) + 1);
  const taken = new Map<string, number>();
  return files.filter((one) => {
    const { path, size, SOPInstanceUID, SOPClassUID, TransferSyntaxUID } = one;
    const isFit = path.startsWith('single/') && size < 300_000 && times.get(SOPInstanceUID ?? '') === 1;
    const kind = `${SOPClassUID} ${TransferSyntaxUID}`;
    if (!isFit || !SOPInstanceUID || (taken.get(kind) ?? 0) >= 1) return false;
    taken.set(kind, (taken.get(kind) ?? 0) + 1);
    return true;
  });
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Bodies of a multipart answer, one after the other; written without our reader. */
function partsOf(body: Buffer, contentType: string): Buffer {
  const boundary = /boundary="?([^";]+)/.exec(contentType)?.[1] ?? '';
  const delimiter = `\r\n--${boundary}`;
  const whole = Buffer.concat([Buffer.from('\r\n'), body]);
  const bodies: Buffer[] = [];
  for (let at = whole.indexOf(delimiter); ; ) {
    const next = whole.indexOf(delimiter, at + delimiter.length);
    if (next < 0) return Buffer.concat(bodies);
    bodies.push(whole.subarray(whole.indexOf('\r\n\r\n', at) + 4, next));
    at = next;
  }
}

async function dcm2json(path: string): Promise<JsonDataset | null> {
  try {
    const options = {
      maxBuffer: 64 << 20,
      env: { ...process.env, DCMDICTPATH: process.env['DCMDICTPATH'] ?? '' },
    };
    if (options.env.DCMDICTPATH === '') Reflect.deleteProperty(options.env, 'DCMDICTPATH');
    const { stdout } = await run('dcm2json', ['-q', '-fc', path], options);
    return JSON.parse(stdout.replaceAll(/:\s*(-?(?:nan|inf))\b/g, ': "$1"')) as JsonDataset;
  } catch {
    return null;
  }
}

/** Where two data sets differ in what both give: private elements without a known VR may be told in other words. */
function differences(ours: JsonDataset, theirs: JsonDataset, path: string): string[] {
  const found: string[] = [];
  for (const [tag, element] of Object.entries(theirs)) {
    // Group 0002, group lengths and padding have no place; a character set is always UTF-8 in JSON.
    if (tag.startsWith('0002') || tag.endsWith('0000') || tag === '00080005' || tag === 'FFFCFFFC') continue;
    const own = ours[tag];
    if (own === undefined) found.push(`${path}${tag} missing`);
    else found.push(...elementDifferences(own, element, `${path}${tag}`));
  }
  return found;
}

function elementDifferences(ours: JsonElement, theirs: JsonElement, path: string): string[] {
  // Bytes: theirs are always in the text, ours may be elsewhere. UN is what each knows of private tags.
  if (ours.BulkDataURI !== undefined || ours.vr === 'UN' || theirs.vr === 'UN') return [];
  if (ours.InlineBinary !== undefined || theirs.InlineBinary !== undefined) {
    return (ours.InlineBinary ?? '') === (theirs.InlineBinary ?? '') ? [] : [`${path} bytes`];
  }
  if (ours.vr !== theirs.vr) return [`${path} ${ours.vr} ${theirs.vr}`];
  const [own, other] = [ours.Value ?? [], theirs.Value ?? []];
  if (ours.vr === 'SQ') {
    if (own.length !== other.length) return [`${path} items`];
    return own.flatMap((item, index) =>
      differences(item as JsonDataset, (other[index] ?? {}) as JsonDataset, `${path}/${index}/`),
    );
  }
  const plain = (values: readonly unknown[]): string => {
    const list = values.map(comparable);
    return list.every((value) => value === null) ? '[]' : JSON.stringify(list);
  };
  return plain(own) === plain(other) ? [] : [`${path} ${plain(own)} ${plain(other)}`];
}

/** Numbers may be texts, empty groups of a name may be there, ends may be padded. */
function comparable(value: unknown): unknown {
  if (typeof value === 'object' && value !== null) {
    const groups = Object.entries(value).map(([name, group]) => [name, String(group).replace(/[\s^]+$/, '')]);
    const filled = groups.filter(([, group]) => group !== '').map((group) => group.join('='));
    return filled.length > 0 ? filled : null;
  }
  if (value === null || value === '') return null;
  const text = String(value).trim();
  return text !== '' && Number.isFinite(Number(text)) ? Number(Number(text).toPrecision(7)) : text;
}
