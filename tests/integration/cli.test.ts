/** Every command of the command line on phantoms: exit codes, streams, and the shape of each document. */
import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  count,
  frameSchema,
  listSchema,
  receiptSchema,
  renderSchema,
  showSchema,
  volumeSchema,
} from '../fixtures/cli-documents.ts';
import { openHost, temporaryFolder } from '../fixtures/host.ts';
import { candela, documentOf, endOf, startCandela } from '../fixtures/terminal.ts';

const folder = temporaryFolder();
const inside = (name: string): string => join(folder.path, name);
const data = inside('data');
afterAll(() => folder.remove());

describe('wrong usage', () => {
  it.each([
    [],
    ['nonsense'],
    ['list', 'a', 'b'],
    ['list', '--nonsense'],
    ['frame'],
    ['frame', 'x', '--frame', '0'],
    ['frame', 'x', '--frame'],
    ['volume', 'x', '--out'],
    ['volume', 'x', '--out', 'x.png'],
    ['render', 'x', '--out', 'x.nrrd'],
    ['render', 'x', '--out', 'x.png', '--view', 'sideways'],
    ['render', 'x', '--out', 'x.png', '--preset', 'nonsense'],
    ['render', 'x', '--out', 'x.png', '--center', '1,2'],
    ['render', 'x', '--out', 'x.png', '--size', '0x10'],
    ['render', 'x', '--out', 'x.png', '--center', '1,2,3'],
    ['render', 'x', '--out=x.png', '--view', '3d', '--slab', '5'],
    ['render', 'x', '--out=x.png', '--view', 'L', '--mode', 'mip'],
    ['render', 'x', '--out=x.png', '--view=axial', '--preset', 'bone'],
    ['render', 'x', '--out=x.png', '--view=axial', '--mode', 'mip'],
    // Of a script's name that is not set: never the folder that it is run in.
    ['import', ''],
    ['import', 'x', ''],
    ['render', '', '--out', 'x.png'],
    ['send', 'station', ''],
    ['backup', ''],
    ['restore', '', '--to', 'x'],
    ['slice', 'x', '--out', 'x.nrrd'],
    ['turntable', 'x'],
    ['reformat', 'x', '--out', 'x'],
    ['serve', '--port', 'x'],
    ['phantom'],
    ['phantom', '--out', 'x', '--tilt', '80'],
    ['phantom', '--out', 'x', '--size', '0x4'],
    ['phantom', '--out', 'x', '--slices', '1000000'],
    ['phantom', '--out', 'x', '--noise', '-1'],
    ['phantom', '--out', 'x', '--thickness', '0'],
    ['phantom', '--out=x', '--slices', '4', '--gaps', '3,3'],
    ['help', 'nonsense'],
  ])('%j %j %j %j %j %j exits 2 with its usage on stderr', async (...words) => {
    const ended = await candela(words.filter((word) => word !== undefined));
    expect(ended).toMatchObject({ code: 2, out: '' });
    expect(ended.err).toContain('candela ');
  });

  it('help is no mistake, and speaks the language of the terminal', async () => {
    for (const words of [['help'], ['--help'], ['help', 'render'], ['render', '--help', '--nonsense']]) {
      const ended = await candela(words);
      expect(ended).toMatchObject({ code: 0, err: '' });
      expect(ended.out).toContain('candela ');
    }
    expect((await candela(['help'], { LANG: 'zh_CN.UTF-8' })).out).toContain('命令：');
    expect((await candela(['show', inside('none')], { LC_ALL: 'zh_CN.UTF-8' })).err).toContain('找不到');
  });
});

