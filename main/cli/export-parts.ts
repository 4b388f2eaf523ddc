import { createWriteStream } from 'node:fs';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { type Problem, problem } from '../../core/base/problem.ts';
import { valueUnit } from '../../core/dicom/value-unit.ts';
import { niftiHeader } from '../../core/volume/nifti.ts';
import { nrrdHeader } from '../../core/volume/nrrd.ts';
import { frameAttributes } from '../../core/volume/plan.ts';
import type { AnyVoxels } from '../../core/volume/resample.ts';
import { makeWhole } from '../host/media/whole-file.ts';
import { CommandFailure } from './command.ts';
import type { ChosenVolume } from './load-volume.ts';
import { outputFailure } from './write-output.ts';

/** What is written of a volume. */
export type WrittenVolume = Pick<ChosenVolume, 'host' | 'plan' | 'group' | 'geometry'>;

/** Volumes above this are written as they are decoded, a part at a time. */
export const wholeBytesMost = 2 ** 30;

const kinds: Readonly<
  Record<ChosenVolume['group']['scalarType'], readonly [AnyVoxels, bytesPerVoxel: number]>
> = {
  int16: [new Int16Array(0), 2],
  float32: [new Float32Array(0), 4],
  rgb8: [new Uint8Array(0), 3],
};

export function volumeBytes({ group, geometry }: WrittenVolume): number {
  return geometry.size[0] * geometry.size[1] * geometry.size[2] * kinds[group.scalarType][1];
}

/** Unit of a volume's values; empty for none, and for colour. */
export function unitOf({ plan, group }: Pick<ChosenVolume, 'plan' | 'group'>): string {
  const middle = group.frames[Math.floor(group.frames.length / 2)];
  return middle === undefined || group.scalarType === 'rgb8' ? '' : valueUnit(frameAttributes(plan, middle));
}

/**
 * Writes a volume of any size as NRRD or NIfTI without ever holding it: the host decodes and resamples part by part.
 * Answers the problems of its frames.
 *
 * @param partBytes of one part; 0 leaves it to the host.
 */
export async function exportByParts(
  chosen: WrittenVolume,
  out: string,
  { partBytes = 0, signal }: { readonly partBytes?: number; readonly signal?: AbortSignal } = {},
): Promise<Problem[]> {
  const { host, plan, group, geometry } = chosen;
  const path = `/volume/${plan.planId}?group=${group.id}&parts=${partBytes}`;
  const { status, body } = await host.fetch({ method: 'GET', path });
  if (status !== 200 || body === null || body instanceof Uint8Array)
    throw new CommandFailure(problem('VOLUME_NONE'));
  const [kind] = kinds[group.scalarType];
  const head = /\.nrrd$/i.test(out)
    ? nrrdHeader(geometry, kind, undefined, unitOf(chosen))
    : niftiHeader(geometry, kind, 'Candela');
  const tail: Uint8Array[] = [];
  const packing = /\.gz$/i.test(out) ? createGzip({ level: 6 }) : new PassThrough();
  try {
    const parts = fileParts(head, body, volumeBytes(chosen), tail);
    await makeWhole(out, (part) => pipeline(parts, packing, createWriteStream(part)), signal);
  } catch (error) {
    throw outputFailure(error, out);
  }
  const told = JSON.parse(Buffer.concat(tail).toString('utf8') || '[]') as { readonly problem: Problem }[];
  return told.map((one) => one.problem);
}

/** Header and voxels; what follows the voxels goes to `tail`. */
async function* fileParts(
  head: Uint8Array,
  body: AsyncIterable<Uint8Array>,
  voxelBytes: number,
  tail: Uint8Array[],
): AsyncGenerator<Uint8Array> {
  yield head;
  let left = voxelBytes;
  for await (const bytes of body) {
    const own = Math.min(left, bytes.length);
    if (own > 0) yield bytes.subarray(0, own);
    if (own < bytes.length) tail.push(bytes.subarray(own));
    left -= own;
  }
}
