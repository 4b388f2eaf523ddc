import type { ByteResponse } from '../../../core/contract/host.ts';
import { largestReduction } from '../../../core/volume/reduce.ts';
import { locationOf, openLocation } from '../bytes/file-location.ts';
import { refuse } from '../bytes/refuse.ts';
import { planOf } from '../bytes/series-plans.ts';
import { indexOf, type Services } from '../services.ts';
import { type AssembledVolume, assembleVolume, PartMemory } from './assemble.ts';
import { volumeParts } from './parts.ts';
import { assembleReduced } from './reduced.ts';

/** Part of a volume that is read at a time, unless the question says otherwise. */
const partBytes = 2 ** 28;
/** So much of a part is handed on at a time. */
const pieceBytes = 2 ** 22;

/**
 * `/volume/<planId>?group=g0`: the group's voxels, little endian; what they are is in the headers. `blanks=noData`
 * for pictures (`Blanks`); with `reduce=N` these are means of N × N pixels, on the grid of `reducedGroup`. With `parts` (bytes
 * a part, 0 for the usual) the volume may be of any size: its voxels come as they are made, and after them, as JSON,
 * the problems.
 */
export async function sendVolume(
  services: Services,
  planId: string,
  query: URLSearchParams,
): Promise<ByteResponse> {
  const cached = await planOf(services, planId);
  const group = cached?.plan.groups.find((candidate) => candidate.id === query.get('group'));
  if (!cached || !group) return refuse(404);
  const parts = query.get('parts');
  if (parts !== null && group.regular) {
    const wanted = Number(parts) > 0 ? Number(parts) : partBytes;
    return {
      status: 200,
      headers: {
        'content-type': 'application/octet-stream',
        'cache-control': 'no-store',
        'x-candela-scalar-type': group.scalarType,
      },
      body: withProblems(volumeParts(cached, group, services.decode, wanted, undefined, new PartMemory())),
    };
  }
  const factor = Number(query.get('reduce') ?? 1);
  if (!(Number.isInteger(factor) && factor >= 1 && factor <= largestReduction)) return refuse(404);
  const blanks = query.get('blanks') === 'noData' ? 'noData' : 'lowest';
  const assembled =
    factor > 1
      ? await assembleReduced(cached, group, services.decode, { factor, partBytes })
      : await assembleVolume(cached, group, services.decode, { blanks });
  if (!assembled.ok) return refuse(422, assembled.problem);
  const { voxels, problems } = assembled.value;
  return {
    status: 200,
    headers: {
      'content-type': 'application/octet-stream',
      'content-length': String(voxels.byteLength),
      'cache-control': 'no-store',
      'x-candela-scalar-type': group.scalarType,
      'x-candela-problems': encodeURIComponent(JSON.stringify(problems.slice(0, 100))),
    },
    body: new Uint8Array(voxels.buffer, voxels.byteOffset, voxels.byteLength),
  };
}

async function* withProblems(parts: AsyncIterable<AssembledVolume>): AsyncGenerator<Uint8Array> {
  const problems = new Map<number, AssembledVolume['problems'][number]>();
  for await (const { voxels, problems: found } of parts) {
    for (const one of found) problems.set(one.frame, one);
    // Copies: whoever writes them may be at it while the next part takes the memory of this one.
    const bytes = new Uint8Array(voxels.buffer, voxels.byteOffset, voxels.byteLength);
    for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.slice(at, at + pieceBytes);
  }
  yield new TextEncoder().encode(JSON.stringify([...problems.values()].slice(0, 100)));
}

/** `/frame/<instanceKey>?frame=N`: what `candela frame` says about a kept or opened instance, as JSON. */
export async function sendFrameSummary(
  services: Services,
  instanceKey: string,
  query: URLSearchParams,
): Promise<ByteResponse> {
  const index = await indexOf(services, instanceKey);
  const instance = (await index?.call('instance', { instanceKey })) ?? null;
  if (!instance) return refuse(404);
  const location = locationOf(instance, services.folder);
  const opened = await openLocation(location);
  if (!opened.ok) return refuse(409, opened.problem);
  await opened.value.close();
  const frame = query.get('frame');
  const summary = await services.decode.frameSummary(
    location.file,
    frame === null ? undefined : Number(frame),
    instance.scan.attributes.SOPInstanceUID ?? instanceKey,
  );
  return {
    status: 200,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
    body: new TextEncoder().encode(JSON.stringify(summary)),
  };
}
