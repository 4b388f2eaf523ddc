import { dot, spacingMm } from '../../../core/geometry/matrices.ts';
import { planeNormal } from '../../../core/geometry/planes.ts';
import type { PatientPoint, Plane } from '../../../core/geometry/types.ts';
import { patientLengthMm } from '../../../core/measure/length.ts';
import { roiAreaOnPlaneMm2, volumeStatistics } from '../../../core/measure/roi.ts';
import type { Calibration, MeasurementKind, MeasurementValue } from '../../../core/measure/types.ts';
import { inBox, type MeasureSurface } from '../../viewport/measure-surface.ts';
import type { OpenStack } from '../../volumes/open-stack.ts';
import { isNoData } from '../../volumes/volume-memory.ts';
import { depthMm, type PlacedPlane, patientAt, spotOf } from './mpr-picture.ts';

/** A mark is seen on its own plane and not beyond half a step of it. */
function isOnPlane(plane: Plane, drawnOn: Plane, withinMm: number): boolean {
  const a = planeNormal(plane);
  const b = planeNormal(drawnOn);
  const along = Math.abs(a[0] * b[0] + a[1] * b[1] + a[2] * b[2]);
  return along > 0.9999 && Math.abs(depthMm(plane, drawnOn.origin)) <= withinMm;
}

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

/** Measuring on a reconstructed plane, in patient millimetres; values from the voxels of the volume. */
export function mprSurface(
  stack: OpenStack,
  placed: PlacedPlane,
  slabMm: number,
  stepMm: number,
): MeasureSurface {
  const frameOfReferenceUID = stack.plan.common.FrameOfReferenceUID ?? '';
  const { plane, size } = placed;
  return {
    seriesKey: stack.plan.seriesKey,
    within: (at) => inBox(at, { x: 0, y: 0 }, { x: size.cssWidth, y: size.cssHeight }),
    make(id, kind, a, b) {
      const points = [patientAt(placed, a.x, a.y), patientAt(placed, b.x, b.y)] as const;
      return {
        id,
        kind,
        seriesKey: stack.plan.seriesKey,
        seriesNumber: stack.plan.common.SeriesNumber ?? null,
        imageNumber: null,
        anchor: { kind: 'plane', frameOfReferenceUID, plane, slabMm, points },
        value: measuredIn(stack, kind, plane, slabMm, points),
        verdict: stack.group.verdict.kind,
      };
    },
    place({ anchor, seriesKey, kind }) {
      if (anchor.kind !== 'plane' || seriesKey !== stack.plan.seriesKey) return null;
      if (!isOnPlane(plane, anchor.plane, Math.max(stepMm, slabMm) / 2 + 1e-6)) return null;
      // A region's box lies along the plane's own axes: turned in itself it would enclose something else.
      if (kind !== 'length' && !isSameWayUp(plane, anchor.plane)) return null;
      return [spotOf(placed, anchor.points[0]), spotOf(placed, anchor.points[1])];
    },
  };
}
