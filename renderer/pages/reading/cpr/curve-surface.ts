import { problem } from '../../../../core/base/problem.ts';
import { fail, ok } from '../../../../core/base/result.ts';
import { indexFromPatientPoint, invert } from '../../../../core/geometry/matrices.ts';
import type { CurveAnchor, Measurement, RoiStatistics } from '../../../../core/measure/types.ts';
import { inBox, type MeasureSurface, ownMark, type Spot } from '../../../viewport/measure-surface.ts';
import type { CanvasSize } from '../../../viewport/use-canvas-size.ts';
import { frameOfReferenceOf } from '../../../volumes/frame-of-reference.ts';
import type { OpenStack } from '../../../volumes/open-stack.ts';
import { isNoData } from '../../../volumes/volume-memory.ts';
import { volumeCalibration } from '../mpr/mpr-surface.ts';
import type { CurvedPicture } from './curved-picture.ts';

/** A mark is seen on the turn that it was drawn on, and where both ends lie on the picture. */
const sameTurnDeg = 0.5;
const onPictureMm = 0.75;

/** Each acquired voxel that the region passes through, once. */
function regionStatistics(
  stack: OpenStack,
  picture: CurvedPicture,
  kind: 'ellipse' | 'rectangle',
  a: Spot,
  b: Spot,
): RoiStatistics | undefined {
  const volume = stack.volume();
  const inverse = volume && invert(volume.geometry.patientFromIndex);
  if (!volume || !inverse) return undefined;
  const { size } = volume.geometry;
  const isEmpty = isNoData(volume.scalarType);
  const seen = new Set<number>();
  const [cx, cy] = [(a.x + b.x) / 2, (a.y + b.y) / 2];
  const [rx, ry] = [Math.abs(b.x - a.x) / 2, Math.abs(b.y - a.y) / 2];
  const stepPx = Math.max(0.5, Math.sqrt((rx * ry) / 20_000));
  for (let y = cy - ry; y <= cy + ry; y += stepPx) {
    for (let x = cx - rx; x <= cx + rx; x += stepPx) {
      if (kind === 'ellipse' && ((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2 > 1) continue;
      const p = picture.patientAt(x, y);
      if (!p) continue;
      const [i, j, k] = indexFromPatientPoint(inverse, p).map(Math.round) as [number, number, number];
      if (i < 0 || j < 0 || k < 0 || i >= size[0] || j >= size[1] || k >= size[2]) continue;
      seen.add((k * size[1] + j) * size[0] + i);
    }
  }
  const values = [...seen].map((at) => volume.voxels[at]!).filter((value) => !isEmpty(value));
  return values.length === 0 ? undefined : statisticsOf(values);
}

function statisticsOf(values: readonly number[]): RoiStatistics {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const range = values.reduce(
    (found, value) => ({ min: Math.min(found.min, value), max: Math.max(found.max, value) }),
    { min: values[0]!, max: values[0]! },
  );
  return { n, mean, sd: n > 1 ? Math.sqrt(square / (n - 1)) : Number.NaN, ...range };
}

/** Measuring on a curved picture: true lengths and areas on it, values of the acquired voxels; points are the patient's. */
export function curveSurface(
  stack: OpenStack,
  lineId: string,
  picture: CurvedPicture,
  turnDeg: number,
  { cssWidth, cssHeight }: CanvasSize,
): MeasureSurface {
  const frameOfReferenceUID = frameOfReferenceOf(stack);
  const { seriesKey } = stack.plan;
  return {
    seriesKey,
    within: (at) => inBox(at, { x: 0, y: 0 }, { x: cssWidth, y: cssHeight }),
    make(id, kind, a, b) {
      const start = picture.patientAt(a.x, a.y);
      const end = picture.patientAt(b.x, b.y);
      // Beside the picture there is no place in the patient, and no number.
      if (!start || !end) return fail(problem('CPR_BEYOND_LINE'));
      const length = kind === 'length' ? picture.lengthMm(a, b) : null;
      if (kind === 'length' && length === null) return fail(problem('CPR_NOT_TO_SCALE'));
      if (kind !== 'length' && !stack.isWhole) return fail(problem('MEASURE_WHILE_LOADING'));
      const anchor: CurveAnchor = {
        kind: 'curve',
        frameOfReferenceUID,
        lineId,
        picture: picture.kind,
        turnDeg,
        points: [start, end],
      };
      const area = kind === 'length' ? null : picture.areaMm2(kind, a, b);
      const statistics = kind === 'length' ? undefined : regionStatistics(stack, picture, kind, a, b);
      return ok({
        id,
        kind,
        seriesKey,
        seriesNumber: stack.plan.common.SeriesNumber ?? null,
        imageNumber: null,
        anchor,
        value: {
          calibration: volumeCalibration(stack),
          valueUnit: stack.unit,
          ...(length !== null && { length }),
          ...(area !== null && { area }),
          ...(statistics && { statistics }),
        },
        verdict: stack.group.verdict.kind,
      } satisfies Measurement);
    },
    place({ anchor, seriesKey: of }) {
      if (anchor.kind !== 'curve' || of !== seriesKey || anchor.lineId !== lineId) return null;
      if (anchor.picture !== picture.kind || Math.abs(anchor.turnDeg - turnDeg) > sameTurnDeg) return null;
      const [a, b] = anchor.points.map((p) => picture.placeOf(p));
      if (!a || !b || Math.abs(a.depthMm) > onPictureMm || Math.abs(b.depthMm) > onPictureMm) return null;
      return ownMark([a.spot, b.spot]);
    },
  };
}
