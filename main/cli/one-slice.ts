import type { Problem } from '../../core/base/problem.ts';
import { planeNormal } from '../../core/geometry/planes.ts';
import type { Plane, VolumeGeometry } from '../../core/geometry/types.ts';
import type { Scene } from '../../core/scene/types.ts';

/** Cosine of the largest angle (0.1°) at which a plane still lies in a slice. */
const leastCosine = Math.cos(0.1 * (Math.PI / 180));

/** Whether a plane looks along the normal of a volume's slices; how far off it lies, PLANE_OUTSIDE tells. */
function isParallel(plane: Plane, { patientFromIndex: m }: VolumeGeometry): boolean {
  const normal = planeNormal(plane);
  const along = [m[2]!, m[6]!, m[10]!] as const;
  const cosine = (normal[0] * along[0] + normal[1] * along[1] + normal[2] * along[2]) / Math.hypot(...along);
  return Math.abs(cosine) >= leastCosine;
}

/**
 * The problems of a volume as they concern what is drawn of it: that there is only one slice is none to planes in it,
 * which show the slice as it was taken.
 */
export function problemsOfPlanes(
  { problems, geometry }: { readonly problems: readonly Problem[]; readonly geometry: VolumeGeometry },
  planes: readonly Plane[],
): readonly Problem[] {
  const areInSlice = planes.length > 0 && planes.every((plane) => isParallel(plane, geometry));
  return areInSlice ? problems.filter(({ code }) => code !== 'GEOMETRY_ONE_SLICE') : problems;
}

/** The same for any scene: 3D and curved pictures go across the slice. */
export const problemsOfScene = (
  loaded: { readonly problems: readonly Problem[]; readonly geometry: VolumeGeometry },
  scene: Scene,
): readonly Problem[] => problemsOfPlanes(loaded, scene.kind === 'slice' ? [scene.plane] : []);
