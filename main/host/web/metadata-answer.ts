/** WADO-RS of metadata (PS3.18 10.4.1.1.3): headers are parsed elsewhere. */
import { randomUUID } from 'node:crypto';
import type { ByteResponse } from '../../../core/contract/host.ts';
import { chooseOffer, type Offer } from '../../../core/dicomweb/media-type.ts';
import { closeDelimiter, partHead } from '../../../core/dicomweb/multipart-writer.ts';
import { objectPath } from '../objects/object-path.ts';
import type { WebObject } from '../store/web-find.ts';
import { jsonType, type WebContext, xmlPartsType, xmlType } from './context.ts';
import { type WebTarget, webRoot } from './route.ts';
import { type DatasetForm, datasetBytes } from './web-part.ts';

/** Headers that are parsed ahead of the one that is sent. */
const parsedAhead = 8;

export async function answerMetadata(context: WebContext, target: WebTarget): Promise<ByteResponse> {
  const objects = await context.read.call('webObjects', target);
  const offers: Offer[] = [
    { type: jsonType, isMultipart: false },
    { type: 'application/json', isMultipart: false },
    { type: xmlType, isMultipart: true },
    ...(objects.length === 1 ? [{ type: xmlType, isMultipart: false }] : []),
  ];
  const offer = chooseOffer(context.accept, offers);
  if (!offer) return context.refuse(406);
  if (objects.length === 0) return context.refuse(404);
  for (const key of new Set(objects.map(({ studyKey }) => studyKey))) context.log.read(`metadata ${key}`);
  const form = offer.type === xmlType ? 'xml' : 'json';
  const boundary = `candela-${randomUUID()}`;
  const framing = form === 'json' ? jsonList : offer.isMultipart ? xmlParts(boundary) : alone;
  return {
    status: 200,
    headers: { 'content-type': offer.isMultipart ? xmlPartsType(boundary) : offer.type },
    body: metadataOf(context, objects, form, framing),
  };
}

const pathOf = (context: WebContext, one: WebObject): string =>
  objectPath(context.folder.objects, one.fileSha256);

/** What stands before each data set, and behind the last. */
interface Framing {
  before(index: number): Uint8Array;
  readonly end: Uint8Array;
}
const alone: Framing = { before: () => Buffer.alloc(0), end: Buffer.alloc(0) };
const jsonList: Framing = { before: (index) => Buffer.from(index === 0 ? '[' : ','), end: Buffer.from(']') };
const xmlParts = (boundary: string): Framing => ({
  before: (index) => partHead(boundary, { 'Content-Type': xmlType }, index === 0),
  end: closeDelimiter(boundary),
});

async function* metadataOf(
  context: WebContext,
  objects: readonly WebObject[],
  form: DatasetForm,
  framing: Framing,
): AsyncGenerator<Uint8Array> {
  const parsed = objects.slice(0, parsedAhead).map((one) => headerOf(context, one, form));
  for (let index = 0; index < objects.length; index++) {
    const header = await parsed[index]!;
    const next = objects[index + parsedAhead];
    if (next && !context.signal.aborted) parsed.push(headerOf(context, next, form));
    if (context.signal.aborted) return;
    yield framing.before(index);
    yield header;
  }
  yield framing.end;
}

/** A file that cannot be read still has its place, with what the index knows of it. */
async function headerOf(context: WebContext, one: WebObject, form: DatasetForm): Promise<Uint8Array> {
  const { studyUid, seriesUid, sopUid } = one;
  const names = [studyUid, 'series', seriesUid, 'instances', sopUid, 'bulkdata'].map(encodeURIComponent);
  const bulkRoot = `${context.origin}${webRoot}/studies/${names.join('/')}`;
  const header = await context.parse.web({ file: pathOf(context, one), want: 'metadata', form, bulkRoot });
  if (header.ok) return header.value;
  const known = [
    ['00080016', one.sopClass],
    ['00080018', one.sopUid],
    ['0020000D', one.studyUid],
    ['0020000E', one.seriesUid],
  ].map(([tag, uid]) => [tag, { vr: 'UI', Value: [uid] }] as const);
  return datasetBytes(Object.fromEntries(known), form);
}
