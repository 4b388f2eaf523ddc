/** What scripts do with the command line beside its one-shot commands: folders of frames, discs, and ends by signals. */
import { spawn } from 'node:child_process';
import { cpSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { ask, openHost, temporaryFolder } from '../fixtures/host.ts';
import { freePort } from '../fixtures/orthanc.ts';
import { dcmtkMissing, run } from '../fixtures/peers.ts';
import { sharedDataFolder, sharedDataMissing } from '../fixtures/shared-data.ts';
import { candela, documentOf, type Ended, endOf, startCandela } from '../fixtures/terminal.ts';
import { isBuilt } from './commands/processes.ts';

const scratch = temporaryFolder();
const inside = (...names: string[]): string => join(scratch.path, ...names);
const slices = inside('slices');
beforeAll(async () => {
  await candela(['phantom', '--out', slices, '--size', '16x16', '--slices', '3']);
});
afterAll(() => scratch.remove());

const frames = v.array(v.looseObject({ source: v.string(), sha256: v.nullable(v.string()) }));
const receipt = v.looseObject({ files: v.number(), stored: v.number(), duplicates: v.number() });

describe('frame of a folder', () => {
  it('answers for each image in it, in the order of names, and for nothing beside them', async () => {
    cpSync(slices, inside('mixed', 'a'), { recursive: true });
    writeFileSync(inside('mixed', 'notes.txt'), 'no image');
    const names = readdirSync(slices).toSorted();
    const each = await candela(['frame', ...names.map((name) => inside('mixed', 'a', name)), '--json']);
    const whole = await candela(['frame', inside('mixed'), '--json']);
    expect(whole.code).toBe(0);
    expect(documentOf(frames, whole)).toEqual(documentOf(frames, each));
  });
});

describe('a path', () => {
  it('begins in the folder that npm was called in, not in the clone', async () => {
    const root = join(import.meta.dirname, '../..');
    const child = spawn(
      process.execPath,
      [join(root, 'scripts/command-line.ts'), 'frame', 'slices', '--json'],
      {
        cwd: root,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...process.env, npm_lifecycle_event: 'candela', INIT_CWD: scratch.path },
      },
    );
    const end = await endOf(child);
    expect(end.code).toBe(0);
    expect(documentOf(frames, end)).toHaveLength(3);
  });
});

describe('import', () => {
  it('takes a directory file for its disc', async ({ skip }) => {
    const shared = sharedDataFolder();
    if (shared === null) return skip(sharedDataMissing);
    const directory = join(shared, 'media/disc-good/DICOMDIR');
    const ended = await candela(['import', directory, '--json', '--data', inside('disc')]);
    expect(documentOf(receipt, ended)).toMatchObject({ files: 33, stored: 31 });
  });

  it('takes as many paths as a shell writes out', async () => {
    const [name = ''] = readdirSync(slices);
    const paths = Array.from({ length: 1200 }, () => join(slices, name));
    const ended = await candela(['import', ...paths, '--json', '--data', inside('many')]);
    expect(documentOf(receipt, ended)).toMatchObject({ files: 1200, stored: 1, duplicates: 1199 });
  });
});

it.each([
  ['echo', '--json'],
  ['find', '--json'],
  ['find', '--peer', 'A@127.0.0.1:1', '--series'],
])('%s %s without what it needs is wrong usage', async (...words) => {
  expect(await candela([...words, '--data', inside('nodes')])).toMatchObject({ code: 2, out: '' });
});

describe.runIf(process.platform === 'linux')('a place where no folder can be', () => {
  it.each([
    [['list', '--data', '/proc/candela/data'], '/proc/candela/data', 'FOLDER_IMPOSSIBLE'],
    [
      ['phantom', '--size', '16x16', '--slices', '2', '--out', '/proc/candela'],
      '/proc/candela',
      'FOLDER_IMPOSSIBLE',
    ],
    // The system refuses root, too.
    [
      ['phantom', '--size', '16x16', '--slices', '2', '--out', '/sys/candela'],
      '/sys/candela',
      'FORBIDDEN|READ_ONLY_STORE',
    ],
  ])('ends the command with its path and why: %s', async (words, path, code) => {
    const ended = await candela(words);
    expect(ended).toMatchObject({ code: 1, out: '' });
    expect(ended.err).toMatch(new RegExp(`^candela: ${path}: .*\\(${code}\\)$`, 'm'));
  });
});

