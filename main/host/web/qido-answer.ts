/** QIDO-RS over the index (PS3.18 tables 10.6.3-3 to 10.6.3-5). */
import { randomUUID } from 'node:crypto';
import type { ByteResponse } from '../../../core/contract/host.ts';
import {
  type JsonDataset,
  type JsonElement,
  jsonPersonName,
  jsonTag,
  jsonText,
} from '../../../core/dicomweb/json-write.ts';
import { chooseOffer, type Offer } from '../../../core/dicomweb/media-type.ts';
import { closeDelimiter, partHead } from '../../../core/dicomweb/multipart-writer.ts';
import { parseQuery, type QueryKey, type QueryLevel } from '../../../core/dicomweb/query.ts';
import { matchableAttribute } from '../../../core/dicomweb/query-attributes.ts';
import type { WebRow } from '../store/web-find.ts';
import { jsonType, type WebContext, xmlPartsType, xmlType } from './context.ts';
import { type WebTarget, webRoot } from './route.ts';
import { datasetBytes } from './web-part.ts';

/** Rows of one answer; more are told of, and asked for by `offset`. */
const mostRows = 5000;
const offers: readonly Offer[] = [
  { type: jsonType, isMultipart: false },
  { type: 'application/json', isMultipart: false },
  { type: xmlType, isMultipart: true },
];
/** PS3.18 8.3.4.4 and 8.3.4.2. */
const moreText = '299 candela "There are additional results that can be requested"';
const literalText =
  '299 candela "The fuzzymatching parameter is not supported. Only literal matching has been performed."';

export async function answerQuery(
  context: WebContext,
  level: QueryLevel,
  within: Partial<WebTarget>,
  parameters: readonly (readonly [string, string])[],
): Promise<ByteResponse> {
  const offer = chooseOffer(context.accept, offers);
  if (!offer) return context.refuse(406);
  const { query, ignored, invalid } = parseQuery(parameters);
  if (invalid !== undefined) return context.refuse(400, invalid);
  const parents = [...key(0x0020000d, within.studyUid), ...key(0x0020000e, within.seriesUid)];
  const known = query.keys.filter(({ tag }) => matchableAttribute(tag, level) !== undefined);
  const limit = Math.min(query.limit ?? mostRows, mostRows);
  const asked = { level, keys: [...parents, ...known], limit: limit + 1, offset: query.offset };
  const rows = await context.searches().call('webFind', asked);
  const unsupported = [
    ...ignored,
    ...query.keys.filter((one) => !known.includes(one)).map(({ tag }) => jsonTag(tag)),
  ];
  const warnings = [
    ...(rows.length > limit ? [moreText] : []),
    ...(parameters.some(isFuzzy) ? [literalText] : []),
    ...(unsupported.length > 0
      ? [`299 candela "The following attributes are not supported for matching: ${unsupported.length}"`]
      : []),
  ];
  context.log.read(`query ${level}`);
  const found = rows.slice(0, limit).map((row) => jsonOfRow(row, level, `${context.origin}${webRoot}`));
  const warning = warnings.length > 0 && { warning: warnings.join(', ') };
  if (offer.type !== xmlType) {
    const body = new TextEncoder().encode(`[${found.map(jsonText).join(',')}]`);
    return { status: 200, headers: { 'content-type': jsonType, ...warning }, body };
  }
  // There is no body of no parts.
  if (found.length === 0) return { status: 204, headers: { ...warning }, body: new Uint8Array(0) };
  const boundary = `candela-${randomUUID()}`;
  const parts = found.flatMap((one, index) => [
    partHead(boundary, { 'Content-Type': xmlType }, index === 0),
    datasetBytes(one, 'xml'),
  ]);
  return {
    status: 200,
    headers: { 'content-type': xmlPartsType(boundary), ...warning },
    body: Buffer.concat([...parts, closeDelimiter(boundary)]),
  };
}

