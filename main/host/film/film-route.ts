import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { ByteRequest, ByteResponse } from '../../../core/contract/host.ts';
import { refuse } from '../bytes/refuse.ts';
import type { Services } from '../services.ts';
import { filmFile, filmFolder } from './film-job.ts';

const types = { mp4: 'video/mp4', webm: 'video/webm', avi: 'video/x-msvideo', png: 'image/png' } as const;
const formats = Object.keys(types) as readonly (keyof typeof types)[];

/** The file that a film job made, to be saved. */
export async function sendFilm(
  services: Services,
  jobId: string,
  query: URLSearchParams,
  request: ByteRequest,
): Promise<ByteResponse> {
  // The name of a job, nothing that could be a path.
  if (!/^[\da-f-]{36}$/.test(jobId)) return refuse(404);
  const format = formats.find((known) => known === query.get('format'));
  if (!format) return refuse(404);
  const file = await open(join(filmFolder(services, jobId), filmFile(format))).catch(() => null);
  if (!file) return refuse(404);
  const { size } = await file.stat();
  await services.audit({ event: 'instance.export', outcome: 'ok', detail: `film ${jobId}` });
  const stream = file.createReadStream({ highWaterMark: 1 << 20 });
  request.signal?.addEventListener('abort', () => stream.destroy());
  const name = encodeURIComponent(query.get('name') ?? 'Candela').slice(0, 200);
  return {
    status: 200,
    headers: {
      'content-type': types[format],
      'content-length': String(size),
      'content-disposition': `attachment; filename="candela.${format}"; filename*=UTF-8''${name}.${format}`,
      'cache-control': 'no-store',
    },
    body: stream as AsyncIterable<Uint8Array>,
  };
}
