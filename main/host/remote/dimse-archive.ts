import { problem } from '../../../core/base/problem.ts';
import { fail, ok, type Result } from '../../../core/base/result.ts';
import type { RemoteNode } from '../../../core/contract/network.ts';
import type { RemoteQuery, RemoteSeries, RetrieveItem } from '../../../core/contract/remote.ts';
import type { Dataset as WriteDataset } from '../../../core/dicom/write/element.ts';
import { fitsQuery, foundImage, foundSeries, foundStudy } from '../../../core/dimse/query-answers.ts';
import {
  type FindQuery,
  findDataset,
  imageQuery,
  seriesQuery,
  studyQueries,
} from '../../../core/dimse/query-plan.ts';
import { maxUidsPerRequest, retrieveDataset } from '../../../core/dimse/query-retrieve.ts';
import { queryClasses } from '../../../core/dimse/service-table.ts';
import type { FindAnswers } from '../dimse/peer-protocol.ts';
import type { IntakeOrigin } from '../receive/intake.ts';
import type { Services } from '../services.ts';
import type {
  FoundStudy,
  RemoteArchive,
  RemoteInstance,
  RetrieveCounts,
  RetrieveRequest,
  SendOutcome,
  SendRequest,
} from './archive.ts';
import { spellingsOf } from './name-spellings.ts';
import { ownAeTitle, targetOf } from './peer-target.ts';

/** Answers of one question about a known study; more would be no study. */
const mostAnswers = 100_000;

const noQuery = {
  text: '',
  patientName: '',
  patientId: '',
  accessionNumber: '',
  studyInstanceUID: '',
  dateFrom: '',
  dateTo: '',
  modalities: [],
};

/** Another station by DIMSE. */
export class DimseArchive implements RemoteArchive {
  readonly #services: Services;
  readonly #node: RemoteNode;
  readonly #origin: IntakeOrigin;
  readonly #patients = new Map<string, string>();

  constructor(services: Services, node: RemoteNode, origin: IntakeOrigin) {
    this.#services = services;
    this.#node = node;
    this.#origin = origin;
  }

  async search(
    query: RemoteQuery,
    signal: AbortSignal,
  ): Promise<Result<{ readonly rows: readonly FoundStudy[]; readonly partial: boolean }>> {
    const found = await this.#find(
      studyQueries(query, this.#node.queryRoot, spellingsOf),
      query.limit,
      signal,
    );
    if (!found.ok) return found;
    const studies = new Map<string, FoundStudy>();
    for (const dataset of found.value.answers.flat()) {
      const study = foundStudy(dataset);
      if (!study || !fitsQuery(study, query, spellingsOf)) continue;
      const { issuerOfPatientId: _issuer, modalities, ...rest } = study;
      if (!studies.has(study.studyInstanceUID)) {
        studies.set(study.studyInstanceUID, { ...rest, modalities: [...modalities] });
      }
    }
    const rows = [...studies.values()].sort(newestFirst).slice(0, query.limit);
    return ok({ rows, partial: found.value.isPartial || studies.size > query.limit });
  }

