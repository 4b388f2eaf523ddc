import { createHash, randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { countVoxels, isSameMask, maskOf } from '../../core/analysis/mask/mask.ts';
import { packVoxels } from '../../core/analysis/mask/mask-file.ts';
import { encodeMask } from '../../core/analysis/mask/run-length.ts';
import type { Host } from '../../core/contract/host.ts';
import { maskMostBytes, maskPieceBytes } from '../../core/contract/masks.ts';
import { placeSegmentation } from '../../core/dicom/derive/segmentation-place.ts';
import { readSegmentation } from '../../core/dicom/derive/segmentation-read.ts';
import { ask, importPaths, jobEnd, listAll, openHost, temporaryFolder } from '../fixtures/host.ts';
import { writeSlices } from '../fixtures/slices.ts';

let folder: ReturnType<typeof temporaryFolder>;
const inside = (name: string): string => join(folder.path, name);
const content = Uint8Array.from({ length: maskPieceBytes * 2 + 77 }, (_, n) => (n * 7919) >> 3);
const sha256 = createHash('sha256').update(content).digest('hex');

beforeEach(() => {
  folder = temporaryFolder();
  writeSlices(inside('in'), 1, 3);
});
afterEach(() => folder.remove());

async function importOne(mode: 'import' | 'open' = 'import') {
  const host = await openHost(inside('data'));
  await importPaths(host, [inside('in')], mode);
  if (mode === 'import') return { host, studyKey: (await listAll(host)).rows[0]?.studyKey ?? '' };
  const page = { sort: [], offset: 0, limit: 10 } as const;
  const opened = await ask(host, 'studies.list', { filter: { source: 'place' }, ...page, sort: [] });
  return { host, studyKey: opened.rows[0]?.studyKey ?? '' };
}

async function save(host: Host, studyKey: string, maskId: string, hash = sha256, bytes = content) {
  for (let fromByte = 0; fromByte < bytes.length; fromByte += maskPieceBytes) {
    const piece = Buffer.from(bytes.subarray(fromByte, fromByte + maskPieceBytes)).toString('base64');
    const sent = { studyKey, maskId, sha256: hash, sizeBytes: bytes.length, fromByte, piece };
    const saved = await host.call('masks.save', sent);
    if (!saved.ok) return saved.problem.code;
    if (saved.value.isWhole) return 'whole';
  }
  return 'part';
}

async function load(host: Host, studyKey: string, maskId: string): Promise<Uint8Array | number> {
  const answer = await host.fetch({ method: 'GET', path: `/mask/${studyKey}?id=${maskId}` });
  return answer.status === 200 ? new Uint8Array(answer.body as Uint8Array) : answer.status;
}

const masksDir = (): string => {
  const name = readdirSync(inside('data/readings')).find((n) => n.endsWith('.masks')) ?? '';
  return inside(`data/readings/${name}`);
};

describe('masks of a study', () => {
  it('go along, with all that was done to it in place, when it is kept; what a stored study has stays', async () => {
    const { host, studyKey } = await importOne('open');
    const maskId = randomUUID();
    expect(await save(host, studyKey, maskId)).toBe('whole');
    const { series } = await ask(host, 'studies.show', { studyKey });
    const seriesKey = series[0]?.seriesKey ?? '';
    const scope = studyKey.slice(0, studyKey.indexOf('.'));
    const storedKey = studyKey.replace(scope, 's');
    const label = `${scope}.1 on the left`;
    const state = JSON.stringify({ cells: [{ seriesKey }], items: [{ label }], masks: [maskId] });
    await ask(host, 'reading.save', { studyKey, state });
    const keep = async (): Promise<string> => {
      const { jobId } = await ask(host, 'import.keep', { studyKey });
      expect((await jobEnd(host, jobId)).state).toBe('done');
      const { state: carried } = await ask(host, 'reading.load', { studyKey: storedKey });
      return carried ?? '';
    };
    expect(JSON.parse(await keep())).toEqual({
      cells: [{ seriesKey: seriesKey.replace(scope, 's') }],
      items: [{ label }],
      masks: [maskId],
    });
    expect(await load(host, storedKey, maskId)).toEqual(content);
    await ask(host, 'reading.save', { studyKey: storedKey, state: '{"of":"the stored one"}' });
    expect(await keep()).toBe('{"of":"the stored one"}');
    await host.close();
  });

  it('come back byte for byte after a restart', async () => {
    const { host, studyKey } = await importOne();
    const maskId = randomUUID();
    expect(await save(host, studyKey, maskId)).toBe('whole');
    await host.close();
    const again = await openHost(inside('data'));
    expect(await ask(again, 'masks.list', { studyKey })).toEqual({
      masks: [{ maskId, sizeBytes: content.length }],
    });
    expect(await load(again, studyKey, maskId)).toEqual(content);
    await ask(again, 'masks.remove', { studyKey, maskIds: [maskId] });
    expect(await load(again, studyKey, maskId)).toBe(404);
    await again.close();
  });

  it('are refused with another hash, out of order, too large, and for an unknown study', async () => {
    const { host, studyKey } = await importOne();
    expect(await save(host, studyKey, randomUUID(), '0'.repeat(64))).toBe('MASK_DAMAGED');
    const piece = { studyKey, maskId: randomUUID(), sha256, sizeBytes: 10, fromByte: 5, piece: 'AAAA' };
    const code = async (input: typeof piece): Promise<string> => {
      const result = await host.call('masks.save', input);
      return result.ok ? 'ok' : result.problem.code;
    };
    expect(await code(piece)).toBe('MASK_DAMAGED');
    expect(await code({ ...piece, sizeBytes: maskMostBytes + 1 })).toBe('INPUT_INVALID');
    expect(await code({ ...piece, maskId: '../-../-../-../-index' })).toBe('INPUT_INVALID');
    expect(await code({ ...piece, studyKey: 's.9.9' })).toBe('NOT_FOUND');
    expect(await ask(host, 'masks.list', { studyKey })).toEqual({ masks: [] });
    await host.close();
  });

  it('are never given out damaged', async () => {
    const { host, studyKey } = await importOne();
    const maskId = randomUUID();
    await save(host, studyKey, maskId);
    const path = join(masksDir(), `${maskId}.bin`);
    const file = readFileSync(path);
    file[1000]! ^= 1;
    writeFileSync(path, file);
    expect(await load(host, studyKey, maskId)).toBe(409);
    await host.close();
  });

  it('of a study opened in place go with the place', async () => {
    const { host, studyKey } = await importOne('open');
    const maskId = randomUUID();
    expect(await save(host, studyKey, maskId)).toBe('whole');
    expect(await load(host, studyKey, maskId)).toEqual(content);
    expect(readdirSync(inside('data/readings'))).toEqual([]);
    const place = studyKey.slice(0, studyKey.indexOf('.'));
    expect(existsSync(inside(`data/incoming/job-masks-${place}`))).toBe(true);
    await ask(host, 'import.closePlace', { place });
    expect(existsSync(inside(`data/incoming/job-masks-${place}`))).toBe(false);
    await host.close();
  });

  it('become a segmentation series of the study with the same voxels', async () => {
    const { host, studyKey } = await importOne();
    const before = await ask(host, 'studies.show', { studyKey });
    const { seriesKey } = before.series[0]!;
    const plan = await ask(host, 'series.plan', { seriesKey });
    const group = plan.groups[0]!;
    const geometry = group.regular!;
    const mask = maskOf(geometry.size, (i, j, k) => i > 1 && j < 3 && (i + j + k) % 2 === 0);
    const other = maskOf([4, 4, 4], (i) => i === 1);
    const ids: string[] = [];
    for (const one of [mask, other]) {
      const packed = packVoxels(one.size, encodeMask(one));
      ids.push(randomUUID());
      const hash = createHash('sha256').update(packed).digest('hex');
      expect(await save(host, studyKey, ids.at(-1)!, hash, packed)).toBe('whole');
    }
    const make = async (maskId: string) => {
      const segment = { maskId, label: '骨骼', nameId: 'bones', algorithm: 'AUTOMATIC' } as const;
      const { jobId } = await ask(host, 'masks.toSeries', {
        ...{ studyKey, seriesKey, groupId: group.id },
        segments: [{ ...segment, colour: [238, 221, 170] }],
      });
      return jobEnd(host, jobId);
    };
    expect((await make(ids[1]!)).problem?.code).toBe('MASK_OTHER_VOLUME');
    expect((await make(ids[0]!)).state).toBe('done');
    const { series } = await ask(host, 'studies.show', { studyKey });
    const made = series.find(({ modality }) => modality === 'SEG')!;
    const { instances } = await ask(host, 'series.plan', { seriesKey: made.seriesKey });
    const file = await host.fetch({ method: 'GET', path: `/instance/${instances[0]!.instanceKey}` });
    const parts: Uint8Array[] = [];
    for await (const part of file.body as AsyncIterable<Uint8Array>) parts.push(part);
    const read = readSegmentation(new Uint8Array(Buffer.concat(parts)));
    if (!read.ok) throw new Error(read.problem.code);
    const placed = placeSegmentation(read.value, geometry);
    if (!placed.ok) throw new Error(placed.problem.code);
    const [segment] = placed.value.segments;
    expect(segment?.segment.label).toBe('骨骼');
    expect(countVoxels(mask)).toBeGreaterThan(0);
    expect(isSameMask({ size: geometry.size, bits: segment!.bits }, mask)).toBe(true);
    await host.close();
  });
});
