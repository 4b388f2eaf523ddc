import type { PatientPoint, PatientVector, Plane, VolumeGeometry } from '../../../../core/geometry/types.ts';
import type {
  Calibration,
  CurveAnchor,
  ImageAnchor,
  InPatient,
  Measurement,
  MeasurementValue,
  PlaneAnchor,
} from '../../../../core/measure/types.ts';
import { colourMaps, type Fusion } from '../../../../core/scene/fusion.ts';
import type { MprPlane } from '../../../../core/scene/mpr.ts';
import { volumePreset } from '../../../../core/scene/presets.ts';
import type { Camera } from '../../../../core/scene/types.ts';
import type { StackView, Turn } from '../../../viewport/view-transform.ts';
import type { WindowState } from '../../../viewport/windowing.ts';
import type { MprView, PlaneView } from '../mpr/mpr-view.ts';
import type { RibsLook } from '../ribs/ribs-look.ts';
import type { StackCell } from '../session/reading-state.ts';
import {
  countOf,
  fieldsOf,
  flagOf,
  NotKept,
  numberOf,
  numbersOf,
  oneOf,
  orNull,
  positiveOf,
  textOf,
} from './kept-checks.ts';
import { lookOf } from './kept-look.ts';

/** Each part of a kept state, checked field by field. @throws NotKept */

const pointOf = (x: unknown): PatientPoint => numbersOf(x, 3) as unknown as PatientPoint;
const vectorOf = (x: unknown): PatientVector => numbersOf(x, 3) as unknown as PatientVector;

function planeOf(x: unknown): Plane {
  const { origin, right, down } = fieldsOf(x);
  return { origin: pointOf(origin), right: vectorOf(right), down: vectorOf(down) };
}

const pair = <T>(x: unknown, check: (x: unknown) => T): readonly [T, T] => {
  if (!Array.isArray(x) || x.length !== 2) throw new NotKept('pair');
  return [check(x[0]), check(x[1])];
};

const inPatientOf = (a: Readonly<Record<string, unknown>>): InPatient => ({
  frameOfReferenceUID: textOf(a['frameOfReferenceUID']),
  plane: planeOf(a['plane']),
  points: pair(a['points'], pointOf),
});

function anchorOf(x: unknown): ImageAnchor | PlaneAnchor | CurveAnchor {
  const a = fieldsOf(x);
  const kind = oneOf(a['kind'], ['image', 'plane', 'curve']);
  if (kind === 'image') {
    const point = (p: unknown) => {
      const { column, row } = fieldsOf(p);
      return { column: numberOf(column), row: numberOf(row) };
    };
    const points = pair(a['points'], point);
    return {
      kind: 'image',
      sopInstanceUID: textOf(a['sopInstanceUID']),
      frame: countOf(a['frame']),
      points,
      // Marks kept before this existed are seen on their own image only.
      ...(a['inPatient'] !== undefined && { inPatient: inPatientOf(fieldsOf(a['inPatient'])) }),
    };
  }
  if (kind === 'curve') {
    return {
      kind,
      frameOfReferenceUID: textOf(a['frameOfReferenceUID']),
      lineId: textOf(a['lineId']),
      picture: oneOf(a['picture'], ['straightened', 'stretched', 'projected']),
      turnDeg: numberOf(a['turnDeg']),
      points: pair(a['points'], pointOf),
    };
  }
  return {
    kind,
    ...inPatientOf(a),
    slabMm: numberOf(a['slabMm']),
    ...(a['group'] !== undefined && { group: countOf(a['group']) }),
  };
}

const sources = [
  'PixelSpacing',
  'calibrated',
  'ImagerPixelSpacing',
  'magnification',
  'region',
  'volume',
  'reducedVolume',
  'none',
] as const satisfies readonly Calibration['source'][];

function measuredOf(x: unknown): MeasurementValue {
  const { calibration, length, area, statistics, valueUnit } = fieldsOf(x);
  const { source, rowMm, columnMm } = fieldsOf(calibration);
  const s = statistics === undefined ? undefined : fieldsOf(statistics);
  return {
    calibration: {
      source: oneOf(source, sources),
      rowMm: positiveOf(rowMm),
      columnMm: positiveOf(columnMm),
    },
    ...(length !== undefined && { length: numberOf(length) }),
    ...(area !== undefined && { area: numberOf(area) }),
    ...(s && {
      statistics: {
        n: countOf(s['n']),
        mean: numberOf(s['mean']),
        // JSON has no NaN: below two voxels there is no deviation.
        sd: orNull(s['sd'], numberOf) ?? Number.NaN,
        min: numberOf(s['min']),
        max: numberOf(s['max']),
      },
    }),
    valueUnit: textOf(valueUnit),
  };
}

export function measurementOf(x: unknown): Measurement {
  const m = fieldsOf(x);
  return {
    id: textOf(m['id']),
    kind: oneOf(m['kind'], ['length', 'ellipse', 'rectangle']),
    seriesKey: textOf(m['seriesKey']),
    seriesNumber: orNull(m['seriesNumber'], numberOf),
    imageNumber: orNull(m['imageNumber'], countOf),
    anchor: anchorOf(m['anchor']),
    value: measuredOf(m['value']),
    verdict: oneOf(m['verdict'], ['exact', 'resampled', 'approximate', 'none']),
  };
}

