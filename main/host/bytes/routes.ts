import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ByteRequest, ByteResponse } from '../../../core/contract/host.ts';
import { segmentationSopClass } from '../../../core/dicom/derive/segmentation.ts';
import type { Scan } from '../../../core/dicom/types.ts';
import { sendFilm } from '../film/film-route.ts';
import { sendMask } from '../masks/handlers.ts';
import { sendReport } from '../report/report-route.ts';
import { indexOf, isPlaceKey, type Services } from '../services.ts';
import { sendFrameSummary, sendVolume } from '../volumes/routes.ts';
import { locationOf, openLocation } from './file-location.ts';
import { parseFrameList } from './frame-ranges.ts';
import { pixelStream, reusePiece } from './pixel-stream.ts';
import { refuse } from './refuse.ts';
import { planOf, seriesContent } from './series-plans.ts';

/** The one handler of bytes (core/contract). Nothing is parsed here: offsets come from the index. */
export async function answerBytes(services: Services, request: ByteRequest): Promise<ByteResponse> {
  const url = parsePath(request.path);
  if (!url) return refuse(404);
  const { route, key, query } = url;
  if (request.method === 'POST') {
    return route === 'upload' ? receiveUpload(services, key, query, request) : refuse(405);
  }
  if (request.method !== 'GET') return refuse(405);
  switch (route) {
    case 'instance':
      return sendInstance(services, key, query, request);
    case 'pixels':
      return sendPixels(services, key, query, request);
    case 'volume':
      return sendVolume(services, key, query);
    case 'film':
      return sendFilm(services, key, query, request);
    case 'report':
      return sendReport(services, key, query);
    case 'mask':
      return sendMask(services, key, query.get('id') ?? '');
    case 'frame':
      return sendFrameSummary(services, key, query);
    case 'picture':
      return sendPicture(services, key, query);
    case 'thumb':
      return sendThumb(services, key, query);
    default:
      return refuse(404);
  }
}

function parsePath(path: string): { route: string; key: string; query: URLSearchParams } | null {
  const [before = '', after = ''] = path.split('?', 2);
  const match = /^\/([a-z]+)\/([^/]+)$/.exec(before);
  if (!match) return null;
  try {
    return { route: match[1]!, key: decodeURIComponent(match[2]!), query: new URLSearchParams(after) };
  } catch {
    return null;
  }
}

/** Shown as a whole, not frame by frame. */
const isViewedWhole = ({ deflated, attributes }: Scan): boolean =>
  deflated || attributes.SOPClassUID === segmentationSopClass;

/** A page that shows such an object needs all of it (`for=view`): `study.open` told of that already. */
async function sendInstance(
  services: Services,
  key: string,
  query: URLSearchParams,
  request: ByteRequest,
): Promise<ByteResponse> {
  const index = await indexOf(services, key);
  const instance = (await index?.call('instance', { instanceKey: key })) ?? null;
  if (!instance || instance.deleted) return refuse(404);
  const opened = await openLocation(locationOf(instance, services.folder));
  if (!opened.ok) return refuse(opened.problem.code === 'FILE_MISSING' ? 410 : 409, opened.problem);
  const isView = query.get('for') === 'view' && isViewedWhole(instance.scan);
  if (!isView) await services.audit({ event: 'instance.export', outcome: 'ok', detail: key });
  const stream = opened.value.createReadStream({ highWaterMark: 1 << 20 });
  request.signal?.addEventListener('abort', () => stream.destroy());
  return {
    status: 200,
    headers: {
      'content-type': 'application/dicom',
      'content-length': String(instance.sizeBytes),
      'cache-control': 'no-store',
    },
    body: stream as AsyncIterable<Uint8Array>,
  };
}

async function sendPixels(
  services: Services,
  planId: string,
  query: URLSearchParams,
  request: ByteRequest,
): Promise<ByteResponse> {
  const cached = await planOf(services, planId);
  if (!cached) return refuse(404);
  const frames = parseFrameList(query.get('frames') ?? '', 1_000_000);
  const last = cached.plan.frames.length;
  if (!frames || frames.some((frame) => frame >= last)) return refuse(400);
  return {
    status: 200,
    headers: { 'content-type': 'application/octet-stream', 'cache-control': 'no-store' },
    body: pixelStream(cached, frames, () => request.signal?.aborted ?? false),
    reuse: reusePiece,
  };
}

