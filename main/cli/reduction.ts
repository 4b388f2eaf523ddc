import { type Problem, problem } from '../../core/base/problem.ts';
import { colourSize } from '../../core/render/colour-slice.ts';
import { largestReduction, reducedGeometry } from '../../core/volume/reduce.ts';
import type { VolumeGroup } from '../../core/volume/types.ts';
import { layoutFor } from '../../native/layout.ts';
import { hostRenderWorkers } from '../host/render/volume-memory.ts';
import { bytesOf, maxVolumeBytes } from '../host/volumes/assemble.ts';

/** The least reduction above `from` with which a group can be held and drawn; undefined where none is enough. */
export function leastReduction(
  { regular, scalarType }: Pick<VolumeGroup, 'regular' | 'scalarType'>,
  from: number,
  pixels: number,
): number | undefined {
  if (!regular) return undefined;
  for (let factor = Math.max(2, from + 1); factor <= largestReduction; factor++) {
    const geometry = reducedGeometry(regular, factor);
    const isColour = scalarType === 'rgb8';
    const layout = layoutFor({
      size: isColour ? colourSize(geometry.size) : geometry.size,
      scalarType: isColour ? 'int16' : scalarType,
      workerCount: hostRenderWorkers,
      maxOutputPixels: pixels,
    });
    if (layout && bytesOf(geometry, scalarType) <= maxVolumeBytes) return factor;
  }
  return undefined;
}

/** Pixels of a picture that a person may ask for, where it is not known yet. */
const usualPixels = 2 ** 22;

/**
 * What a person at a terminal can do about a volume that is too large, in place of what a page offers; other problems, and
 * volumes that no reduction helps, as they are.
 */
export function adviceFor(
  found: Problem,
  {
    plan,
    group,
    reduction = 1,
  }: {
    readonly plan: { readonly groups: readonly VolumeGroup[] };
    readonly group: VolumeGroup;
    readonly reduction?: number;
  },
  pixels = usualPixels,
): Problem {
  if (found.code !== 'VOLUME_TOO_LARGE') return found;
  const whole = plan.groups.find(({ id }) => id === group.id) ?? group;
  const factor = leastReduction(whole, reduction, pixels);
  const { megabytes = 0 } = found.params ?? {};
  return factor === undefined ? found : problem('VOLUME_NEEDS_REDUCING', { megabytes, factor });
}