describe('a phantom from a terminal', () => {
  const path = inside('体模 with a space');
  let uid = '';
  beforeAll(async () => {
    const words = [
      'phantom',
      '--out',
      path,
      '--size',
      '64x48',
      '--slices',
      '5',
      '--spacing',
      '4,3,5',
      '--json',
    ];
    const ended = await candela(words);
    expect(ended).toMatchObject({ code: 0, err: '' });
    const made = documentOf(
      v.object({
        StudyInstanceUID: v.string(),
        SeriesInstanceUID: v.string(),
        files: count,
        answers: v.record(v.string(), v.unknown()),
      }),
      ended,
    );
    expect(made.files).toBe(5);
    expect(readdirSync(path)).toHaveLength(5);
    uid = made.SeriesInstanceUID;
  });

  it('has one slice more than the gaps that are given', async () => {
    const words = ['--out', inside('gaps'), '--size', '16x16', '--gaps', '6,6,12,6', '--json'];
    const ended = await candela(['phantom', ...words]);
    expect(ended).toMatchObject({ code: 0, err: '' });
    expect(readdirSync(inside('gaps'))).toHaveLength(5);
  });

  it('has UIDs of its own where its pictures are others, and the same in another syntax', async () => {
    const uids = async (name: string, ...more: string[]): Promise<string[]> => {
      const words = ['phantom', '--out', inside(name), '--size', '16x16', '--slices', '1', '--json', ...more];
      const made = documentOf(
        v.object({ StudyInstanceUID: v.string(), SeriesInstanceUID: v.string() }),
        await candela(words),
      );
      return [made.StudyInstanceUID, made.SeriesInstanceUID];
    };
    const plain = await uids('plain');
    expect(await uids('rle', '--syntax', 'rle')).toEqual(plain);
    const tilted = await uids('tilted', '--tilt', '12');
    expect([tilted[0] === plain[0], tilted[1] === plain[1]]).toEqual([true, false]);
  });

  it('is imported once, listed, shown and verified', async () => {
    const first = documentOf(receiptSchema, await candela(['import', path, '--json', '--data', data]));
    expect(first).toMatchObject({ files: 5, stored: 5, broken: 0, problems: [] });
    const again = await candela(['import', path, '--json', '--data', data]);
    expect(again.code).toBe(0);
    expect(documentOf(receiptSchema, again)).toMatchObject({ stored: 0, duplicates: 5 });
    const [study] = documentOf(listSchema, await candela(['list', 'PHANTOM', '--json', '--data', data]));
    expect(study).toMatchObject({
      StudyInstanceUID: first.studies[0],
      instances: 5,
      ModalitiesInStudy: ['CT'],
    });
    expect(documentOf(listSchema, await candela(['list', 'nobody', '--json', '--data', data]))).toEqual([]);
    const [series] = documentOf(
      showSchema,
      await candela(['show', study!.StudyInstanceUID, '--json', '--data', data]),
    );
    expect(series).toMatchObject({ SeriesInstanceUID: uid, frames: 5, groups: [{ size: [64, 48, 5] }] });
    const verified = await candela(['verify', '--json', '--data', data]);
    expect(verified.code).toBe(0);
    expect(JSON.parse(verified.out)).toMatchObject({ files: 5, problems: [] });
  });

  it('gives the same volume by UID from the cache and by path in place', async () => {
    const [byUid, byPath] = [inside('a.nrrd'), inside('b.nrrd')];
    const one = documentOf(
      volumeSchema,
      await candela(['volume', uid, '--out', byUid, '--json', '--data', data]),
    );
    const other = documentOf(volumeSchema, await candela(['volume', path, '--out', byPath, '--json']));
    expect(other).toEqual(one);
    expect(readFileSync(byPath).equals(readFileSync(byUid))).toBe(true);
  });

  it('is drawn as planes and in 3D, around a centre below zero', async () => {
    for (const view of ['axial', 'coronal', '3d', 'L']) {
      const out = inside(`${view}.png`);
      const words = ['render', path, '--view', view, '--out', out, '--size', '80x60'];
      const centre = view === 'axial' || view === 'coronal' ? ['--center', '-12,3,60'] : [];
      const ended = await candela([...words, ...centre, '--json']);
      expect(ended, view).toMatchObject({ code: 0, err: '' });
      expect(documentOf(renderSchema, ended)).toMatchObject({ view, width: 80, height: 60 });
      const png = readFileSync(out);
      expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([80, 60]);
    }
  });

  it('takes a window in 3D where there is one: projections', async () => {
    const words = ['render', path, '--view', '3d', '--size', '80x60', '--window', '700,150', '--out'];
    const out = inside('windowed.png');
    expect((await candela([...words, out, '--preset', 'mip'])).code).toBe(0);
    const ended = await candela([...words, out, '--preset', 'bone']);
    expect(ended).toMatchObject({ code: 2, out: '' });
    expect(ended.err).toContain('--window');
  });

  it('says what hinders it, with nothing on stdout', async () => {
    const cases: readonly (readonly [readonly string[], string])[] = [
      [['volume', path, '--out', inside('no/such/folder.nrrd')], 'FOLDER_MISSING'],
      // Said before anything is drawn.
      [['turntable', path, '--out', inside('no/such/film.avi')], 'FOLDER_MISSING'],
      [['volume', path, '--out', inside('x.nii'), '--group', 'nonsense'], 'INPUT_INVALID'],
      [['show', inside('no such path')], 'NOT_FOUND'],
      [['show', '1.2.3.4.5.6'], 'NOT_FOUND'],
      [['import', inside('no such path')], 'FILE_MISSING'],
    ];
    for (const [words, code] of cases) {
      const ended = await candela([...words, '--json', '--data', data]);
      expect(ended.out).toBe('');
      expect(ended.code).toBe(code === 'INPUT_INVALID' ? 2 : 1);
      expect(ended.err).toContain(`(${code})`);
    }
  });

  it('goes through the Candela that has the data folder open', async () => {
    const running = await openHost(data, { shell: 'browser' });
    try {
      const [file = ''] = readdirSync(path);
      const [local] = documentOf(frameSchema, await candela(['frame', join(path, file), '--json']));
      const [study] = documentOf(listSchema, await candela(['list', '--json', '--data', data]));
      expect(study?.instances).toBe(5);
      const { instances } = await uidsOf(running, uid);
      const sop = instances[0]!;
      const [remote] = documentOf(frameSchema, await candela(['frame', sop, '--json', '--data', data]));
      expect(remote).toEqual({ ...local, source: sop, sha256: remote?.sha256 });
      const all = readdirSync(path).map((name) => join(path, name));
      const known = documentOf(frameSchema, await candela(['frame', ...all, '--json'])).map((f) => f.sha256);
      expect(known).toContain(remote?.sha256);
      const second = await candela(['serve', '--data', data]);
      expect(second).toMatchObject({ code: 1, out: '' });
      expect(second.err).toContain('STORE_IN_USE');
      expect(
        documentOf(receiptSchema, await candela(['import', path, '--json', '--data', data])),
      ).toMatchObject({
        duplicates: 5,
      });
    } finally {
      await running.close();
    }
  });

  it('looks at the machine', async () => {
    const ended = await candela(['doctor', '--json', '--data', data]);
    const findings = documentOf(
      v.array(
        v.object({
          id: v.string(),
          state: v.picklist(['ok', 'warn', 'bad']),
          zh: v.string(),
          en: v.string(),
        }),
      ),
      ended,
    );
    expect(findings.map(({ id }) => id)).toContain('fsync');
    expect(ended.code).toBe(findings.some(({ state }) => state === 'bad') ? 1 : 0);
  });
});