describe.skipIf(!isBuilt)('serve', () => {
  it.each([
    [[], /^Candela: http:\/\/127\.0\.0\.1:\d+\/enter#\S+$/],
    [['--json'], /^\{"origin":"http:\/\/127\.0\.0\.1:\d+","url":"http:\/\/127\.0\.0\.1:\d+\/enter#\S+"\}$/],
  ] as const)('prints its address on stdout as soon as it answers, %s', async (words, shape) => {
    const child = startCandela(['serve', '--port', '0', ...words], inside('served'));
    const end = endOf(child);
    await new Promise((resolve) => child.stdout?.once('data', resolve));
    child.kill('SIGTERM');
    const { out, code } = await end;
    expect({ code, isAddress: shape.test(out.trim()) }).toEqual({ code: 0, isAddress: true });
  });

  it('receives and listens for scripts as Settings say', async () => {
    const data = inside('served-node');
    const [port, webPort] = [await freePort(), await freePort()];
    const host = await openHost(data);
    const { network } = await ask(host, 'settings.get', {});
    const receiver = { ...network.receiver, enabled: true, port, address: '127.0.0.1' as const };
    await ask(host, 'settings.set', {
      changes: { network: { ...network, receiver, web: { enabled: true, port: webPort } } },
    });
    await host.close();
    const child = startCandela(['serve', '--port', '0'], data);
    onTestFinished(() => void child.kill('SIGKILL'));
    const end = endOf(child);
    await new Promise((resolve) => child.stdout?.once('data', resolve));
    const peer = `CANDELA@127.0.0.1:${port}`;
    const asked = (): Promise<Ended> => candela(['echo', '--peer', peer, '--data', inside('asking')]);
    await expect.poll(async () => (await asked()).code).toBe(0);
    // It is there, and lets nobody in who looks like a page and has no token.
    expect((await fetch(`http://127.0.0.1:${webPort}/dicom-web/studies`)).status).toBe(403);
    child.kill('SIGTERM');
    expect((await end).code).toBe(0);
  });
});

const listening = v.looseObject({ event: v.literal('listening'), aeTitle: v.string(), port: v.number() });
describe('receive', () => {
  it.each([
    [['--queries'], 0, 1],
    [[], 1, 0],
  ] as const)('answers queries where it is told to: %s', async (words, code, studies) => {
    const data = inside(`asked${words.length}`);
    await candela(['import', slices, '--data', data]);
    const child = startCandela(['receive', '--port', '0', '--json', ...words], data);
    const end = endOf(child);
    const [line = ''] = await new Promise<string[]>((resolve) =>
      child.stdout?.once('data', (bytes) => resolve(String(bytes).split('\n'))),
    );
    const { aeTitle, port } = v.parse(listening, JSON.parse(line));
    const found = await candela([
      ...['find', '--peer', `${aeTitle}@127.0.0.1:${port}`, '--json', '--data', inside('asking')],
    ]);
    child.kill('SIGTERM');
    await end;
    expect(found.code).toBe(code);
    expect(found.out === '' ? [] : JSON.parse(found.out)).toHaveLength(studies);
  });
});

describe.skipIf(dcmtkMissing !== null)(`who is turned away (${dcmtkMissing ?? 'DCMTK is there'})`, () => {
  it.each([
    [['--json'], '"aeTitle":"CT7","address":"127.0.0.1","problem":"REFUSED_CALLED_AE"', 'PEER_ABORTED'],
    [[], 'REFUSED_CALLED_AE  CT7 127.0.0.1  ', 'PEER_ABORTED  '],
  ] as const)('is named, with the reason: %s', async (words, refused, aborted) => {
    const child = startCandela(['receive', '--port', '0', ...words], inside(`turned${words.length}`));
    onTestFinished(() => void child.kill('SIGKILL'));
    const end = endOf(child);
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (bytes) => (said += String(bytes)));
    const portOf = () => /"port":(\d+)|on port (\d+)|端口 (\d+)/.exec(said)?.slice(1).find(Boolean) ?? '';
    await expect.poll(portOf).not.toBe('');
    const echo = (...more: string[]) => run('echoscu', ['-aet', 'CT7', ...more, '127.0.0.1', portOf()]);
    expect((await echo('-aec', 'OTHER')).code).not.toBe(0);
    await expect.poll(() => said).toContain(refused);
    expect((await echo('-aec', 'CANDELA', '--abort')).code).toBe(0);
    await expect.poll(() => said).toContain(aborted);
    child.kill('SIGTERM');
    expect((await end).code).toBe(0);
  });
});

