import { problem } from '../../core/base/problem.ts';
import { paddingRangeOf } from '../../core/pixels/auto-window.ts';
import { noDataInt16 } from '../../core/pixels/native-shorts.ts';
import { problemText } from '../../core/terms/terms.ts';
import {
  allocateHostVolume,
  type HostVolume,
  hostVolume,
  type Voxels,
} from '../host/render/volume-memory.ts';
import { type CommandContext, CommandFailure } from './command.ts';
import type { LoadedVolume } from './load-volume.ts';

/** Padding (PS3.3 C.7.5.1.1.2) becomes "no data", as on the page: it is in stored values, the voxels are rescaled. */
function blankPadding({ attributes }: LoadedVolume, voxels: Voxels, noData: number): void {
  const padding = paddingRangeOf(attributes);
  if (!padding) return;
  const { RescaleSlope: slope = 1, RescaleIntercept: intercept = 0 } = attributes;
  const ends = [padding.low * slope + intercept, padding.high * slope + intercept];
  const [low, high] = voxels instanceof Float32Array ? ends.map(Math.fround) : ends;
  const [least, most] = [Math.min(low!, high!), Math.max(low!, high!)];
  for (let n = 0; n < voxels.length; n += 1) {
    const value = voxels[n]!;
    if (value >= least && value <= most) voxels[n] = noData;
  }
}

/** The voxels in the memory that render threads share. */
export function toHostVolume(loaded: LoadedVolume, pixels: number): HostVolume {
  const { geometry, group, voxels } = loaded;
  const scalarType = group.scalarType === 'int16' ? 'int16' : 'float32';
  const request = { geometry, scalarType, maxOutputPixels: pixels } as const;
  const empty = allocateHostVolume(request);
  if (!empty) throw new CommandFailure(problem('VOLUME_TOO_LARGE'));
  empty.voxels.set(voxels);
  const noData = scalarType === 'int16' ? noDataInt16 : Number.NaN;
  blankPadding(loaded, empty.voxels, noData);
  return hostVolume(empty, request, undefined, scalarType === 'int16' ? noData : undefined);
}

/** What every document about a drawn volume tells of it. */
export const toldVolume = ({ group, plan, problems }: LoadedVolume, { language }: CommandContext) => ({
  verdict: group.verdict,
  group: group.nameEn || group.id,
  SeriesInstanceUID: plan.common.SeriesInstanceUID ?? '',
  problems: problems.map((found) => ({ code: found.code, message: problemText(language, found).sentence })),
});
