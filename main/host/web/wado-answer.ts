/** WADO-RS of whole objects and of metadata (PS3.18 10.4): bytes stream from the store, headers are parsed elsewhere. */
import { randomUUID } from 'node:crypto';
import { type FileHandle, open, stat } from 'node:fs/promises';
import type { ByteResponse } from '../../../core/contract/host.ts';
import { chooseOffer, mediaTypeText, type Offer } from '../../../core/dicomweb/media-type.ts';
import { closeDelimiter, partHead } from '../../../core/dicomweb/multipart-writer.ts';
import { metaHeader } from '../dimse/meta-header.ts';
import { objectPath } from '../objects/object-path.ts';
import type { WebObject } from '../store/web-find.ts';
import { jsonType, type WebContext } from './context.ts';
import { type WebTarget, webRoot } from './route.ts';

const dicomType = 'application/dicom';
const pieceBytes = 1024 * 1024;
const preambleBytes = 128;
/** Headers that are parsed ahead of the one that is sent. */
const parsedAhead = 8;

/** Objects as they were stored, in whatever transfer syntax that is: nothing is converted. */
export async function answerObjects(context: WebContext, target: WebTarget): Promise<ByteResponse> {
  const objects = await context.read.call('webObjects', target);
  if (objects.length === 0) return context.refuse(404);
  const syntaxes = new Set(objects.map(({ transferSyntax }) => transferSyntax));
  const form = (syntax: string, isMultipart: boolean): Offer => ({
    type: dicomType,
    isMultipart,
    transferSyntaxUid: syntax,
    isDefault: true,
  });
  // Of several syntaxes only `*` or none can be asked for: one form for all.
  const syntax = syntaxes.size === 1 ? objects[0]!.transferSyntax : '';
  const offers = [form(syntax, true), ...(objects.length === 1 ? [form(syntax, false)] : [])];
  const offer = chooseOffer(context.accept, offers);
  if (!offer) return context.refuse(406);
  const present = await presentOf(context, objects);
  if (present.length === 0) return context.refuse(410);
  for (const key of new Set(present.map(({ studyKey }) => studyKey))) context.log.read(`retrieve ${key}`);
  const missing = objects.length - present.length;
  const partial = missing > 0 && { warning: `299 candela "${missing} objects are missing or damaged"` };
  const status = missing > 0 ? 206 : 200;
  if (!offer.isMultipart) {
    return { status, headers: { 'content-type': dicomType }, body: fileOf(context, present[0]!) };
  }
  const boundary = `candela-${randomUUID()}`;
  const type = mediaTypeText('multipart/related', { type: dicomType, boundary });
  return { status, headers: { 'content-type': type, ...partial }, body: partsOf(context, present, boundary) };
}

const pathOf = (context: WebContext, one: WebObject): string =>
  objectPath(context.folder.objects, one.fileSha256);

/** An answer that has begun cannot say that something is missing: it is looked at before. */
async function presentOf(context: WebContext, objects: readonly WebObject[]): Promise<WebObject[]> {
  const sizes = await Promise.all(
    objects.map((one) =>
      stat(pathOf(context, one)).then(
        (info) => info.size,
        () => -1,
      ),
    ),
  );
  return objects.filter(({ sizeBytes }, index) => sizes[index] === sizeBytes);
}

async function* partsOf(
  context: WebContext,
  objects: readonly WebObject[],
  boundary: string,
): AsyncGenerator<Uint8Array> {
  for (const [index, one] of objects.entries()) {
    const type = mediaTypeText(dicomType, { 'transfer-syntax': one.transferSyntax });
    yield partHead(boundary, { 'Content-Type': type }, index === 0);
    yield* fileOf(context, one);
  }
  yield closeDelimiter(boundary);
}

/** The file, bit for bit behind its preamble, which is empty on its way out (M3); one without gets our header. */
async function* fileOf(context: WebContext, one: WebObject): AsyncGenerator<Uint8Array> {
  const file = await open(pathOf(context, one), 'r');
  try {
    const hasPrefix = await hasPrefixOf(file);
    yield hasPrefix
      ? new Uint8Array(preambleBytes)
      : metaHeader({
          transferSyntaxUid: one.transferSyntax,
          sopClassUid: one.sopClass,
          sopInstanceUid: one.sopUid,
          sourceAeTitle: '',
        });
    const start = hasPrefix ? preambleBytes : one.datasetOffset;
    const range = { start, end: one.sizeBytes - 1, highWaterMark: pieceBytes, autoClose: false };
    for await (const piece of file.createReadStream(range)) {
      if (context.signal.aborted) return;
      yield piece as Uint8Array;
    }
  } finally {
    await file.close();
  }
}

async function hasPrefixOf(file: FileHandle): Promise<boolean> {
  const { buffer, bytesRead } = await file.read(new Uint8Array(4), 0, 4, preambleBytes);
  return bytesRead === 4 && buffer.every((byte, index) => byte === [0x44, 0x49, 0x43, 0x4d][index]);
}

export async function answerMetadata(context: WebContext, target: WebTarget): Promise<ByteResponse> {
  const offers: Offer[] = [
    { type: jsonType, isMultipart: false },
    { type: 'application/json', isMultipart: false },
  ];
  const offer = chooseOffer(context.accept, offers);
  if (!offer) return context.refuse(406);
  const objects = await context.read.call('webObjects', target);
  if (objects.length === 0) return context.refuse(404);
  for (const key of new Set(objects.map(({ studyKey }) => studyKey))) context.log.read(`metadata ${key}`);
  return { status: 200, headers: { 'content-type': offer.type }, body: metadataOf(context, objects) };
}

async function* metadataOf(context: WebContext, objects: readonly WebObject[]): AsyncGenerator<Uint8Array> {
  const parsed = objects.slice(0, parsedAhead).map((one) => headerOf(context, one));
  for (let index = 0; index < objects.length; index++) {
    const json = await parsed[index]!;
    const next = objects[index + parsedAhead];
    if (next && !context.signal.aborted) parsed.push(headerOf(context, next));
    if (context.signal.aborted) return;
    yield Buffer.from(index === 0 ? '[' : ',');
    yield json;
  }
  yield Buffer.from(']');
}

/** A file that cannot be read still has its place, with what the index knows of it. */
async function headerOf(context: WebContext, one: WebObject): Promise<Uint8Array> {
  const { studyUid, seriesUid, sopUid } = one;
  const names = [studyUid, 'series', seriesUid, 'instances', sopUid, 'bulkdata'].map(encodeURIComponent);
  const bulkRoot = `${context.origin}${webRoot}/studies/${names.join('/')}`;
  const json = await context.parse.web({ file: pathOf(context, one), want: 'metadata', bulkRoot });
  if (json.ok) return json.value;
  const known = [
    ['00080016', one.sopClass],
    ['00080018', one.sopUid],
    ['0020000D', one.studyUid],
    ['0020000E', one.seriesUid],
  ].map(([tag, uid]) => [tag, { vr: 'UI', Value: [uid] }] as const);
  return Buffer.from(JSON.stringify(Object.fromEntries(known)));
}