async function uidsOf(
  host: Awaited<ReturnType<typeof openHost>>,
  seriesUid: string,
): Promise<{ instances: string[] }> {
  const found = await host.call('uid.find', { uid: seriesUid });
  const seriesKey = found.ok ? found.value.series[0]!.seriesKey : '';
  const plan = await host.call('series.plan', { seriesKey });
  return { instances: plan.ok ? plan.value.instances.map((instance) => instance.sopInstanceUID) : [] };
}

describe('as a process', () => {
  it('ends quietly when nobody reads', ({ skip }) => {
    skip(process.platform === 'win32', 'no shell pipes like these');
    const program = startCandela(['help'], data);
    const [node, ...words] = program.spawnargs;
    program.kill('SIGKILL');
    const line = `"${node}" ${words.map((word) => `"${word}"`).join(' ')} | true`;
    const { stderr, status } = spawnSync('sh', ['-c', line], { encoding: 'utf8' });
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  });

  it('two commands at once share one data folder', async () => {
    const path = inside('both');
    await candela(['phantom', '--out', path, '--size', '32x32', '--slices', '4']);
    const ended = await Promise.all(
      [
        // Quiet: on a busy machine they would tell how far they are.
        ['import', path, '--json', '--quiet'],
        ['list', '--json'],
        ['import', path, '--json', '--quiet'],
      ].map((words) => endOf(startCandela(words, inside('shared data')))),
    );
    expect(ended.map(({ code, err }) => ({ code, err }))).toEqual(ended.map(() => ({ code: 0, err: '' })));
    const [one, , other] = ended.map((end) => JSON.parse(end.out) as { stored: number; duplicates: number });
    expect([one!.stored, other!.stored].sort()).toEqual([0, 4]);
    expect([one!.duplicates, other!.duplicates].sort()).toEqual([0, 4]);
  });

  it('Ctrl+C cancels an import, and what was stored is whole', async ({ skip }) => {
    skip(process.platform === 'win32', 'no signals there');
    const many = inside('many');
    await candela(['phantom', '--out', inside('one'), '--size', '32x32', '--slices', '4']);
    for (let n = 0; n < 300; n++) cpSync(inside('one'), join(many, String(n)), { recursive: true });
    const child = startCandela(['import', many, '--json'], inside('cancelled'));
    const end = endOf(child);
    while (child.exitCode === null && !hasIncoming(inside('cancelled')))
      await new Promise((r) => setTimeout(r, 5));
    child.kill('SIGINT');
    const ended = await end;
    expect(ended.code).toBe(1);
    expect(ended.err).toContain('CANCELLED');
    expect(documentOf(receiptSchema, ended).files).toBeLessThan(1200);
    expect((await candela(['verify', '--data', inside('cancelled')])).code).toBe(0);
  });
});

/** True once the import has begun to store: from then on an interruption is a cancelled job. */
function hasIncoming(dataDir: string): boolean {
  try {
    // The folders are made with the store.
    return readdirSync(join(dataDir, 'objects'), { recursive: true }).some((name) =>
      /\.dcm$/.test(String(name)),
    );
  } catch {
    return false;
  }
}
