/** QIDO-RS (PS3.18 10.6): the Studies page's box as queries, and what a server says as rows. */
import { ok, type Result } from '../../../core/base/result.ts';
import type { RemoteQuery, RemoteSeries, RetrieveItem } from '../../../core/contract/remote.ts';
import { personName } from '../../../core/dicom/person-name.ts';
import { type WebDataset, webNumber, webText, webTexts } from '../../../core/dicomweb/json-read.ts';
import { type QueryKey, queryMatch, queryParameters } from '../../../core/dicomweb/query.ts';
import type { FoundStudy, RemoteInstance } from '../remote/archive.ts';
import { hasCjk, pinyinSyllables } from '../store/search-tokens.ts';
import type { WebClient } from './client.ts';

const tags = {
  studyDate: 0x00080020,
  studyTime: 0x00080030,
  accessionNumber: 0x00080050,
  modality: 0x00080060,
  modalitiesInStudy: 0x00080061,
  institution: 0x00080080,
  studyDescription: 0x00081030,
  seriesDescription: 0x0008103e,
  patientName: 0x00100010,
  patientId: 0x00100020,
  birthDate: 0x00100030,
  sex: 0x00100040,
  bodyPart: 0x00180015,
  studyUid: 0x0020000d,
  seriesUid: 0x0020000e,
  seriesNumber: 0x00200011,
  studySeries: 0x00201206,
  studyInstances: 0x00201208,
  seriesInstances: 0x00201209,
  sopClassUid: 0x00080016,
  sopInstanceUid: 0x00080018,
} as const;

const studyFields = [
  tags.studyDescription,
  tags.institution,
  tags.birthDate,
  tags.sex,
  tags.modalitiesInStudy,
  tags.studySeries,
  tags.studyInstances,
];
const seriesFields = [tags.seriesDescription, tags.bodyPart, tags.seriesInstances];
/** Objects of one study; more than this is asked for page by page. */
const instancesPerPage = 10_000;

const key = (tag: number, value: string): QueryKey[] => {
  const match = queryMatch(tag, value);
  return match ? [{ tag, match }] : [];
};

/** Part of a name, wherever it stands: families and given names come in either order. */
const anywhere = (text: string): string => `*${text.replaceAll(/[*?\\]/g, '').replaceAll(/\s+/g, '*')}*`;

/**
 * What a text as it was typed may mean: a name, in its spellings (L85), or an ID or accession number. One query each,
 * as servers join keys by AND.
 */
export function textKeys(text: string): QueryKey[][] {
  const typed = text.trim();
  if (typed === '') return [[]];
  const names = hasCjk(typed) ? [typed, pinyinSyllables(typed).join(' ')] : [typed];
  const looks = /\d/.test(typed) ? [] : names.filter((name) => name !== '');
  const ids = hasCjk(typed)
    ? []
    : [key(tags.patientId, `${typed.replaceAll(/[*?\\]/g, '')}*`), key(tags.accessionNumber, typed)];
  return [...looks.map((name) => key(tags.patientName, anywhere(name))), ...ids];
}

/** One request for each meaning of the text and each modality; what they find is joined by study. */
export function studyQueries(query: RemoteQuery): QueryKey[][] {
  const range =
    query.dateFrom === '' && query.dateTo === ''
      ? []
      : key(
          tags.studyDate,
          query.dateFrom === query.dateTo ? query.dateFrom : `${query.dateFrom}-${query.dateTo}`,
        );
  const common = [
    ...key(tags.patientName, query.patientName === '' ? '' : anywhere(query.patientName)),
    ...key(tags.patientId, query.patientId),
    ...key(tags.accessionNumber, query.accessionNumber),
    ...key(tags.studyUid, query.studyInstanceUID),
    ...range,
  ];
  const modalities = query.modalities.length === 0 ? [''] : query.modalities;
  return textKeys(query.text).flatMap((text) =>
    modalities.map((modality) => [...common, ...text, ...key(tags.modalitiesInStudy, modality)]),
  );
}

