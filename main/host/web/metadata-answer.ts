/** WADO-RS of metadata (PS3.18 10.4.1.1.3): headers are parsed elsewhere. */
import type { ByteResponse } from '../../../core/contract/host.ts';
import { chooseOffer, type Offer } from '../../../core/dicomweb/media-type.ts';
import { objectPath } from '../objects/object-path.ts';
import type { WebObject } from '../store/web-find.ts';
import { jsonType, type WebContext } from './context.ts';
import { type WebTarget, webRoot } from './route.ts';

/** Headers that are parsed ahead of the one that is sent. */
const parsedAhead = 8;

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

const pathOf = (context: WebContext, one: WebObject): string =>
  objectPath(context.folder.objects, one.fileSha256);

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