describe.skipIf(dcmtkMissing !== null)(
  `a reader that stops reading (${dcmtkMissing ?? 'DCMTK is there'})`,
  () => {
    it('does not stop the receiver, and gets its lines once it reads', async () => {
      const objects = 600;
      const many = inside('many-slices');
      await candela(['phantom', '--out', many, '--size', '16x16', '--slices', String(objects)]);
      const data = inside('unread');
      const child = startCandela(['receive', '--port', '0', '--json', '--ae', 'UNREAD'], data);
      onTestFinished(() => void child.kill('SIGKILL'));
      const end = endOf(child);
      const { aeTitle, port } = await new Promise<v.InferOutput<typeof listening>>((resolve) =>
        child.stdout?.once('data', (bytes) => resolve(v.parse(listening, JSON.parse(String(bytes))))),
      );
      child.stdout?.pause();
      const sent = await run('storescu', ['-aec', aeTitle, '127.0.0.1', String(port), '+sd', many]);
      expect(sent.code, sent.output).toBe(0);
      child.stdout?.resume();
      child.kill('SIGTERM');
      const { out, code } = await end;
      const events = out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).event);
      expect(code).toBe(0);
      expect(events.filter((event) => event === 'instance')).toHaveLength(objects);
      expect(events.at(-1)).toBe('closed');
    });

    it('does not keep it from ending', async () => {
      const child = startCandela(['receive', '--port', '0', '--json'], inside('unread'));
      await new Promise((resolve) => child.stdout?.once('data', resolve));
      child.stdout?.pause();
      child.kill('SIGTERM');
      expect(await new Promise((resolve) => child.once('exit', resolve))).toBe(0);
    });
  },
);

const chain = join(import.meta.dirname, '../../scripts/bootstrap/child.mjs');
/** Says that it is up, and ends with 7 once asked in any way; a second signal of the same kind ends it at once. */
const program =
  "for (const s of ['SIGINT','SIGTERM']) process.once(s, () => setTimeout(() => process.exit(7), 100)); setInterval(() => {}, 1000); console.log('up');";
const inner = `import(${JSON.stringify(chain)}).then(({ runChild }) => runChild(process.execPath, ['-e', ${JSON.stringify(program)}])).then((code) => process.exit(code))`;
const outer = `import(${JSON.stringify(chain)}).then(({ runChild }) => runChild(process.execPath, ['-e', ${JSON.stringify(inner)}])).then((code) => process.exit(code))`;

describe('a signal', () => {
  it.each([
    ['SIGINT', false],
    ['SIGTERM', false],
    ['SIGHUP', false],
    ['SIGINT', true],
    ['SIGTERM', true],
  ] as const)('%s ends the whole chain in its own time (to the group: %s)', async (signal, toGroup) => {
    if (process.platform === 'win32') return;
    const child = spawn(process.execPath, ['-e', outer], {
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    const end = endOf(child);
    await new Promise((resolve) => child.stdout.once('data', resolve));
    process.kill(toGroup ? -child.pid! : child.pid!, signal);
    expect(await end).toMatchObject({ code: 7 });
  });

  it('of the group that comes after what its first process hands on is not told twice', async () => {
    if (process.platform === 'win32') return;
    const telling = program.replace("console.log('up')", 'console.log(process.pid)');
    const middle = `import(${JSON.stringify(chain)}).then(({ runChild }) => runChild(process.execPath, ['-e', ${JSON.stringify(telling)}])).then((code) => process.exit(code))`;
    const child = spawn(process.execPath, ['-e', middle], { stdio: ['ignore', 'pipe', 'pipe'] });
    const end = endOf(child);
    const pid = await new Promise<number>((resolve) =>
      child.stdout.once('data', (text) => resolve(Number(text))),
    );
    process.kill(pid, 'SIGINT');
    child.kill('SIGTERM');
    setTimeout(() => child.kill('SIGINT'), 20);
    expect(await end).toMatchObject({ code: 7 });
  });
});