  async series(studyInstanceUID: string, signal: AbortSignal): Promise<Result<readonly RemoteSeries[]>> {
    const patientId = await this.#patientOf(studyInstanceUID, signal);
    const found = await this.#find(
      [seriesQuery(this.#node.queryRoot, studyInstanceUID, patientId)],
      mostAnswers,
      signal,
    );
    if (!found.ok) return found;
    const rows = found.value.answers.flat().flatMap((dataset) => foundSeries(dataset) ?? []);
    return ok(
      rows
        .map(({ studyInstanceUID: _study, ...series }) => series)
        .sort((a, b) => (a.number ?? Number.MAX_VALUE) - (b.number ?? Number.MAX_VALUE)),
    );
  }

  async instances(item: RetrieveItem, signal: AbortSignal): Promise<Result<readonly RemoteInstance[]>> {
    const { studyInstanceUID } = item;
    const listed = item.seriesInstanceUID
      ? ok([{ seriesInstanceUID: item.seriesInstanceUID }])
      : await this.series(studyInstanceUID, signal);
    if (!listed.ok) return listed;
    const series = listed.value.map(({ seriesInstanceUID }) => seriesInstanceUID);
    if (series.length === 0) return ok([]);
    const { queryRoot } = this.#node;
    const patientId = await this.#patientOf(studyInstanceUID, signal);
    const queries = series.map((uid) => imageQuery(queryRoot, studyInstanceUID, uid, patientId));
    const found = await this.#find(queries, mostAnswers, signal);
    if (!found.ok) return found;
    const rows = found.value.answers.flatMap((answers, n) =>
      answers.flatMap((dataset): RemoteInstance[] => {
        const image = foundImage(dataset);
        if (!image) return [];
        const { sopInstanceUID, sopClassUID } = image;
        return [{ studyInstanceUID, seriesInstanceUID: series[n]!, sopInstanceUID, sopClassUID }];
      }),
    );
    return ok(item.sopInstanceUID ? rows.filter((row) => row.sopInstanceUID === item.sopInstanceUID) : rows);
  }

  async retrieve({ items, expected, signal, onCounts }: RetrieveRequest): Promise<Result<RetrieveCounts>> {
    const { peers, receiver } = this.#services;
    const target = await targetOf(this.#services, this.#node);
    const root = this.#node.queryRoot;
    const patientId = await this.#patientOf(items[0]?.studyInstanceUID ?? '', signal);
    const patient = root === 'patient' && { patientId };
    const identifiers = identifiersOf(items, (keys) => retrieveDataset(root, { ...keys, ...patient }));
    if (this.#node.retrieveBy === 'move') {
      const destination = ownAeTitle(this.#services);
      const listening = receiver.status();
      if (listening.state !== 'listening') return fail(listening.problem ?? problem('RECEIVER_OFF'));
      return peers.move(target, { root, identifiers, destination, onCounts }, signal);
    }
    const sopClassUids = [...new Set(expected.map(({ sopClassUID }) => sopClassUID))].filter(Boolean);
    const isKnown = expected.every(({ sopClassUID }) => sopClassUID !== '');
    const known = { root, identifiers, sopClassUids: isKnown ? sopClassUids : [] };
    return peers.get(target, { ...known, origin: this.#origin, onCounts }, signal);
  }

  async send({ objects, signal, onOutcome }: SendRequest): Promise<Result<null>> {
    const target = await targetOf(this.#services, this.#node);
    return this.#services.peers.store(
      target,
      {
        objects: objects.map((object) => ({
          sopClassUid: object.sopClassUID,
          sopInstanceUid: object.sopInstanceUID,
          transferSyntaxUid: object.transferSyntaxUID,
          file: object.path,
          datasetOffset: object.datasetOffset,
          sizeBytes: object.sizeBytes,
        })),
        onOutcome: ({ index, ...outcome }) =>
          onOutcome({ ...outcome, sopInstanceUID: objects[index]!.sopInstanceUID } satisfies SendOutcome),
        transcode: (object, to, out) => this.#services.decode.transcode({ path: object.file, to, out }),
      },
      signal,
    );
  }

  /** The patient root wants the patient of a study at every level (PS3.4 C.4.1.3.1); empty in the study root. */
  async #patientOf(studyInstanceUID: string, signal: AbortSignal): Promise<string> {
    if (this.#node.queryRoot !== 'patient') return '';
    const known = this.#patients.get(studyInstanceUID);
    if (known !== undefined) return known;
    const query = { ...noQuery, studyInstanceUID };
    const found = await this.#find(studyQueries(query, 'patient'), 1, signal);
    const [study] = found.ok
      ? found.value.answers.flat().flatMap((dataset) => foundStudy(dataset) ?? [])
      : [];
    const patientId = study?.patientId ?? '';
    this.#patients.set(studyInstanceUID, patientId);
    return patientId;
  }

  async #find(
    queries: readonly FindQuery[],
    limit: number,
    signal: AbortSignal,
  ): Promise<Result<FindAnswers>> {
    const target = await targetOf(this.#services, this.#node);
    return this.#services.peers.find(
      target,
      {
        sopClassUid: queryClasses[this.#node.queryRoot].find,
        queries: queries.map((query) => ({
          dataset: findDataset(query),
          // The character set is always told (lesson L85).
          charset: query.charset === '' ? 'ISO_IR 192' : query.charset,
        })),
        limit,
      },
      signal,
    );
  }
}

const newestFirst = (a: FoundStudy, b: FoundStudy): number =>
  `${b.studyDate}${b.studyTime}`.localeCompare(`${a.studyDate}${a.studyTime}`);

type Keys = Parameters<typeof retrieveDataset>[1];

/** Items of one study and kind as few identifiers. */
function identifiersOf(items: readonly RetrieveItem[], encode: (keys: Keys) => WriteDataset): WriteDataset[] {
  const [first] = items;
  if (!first) return [];
  const studyUids = [first.studyInstanceUID];
  if (!first.seriesInstanceUID) return [encode({ studyUids })];
  if (!first.sopInstanceUID) {
    return chunksOf(items.map((item) => item.seriesInstanceUID!)).map((seriesUids) =>
      encode({ studyUids, seriesUids }),
    );
  }
  const bySeries = new Map<string, string[]>();
  for (const { seriesInstanceUID, sopInstanceUID } of items) {
    const list = bySeries.get(seriesInstanceUID!) ?? [];
    list.push(sopInstanceUID!);
    bySeries.set(seriesInstanceUID!, list);
  }
  return [...bySeries].flatMap(([uid, list]) =>
    chunksOf(list).map((instanceUids) => encode({ studyUids, seriesUids: [uid], instanceUids })),
  );
}

function chunksOf(uids: readonly string[]): string[][] {
  const chunks: string[][] = [];
  for (let at = 0; at < uids.length; at += maxUidsPerRequest)
    chunks.push(uids.slice(at, at + maxUidsPerRequest));
  return chunks;
}
