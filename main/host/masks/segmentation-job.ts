import { maskProblem } from '../../../core/analysis/mask/mask.ts';
import { unpackVoxels } from '../../../core/analysis/mask/mask-file.ts';
import { sliceSources } from '../../../core/analysis/mask/slice-sources.ts';
import { problem } from '../../../core/base/problem.ts';
import { fail, ok, type Result } from '../../../core/base/result.ts';
import type { CallParsedInput } from '../../../core/contract/index.ts';
import { derivedDescription, derivedSeriesNumber } from '../../../core/dicom/derive/derived-object.ts';
import { segmentCodes } from '../../../core/dicom/derive/segment-codes.ts';
import { encodeSegmentation, type Segment } from '../../../core/dicom/derive/segmentation.ts';
import { candelaImplementation } from '../../../core/dicom/write/encode.ts';
import type { VolumeGeometry } from '../../../core/geometry/types.ts';
import { frameAttributes } from '../../../core/volume/plan.ts';
import { dicomNow, newUid } from '../derive/derived-uid.ts';
import { groupSource, type NamedGroup } from '../derive/group-volume.ts';
import { derivedObjectJob } from '../derive/object-job.ts';
import type { JobWork } from '../jobs/job-runner.ts';
import type { Services } from '../services.ts';
import { readMask } from './mask-files.ts';

export interface SegmentationRequest {
  readonly named: NamedGroup;
  /** Where the study's masks lie. */
  readonly dir: string;
  readonly asked: CallParsedInput<'masks.toSeries'>;
}

async function segmentsOf(
  { dir, asked }: SegmentationRequest,
  geometry: VolumeGeometry,
): Promise<Result<readonly Segment[]>> {
  const segments: Segment[] = [];
  for (const { maskId, label, nameId, colour, algorithm } of asked.segments) {
    const bytes = await readMask(dir, maskId);
    if (!bytes.ok) return bytes;
    const read = unpackVoxels(bytes.value);
    if (!read.ok) return read;
    const { mask } = read.value;
    const unlike = maskProblem(mask, geometry.size);
    if (unlike) return fail(unlike);
    segments.push({ label, codes: segmentCodes(nameId), colour, algorithm, bits: mask.bits });
  }
  return ok(segments);
}

async function encode(services: Services, request: SegmentationRequest): Promise<Result<Uint8Array>> {
  const { cached, group } = request.named;
  const geometry = group.regular;
  if (!geometry) return fail(problem('VOLUME_NONE'));
  const segments = await segmentsOf(request, geometry);
  if (!segments.ok) return segments;
  const source = await groupSource(services, request.named);
  if (!source.ok) return source;
  const { name } = request.asked;
  const identity = {
    sopInstanceUID: newUid(),
    seriesInstanceUID: newUid(),
    seriesNumber: derivedSeriesNumber(source.value),
    seriesDescription: name ?? derivedDescription(source.value, 'SEG'),
    instanceNumber: 1,
    ...dicomNow(services.now()),
  };
  const middle = group.frames[Math.floor(group.frames.length / 2)]!;
  const bytes = encodeSegmentation(source.value, identity, {
    geometry,
    segments: segments.value,
    sources: sliceSources(cached.plan, group),
    frameOfReferenceUID: frameAttributes(cached.plan, middle).FrameOfReferenceUID ?? newUid(),
    dimensionOrganizationUID: newUid(),
    contentLabel: 'SEGMENTATION',
    contentDescription: identity.seriesDescription,
    creator: '',
    softwareVersion: candelaImplementation.versionName,
  });
  return bytes ? ok(bytes) : fail(problem('MASK_EMPTY'));
}

/** Writes the masks as one Segmentation object, then imports it like anything else. */
export const segmentationJob = (services: Services, request: SegmentationRequest): JobWork =>
  derivedObjectJob(services, 'SEG0001.dcm', () => encode(services, request));
