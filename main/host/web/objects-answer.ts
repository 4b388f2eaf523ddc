/** WADO-RS of whole objects (PS3.18 10.4.1.1.1): bytes stream from the store, transcoded only where they have to be. */
import { randomUUID } from 'node:crypto';
import { type FileHandle, open, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Problem } from '../../../core/base/problem.ts';
import { ok, type Result } from '../../../core/base/result.ts';
import type { ByteResponse } from '../../../core/contract/host.ts';
import { mediaTypeText } from '../../../core/dicomweb/media-type.ts';
import { closeDelimiter, partHead } from '../../../core/dicomweb/multipart-writer.ts';
import { metaHeader } from '../dimse/meta-header.ts';
import { objectPath } from '../objects/object-path.ts';
import type { WebObject } from '../store/web-find.ts';
import type { WebContext } from './context.ts';
import { dicomType, formOf, type ObjectForm } from './object-forms.ts';
import type { WebTarget } from './route.ts';

const pieceBytes = 1024 * 1024;
const preambleBytes = 128;

interface Wanted {
  readonly object: WebObject;
  readonly form: ObjectForm;
}

/** An object ready to be sent: `head`, then bytes of a file. */
interface Ready {
  readonly transferSyntaxUid: string;
  readonly path: string;
  /** Null: it depends on how the stored file begins. */
  readonly head: Uint8Array | null;
  readonly object: WebObject;
  readonly sizeBytes: number;
  drop(): Promise<void>;
}

/** Statuses: 404, 406 where no object can be given as asked, 410 where none is left, 206 where some are missing. */
export async function answerObjects(context: WebContext, target: WebTarget): Promise<ByteResponse> {
  const found = await context.read.call('webObjects', target);
  const objects = withoutTwins(context, target, found);
  if (objects.length === 0) return context.refuse(404);
  const wanted = objects.flatMap((object): Wanted[] => {
    const form = formOf(context.accept, object, objects.length === 1);
    return form ? [{ object, form }] : [];
  });
  if (wanted.length === 0) return context.refuse(406, 'transfer-syntax');
  const present = await presentOf(context, wanted);
  if (present.length === 0) return context.refuse(410);
  // What cannot be had is told before the answer begins; where only the head is asked for nobody waits for it.
  const first = context.isHead ? null : await prepare(context, present[0]!);
  if (first && !first.ok) return context.refuse(failedStatus(first.problem), first.problem.code);
  for (const key of new Set(present.map(({ object }) => object.studyKey)))
    context.log.read(`retrieve ${key}`);
  const missing = wanted.length - present.length;
  const refused = objects.length - wanted.length;
  const warnings = [
    ...(missing > 0 ? [`${missing} objects are missing or damaged`] : []),
    ...(refused > 0 ? [`${refused} objects cannot be given in a transfer syntax that was asked for`] : []),
  ];
  const status = warnings.length > 0 ? 206 : 200;
  const twins = found.length - objects.length;
  if (twins > 0) warnings.push(`${twins} other objects have this UID; this one came first`);
  const warning = warnings.length > 0 && { warning: `299 candela "${warnings.join('; ')}"` };
  if (!present[0]!.form.isMultipart) {
    const headers = { 'content-type': dicomType, ...warning };
    return { status, headers, body: first && bytesOf(context, first.value) };
  }
  const boundary = `candela-${randomUUID()}`;
  const type = mediaTypeText('multipart/related', { type: dicomType, boundary });
  return {
    status,
    headers: { 'content-type': type, ...warning },
    body: first && partsOf(context, present, first.value, boundary),
  };
}

/**
 * Several objects may have the UID that was asked for. Parts can hold them all; alone goes the one that came first, as it
 * does to other stations and in frames, and the answer says that there are others.
 */
function withoutTwins(
  context: WebContext,
  { sopUid }: WebTarget,
  objects: readonly WebObject[],
): readonly WebObject[] {
  const [first] = objects;
  if (sopUid === undefined || !first) return objects;
  return formOf(context.accept, first, true)?.isMultipart === false ? [first] : objects;
}

const failedStatus = ({ code }: Problem): number =>
  code === 'FILE_MISSING' ? 410 : code === 'DISK_FULL' || code === 'IO_ERROR' ? 503 : 406;

