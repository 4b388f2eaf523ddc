import type { ScalarField } from '../../../../core/analysis/types.ts';
import {
  applyPoint,
  between,
  indexFromPatientPoint,
  invert,
  spacingMm,
} from '../../../../core/geometry/matrices.ts';
import { volumeCentre } from '../../../../core/geometry/planes.ts';
import { type PatientPoint, patientPoint } from '../../../../core/geometry/types.ts';
import { bodyRule, withinBody } from '../../../../core/render/body.ts';
import { enlargement } from '../../../../core/render/transfer.ts';
import { valueOfUnit } from '../../../../core/scene/body-percentile.ts';
import { cameraBasis, halfHeightMm } from '../../../../core/scene/camera.ts';
import type { Camera, OpacityPoint, VolumeScene } from '../../../../core/scene/types.ts';
import type { CanvasSize } from '../../../viewport/use-canvas-size.ts';

/** Light that has been stopped where a surface counts as the one seen. */
const seenShare = 0.5;

/** Where a place of the picture looks: a point of the ray, and its unit direction. */
export function rayThrough(
  camera: Camera,
  { cssWidth, cssHeight }: Pick<CanvasSize, 'cssWidth' | 'cssHeight'>,
  x: number,
  y: number,
): { readonly from: PatientPoint; readonly direction: readonly [number, number, number] } {
  const { right, down, direction } = cameraBasis(camera);
  const mmPerPx = (2 * halfHeightMm(camera)) / Math.max(1, cssHeight);
  const [u, v] = [(x - cssWidth / 2) * mmPerPx, (y - cssHeight / 2) * mmPerPx];
  const at = (axis: 0 | 1 | 2): number => camera.focalPoint[axis] + u * right[axis] + v * down[axis];
  const target = patientPoint(at(0), at(1), at(2));
  if (camera.lens.kind === 'orthographic') return { from: target, direction };
  const way = between(camera.position, target);
  const long = Math.hypot(...way) || 1;
  return { from: camera.position, direction: [way[0] / long, way[1] / long, way[2] / long] };
}

/** Opacity per mm of a modality value: linear between the points, constant beyond. */
function opacityAt(points: readonly OpacityPoint[], value: number): number {
  const first = points[0];
  if (!first || value <= first.value) return first?.opacity ?? 0;
  for (let n = 1; n < points.length; n += 1) {
    const [a, b] = [points[n - 1]!, points[n]!];
    if (value > b.value) continue;
    const span = b.value - a.value;
    return span > 0 ? a.opacity + ((b.opacity - a.opacity) * (value - a.value)) / span : b.opacity;
  }
  return points.at(-1)?.opacity ?? 0;
}

interface Ray {
  readonly field: ScalarField;
  readonly scene: VolumeScene;
  readonly stepMm: number;
  pointAt(t: number): PatientPoint;
  /** Modality value of the nearest voxel; undefined outside and where there is no data. `isWhole`: behind clip planes too. */
  valueAt(p: PatientPoint, isWhole?: boolean): number | undefined;
}

function rayOf(
  field: ScalarField,
  scene: VolumeScene,
  size: Pick<CanvasSize, 'cssWidth' | 'cssHeight'>,
  [x, y]: readonly [number, number],
  isHidden: (n: number) => boolean,
): Ray | null {
  const inverse = invert(field.geometry.patientFromIndex);
  if (!inverse) return null;
  const { from, direction } = rayThrough(scene.camera, size, x, y);
  const { size: count } = field.geometry;
  const planes = scene.clipPlanes ?? [];
  return {
    field,
    scene,
    stepMm: Math.min(...spacingMm(field.geometry.patientFromIndex)) / 2,
    pointAt: (t) =>
      patientPoint(from[0] + t * direction[0], from[1] + t * direction[1], from[2] + t * direction[2]),
    valueAt(p, isWhole = false) {
      const [i, j, k] = indexFromPatientPoint(inverse, p).map(Math.round) as [number, number, number];
      if (i < 0 || j < 0 || k < 0 || i >= count[0] || j >= count[1] || k >= count[2]) return undefined;
      const isCut =
        !isWhole &&
        planes.some(({ origin, normal }) => {
          const off = between(origin, p);
          return off[0] * normal[0] + off[1] * normal[1] + off[2] * normal[2] < 0;
        });
      if (isCut) return undefined;
      const n = (k * count[1] + j) * count[0] + i;
      if (isHidden(n)) return undefined;
      const stored = field.voxels[n]!;
      if (stored === field.noData || Number.isNaN(stored)) return undefined;
      return stored * field.rescale.slope + field.rescale.intercept;
    },
  };
}

