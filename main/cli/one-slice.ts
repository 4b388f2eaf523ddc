import { type Problem, problem } from '../../core/base/problem.ts';
import { planeNormal } from '../../core/geometry/planes.ts';
import type { Plane, VolumeGeometry } from '../../core/geometry/types.ts';
import type { Scene, SliceScene } from '../../core/scene/types.ts';
import { isThin } from '../../core/volume/least-slices.ts';

/** Cosine of the largest angle (0.1°) at which a plane still lies in a slice. */
const leastCosine = Math.cos(0.1 * (Math.PI / 180));

/** Whether a plane looks along the normal of a volume's slices; how far off it lies, PLANE_OUTSIDE tells. */
function isParallel(plane: Plane, { patientFromIndex: m }: VolumeGeometry): boolean {
  const normal = planeNormal(plane);
  const along = [m[2]!, m[6]!, m[10]!] as const;
  const cosine = (normal[0] * along[0] + normal[1] * along[1] + normal[2] * along[2]) / Math.hypot(...along);
  return Math.abs(cosine) >= leastCosine;
}

interface Loaded {
  readonly problems: readonly Problem[];
  readonly geometry: VolumeGeometry;
}

/**
 * The problems of a volume as they concern what is drawn of it: that there is only one slice is none to planes in it,
 * which show the slice as it was taken.
 */
function ofPlanes({ problems, geometry }: Loaded, planes: readonly Plane[]): readonly Problem[] {
  const areInSlice = planes.length > 0 && planes.every((plane) => isParallel(plane, geometry));
  return areInSlice ? problems.filter(({ code }) => code !== 'GEOMETRY_ONE_SLICE') : problems;
}

/** And that two slices are too few for 3D and slabs: the page has none of them. That there is one says more. */
function withThin(problems: readonly Problem[], geometry: VolumeGeometry): readonly Problem[] {
  const isTold = problems.some(({ code }) => code === 'GEOMETRY_ONE_SLICE');
  return isThin(geometry) && !isTold ? [...problems, problem('VOLUME_THIN')] : problems;
}

/** What is to be told of planes, or slabs of them. */
export function problemsOfPlanes(
  loaded: Loaded,
  planes: readonly Plane[],
  { slabMm, projection }: Pick<SliceScene, 'slabMm' | 'projection'>,
): readonly Problem[] {
  const told = ofPlanes(loaded, planes);
  return slabMm > 0 && projection !== 'none' ? withThin(told, loaded.geometry) : told;
}

/** The same for any scene: 3D and curved pictures go across the slice. */
export function problemsOfScene(loaded: Loaded, scene: Scene): readonly Problem[] {
  if (scene.kind === 'slice') return problemsOfPlanes(loaded, [scene.plane], scene);
  return scene.kind === 'volume' ? withThin(loaded.problems, loaded.geometry) : loaded.problems;
}