const pathOf = (context: WebContext, one: WebObject): string =>
  objectPath(context.folder.objects, one.fileSha256);

/** An answer that has begun cannot say that something is missing: it is looked at before. */
async function presentOf(context: WebContext, wanted: readonly Wanted[]): Promise<Wanted[]> {
  const sizes = await Promise.all(
    wanted.map(({ object }) =>
      stat(pathOf(context, object)).then(
        (info) => info.size,
        () => -1,
      ),
    ),
  );
  return wanted.filter(({ object }, index) => sizes[index] === object.sizeBytes);
}

/** Problems: those of transcoding, where it must not go as it is stored. */
async function prepare(context: WebContext, { object, form }: Wanted): Promise<Result<Ready>> {
  const path = pathOf(context, object);
  const stored: Ready = {
    transferSyntaxUid: object.transferSyntax,
    path,
    head: null,
    object,
    sizeBytes: object.sizeBytes,
    drop: () => Promise.resolve(),
  };
  const { transferSyntaxUid } = form;
  if (transferSyntaxUid === object.transferSyntax) return ok(stored);
  const out = join(context.folder.incoming, `${randomUUID()}.web`);
  const made = await context.decode.transcode({ path, to: transferSyntaxUid, out });
  if (!made.ok) return form.mayFallBack ? ok(stored) : made;
  const drop = (): Promise<void> => rm(out, { force: true }).catch(() => {});
  // An answer may end before this is its turn, or never begin.
  context.signal.addEventListener('abort', () => void drop(), { once: true });
  if (context.signal.aborted) await drop();
  const head = metaHeader({
    transferSyntaxUid,
    sopClassUid: object.sopClass,
    sopInstanceUid: object.sopUid,
    sourceAeTitle: '',
  });
  return ok({ transferSyntaxUid, path: out, head, object, sizeBytes: made.value, drop });
}

/** While one is sent the next is made ready. One that turns out broken goes as it is stored, and its part says so. */
async function* partsOf(
  context: WebContext,
  wanted: readonly Wanted[],
  first: Ready,
  boundary: string,
): AsyncGenerator<Uint8Array> {
  const relaxed = (one: Wanted): Wanted => ({ ...one, form: { ...one.form, mayFallBack: true } });
  let next: Promise<Result<Ready>> = Promise.resolve(ok(first));
  for (let index = 0; index < wanted.length; index++) {
    const ready = await next;
    if (!ready.ok) throw new Error(ready.problem.code);
    const following = wanted[index + 1];
    if (following && !context.signal.aborted) next = prepare(context, relaxed(following));
    const type = mediaTypeText(dicomType, { 'transfer-syntax': ready.value.transferSyntaxUid });
    yield partHead(boundary, { 'Content-Type': type }, index === 0);
    yield* bytesOf(context, ready.value);
    if (context.signal.aborted) return;
  }
  yield closeDelimiter(boundary);
}

/** The file, bit for bit behind its preamble, which is empty on its way out (M3); one without gets our header. */
async function* bytesOf(context: WebContext, ready: Ready): AsyncGenerator<Uint8Array> {
  const { object, sizeBytes } = ready;
  const file = await open(ready.path, 'r');
  try {
    const hasPrefix = ready.head === null && (await hasPrefixOf(file));
    yield ready.head ?? (hasPrefix ? new Uint8Array(preambleBytes) : ownHeader(object));
    const start = ready.head ? 0 : hasPrefix ? preambleBytes : object.datasetOffset;
    const range = { start, end: sizeBytes - 1, highWaterMark: pieceBytes, autoClose: false };
    for await (const piece of file.createReadStream(range)) {
      if (context.signal.aborted) return;
      yield piece as Uint8Array;
    }
  } finally {
    await file.close();
    await ready.drop();
  }
}

const ownHeader = (one: WebObject): Uint8Array =>
  metaHeader({
    transferSyntaxUid: one.transferSyntax,
    sopClassUid: one.sopClass,
    sopInstanceUid: one.sopUid,
    sourceAeTitle: '',
  });

async function hasPrefixOf(file: FileHandle): Promise<boolean> {
  const { buffer, bytesRead } = await file.read(new Uint8Array(4), 0, 4, preambleBytes);
  return bytesRead === 4 && buffer.every((byte, index) => byte === [0x44, 0x49, 0x43, 0x4d][index]);
}
