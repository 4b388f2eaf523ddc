/** What other stations may ask of our store: C-FIND, C-GET, C-MOVE, storage commitment, procedure steps. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import dcmjsDimse from 'dcmjs-dimse';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Host } from '../../core/contract/host.ts';
import type { RemoteNode } from '../../core/contract/network.ts';
import { bytesSource } from '../../core/dicom/byte-source.ts';
import { scan } from '../../core/dicom/scan.ts';
import { element } from '../../core/dicom/write/element.ts';
import { ask, importPaths, jobEnd, listAll, openHost, temporaryFolder } from '../fixtures/host.ts';
import { untilListening } from '../fixtures/listening.ts';
import { freePort } from '../fixtures/orthanc.ts';
import { dcmtkMissing, run, type Station, startStorescp } from '../fixtures/peers.ts';
import { writeStudy } from '../fixtures/small-study.ts';

const scratch = temporaryFolder();
let host: Host;
let port = 0;
let target: Station;
const files = [
  ...writeStudy(join(scratch.path, 'a'), {
    uid: '2.25.201',
    series: 2,
    images: 3,
    patientName: 'Wang^XiaoDong=王^小东',
    patientId: 'W1',
    accessionNumber: 'ACC1',
  }),
  ...writeStudy(join(scratch.path, 'b'), {
    uid: '2.25.202',
    patientName: 'Müller^Anna',
    patientId: 'M1',
    studyDate: '20240105',
    accessionNumber: 'ACC2',
    description: 'Knee',
    more: [element(0x00080090, 'PN', 'Ward^Rita=王^丽'), element(0x00200010, 'SH', 'S2')],
  }),
  ...writeStudy(join(scratch.path, 'c'), {
    uid: '2.25.203',
    patientName: 'Miller^Bob',
    patientId: 'M2',
    studyDate: '20240801',
    accessionNumber: 'ACC3',
  }),
];

beforeAll(async () => {
  if (dcmtkMissing) return;
  port = await freePort();
  target = await startStorescp([], 'TARGET');
  host = await openHost(join(scratch.path, 'data'), {
    shell: 'browser',
    receiver: { enabled: true, port, address: '127.0.0.1', answersQueries: true },
  });
  await untilListening(host);
  await importPaths(host, files);
  const node: RemoteNode = await ask(host, 'nodes.save', {
    node: {
      nodeId: 't',
      name: 'Target',
      protocol: 'dimse',
      aeTitle: 'TARGET',
      host: '127.0.0.1',
      port: target.port,
    },
  }).then((nodes) => nodes[0]!);
  expect(node.aeTitle).toBe('TARGET');
});
afterAll(async () => {
  await host?.close();
  await target?.stop();
  scratch.remove();
});

const address = (): string[] => ['-aec', 'CANDELA', '127.0.0.1', String(port)];

/** Answers of findscu as texts of the elements that were asked for. */
async function find(
  model: '-S' | '-P',
  keys: readonly string[],
): Promise<{ code: number; output: string; answers: string[] }> {
  const words = ['-v', model, ...keys.flatMap((key) => ['-k', key]), ...address()];
  const { code, output } = await run('findscu', words);
  const answers = output.split(/I: Find Response: \d+/).slice(1);
  return { code, output, answers };
}
const uidsOf = (answers: readonly string[], tag = '0020,000d'): string[] =>
  answers.flatMap((text) => new RegExp(`\\(${tag}\\) UI \\[([0-9.]+)`).exec(text)?.[1] ?? []).sort();

