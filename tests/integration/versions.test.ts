import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { Host } from '../../core/contract/host.ts';
import {
  ask,
  bodyOf,
  codesOf,
  equationHolds,
  importPaths,
  jobEnd,
  listAll,
  openHost,
  temporaryFolder,
} from '../fixtures/host.ts';
import { dcmtkMissing, startStorescp } from '../fixtures/peers.ts';
import { element } from '../fixtures/raw-dicom.ts';
import { ctSlice, writeSlices } from '../fixtures/slices.ts';

/** Issue 10, line 7. Other transfer syntaxes and corrections are made by dcmtk, which knows nothing of us. */
let folder: ReturnType<typeof temporaryFolder>;
let host: Host;
const inside = (name: string): string => join(folder.path, name);

beforeEach(async () => {
  folder = temporaryFolder();
  host = await openHost(inside('data'));
});
afterEach(async () => {
  await host.close();
  folder.remove();
});

const has = (tool: string): boolean => {
  try {
    execFileSync(tool, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};
const dcmtk = has('dcmcrle') && has('dcmodify');
const missing = dcmtk ? '' : ' (dcmtk is not installed)';

/** Each file of `from`, changed by a tool, in `to`. */
function changed(from: string, to: string, tool: string, ...options: string[]): string {
  mkdirSync(inside(to), { recursive: true });
  for (const name of readdirSync(inside(from))) {
    const target = join(inside(to), name);
    if (tool === 'dcmodify') {
      cpSync(join(inside(from), name), target);
      execFileSync(tool, ['-nb', ...options, target], { stdio: 'ignore' });
    } else execFileSync(tool, [...options, join(inside(from), name), target], { stdio: 'ignore' });
  }
  return inside(to);
}

const versionsOf = async (studyKey = 's.1.2.3.1') => ask(host, 'versions.list', { studyKey });
const shownPixels = async (): Promise<string[]> => {
  const { planId, frames, instances } = await ask(host, 'series.plan', { seriesKey: 's.1.2.3.1.0' });
  const { body } = await host.fetch({
    method: 'GET',
    path: `/pixels/${planId}?frames=0-${frames.length - 1}`,
  });
  await bodyOf(body);
  return instances.map(({ transferSyntaxUID }) => transferSyntaxUID);
};
const rle = '1.2.840.10008.1.2.5';

describe.skipIf(!dcmtk)(`the same image again${missing}`, () => {
  it('in another transfer syntax is a newer version; all bytes are kept', async () => {
    writeSlices(inside('in'), 1, 3);
    await importPaths(host, [inside('in')]);
    const { receipt } = await importPaths(host, [changed('in', 'rle', 'dcmcrle')]);
    expect(receipt).toMatchObject({ stored: 3, flags: { INSTANCE_VERSIONS: 3 } });
    expect(codesOf(receipt)).toEqual({});
    expect(equationHolds(receipt)).toBe(true);
    expect(await shownPixels()).toEqual([rle, rle, rle]);
    const list = await versionsOf();
    expect(list.filter(({ shows }) => shows).map((row) => row.transferSyntaxUID)).toEqual([rle, rle, rle]);
    expect(list.filter(({ shows }) => !shows).map((row) => row.difference)).toEqual(
      Array.from({ length: 3 }, () => 'transferSyntax'),
    );
    expect((await listAll(host)).rows).toMatchObject([
      { instances: 3, flags: [{ code: 'INSTANCE_VERSIONS' }] },
    ]);
    const kept = new Set<string>();
    for (const { instanceKey } of list) {
      const { body } = await host.fetch({ method: 'GET', path: `/instance/${instanceKey}` });
      kept.add(
        createHash('sha256')
          .update(await bodyOf(body))
          .digest('hex'),
      );
    }
    const sent = ['in', 'rle'].flatMap((name) =>
      readdirSync(inside(name)).map((file) => readFileSync(join(inside(name), file))),
    );
    expect([...kept].sort()).toEqual(
      sent.map((bytes) => createHash('sha256').update(bytes).digest('hex')).sort(),
    );
    // The first ones once more are what they are: duplicates, and the newest still shows.
    const again = await importPaths(host, [inside('in')]);
    expect(again.receipt).toMatchObject({ stored: 0, duplicates: 3 });
    expect(await shownPixels()).toEqual([rle, rle, rle]);
  });

  it('with a corrected patient becomes the study, and readers keep their work', async () => {
    writeSlices(inside('in'), 1, 3);
    await importPaths(host, [inside('in')]);
    await ask(host, 'reading.save', { studyKey: 's.1.2.3.1', state: '{"items":[1]}' });
    await ask(host, 'studies.setStarred', { studyKeys: ['s.1.2.3.1'], starred: true });
    const corrected = changed(
      'in',
      'named',
      'dcmodify',
      '-m',
      '(0010,0010)=Roe^Richard',
      '-m',
      '(0010,0020)=R77',
    );
    const { receipt } = await importPaths(host, [corrected]);
    expect(receipt).toMatchObject({ stored: 3, flags: { INSTANCE_VERSIONS: 3 } });
    expect((await listAll(host)).rows).toMatchObject([
      { studyKey: 's.1.2.3.1', patientId: 'R77', instances: 3, starred: true },
    ]);
    expect((await listAll(host, 'roe')).total).toBe(1);
    expect(await ask(host, 'reading.load', { studyKey: 's.1.2.3.1' })).toEqual({ state: '{"items":[1]}' });
    expect((await versionsOf()).filter(({ shows }) => !shows).map(({ difference }) => difference)).toEqual([
      'attributes',
      'attributes',
      'attributes',
    ]);
  });

  it('with other pixels, or lying elsewhere, is a conflict', async () => {
    writeSlices(inside('in'), 1, 2);
    await importPaths(host, [inside('in')]);
    mkdirSync(inside('other'));
    writeFileSync(
      join(inside('other'), 'pixels'),
      ctSlice(1, 1, element(0x7fe0, 0x10, 'OW', new Array(16).fill(9))),
    );
    writeFileSync(join(inside('other'), 'moved'), ctSlice(1, 2, element(0x20, 0x32, 'DS', '5\\5\\2')));
    const { receipt } = await importPaths(host, [inside('other')]);
    expect(receipt.stored).toBe(2);
    expect(codesOf(receipt)).toEqual({ UID_CONFLICT: 2 });
    const [row] = (await listAll(host)).rows;
    expect(row?.instances).toBe(4);
    expect(row?.flags.map(({ code }) => code)).toContain('UID_CONFLICT');
  });

  it('is decided after a restart when the host died before', async () => {
    writeSlices(inside('in'), 1, 3);
    await importPaths(host, [inside('in')]);
    const source = changed('in', 'rle', 'dcmcrle');
    // A host that closes decides nothing more: what it acknowledged is there, and waits.
    const { jobId } = await ask(host, 'import.start', { paths: [source], mode: 'import' });
    await host.close();
    host = await openHost(inside('data'));
    const { receipt } = await importPaths(host, [source]);
    expect(jobId).not.toBe('');
    expect(receipt.stored + receipt.duplicates).toBe(3);
    await expect.poll(async () => (await versionsOf()).length).toBe(6);
    expect((await versionsOf()).filter(({ shows }) => shows)).toHaveLength(3);
  });
});

describe.skipIf(dcmtkMissing !== null)(
  `sending a study with a conflict (${dcmtkMissing ?? 'DCMTK is there'})`,
  () => {
    it('sends one object of a UID, the one that came first, and says so', async () => {
      const station = await startStorescp();
      onTestFinished(() => station.stop());
      writeSlices(inside('in'), 1, 3);
      await importPaths(host, [inside('in')]);
      mkdirSync(inside('again'));
      const other = ctSlice(1, 2, element(0x7fe0, 0x10, 'OW', new Array(16).fill(9)));
      writeFileSync(join(inside('again'), 'conflict'), other);
      await importPaths(host, [inside('again')]);
      await ask(host, 'nodes.save', {
        node: {
          nodeId: 's',
          name: 'S',
          protocol: 'dimse',
          aeTitle: 'STORESCP',
          host: '127.0.0.1',
          port: station.port,
        },
      });
      const { jobId } = await ask(host, 'remote.send', { nodeId: 's', studyKeys: ['s.1.2.3.1'] });
      expect(await jobEnd(host, jobId)).toMatchObject({ state: 'done', done: 3, total: 3 });
      const { rows } = await ask(host, 'remote.outcomes', { jobId, offset: 0, limit: 10 });
      expect(rows.map(({ state, problem }) => [state, problem?.code]).toSorted()).toEqual([
        ['done', undefined],
        ['done', undefined],
        ['warning', 'SENT_ONE_OF_TWO'],
      ]);
      const sent = station.files().map((path) => readFileSync(path));
      const nines = Buffer.alloc(16, 9);
      expect([sent.length, sent.filter((bytes) => bytes.includes(nines)).length]).toEqual([3, 0]);
    });
  },
);
