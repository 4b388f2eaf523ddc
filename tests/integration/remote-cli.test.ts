/** The commands that talk to other stations, as a script uses them. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Host } from '../../core/contract/host.ts';
import { ask, openHost, temporaryFolder } from '../fixtures/host.ts';
import { dcmtkMissing, type Station, startDcmqrscp } from '../fixtures/peers.ts';
import { openReceiver } from '../fixtures/receiver.ts';
import { writeStudy } from '../fixtures/small-study.ts';
import { candela, documentOf } from '../fixtures/terminal.ts';

const scratch = temporaryFolder();
const files = writeStudy(join(scratch.path, 'a'), {
  uid: '2.25.401',
  series: 2,
  images: 2,
  patientId: 'K1',
  patientName: 'Kim^Ana',
});
let archive: Station;
let peer = '';
beforeAll(async () => {
  if (dcmtkMissing) return;
  archive = await startDcmqrscp();
  peer = `ARCHIVE@127.0.0.1:${archive.port}`;
});
afterAll(async () => {
  await archive?.stop();
  scratch.remove();
});

const command = (name: string, ...words: string[]) =>
  candela([name, '--json', '--data', join(scratch.path, `data-${name}`), ...words]);
const whole = v.pipe(v.number(), v.integer(), v.minValue(0));
const transfer = v.strictObject({
  state: v.string(),
  done: whole,
  total: v.nullable(whole),
  failed: whole,
  code: v.nullable(v.string()),
  met: v.array(v.strictObject({ code: v.string(), message: v.string(), advice: v.string() })),
  objects: v.array(
    v.strictObject({
      SOPInstanceUID: v.string(),
      SOPClassUID: v.string(),
      state: v.string(),
      status: v.nullable(whole),
      transcodedTo: v.string(),
      attempts: whole,
      code: v.nullable(v.string()),
    }),
  ),
});
const steps = v.strictObject({
  ok: v.boolean(),
  steps: v.array(
    v.strictObject({ id: v.string(), state: v.string(), code: v.nullable(v.string()), tookMs: v.number() }),
  ),
});
const studies = v.array(
  v.strictObject({
    StudyInstanceUID: v.string(),
    PatientName: v.string(),
    PatientID: v.string(),
    PatientBirthDate: v.string(),
    StudyDate: v.string(),
    ModalitiesInStudy: v.array(v.string()),
    StudyDescription: v.string(),
    AccessionNumber: v.string(),
    series: v.nullable(whole),
    instances: v.nullable(whole),
    instancesHere: whole,
  }),
);
const series = v.array(
  v.strictObject({
    SeriesInstanceUID: v.string(),
    SeriesNumber: v.nullable(v.number()),
    Modality: v.string(),
    SeriesDescription: v.string(),
    BodyPartExamined: v.string(),
    instances: v.nullable(whole),
  }),
);

describe.skipIf(dcmtkMissing !== null)(
  `commands against dcmqrscp (${dcmtkMissing ?? 'DCMTK is there'})`,
  () => {
    it('echo says how far it came', async () => {
      const good = await command('echo', '--peer', peer);
      expect(good.code, good.err).toBe(0);
      expect(documentOf(steps, good)).toMatchObject({ ok: true });
      const bad = await command('echo', '--peer', 'X@127.0.0.1:1');
      expect(bad.code).toBe(1);
      expect(bad.err).toContain('(CONNECTION_REFUSED)');
      expect(documentOf(steps, bad).steps.find(({ state }) => state === 'failed')?.id).toBe('connect');
    });

    it('send, find, get', async () => {
      const sent = await command('send', '--peer', peer, ...files);
      expect(sent.code, sent.err).toBe(0);
      expect(documentOf(transfer, sent)).toMatchObject({ state: 'done', done: 4, total: 4, failed: 0 });
      const found = await command('find', '--peer', peer, 'kim');
      expect(found.code, found.err).toBe(0);
      expect(documentOf(studies, found)).toMatchObject([{ StudyInstanceUID: '2.25.401', instancesHere: 0 }]);
      const listed = await command('find', '--peer', peer, '--study', '2.25.401', '--series');
      expect(documentOf(series, listed).map(({ SeriesNumber }) => SeriesNumber)).toEqual([1, 2]);
      const got = await command('get', '--peer', peer, '2.25.401/2.25.401.2');
      expect(got.code, got.err).toBe(0);
      expect(documentOf(transfer, got)).toMatchObject({ state: 'done', done: 2, failed: 0 });
    });

    it('find says that nothing matches', async () => {
      const none = await command('find', '--peer', peer, 'nobody');
      expect(none).toMatchObject({ code: 0, out: '[]\n', err: 'Nothing matches.\n' });
      const series = await command('find', '--peer', peer, '--study', '9.9.9', '--series');
      expect(series).toMatchObject({ code: 0, out: '[]\n', err: 'Nothing matches.\n' });
    });

    it('refuse what they cannot use, with a code', async () => {
      const moved = await command('move', '--peer', peer, '2.25.401');
      expect(moved.code).toBe(1);
      expect(moved.err).toContain('(RECEIVER_OFF)');
      const unknown = await command('find', 'NoSuchNode');
      expect(unknown).toMatchObject({ code: 1, out: '' });
      expect(unknown.err).toContain('(NODE_MISSING)');
      expect(await command('get', '--peer', 'nonsense', '1.2')).toMatchObject({ code: 2, out: '' });
      const none = join(scratch.path, 'none.dcm');
      for (const paths of [[none], [files[0]!, none]]) {
        const absent = await command('send', '--peer', peer, ...paths);
        expect(absent).toMatchObject({ code: 1, out: '' });
        expect(absent.err).toContain(`${none}: `);
        expect(absent.err).toContain('(FILE_MISSING)');
      }
      const notStored = await command('send', '--peer', peer, '9.9.9');
      expect(notStored.err).toContain('9.9.9: ');
      expect(notStored.err).toContain('(NOT_FOUND)');
      const commit = await command('commit', '--peer', peer, '2.25.401');
      expect(commit.err).toContain('(NOT_FOUND)');
    });
  },
);

describe('a station that asks who we are', () => {
  let host: Host;
  let own = '';
  const passwordFile = join(scratch.path, 'password');
  beforeAll(async () => {
    writeFileSync(passwordFile, 'geheim-密码\n');
    const opened = await openReceiver(join(scratch.path, 'asks'));
    host = opened.host;
    own = `CANDELA@127.0.0.1:${opened.port}`;
    const { network } = await ask(host, 'settings.get', {});
    const receiver = { ...network.receiver, identity: 'password' as const, identityUser: 'ana;=?李' };
    await ask(host, 'settings.set', { changes: { network: { ...network, receiver } } });
    await ask(host, 'receiver.setPasscode', { passcode: 'geheim-密码' });
    await ask(host, 'receiver.restart', {});
  });
  afterAll(() => host.close());

  it('is told by --user with the passcode of a file or of the environment, never of an argument', async () => {
    const bare = await command('echo', '--peer', own);
    expect(bare.err).toContain('(REJECTED_');
    const who = ['--peer', own, '--user', 'ana;=?李'];
    const known = await command('echo', ...who, '--password-file', passwordFile);
    expect(known.err).toBe('');
    expect(known.code).toBe(0);
    const environment = { CANDELA_PEER_PASSWORD: 'geheim-密码' };
    const words = ['--json', '--data', join(scratch.path, 'data-echo'), ...who];
    expect(await candela(['echo', ...words], environment)).toMatchObject({ code: 0 });
    expect(await candela(['echo', ...words], { CANDELA_PEER_PASSWORD: 'wrong' })).toMatchObject({ code: 1 });
    // Files are sent by a host of their own, which knows the same.
    const sent = await command('send', ...who, '--password-file', passwordFile, ...files);
    expect(sent.code, sent.err).toBe(0);
    // No trace of the passcode stays.
    const kept = readdirSync(join(scratch.path, 'data-send'), { recursive: true, withFileTypes: true });
    for (const entry of kept.filter((one) => one.isFile()))
      expect(readFileSync(join(entry.parentPath, entry.name)).includes('geheim'), entry.name).toBe(false);
  });

  it('is told by a node that is kept when files are sent, too', async () => {
    const [, at = '', port = ''] = /@(.*):(.*)$/.exec(own) ?? [];
    const data = join(scratch.path, 'kept-node');
    const keeper = await openHost(data);
    await ask(keeper, 'nodes.save', {
      node: {
        ...{
          nodeId: 'own',
          name: 'Own',
          protocol: 'dimse',
          aeTitle: 'CANDELA',
          host: at,
          port: Number(port),
        },
        ...{ identity: 'password', user: 'ana;=?李' },
      },
      secret: 'geheim-密码',
    });
    const { network } = await ask(keeper, 'settings.get', {});
    await ask(keeper, 'settings.set', { changes: { network: { ...network, callingAeTitle: 'READER7' } } });
    await keeper.close();
    const sent = await candela(['send', 'Own', ...files, '--json', '--data', data]);
    expect(sent.code, sent.err).toBe(0);
    const wrong = await candela(['send', 'Own', ...files, '--user', 'x', '--data', data]);
    expect(wrong).toMatchObject({ code: 2, out: '' });
  });

  it('is told to be sealed, not wrong, where only the desktop can open it', async () => {
    const [, at = '', port = ''] = /@(.*):(.*)$/.exec(own) ?? [];
    const data = join(scratch.path, 'sealed-node');
    const secretBox = { seal: () => new Uint8Array([1, 2, 3]), open: () => 'geheim-密码' };
    const desktop = await openHost(data, { secretBox });
    const dimse = { protocol: 'dimse' as const, aeTitle: 'CANDELA', host: at, port: Number(port) };
    const node = { nodeId: 'own', name: 'Own', ...dimse, identity: 'password' as const, user: 'ana;=?李' };
    await ask(desktop, 'nodes.save', { node, secret: 'geheim-密码' });
    await desktop.close();
    for (const words of [['echo'], ['find'], ['get', '1.2'], ['send', ...files]]) {
      const [name = '', ...rest] = words;
      const ended = await candela([name, 'Own', ...rest, '--json', '--data', data]);
      expect(ended.code, name).toBe(1);
      expect(ended.out + ended.err, name).toContain('NODE_SECRET_SEALED');
    }
  });

  it('wants a user for a passcode', async () => {
    const ended = await command('echo', '--peer', own, '--password-file', passwordFile);
    expect(ended).toMatchObject({ code: 2, out: '' });
  });
});