function windowOf(x: unknown): WindowState {
  const { voi, isInverted, presetId } = fieldsOf(x);
  const { center, width, function: fn } = fieldsOf(voi);
  return {
    voi: {
      kind: 'window',
      center: numberOf(center),
      width: positiveOf(width),
      function: oneOf(fn, ['LINEAR', 'LINEAR_EXACT', 'SIGMOID']),
    },
    isInverted: flagOf(isInverted),
    presetId: orNull(presetId, textOf),
  };
}

export function ribsLookOf(x: unknown): RibsLook {
  const { turnDeg, slabMm, window } = fieldsOf(x);
  return { turnDeg: numberOf(turnDeg), slabMm: Math.max(0, numberOf(slabMm)), window: windowOf(window) };
}

function turnOf(x: unknown): Turn {
  const [a, b, c, d] = numbersOf(x, 4) as [number, number, number, number];
  const isTurn = Math.abs(a * d - b * c) === 1 && Math.abs(a) + Math.abs(b) === 1 && a * c + b * d === 0;
  if (!isTurn) throw new NotKept('turn');
  return [a, b, c, d];
}

function viewOf(x: unknown): StackView {
  const { scale, panX, panY, turn } = fieldsOf(x);
  return {
    scale: orNull(scale, positiveOf),
    panX: numberOf(panX),
    panY: numberOf(panY),
    turn: turnOf(turn),
  };
}

export function cellOf(x: unknown): StackCell {
  const { seriesKey, group, k, view, window } = fieldsOf(x);
  return {
    seriesKey: orNull(seriesKey, textOf),
    group: countOf(group),
    k: countOf(k),
    view: viewOf(view),
    window: orNull(window, windowOf),
    cine: null,
  };
}

const planesOf = <T>(x: unknown, check: (x: unknown) => T) => {
  const { axial, sagittal, coronal } = fieldsOf(x);
  return { axial: check(axial), sagittal: check(sagittal), coronal: check(coronal) };
};

function mprPlaneOf(x: unknown): MprPlane {
  const { right, down, slabMm, projection } = fieldsOf(x);
  return {
    right: vectorOf(right),
    down: vectorOf(down),
    slabMm: numberOf(slabMm),
    projection: oneOf(projection, ['none', 'mip', 'minip', 'mean']),
  };
}

function planeViewOf(x: unknown): PlaneView {
  const { mmPerPx, panXMm, panYMm } = fieldsOf(x);
  return { mmPerPx: orNull(mmPerPx, positiveOf), panXMm: numberOf(panXMm), panYMm: numberOf(panYMm) };
}

function cameraOf(x: unknown): Camera {
  const { focalPoint, position, viewUp, lens } = fieldsOf(x);
  const l = fieldsOf(lens);
  return {
    focalPoint: pointOf(focalPoint),
    position: pointOf(position),
    viewUp: vectorOf(viewUp),
    lens:
      oneOf(l['kind'], ['orthographic', 'perspective']) === 'orthographic'
        ? { kind: 'orthographic', parallelScaleMm: positiveOf(l['parallelScaleMm']) }
        : { kind: 'perspective', viewAngleRad: positiveOf(l['viewAngleRad']) },
  };
}

function geometryOf(x: unknown): VolumeGeometry {
  const { size, patientFromIndex } = fieldsOf(x);
  return {
    size: numbersOf(size, 3) as unknown as VolumeGeometry['size'],
    patientFromIndex: numbersOf(patientFromIndex, 16) as VolumeGeometry['patientFromIndex'],
  };
}

function fusionOf(x: unknown): Fusion {
  const f = fieldsOf(x);
  return {
    seriesKey: textOf(f['seriesKey']),
    group: countOf(f['group']),
    map: oneOf(f['map'], colourMaps),
    opacity: Math.min(1, Math.max(0, numberOf(f['opacity']))),
    low: orNull(f['low'], numberOf),
    high: orNull(f['high'], numberOf),
  };
}

export function mprViewOf(x: unknown): MprView {
  const v = fieldsOf(x);
  const { centre, planes, stepMm } = fieldsOf(v['state']);
  const presetId = textOf(v['presetId']);
  if (!volumePreset(presetId)) throw new NotKept('preset');
  return {
    seriesKey: textOf(v['seriesKey']),
    group: countOf(v['group']),
    geometry: geometryOf(v['geometry']),
    state: { centre: pointOf(centre), planes: planesOf(planes, mprPlaneOf), stepMm: positiveOf(stepMm) },
    planes: planesOf(v['planes'], planeViewOf),
    window: windowOf(v['window']),
    camera: cameraOf(v['camera']),
    presetId,
    shift: numberOf(v['shift']),
    look: lookOf(v['look']),
    // Readings kept before these existed: right angles, one slab for all, linear.
    isFree: flagOf(v['isFree'] ?? false),
    isSlabApart: flagOf(v['isSlabApart'] ?? false),
    interpolation: oneOf(v['interpolation'] ?? 'linear', ['nearest', 'linear', 'cubic']),
    fusion: orNull(v['fusion'] ?? null, fusionOf),
    placed: countOf(v['placed'] ?? 0),
  };
}