describe.skipIf(dcmtkMissing !== null)(`C-FIND (${dcmtkMissing ?? 'DCMTK is there'})`, () => {
  const study = (...keys: string[]) => find('-S', ['QueryRetrieveLevel=STUDY', 'StudyInstanceUID', ...keys]);

  it('finds studies by name without case and accents, by wildcard, ID, date and modality', async () => {
    expect(uidsOf((await study('PatientName=WANG*')).answers)).toEqual(['2.25.201']);
    expect(uidsOf((await study('PatientName=muller*')).answers)).toEqual(['2.25.202']);
    expect(uidsOf((await study('PatientName=*ller*')).answers)).toEqual(['2.25.202', '2.25.203']);
    expect(uidsOf((await study('PatientName=M?ller^*')).answers)).toEqual(['2.25.202', '2.25.203']);
    expect(uidsOf((await study('PatientID=M?')).answers)).toEqual(['2.25.202', '2.25.203']);
    expect(uidsOf((await study('AccessionNumber=ACC1')).answers)).toEqual(['2.25.201']);
    expect(uidsOf((await study('StudyDate=20240101-20240630')).answers)).toEqual(['2.25.202']);
    expect(uidsOf((await study('StudyDate=-20240630')).answers)).toEqual(['2.25.202']);
    expect(uidsOf((await study('ModalitiesInStudy=MR')).answers)).toEqual([]);
    expect(uidsOf((await study('StudyID=S1', 'PatientID=W1')).answers)).toEqual(['2.25.201']);
    expect(uidsOf((await study('StudyID=S?')).answers)).toEqual(['2.25.201', '2.25.202', '2.25.203']);
    expect(uidsOf((await study('StudyID=S2')).answers)).toEqual(['2.25.202']);
    expect(uidsOf((await study('ReferringPhysicianName=WARD*')).answers)).toEqual(['2.25.202']);
    expect(uidsOf((await study('ReferringPhysicianName=WARD*', 'StudyID=S1')).answers)).toEqual([]);
    const ofPatient = [
      'QueryRetrieveLevel=STUDY',
      'PatientID=M1',
      'StudyInstanceUID',
      'ReferringPhysicianName=ward',
    ];
    expect(uidsOf((await find('-P', ofPatient)).answers)).toEqual(['2.25.202']);
    expect(uidsOf((await study()).answers)).toEqual(['2.25.201', '2.25.202', '2.25.203']);
  });

  it('answers what was asked for, in UTF-8 where needed', async () => {
    const { output } = await study(
      'PatientID=W1',
      'PatientName',
      'NumberOfStudyRelatedInstances',
      'ModalitiesInStudy',
      'StudyID',
    );
    expect(output).toContain('(0020,1208) IS [6');
    expect(output).toContain('(0008,0061) CS [CT');
    expect(output).toContain('(0020,0010) SH [S1');
    expect(output).toContain('(0008,0005) CS [ISO_IR 192');
    expect(Buffer.from(output, 'latin1').toString('utf8')).toContain('Wang^XiaoDong=王^小东');
    const referred = (await study('PatientID=M1', 'ReferringPhysicianName', 'StudyID')).output;
    expect(referred).toContain('(0020,0010) SH [S2');
    expect(Buffer.from(referred, 'latin1').toString('utf8')).toContain('Ward^Rita=王^丽');
  });

  it('goes down to series and images, and by patients', async () => {
    const series = await find('-S', [
      'QueryRetrieveLevel=SERIES',
      'StudyInstanceUID=2.25.201',
      'SeriesInstanceUID',
      'Modality',
    ]);
    expect(uidsOf(series.answers, '0020,000e')).toEqual(['2.25.201.1', '2.25.201.2']);
    const images = await find('-S', [
      'QueryRetrieveLevel=IMAGE',
      'StudyInstanceUID=2.25.201',
      'SeriesInstanceUID=2.25.201.2',
      'SOPInstanceUID',
      'InstanceNumber=2',
    ]);
    expect(uidsOf(images.answers, '0008,0018')).toEqual(['2.25.201.2.2']);
    const patients = await find('-P', ['QueryRetrieveLevel=PATIENT', 'PatientID=M*', 'PatientName']);
    expect(patients.answers).toHaveLength(2);
  });

  it('refuses a query that would go through everything', async () => {
    const { output, answers } = await find('-S', ['QueryRetrieveLevel=IMAGE', 'SOPInstanceUID']);
    expect(answers).toHaveLength(0);
    expect(output).toMatch(/a900|DoesNotMatchSOPClass/i);
  });
});