/** Of thumbnails: another one when they are drawn otherwise, as the kept ones would stay. */
const look = 'PET on white';

async function sendThumb(
  services: Services,
  seriesKey: string,
  query: URLSearchParams,
): Promise<ByteResponse> {
  const size = Number(query.get('size') ?? 128);
  const at = Number(query.get('at') ?? 0.5);
  if (!Number.isInteger(size) || size < 16 || size > 1024) return refuse(400);
  if (!(at >= 0 && at <= 1)) return refuse(400);
  const content = await seriesContent(services, seriesKey);
  if (!content) return refuse(404);
  const { plan, files } = services.plans.glance(content);
  const group = plan.groups[0];
  const count = group?.frames.length ?? 0;
  const nth = Math.min(count - 1, Math.floor(count * at));
  const shown = group?.frames[group.displayReversed ? count - 1 - nth : nth];
  const frame = shown === undefined ? undefined : plan.frames[shown];
  if (!frame) return refuse(404);
  // Only the middle one is kept: the others are seen in passing.
  const isStored = !isPlaceKey(seriesKey) && !query.has('at');
  const part = frame.tile ? '|tile' : '';
  const name = `${createHash('sha256').update(`${look}|${plan.planId}|${shown}|${size}${part}`).digest('hex')}.png`;
  const cacheFile = join(services.folder.thumbs, name);
  const kept = isStored ? await readFile(cacheFile).catch(() => null) : null;
  if (kept) return png(kept);
  const file = files[frame.instance]!;
  const { file: path } = file.location;
  const made = await services.decode.thumbnailPng(path, file.scan, frame.frame, size, frame.tile);
  if (!made.ok) return refuse(422, made.problem);
  if (isStored) await keepThumb(services.folder.thumbs, cacheFile, made.value);
  return png(made.value);
}

/** `/picture/<planId>?frame=N[&window=W,C]`: one frame of a plan in its own size. */
async function sendPicture(
  services: Services,
  planId: string,
  query: URLSearchParams,
): Promise<ByteResponse> {
  const cached = await planOf(services, planId);
  if (!cached) return refuse(404);
  const frame = cached.plan.frames[Number(query.get('frame'))];
  const [width = 0, centre = 0] = (query.get('window') ?? '').split(',').map(Number);
  const isWindow = query.has('window');
  if (!frame || (isWindow && !(width > 0 && Number.isFinite(centre)))) return refuse(400);
  const file = cached.files[frame.instance]!;
  const made = await services.decode.framePicture({
    path: file.location.file,
    scan: file.scan,
    frame: frame.frame,
    ...(frame.tile && { tile: frame.tile }),
    ...(isWindow && { window: [width, centre] as const }),
  });
  if (!made.ok) return refuse(422, made.problem);
  const answer = png(made.value.bytes);
  const problems = JSON.stringify(made.value.problem ? [made.value.problem] : []);
  return {
    ...answer,
    headers: { ...answer.headers, 'x-candela-problems': encodeURIComponent(problems) },
  };
}

const png = (bytes: Uint8Array): ByteResponse => ({
  status: 200,
  headers: {
    'content-type': 'image/png',
    'content-length': String(bytes.length),
    'cache-control': 'no-store',
  },
  body: bytes,
});

/** A cache only: a failed write costs the next reader some milliseconds. */
async function keepThumb(folder: string, file: string, bytes: Uint8Array): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const part = `${file}.${process.pid}.part`;
    await writeFile(part, bytes, { mode: 0o600 });
    await rename(part, file);
  } catch {
    return;
  }
}

async function receiveUpload(
  services: Services,
  uploadId: string,
  query: URLSearchParams,
  request: ByteRequest,
): Promise<ByteResponse> {
  if (!request.body) return refuse(400);
  const received = await services.uploads.receive(uploadId, query.get('name') ?? 'file', request.body);
  if (!received.ok) return refuse(received.problem.code === 'NOT_FOUND' ? 404 : 507, received.problem);
  return {
    status: 200,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
    body: new TextEncoder().encode(JSON.stringify({ bytes: received.value })),
  };
}