/** Answers at most `query.limit` studies. */
export async function searchStudies(
  client: WebClient,
  query: RemoteQuery,
  signal: AbortSignal,
): Promise<Result<{ rows: FoundStudy[]; partial: boolean }>> {
  const found = new Map<string, FoundStudy>();
  let partial = false;
  for (const keys of studyQueries(query)) {
    const parameters = queryParameters({ keys, include: studyFields, limit: query.limit + 1 });
    const answer = await client.datasets({ path: ['studies'], parameters, signal });
    if (!answer.ok) return answer;
    partial ||= answer.value.partial;
    for (const row of answer.value.datasets.map(studyOf)) {
      if (row.studyInstanceUID !== '') found.set(row.studyInstanceUID, row);
    }
  }
  const rows = [...found.values()];
  return ok({ rows: rows.slice(0, query.limit), partial: partial || rows.length > query.limit });
}

function studyOf(row: WebDataset): FoundStudy {
  return {
    studyInstanceUID: webText(row, tags.studyUid).trim(),
    patientName: personName(webText(row, tags.patientName)) ?? { alphabetic: '' },
    patientId: webText(row, tags.patientId),
    sex: webText(row, tags.sex),
    birthDate: webText(row, tags.birthDate),
    studyDate: webText(row, tags.studyDate),
    studyTime: webText(row, tags.studyTime),
    // Some servers put all of them into one value.
    modalities: webTexts(row, tags.modalitiesInStudy).flatMap((text) => text.split(/[\\,]/)),
    description: webText(row, tags.studyDescription),
    accessionNumber: webText(row, tags.accessionNumber),
    institution: webText(row, tags.institution),
    series: countOf(row, tags.studySeries),
    instances: countOf(row, tags.studyInstances),
  };
}

function countOf(row: WebDataset, tag: number): number | null {
  const count = webNumber(row, tag);
  return count !== null && Number.isSafeInteger(count) && count >= 0 ? count : null;
}

export async function listSeries(
  client: WebClient,
  studyInstanceUID: string,
  signal: AbortSignal,
): Promise<Result<RemoteSeries[]>> {
  const path = ['studies', studyInstanceUID, 'series'];
  const answer = await client.datasets({
    path,
    parameters: queryParameters({ include: seriesFields }),
    signal,
  });
  if (!answer.ok) return answer;
  const rows = answer.value.datasets.map((row) => ({
    seriesInstanceUID: webText(row, tags.seriesUid).trim(),
    number: webNumber(row, tags.seriesNumber),
    modality: webText(row, tags.modality),
    description: webText(row, tags.seriesDescription),
    bodyPart: webText(row, tags.bodyPart),
    instances: countOf(row, tags.seriesInstances),
  }));
  return ok(rows.filter(({ seriesInstanceUID }) => seriesInstanceUID !== ''));
}

export async function listInstances(
  client: WebClient,
  item: RetrieveItem,
  signal: AbortSignal,
): Promise<Result<RemoteInstance[]>> {
  const inSeries = item.seriesInstanceUID === undefined ? [] : ['series', item.seriesInstanceUID];
  const path = ['studies', item.studyInstanceUID, ...inSeries, 'instances'];
  const keys = item.sopInstanceUID === undefined ? [] : key(tags.sopInstanceUid, item.sopInstanceUID);
  const found = new Map<string, RemoteInstance>();
  for (let offset = 0; ; offset += instancesPerPage) {
    const parameters = queryParameters({ keys, limit: instancesPerPage, offset });
    const answer = await client.datasets({ path, parameters, signal });
    if (!answer.ok) return answer;
    const before = found.size;
    for (const row of answer.value.datasets) {
      const sopInstanceUID = webText(row, tags.sopInstanceUid).trim();
      if (sopInstanceUID === '') continue;
      found.set(sopInstanceUID, {
        studyInstanceUID: webText(row, tags.studyUid).trim() || item.studyInstanceUID,
        seriesInstanceUID: webText(row, tags.seriesUid).trim() || (item.seriesInstanceUID ?? ''),
        sopInstanceUID,
        sopClassUID: webText(row, tags.sopClassUid).trim(),
      });
    }
    // A server that does not know pages gives the same again.
    if (answer.value.datasets.length < instancesPerPage || found.size === before)
      return ok([...found.values()]);
  }
}
