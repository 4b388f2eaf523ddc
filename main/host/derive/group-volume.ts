import { problem } from '../../../core/base/problem.ts';
import { fail, ok, type Result } from '../../../core/base/result.ts';
import type { DerivationSource } from '../../../core/dicom/derive/derived-object.ts';
import type { Attributes } from '../../../core/dicom/types.ts';
import { frameAttributes } from '../../../core/volume/plan.ts';
import type { VolumeGroup } from '../../../core/volume/types.ts';
import type { CachedPlan } from '../bytes/plan-cache.ts';
import { seriesContent } from '../bytes/series-plans.ts';
import { drawnVolume, tooLarge } from '../render/drawn-volume.ts';
import type { HostVolume } from '../render/volume-memory.ts';
import type { Services } from '../services.ts';
import { studiesHandlers } from '../studies/handlers.ts';
import { assembleVolume } from '../volumes/assemble.ts';
import { derivationSource } from './derivation-source.ts';

/** A group of a series that something is made from. */
export interface NamedGroup {
  readonly cached: CachedPlan;
  readonly group: VolumeGroup;
}

/** Problems: NOT_FOUND. */
export async function findGroup(
  services: Services,
  seriesKey: string,
  groupId: string,
): Promise<Result<NamedGroup>> {
  const content = await seriesContent(services, seriesKey);
  if (!content) return fail(problem('NOT_FOUND'));
  const cached = services.plans.make(content);
  const group = cached.plan.groups.find(({ id }) => id === groupId);
  return group ? ok({ cached, group }) : fail(problem('NOT_FOUND'));
}

/**
 * The group's voxels, ready for pictures of up to `pixels`. Problems: those of reading it, VOLUME_COLOUR,
 * VOLUME_TOO_LARGE.
 */
export async function groupVolume(
  services: Services,
  { cached, group }: NamedGroup,
  pixels: number,
): Promise<Result<{ readonly volume: HostVolume; readonly attributes: Attributes }>> {
  const assembled = await assembleVolume(cached, group, services.decode, { blanks: 'noData' });
  if (!assembled.ok) return assembled;
  const { geometry, voxels } = assembled.value;
  if (voxels instanceof Uint8Array) return fail(problem('VOLUME_COLOUR'));
  const attributes = frameAttributes(cached.plan, group.frames[Math.floor(group.frames.length / 2)]!);
  const volume = drawnVolume({ geometry, voxels }, pixels);
  return volume ? ok({ volume, attributes }) : fail(tooLarge(voxels));
}

/** What objects derived from the group take over, and which numbers of series are taken. */
export async function groupSource(
  services: Services,
  { cached, group }: NamedGroup,
): Promise<Result<DerivationSource>> {
  const { plan } = cached;
  const source = await derivationSource(
    (instanceKey) => studiesHandlers['instance.inherited'](services, { instanceKey }),
    plan,
    group,
  );
  if (!source.ok) return source;
  const shown = await studiesHandlers['studies.show'](services, { studyKey: plan.studyKey });
  const series = shown.ok ? shown.value.series : [];
  return ok({ ...source.value, seriesNumbers: series.flatMap(({ number }) => number ?? []) });
}
