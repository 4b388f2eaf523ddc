import { ok, type Result } from '../../../core/base/result.ts';
import type { CallParsedInput } from '../../../core/contract/index.ts';
import { derivedDescription, derivedSeriesNumber } from '../../../core/dicom/derive/derived-object.ts';
import { encodeStructuredReport } from '../../../core/dicom/derive/structured-report.ts';
import { measuredVessels } from '../../../core/report/measured-vessels.ts';
import { frameAttributes } from '../../../core/volume/plan.ts';
import { dicomNow, newUid } from '../derive/derived-uid.ts';
import { groupSource, type NamedGroup } from '../derive/group-volume.ts';
import { derivedObjectJob } from '../derive/object-job.ts';
import type { JobWork } from '../jobs/job-runner.ts';
import type { Services } from '../services.ts';

export interface StructuredReportRequest {
  readonly named: NamedGroup;
  readonly asked: Pick<CallParsedInput<'report.toSeries'>, 'vessels' | 'language'>;
}

async function encode(services: Services, request: StructuredReportRequest): Promise<Result<Uint8Array>> {
  const { cached, group } = request.named;
  const source = await groupSource(services, request.named);
  if (!source.ok) return source;
  const middle = group.frames[Math.floor(group.frames.length / 2)]!;
  const { FrameOfReferenceUID } = frameAttributes(cached.plan, middle);
  const { vessels, language } = request.asked;
  const identity = {
    sopInstanceUID: newUid(),
    seriesInstanceUID: newUid(),
    seriesNumber: derivedSeriesNumber(source.value),
    seriesDescription: derivedDescription(source.value, 'SR'),
    ...dicomNow(services.now()),
  };
  return ok(
    encodeStructuredReport(source.value, identity, {
      language,
      vessels: measuredVessels(language, vessels, newUid),
      ...(FrameOfReferenceUID !== undefined && { frameOfReferenceUID: FrameOfReferenceUID }),
      deviceUID: newUid(),
    }),
  );
}

/** Writes the measurements as one structured report, then imports it like anything else. */
export const structuredReportJob = (services: Services, request: StructuredReportRequest): JobWork =>
  derivedObjectJob(services, 'SR0001.dcm', () => encode(services, request));
