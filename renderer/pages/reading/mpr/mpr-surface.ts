import { problem } from '../../../../core/base/problem.ts';
import { fail, ok } from '../../../../core/base/result.ts';
import { dot, spacingMm } from '../../../../core/geometry/matrices.ts';
import { planeNormal, projectedSpacingMm } from '../../../../core/geometry/planes.ts';
import type { PatientPoint, Plane } from '../../../../core/geometry/types.ts';
import { patientLengthMm } from '../../../../core/measure/length.ts';
import { regionSlices, roiAreaOnPlaneMm2, volumeStatistics } from '../../../../core/measure/roi.ts';
import { type FlatPicture, isParallel, isSeenOn } from '../../../../core/measure/seen-on.ts';
import type {
  Calibration,
  Measurement,
  MeasurementKind,
  MeasurementValue,
} from '../../../../core/measure/types.ts';
import { markInPatient } from '../../../viewport/frame-in-patient.ts';
import { inBox, type MeasureSurface, ownMark, seenMark } from '../../../viewport/measure-surface.ts';
import { frameOfReferenceOf } from '../../../volumes/frame-of-reference.ts';
import type { OpenStack } from '../../../volumes/open-stack.ts';
import { isNoData } from '../../../volumes/volume-memory.ts';
import { type PlacedPlane, patientAt, spotOf } from './mpr-picture.ts';

const isSameWayUp = (a: Plane, b: Plane): boolean =>
  dot(a.right, b.right) > 0.9999 && dot(a.down, b.down) > 0.9999;

/** Where millimetres of a volume come from. */
export function volumeCalibration(stack: OpenStack): Calibration {
  const size = spacingMm(stack.group.regular!.patientFromIndex);
  const source = stack.reduction > 1 ? 'reducedVolume' : 'volume';
  return { source, rowMm: size[1], columnMm: size[0] };
}

function measuredIn(
  stack: OpenStack,
  kind: MeasurementKind,
  plane: Plane,
  slabMm: number,
  points: readonly [PatientPoint, PatientPoint],
): MeasurementValue {
  const calibration = volumeCalibration(stack);
  const base = { calibration, valueUnit: stack.unit };
  if (kind === 'length') return { ...base, length: patientLengthMm(...points) };
  const area = roiAreaOnPlaneMm2(kind, plane, ...points);
  const volume = stack.volume();
  if (!volume) return { ...base, area };
  const isPadding = isNoData(volume.scalarType);
  const statistics = volumeStatistics(kind, plane, ...points, slabMm, {
    geometry: volume.geometry,
    values: volume.voxels,
    isPadding,
  });
  return { ...base, area, ...(statistics && { statistics }) };
}

/** True where no voxel of a region is still to come: its numbers are kept as they were when it was drawn. */
function hasArrived(
  stack: OpenStack,
  plane: Plane,
  slabMm: number,
  points: readonly [PatientPoint, PatientPoint],
): boolean {
  const slices = regionSlices(plane, ...points, slabMm, stack.group.regular!);
  return !slices || stack.holdsSlices(...slices);
}

/** True where a measurement was taken from the voxels that a plane like this one shows: there it may be changed. */
function isOwn(
  { anchor, seriesKey, kind }: Measurement,
  stack: OpenStack,
  plane: Plane,
  slabMm: number,
): boolean {
  if (anchor.kind !== 'plane' || seriesKey !== stack.plan.seriesKey) return false;
  if (!isParallel(plane, anchor.plane)) return false;
  if (kind === 'length') return true;
  // A region's box lies along its plane's axes; its numbers are those of one phase, and of one slab.
  const isSameGroup = (anchor.group ?? stack.groupIndex) === stack.groupIndex;
  return isSameGroup && anchor.slabMm === slabMm && isSameWayUp(plane, anchor.plane);
}

/** Measuring on a reconstructed plane, in patient millimetres; values from the voxels of the volume. */
export function mprSurface(
  stack: OpenStack,
  placed: PlacedPlane,
  slabMm: number,
  stepMm: number,
): MeasureSurface {
  const { plane, size } = placed;
  const { plan, group, groupIndex } = stack;
  const frameOfReferenceUID = frameOfReferenceOf(stack);
  const voxelMm = group.regular && projectedSpacingMm(group.regular, planeNormal(plane));
  const picture: FlatPicture = {
    seriesKey: plan.seriesKey,
    frameOfReferenceUID,
    plane,
    layerMm: Math.max(stepMm, slabMm),
    thicknessMm: Math.max(voxelMm ?? 0, slabMm),
  };
  return {
    seriesKey: plan.seriesKey,
    within: (at) => inBox(at, { x: 0, y: 0 }, { x: size.cssWidth, y: size.cssHeight }),
    make(id, kind, a, b) {
      const points = [patientAt(placed, a.x, a.y), patientAt(placed, b.x, b.y)] as const;
      if (kind !== 'length' && !hasArrived(stack, plane, slabMm, points))
        return fail(problem('MEASURE_WHILE_LOADING'));
      return ok({
        id,
        kind,
        seriesKey: plan.seriesKey,
        seriesNumber: plan.common.SeriesNumber ?? null,
        imageNumber: null,
        anchor: {
          kind: 'plane',
          frameOfReferenceUID,
          plane,
          slabMm,
          points,
          ...(plan.groups.length > 1 && { group: groupIndex }),
        },
        value: measuredIn(stack, kind, plane, slabMm, points),
        verdict: group.verdict.kind,
      } satisfies Measurement);
    },
    place(measurement) {
      const { kind, seriesKey } = measurement;
      const mark = markInPatient(stack, measurement);
      if (!mark || !isSeenOn(kind, seriesKey, mark, picture)) return null;
      const [a, b] = mark.points;
      return isOwn(measurement, stack, plane, slabMm)
        ? ownMark([spotOf(placed, a), spotOf(placed, b)])
        : seenMark(mark, (p) => spotOf(placed, p));
    },
  };
}