describe.skipIf(dcmtkMissing !== null)('C-GET and C-MOVE', () => {
  const datasetOf = (path: string): Buffer => {
    const bytes = readFileSync(path);
    const scanned = scan(bytesSource(bytes));
    if (!scanned.ok) throw new Error(scanned.problem.code);
    return bytes.subarray(scanned.value.datasetOffset);
  };

  it('gives a series to getscu as it is stored', async () => {
    const out = temporaryFolder();
    const keys = [
      '-k',
      'QueryRetrieveLevel=SERIES',
      '-k',
      'StudyInstanceUID=2.25.201',
      '-k',
      'SeriesInstanceUID=2.25.201.1',
    ];
    const { code, output } = await run('getscu', ['-v', '-S', '+B', '-od', out.path, ...keys, ...address()]);
    expect(code, output).toBe(0);
    const got = readdirSync(out.path).map((name) => datasetOf(join(out.path, name)).toString('base64'));
    const stored = files
      .filter((path) => path.includes('2.25.201.1.'))
      .map((path) => datasetOf(path).toString('base64'));
    expect(got.sort()).toEqual(stored.sort());
    out.remove();
  });

  it('moves a study to a listed node only', async () => {
    const keys = ['-k', 'QueryRetrieveLevel=STUDY', '-k', 'StudyInstanceUID=2.25.201'];
    const moved = await run('movescu', ['-v', '-S', '-aem', 'TARGET', ...keys, ...address()]);
    expect(moved.code, moved.output).toBe(0);
    expect(target.files()).toHaveLength(6);
    const refused = await run('movescu', ['-v', '-S', '-aem', 'ELSEWHERE', ...keys, ...address()]);
    expect(refused.output).toMatch(/MoveDestinationUnknown|0xa801/i);
    const { rows } = await ask(host, 'audit.list', { offset: 0, limit: 20 });
    const ends = rows.filter(({ event }) => event === 'remote.sent').map(({ detail }) => detail);
    const rest = 'failed 0 left 0 before 0 committed 0 not 0';
    expect(ends).toEqual([
      `C-MOVE by MOVESCU to TARGET done 6 ${rest}`,
      `C-GET by GETSCU to GETSCU done 3 ${rest}`,
    ]);
  });

  it('gives one object of a UID where two differ: the one that came first', async () => {
    const first = files.find((path) => path.includes('2.25.201.1.'))!;
    const other = readFileSync(first);
    other[other.length - 1]! ^= 1;
    const path = join(scratch.path, 'conflict.dcm');
    writeFileSync(path, other);
    await importPaths(host, [path]);
    const out = temporaryFolder();
    const keys = ['StudyInstanceUID=2.25.201', 'SeriesInstanceUID=2.25.201.1'].flatMap((key) => ['-k', key]);
    const level = ['-k', 'QueryRetrieveLevel=SERIES'];
    const got = await run('getscu', ['-v', '-S', '+B', '-od', out.path, ...level, ...keys, ...address()]);
    expect(got.code, got.output).toBe(0);
    expect(got.output).toMatch(/Completed Suboperations *: *3/);
    const sent = readdirSync(out.path).map((name) => datasetOf(join(out.path, name)).toString('base64'));
    expect(sent).toContain(datasetOf(first).toString('base64'));
    expect(sent).not.toContain(datasetOf(path).toString('base64'));
    out.remove();
  });
});

describe.skipIf(dcmtkMissing !== null)('storage commitment', () => {
  it('promises what is stored and nothing else, and the sender keeps the promise', async () => {
    const sender = await openHost(join(scratch.path, 'sender'));
    try {
      await ask(sender, 'nodes.save', {
        node: {
          nodeId: 'c',
          name: 'Candela',
          protocol: 'dimse',
          aeTitle: 'CANDELA',
          host: '127.0.0.1',
          port,
          commits: true,
        },
      });
      const sent = writeStudy(join(scratch.path, 'd'), { uid: '2.25.204', images: 2, patientId: 'C1' });
      await importPaths(sender, sent);
      const [row] = (await listAll(sender)).rows;
      const { jobId } = await ask(sender, 'remote.send', {
        nodeId: 'c',
        studyKeys: [row!.studyKey],
        commit: true,
      });
      expect(await jobEnd(sender, jobId)).toMatchObject({ state: 'done', problem: null });
      const { rows } = await ask(sender, 'remote.outcomes', { jobId, offset: 0, limit: 10 });
      expect(rows.map(({ state }) => state)).toEqual(['committed', 'committed']);
    } finally {
      await sender.close();
    }
  });
});