const isFuzzy = ([name, value]: readonly [string, string]): boolean =>
  name.toLowerCase() === 'fuzzymatching' && value.toLowerCase() === 'true';

const key = (tag: number, uid: string | undefined): QueryKey[] =>
  uid === undefined ? [] : [{ tag, match: { kind: 'single', value: uid } }];

const texts = (vr: string, ...values: readonly string[]): JsonElement => {
  const filled = values.filter((value) => value !== '');
  return filled.length === 0 ? { vr } : { vr, Value: filled };
};
const number = (vr: string, value: number | null | undefined): JsonElement =>
  value === null || value === undefined ? { vr } : { vr, Value: [value] };

/** A name as a file has it, with `=` between its groups. */
function person(text: string): JsonElement {
  const name = jsonPersonName(text);
  return name === null ? { vr: 'PN' } : { vr: 'PN', Value: [name] };
}

function jsonOfRow(row: WebRow, level: QueryLevel, root: string): JsonDataset {
  const study = `${root}/studies/${encodeURIComponent(row.studyUid)}`;
  const parts: JsonDataset = {
    '00080005': { vr: 'CS', Value: ['ISO_IR 192'] },
    '0020000D': texts('UI', row.studyUid),
  };
  if (level === 'study') return inOrder({ ...parts, ...studyPart(row), '00081190': texts('UR', study) });
  const series = `${study}/series/${encodeURIComponent(row.seriesUid ?? '')}`;
  const inSeries = {
    ...parts,
    '0020000E': texts('UI', row.seriesUid ?? ''),
    '00080060': texts('CS', row.modality ?? ''),
  };
  if (level === 'series') {
    return inOrder({ ...inSeries, ...studyPart(row), ...seriesPart(row), '00081190': texts('UR', series) });
  }
  const instance = `${series}/instances/${encodeURIComponent(row.sopUid ?? '')}`;
  return inOrder({ ...inSeries, ...instancePart(row), '00081190': texts('UR', instance) });
}

function studyPart(row: WebRow): JsonDataset {
  const groups = [row.nameAlphabetic, row.nameIdeographic ?? '', row.namePhonetic ?? ''];
  return {
    '00080020': texts('DA', row.studyDate),
    '00080030': texts('TM', row.studyTime),
    '00080050': texts('SH', row.accession),
    '00080056': texts('CS', 'ONLINE'),
    '00080061': texts('CS', ...row.modalities.split('\\')),
    '00080080': texts('LO', row.institution),
    '00080090': person(row.referringPhysician),
    '00081030': texts('LO', row.description),
    '00100010': person(groups.join('=')),
    '00100020': texts('LO', row.patientId),
    '00100021': texts('LO', row.issuer),
    '00100030': texts('DA', row.birthDate),
    '00100040': texts('CS', row.sex),
    '00200010': texts('SH', row.studyId),
    '00201206': number('IS', row.seriesCount),
    '00201208': number('IS', row.instanceCount),
  };
}

const seriesPart = (row: WebRow): JsonDataset => ({
  '0008103E': texts('LO', row.seriesDescription ?? ''),
  '00180015': texts('CS', row.bodyPart ?? ''),
  '00200011': number('IS', row.seriesNumber),
  '00201209': number('IS', row.seriesInstances),
});

const instancePart = (row: WebRow): JsonDataset => ({
  '00080016': texts('UI', row.sopClass ?? ''),
  '00080018': texts('UI', row.sopUid ?? ''),
  '00080056': texts('CS', 'ONLINE'),
  '00083002': texts('UI', row.transferSyntax ?? ''),
  '00200013': number('IS', row.instanceNumber),
  ...((row.frames ?? 0) > 0 && {
    '00280008': number('IS', row.frames),
    '00280010': number('US', row.rows),
    '00280011': number('US', row.columns),
  }),
});

const inOrder = (parts: JsonDataset): JsonDataset =>
  Object.fromEntries(Object.entries(parts).sort(([a], [b]) => (a < b ? -1 : 1)));
