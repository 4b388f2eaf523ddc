import type { ByteResponse } from '../../../core/contract/host.ts';
import { locationOf, openLocation } from '../bytes/file-location.ts';
import { refuse } from '../bytes/refuse.ts';
import { indexOf, type Services } from '../services.ts';
import { assembleVolume } from './assemble.ts';

/** `/volume/<planId>?group=g0`: the group's voxels, little endian; what they are is in the headers. */
export async function sendVolume(
  services: Services,
  planId: string,
  query: URLSearchParams,
): Promise<ByteResponse> {
  const cached = services.plans.find(planId);
  const group = cached?.plan.groups.find((candidate) => candidate.id === query.get('group'));
  if (!cached || !group) return refuse(404);
  const assembled = await assembleVolume(cached, group, services.decode);
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