describe.skipIf(dcmtkMissing !== null)('storage commitment of a station that has none', () => {
  it('is no promise: each object says why, and another try sends none of them again', async () => {
    const peer = await startStorescp(['-v']);
    const sender = await openHost(join(scratch.path, 'sender-2'));
    const stores = () => peer.log().match(/Received Store Request/g)?.length;
    const jobIds: string[] = [];
    try {
      const common = { nodeId: 's', name: 's', protocol: 'dimse', host: '127.0.0.1' } as const;
      await ask(sender, 'nodes.save', { node: { ...common, aeTitle: peer.aeTitle, port: peer.port } });
      const sent = writeStudy(join(scratch.path, 'e'), { uid: '2.25.205', images: 2, patientId: 'C2' });
      await importPaths(sender, sent);
      const [row] = (await listAll(sender)).rows;
      const asked = { nodeId: 's', studyKeys: [row!.studyKey] };
      for (const call of ['remote.send', 'remote.commit'] as const) {
        const { jobId } = await ask(sender, call, {
          ...asked,
          ...(call === 'remote.send' && { commit: true }),
        });
        jobIds.push(jobId);
        const end = await jobEnd(sender, jobId);
        expect(end).toMatchObject({
          state: 'failed',
          problem: { code: 'COMMITMENT_INCOMPLETE', params: { objects: 2 } },
        });
        const { rows } = await ask(sender, 'remote.outcomes', { jobId, offset: 0, limit: 10 });
        const said = rows.map(({ state, problem: why }) => `${state} ${why?.code}`);
        expect(said).toEqual(Array(2).fill('notCommitted NO_CONTEXT_ACCEPTED'));
        expect(stores()).toBe(2);
      }
      const again = await ask(sender, 'jobs.retry', { jobId: jobIds[0]! });
      expect(await jobEnd(sender, again.jobId)).toMatchObject({ state: 'failed' });
      expect(stores()).toBe(2);
    } finally {
      await sender.close();
      await peer.stop();
    }
  });
});

describe.skipIf(dcmtkMissing !== null)('performed procedure steps', () => {
  const { Client, Dataset, log, requests } = dcmjsDimse;
  log.setLevel('silent');
  const stepClass = '1.2.840.10008.3.1.2.3.3';
  const stepUid = '2.25.9001';

  function tell(request: InstanceType<typeof requests.NCreateRequest>, elements: object): Promise<number> {
    request.setDataset(new Dataset(elements as never));
    const client = new Client();
    const status = new Promise<number>((resolve, reject) => {
      request.on('response', (response: { getStatus(): number }) => resolve(response.getStatus()));
      client.on('networkError', reject);
    });
    client.addRequest(request);
    client.send('127.0.0.1', port, 'CT1', 'CANDELA');
    return status;
  }
  const begun = {
    PerformedProcedureStepStatus: 'IN PROGRESS',
    PerformedProcedureStepID: 'PPS1',
    PerformedStationAETitle: 'CT1',
    PerformedProcedureStepStartDate: '20260301',
    PerformedProcedureStepStartTime: '101500',
    Modality: 'CT',
    PatientName: 'Wang^XiaoDong',
    PatientID: 'W1',
    ScheduledStepAttributesSequence: [{ StudyInstanceUID: '2.25.201', AccessionNumber: 'ACC1' }],
    PerformedSeriesSequence: [],
  };
  const create = (elements: object) => tell(new requests.NCreateRequest(stepClass, stepUid), elements);
  const set = (elements: object) => tell(new requests.NSetRequest(stepClass, stepUid), elements);

  it('are created once, end once, and are shown with their study', async () => {
    expect(await create(begun)).toBe(0);
    expect(await create(begun)).toBe(0x0111);
    const [step] = await ask(host, 'procedureSteps.list', {});
    expect(step).toMatchObject({
      sopInstanceUID: stepUid,
      state: 'IN PROGRESS',
      patientId: 'W1',
      modality: 'CT',
      stationAeTitle: 'CT1',
      startedAt: '20260301101500',
      localStudyKey: 's.2.25.201',
    });
    expect(
      await set({
        PerformedProcedureStepStatus: 'COMPLETED',
        PerformedProcedureStepEndDate: '20260301',
        PerformedProcedureStepEndTime: '103000',
      }),
    ).toBe(0);
    expect(await ask(host, 'procedureSteps.list', {})).toMatchObject([
      { state: 'COMPLETED', endedAt: '20260301103000' },
    ]);
    expect(await set({ PerformedProcedureStepStatus: 'DISCONTINUED' })).toBe(0x0110);
  });
});