/** From before the volume to behind it, about the ray's point nearest to its middle. */
function reachOf({ field, pointAt }: Ray): readonly [number, number] {
  const { size, patientFromIndex } = field.geometry;
  const centre = volumeCentre(field.geometry);
  const corner = applyPoint(patientFromIndex, [-0.5, -0.5, -0.5]);
  const far = applyPoint(patientFromIndex, [size[0], size[1], size[2]]);
  const radius = Math.hypot(far[0] - corner[0], far[1] - corner[1], far[2] - corner[2]);
  const [a, b] = [pointAt(0), pointAt(1)];
  const middle = [0, 1, 2].reduce((sum, axis) => sum + (centre[axis]! - a[axis]!) * (b[axis]! - a[axis]!), 0);
  return [middle - radius, middle + radius];
}

/**
 * The point of the patient that a place of the 3D picture shows: where half of the light has been stopped, or the
 * value that a projection shows. `valueAtPercent` takes percentiles of transfer functions to values. Null where nothing is seen.
 * `isHidden`: of the n-th voxel, that masks leave it out.
 */
export function pickPoint(
  field: ScalarField,
  scene: VolumeScene,
  size: Pick<CanvasSize, 'cssWidth' | 'cssHeight'>,
  at: readonly [number, number],
  valueAtPercent: (percentile: number) => number,
  isHidden: (n: number) => boolean = () => false,
): PatientPoint | null {
  const ray = rayOf(field, scene, size, at, isHidden);
  if (!ray) return null;
  const [from, to] = reachOf(ray);
  return scene.mode === 'composite' ? firstSeen(ray, from, to, valueAtPercent) : brightest(ray, from, to);
}

function firstSeen(
  ray: Ray,
  from: number,
  to: number,
  valueAtPercent: (percentile: number) => number,
): PatientPoint | null {
  const { transfer, shiftHu } = ray.scene;
  const modalityOf = valueOfUnit(transfer.unit, valueAtPercent);
  const points = transfer.opacity.map(({ value, opacity }) => ({ value: modalityOf(value), opacity }));
  const stepMm = ray.stepMm * enlargement(ray.field.geometry);
  let light = 1;
  for (let t = from; t <= to; t += ray.stepMm) {
    const p = ray.pointAt(t);
    const value = ray.valueAt(p);
    if (value === undefined) continue;
    light *= (1 - Math.min(0.9999, opacityAt(points, value - shiftHu))) ** stepMm;
    if (light <= 1 - seenShare) return p;
  }
  return null;
}

/** Where a ray lies within the body, as `BodyRule` has it. */
function bodyOn(ray: Ray, from: number, to: number): readonly [number, number] {
  const rule = bodyRule(
    { slope: 1, intercept: 0 },
    ray.stepMm,
    spacingMm(ray.field.geometry.patientFromIndex),
  );
  if (!rule) return [from, to];
  const eachMm = ray.stepMm * rule.stride;
  const count = Math.floor((to - from) / eachMm) + 1;
  const values = Array.from(
    { length: count },
    (_, n) => ray.valueAt(ray.pointAt(from + n * eachMm), true) ?? Number.NaN,
  );
  const [first, last] = withinBody(values, rule);
  return [from + first * eachMm, from + last * eachMm];
}

/** Projections show their extreme: the darkest for a minimum projection, else the brightest. */
function brightest(ray: Ray, from: number, to: number): PatientPoint | null {
  const sign = ray.scene.mode === 'minip' ? -1 : 1;
  [from, to] = sign < 0 && ray.scene.isHu ? bodyOn(ray, from, to) : [from, to];
  let best: { readonly value: number; readonly p: PatientPoint } | null = null;
  for (let t = from; t <= to; t += ray.stepMm) {
    const p = ray.pointAt(t);
    const value = ray.valueAt(p);
    if (value !== undefined && sign * value > (best ? sign * best.value : Number.NEGATIVE_INFINITY))
      best = { value, p };
  }
  return best?.p ?? null;
}
