/**
 * C-FIND by findscu-like questions over 200,000 studies: time to the first response, through the receiver; and QIDO-RS,
 * time to the whole answer of twenty.
 */
import { join } from 'node:path';
import type { Host } from '../../core/contract/host.ts';
import { findRequest } from '../../core/dimse/command-build.ts';
import { encodeFind, type FindQuery } from '../../core/dimse/query-plan.ts';
import { queryClasses } from '../../core/dimse/service-table.ts';
import { findContexts } from '../../core/dimse/services.ts';
import { PeerAssociation } from '../../main/host/dimse/peer-association.ts';
import { peerTimeouts } from '../../main/host/dimse/peer-types.ts';
import { dataFolder } from '../../main/host/folder.ts';
import { createHost } from '../../main/host/host.ts';
import { openWritable } from '../../main/host/store/open-database.ts';
import { untilListening } from '../fixtures/listening.ts';
import { need, withHost } from './bench-host.ts';
import { type Figure, figure, median, timed } from './figure.ts';
import { withScratch } from './scratch.ts';
import { fillStudies } from './search.ts';
import { openReader } from './web-reader.ts';

const rounds = 15;
/** What worklists, viewers and archives ask, and the worst that a person can type. */
const questions: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  patientId: { PatientID: 'P0000123' },
  accession: { AccessionNumber: 'A300' },
  nameStart: { PatientName: 'MULLER^A*' },
  pinyin: { PatientName: 'WANG*' },
  nameInside: { PatientName: '*erst*' },
  chinese: { PatientName: '*王*伟*' },
  day: { StudyDate: '20200101', ModalitiesInStudy: 'CT' },
  years: { StudyDate: '20100101-20201231' },
  wildId: { PatientID: '*999', PatientSex: 'M' },
  nobody: { PatientName: '*q*' },
  modalityNobody: { ModalitiesInStudy: 'XA' },
  mixedNobody: { StudyDate: '20100101-20201231', ModalitiesInStudy: 'CT', PatientName: '*zz*' },
  descriptionNobody: { StudyDescription: '*AORTA*', StudyTime: '10' },
  studyId: { StudyID: '2100' },
  studyIdWild: { StudyID: '*77', StudyDate: '20100101-20201231' },
  studyIdNobody: { StudyID: 'Z*' },
  referring: { ReferringPhysicianName: 'WARD^F*' },
  referringChinese: { ReferringPhysicianName: '*李*', ModalitiesInStudy: 'CT' },
  referringNobody: { ReferringPhysicianName: '*qq*' },
  referringMixedNobody: { ReferringPhysicianName: 'WARD*', StudyID: '1', PatientName: '*zz*' },
  everything: {},
};
/** As the same are asked over DICOMweb, and the slowest of the others. */
const parameters: Readonly<Record<string, string>> = {
  studyId: 'StudyID=2100',
  studyIdNobody: '00200010=Z*',
  referring: 'ReferringPhysicianName=WARD%5EF*&includefield=00200010',
  referringNobody: '00080090=*qq*',
  mixedNobody: 'ReferringPhysicianName=WARD*&StudyID=1&PatientName=*zz*',
  patientId: 'PatientID=P0000123',
  accession: 'AccessionNumber=A300',
  nobody: 'PatientName=*qq*',
  modalityNobody: 'ModalitiesInStudy=XA',
  descriptionNobody: 'StudyDescription=*AORTA*&StudyTime=10-11',
  years: 'StudyDate=20100101-20201231',
  everything: 'includefield=all',
};

export const run = (): Promise<Figure[]> =>
  withScratch(async (scratch) => {
    const data = join(scratch, 'data');
    await withHost(data, async () => undefined);
    const db = need(openWritable(dataFolder(data).index));
    fillStudies(db);
    db.close();
    const receiver = { enabled: true, port: 0, address: '127.0.0.1', answersQueries: true } as const;
    const host = need(await createHost({ dataDir: data, shell: 'browser', receiver }));
    try {
      const { port } = await untilListening(host);
      const figures: Figure[] = [];
      for (const [name, keys] of Object.entries(questions)) {
        const ms = await firstAnswer(port, keys);
        figures.push(figure(`find.${name}`, 'ms', ms, 'goal', 50, { valueAtMost: 50 }));
      }
      figures.push(...(await overWeb(host)));
      return figures;
    } finally {
      await host.close();
    }
  });

async function overWeb(host: Host): Promise<Figure[]> {
  const { agent, get, root } = await openReader(host);
  try {
    const figures: Figure[] = [];
    for (const [name, asked] of Object.entries(parameters)) {
      const times: number[] = [];
      for (let round = 0; round <= rounds; round++) {
        const ms = await timed(() => get(`${root}/studies?${asked}&limit=20`, 'application/dicom+json'));
        if (round > 0) times.push(ms);
      }
      figures.push(figure(`find.web.${name}`, 'ms', median(times), 'goal', 50, { valueAtMost: 50 }));
    }
    return figures;
  } finally {
    agent.destroy();
  }
}

/** Median time from the request to the first response, on one association; all responses are read. */
async function firstAnswer(port: number, keys: Readonly<Record<string, string>>): Promise<number> {
  const target = {
    host: '127.0.0.1',
    port,
    calledAeTitle: 'CANDELA',
    callingAeTitle: 'BENCH',
    tls: null,
    identity: null,
    maxPduBytes: 1 << 20,
    offeredPduBytes: 256 << 10,
  };
  const association = need(
    await PeerAssociation.open(target, findContexts('study'), { timeouts: peerTimeouts }),
  );
  const sopClass = queryClasses.study.find;
  const contextId = association.contextOf(sopClass)!;
  const { transferSyntax } = association.contexts.get(contextId)!;
  const query: FindQuery = { root: 'study', level: 'STUDY', keys, charset: '' };
  const times: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    const messageId = association.nextMessageId();
    const startMs = performance.now();
    await association.send(contextId, findRequest(messageId, sopClass), [encodeFind(query, transferSyntax)]);
    let first: number | null = null;
    let answers = 0;
    for (let isPending = true; isPending; answers++) {
      const { command } = need(await association.receive());
      first ??= performance.now() - startMs;
      isPending = (command.status ?? 0) >= 0xff00;
      // The first thousand answers show the pace; the rest are not waited for.
      if (answers === 1000) {
        await association.send(
          contextId,
          { name: 'C-CANCEL-RQ', messageIdBeingRespondedTo: messageId, hasDataset: false },
          null,
        );
      }
    }
    if (round > 0) times.push(first!);
  }
  await association.release();
  return median(times);
}
