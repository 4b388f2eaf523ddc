import { problem } from '../../core/base/problem.ts';
import { fail, ok } from '../../core/base/result.ts';
import { calibrationOf } from '../../core/measure/calibration.ts';
import { imageLength } from '../../core/measure/length.ts';
import { planeStatistics, roiArea } from '../../core/measure/roi.ts';
import { isSeenOn } from '../../core/measure/seen-on.ts';
import type {
  ImageAnchor,
  ImagePoint,
  Measurement,
  MeasurementKind,
  MeasurementValue,
} from '../../core/measure/types.ts';
import { imageNumber as numberOf } from '../volumes/image-number.ts';
import type { OpenStack } from '../volumes/open-stack.ts';
import { isNoData } from '../volumes/volume-memory.ts';
import { frameInPatient, markInPatient } from './frame-in-patient.ts';
import { inBox, type MeasureSurface, ownMark, type Spot, seenMark } from './measure-surface.ts';
import type { CanvasSize } from './use-canvas-size.ts';
import { type DeviceFromImage, toDevice, toImage } from './view-transform.ts';

function measuredOn(
  stack: OpenStack,
  k: number,
  kind: MeasurementKind,
  points: readonly [ImagePoint, ImagePoint],
): MeasurementValue {
  const info = stack.info(k)!;
  const calibration = calibrationOf(info.attributes, info.instance.regions, points);
  const base = { calibration, valueUnit: stack.unit };
  if (kind === 'length') return { ...base, length: imageLength(...points, calibration) };
  const area = roiArea(kind, ...points, calibration);
  const state = stack.loader.store.state(k);
  if (state.kind !== 'ready' || state.image.kind !== 'mono') return { ...base, area };
  const { rows, columns, values } = state.image;
  const isPadding = isNoData(values instanceof Int16Array ? 'int16' : 'float32');
  const statistics = planeStatistics(kind, ...points, { rows, columns, values, isPadding });
  return { ...base, area, ...(statistics && { statistics }) };
}

/** Measuring on a frame of a stack. `map` is the device-from-image map; spots are CSS pixels. */
export function stackSurface(
  stack: OpenStack,
  k: number,
  map: DeviceFromImage,
  { ratio, cssWidth, cssHeight }: CanvasSize,
): MeasureSurface | null {
  const info = stack.info(k);
  if (!info) return null;
  const { sopInstanceUID } = info.instance;
  const { frame, tile } = info.frame;
  const { columns = 0, rows = 0 } = tile ?? info.instance.format ?? {};
  const spot = (p: ImagePoint): Spot => {
    const { x, y } = toDevice(map, p);
    return { x: x / ratio, y: y / ratio };
  };
  const edges = [
    spot({ column: -0.5, row: -0.5 }),
    spot({ column: columns - 0.5, row: rows - 0.5 }),
  ] as const;
  const at = ({ x, y }: Spot): ImagePoint => toImage(map, x * ratio, y * ratio);
  const lying = frameInPatient(stack, k);
  /** All pictures of a mosaic are parts of one frame: a mark belongs to one of them. */
  const isHere = (anchor: ImageAnchor, imageNumber: number | null): boolean =>
    anchor.sopInstanceUID === sopInstanceUID &&
    anchor.frame === frame &&
    (!tile || imageNumber === numberOf(stack, k));
  return {
    seriesKey: stack.plan.seriesKey,
    within: (at) => inBox(inBox(at, { x: 0, y: 0 }, { x: cssWidth, y: cssHeight }), ...edges),
    make(id, kind, a, b) {
      const points = [at(a), at(b)] as const;
      // Its numbers are kept as they were when it was drawn.
      if (kind !== 'length' && stack.loader.store.state(k).kind === 'waiting')
        return fail(problem('MEASURE_WHILE_LOADING'));
      const value = measuredOn(stack, k, kind, points);
      const inPatient = lying?.anchor(points, value.calibration);
      return ok({
        id,
        kind,
        seriesKey: stack.plan.seriesKey,
        seriesNumber: stack.plan.common.SeriesNumber ?? null,
        imageNumber: numberOf(stack, k),
        anchor: { kind: 'image', sopInstanceUID, frame, points, ...(inPatient && { inPatient }) },
        value,
        // In the plane of an acquired frame the stack's geometry does not enter.
        verdict: 'exact',
      } satisfies Measurement);
    },
    place(measurement) {
      const { anchor, imageNumber, kind, seriesKey } = measurement;
      if (anchor.kind === 'image' && isHere(anchor, imageNumber))
        return ownMark([spot(anchor.points[0]), spot(anchor.points[1])]);
      const mark = markInPatient(stack, measurement);
      if (!mark || !lying || !isSeenOn(kind, seriesKey, mark, lying.picture)) return null;
      return seenMark(mark, (p) => spot(lying.placeOf(p)));
    },
  };
}
