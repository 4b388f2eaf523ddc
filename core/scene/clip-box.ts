import { applyDirection, applyPoint, normalise, scale, spacingMm } from '../geometry/matrices.ts';
import {
  type PatientPoint,
  patientPoint,
  patientVector,
  type Vec3,
  type VolumeGeometry,
} from '../geometry/types.ts';
import type { ClipPlane } from './types.ts';

/** What a clip box leaves of a volume: index coordinates, the whole volume from −0.5 to size − 0.5. */
export interface ClipBox {
  readonly lo: Vec3;
  readonly hi: Vec3;
}

/** A face of the box: across an index axis, at its low or high end. */
export interface BoxFace {
  readonly axis: 0 | 1 | 2;
  readonly end: 'lo' | 'hi';
}

export const boxFaces: readonly BoxFace[] = ([0, 1, 2] as const).flatMap((axis) => [
  { axis, end: 'lo' as const },
  { axis, end: 'hi' as const },
]);

export const wholeClipBox = ({ size }: VolumeGeometry): ClipBox => ({
  lo: [-0.5, -0.5, -0.5],
  hi: [size[0] - 0.5, size[1] - 0.5, size[2] - 0.5],
});

/** Least thickness of what is left, in voxels. */
const leastVoxels = 1;

const withAxis = (v: Vec3, axis: number, value: number): Vec3 =>
  v.map((x, a) => (a === axis ? value : x)) as unknown as Vec3;

/** The face moved along its axis by mm (towards higher indices), within the volume and not through its opposite. */
export function moveFace(
  geometry: VolumeGeometry,
  box: ClipBox,
  { axis, end }: BoxFace,
  byMm: number,
): ClipBox {
  const whole = wholeClipBox(geometry);
  const by = byMm / spacingMm(geometry.patientFromIndex)[axis];
  const wanted = box[end][axis] + by;
  if (end === 'lo') {
    const at = Math.min(Math.max(wanted, whole.lo[axis]), box.hi[axis] - leastVoxels);
    if (at === box.lo[axis]) return box;
    return { ...box, lo: withAxis(box.lo, axis, at) };
  }
  const at = Math.max(Math.min(wanted, whole.hi[axis]), box.lo[axis] + leastVoxels);
  if (at === box.hi[axis]) return box;
  return { ...box, hi: withAxis(box.hi, axis, at) };
}

/** Middle of a face in the patient, and the unit direction of its axis there. */
export function faceHandle({ patientFromIndex }: VolumeGeometry, box: ClipBox, { axis, end }: BoxFace) {
  const middle = [0, 1, 2].map((a) => (box.lo[a]! + box.hi[a]!) / 2) as unknown as Vec3;
  const along = withAxis([0, 0, 0], axis, 1);
  return {
    point: patientPoint(...applyPoint(patientFromIndex, withAxis(middle, axis, box[end][axis]))),
    direction: normalise(patientVector(...applyDirection(patientFromIndex, along))),
  };
}

/** The eight corners in the patient; bit a of the number says whether axis a is at its high end. */
export const boxCorners = (
  { patientFromIndex }: VolumeGeometry,
  { lo, hi }: ClipBox,
): readonly PatientPoint[] =>
  Array.from({ length: 8 }, (_, n) =>
    patientPoint(
      ...applyPoint(patientFromIndex, [n & 1 ? hi[0] : lo[0], n & 2 ? hi[1] : lo[1], n & 4 ? hi[2] : lo[2]]),
    ),
  );

/** The planes of the faces that were moved: those on the volume's own faces cut nothing. */
export function clipPlanesOf(geometry: VolumeGeometry, box: ClipBox | null): readonly ClipPlane[] {
  if (!box) return [];
  const whole = wholeClipBox(geometry);
  return boxFaces
    .filter(({ axis, end }) => box[end][axis] !== whole[end][axis])
    .map((face) => {
      const { point, direction } = faceHandle(geometry, box, face);
      return { origin: point, normal: face.end === 'lo' ? direction : scale(direction, -1) };
    });
}
