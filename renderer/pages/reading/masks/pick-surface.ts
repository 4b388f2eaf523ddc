import {
  applyDirection,
  applyPoint,
  dot,
  invert,
  length,
  moved,
} from '../../../../core/geometry/matrices.ts';
import type {
  PatientPoint,
  PatientVector,
  Plane,
  Vec3,
  VolumeGeometry,
} from '../../../../core/geometry/types.ts';
import { cameraBasis, halfHeightMm } from '../../../../core/scene/camera.ts';
import type { Camera, TransferFunction, VolumeMode } from '../../../../core/scene/types.ts';

/** The voxels of a 3D picture, and which of them can be seen. */
export interface SeenVolume {
  readonly geometry: VolumeGeometry;
  readonly voxels: Int16Array | Float32Array;
  readonly mode: VolumeMode;
  /** Opacity of a value in 1 mm; 0 for no data. */
  opacityOf(value: number): number;
  /** True for the n-th voxel where it is left out. */
  isHidden(n: number): boolean;
  /** True inside the clip box. */
  isInside(point: PatientPoint): boolean;
}

export interface Ray {
  readonly origin: PatientPoint;
  /** Unit. */
  readonly direction: PatientVector;
}

export interface PictureShape {
  readonly cssWidth: number;
  readonly cssHeight: number;
}

/** The plane through the focal point, as the picture shows it, with CSS pixels as millimetres. */
export function picturePlane(
  camera: Camera,
  shape: PictureShape,
): { readonly plane: Plane; readonly mmPerPx: number } {
  const { right, down } = cameraBasis(camera);
  const mmPerPx = (2 * halfHeightMm(camera)) / Math.max(1, shape.cssHeight);
  return { plane: { origin: camera.focalPoint, right, down }, mmPerPx };
}

/** The ray through a place of a 3D picture. */
export function rayAt(camera: Camera, shape: PictureShape, x: number, y: number): Ray {
  const { plane, mmPerPx } = picturePlane(camera, shape);
  const { direction } = cameraBasis(camera);
  const across = moved(plane.origin, plane.right, (x - shape.cssWidth / 2) * mmPerPx);
  const origin = moved(across, plane.down, (y - shape.cssHeight / 2) * mmPerPx);
  if (camera.lens.kind === 'orthographic') return { origin, direction };
  const eye = camera.position;
  const way: Vec3 = [origin[0] - eye[0], origin[1] - eye[1], origin[2] - eye[2]];
  const long = length(way);
  return {
    origin: eye,
    direction: [way[0] / long, way[1] / long, way[2] / long] as unknown as PatientVector,
  };
}

/** Opacity in 1 mm of a modality value; `valueAt` brings percentiles to values. */
export function opacityCurve(
  { unit, opacity }: TransferFunction,
  shift: number,
  valueAt: (percentile: number) => number,
): (value: number) => number {
  const points = opacity.map((p) => ({
    value: (unit === 'percentile' ? valueAt(p.value) : p.value) + shift,
    opacity: p.opacity,
  }));
  return (value) => {
    const after = points.findIndex((p) => p.value >= value);
    if (after === 0) return points[0]!.value === value ? points[0]!.opacity : 0;
    if (after < 0) return points.at(-1)?.opacity ?? 0;
    const a = points[after - 1]!;
    const b = points[after]!;
    const t = b.value > a.value ? (value - a.value) / (b.value - a.value) : 1;
    return a.opacity + t * (b.opacity - a.opacity);
  };
}

/** Values that are seen at all: from the first to the last with an opacity. */
export function seenRange(
  opacityOf: (value: number) => number,
  least: number,
  most: number,
): { readonly low: number; readonly high: number } {
  const steps = 2000;
  const at = (n: number): number => least + ((most - least) * n) / steps;
  let first = 0;
  while (first < steps && opacityOf(at(first)) <= 0.01) first += 1;
  let last = steps;
  while (last > first && opacityOf(at(last)) <= 0.01) last -= 1;
  return { low: at(first), high: at(last) };
}

/** Half of the light is stopped here: what an eye takes for the surface. */
const surfaceOpacity = 0.5;

/**
 * Where a ray meets what is seen: the surface of a shaded picture, the brightest (darkest) voxel of a projection;
 * null where nothing is. One sample in half a voxel, nearest voxel.
 */
export function pickSurface(volume: SeenVolume, ray: Ray): PatientPoint | null {
  const { geometry, voxels, mode } = volume;
  const inverse = invert(geometry.patientFromIndex);
  if (!inverse) return null;
  const at = applyPoint(inverse, ray.origin);
  const step = applyDirection(inverse, ray.direction);
  const [near, far] = rangeInside(at, step, geometry.size, ray);
  const stepMm = 0.5 / Math.max(1e-6, length(step));
  const [nx, ny, nz] = geometry.size;
  let passed = 1;
  let best: { readonly mm: number; readonly value: number } | null = null;
  for (let mm = near; mm <= far; mm += stepMm) {
    const i = Math.round(at[0] + step[0] * mm);
    const j = Math.round(at[1] + step[1] * mm);
    const k = Math.round(at[2] + step[2] * mm);
    if (i < 0 || j < 0 || k < 0 || i >= nx || j >= ny || k >= nz) continue;
    const n = i + nx * (j + ny * k);
    if (volume.isHidden(n)) continue;
    const value = voxels[n]!;
    const opacity = volume.opacityOf(value);
    if (mode !== 'composite') {
      const isBetter = !best || (mode === 'minip' ? value < best.value : value > best.value);
      if (Number.isFinite(value) && isBetter && volume.isInside(pointAt(ray, mm))) best = { mm, value };
      continue;
    }
    if (opacity <= 0 || !volume.isInside(pointAt(ray, mm))) continue;
    passed *= (1 - Math.min(0.999, opacity)) ** stepMm;
    if (passed < surfaceOpacity) return pointAt(ray, mm);
  }
  return best ? pointAt(ray, best.mm) : null;
}

const pointAt = ({ origin, direction }: Ray, mm: number): PatientPoint => moved(origin, direction, mm);

/** Distances along the ray between which it is inside the volume; an empty range where it misses. */
function rangeInside(at: Vec3, step: Vec3, size: Vec3, ray: Ray): readonly [number, number] {
  let near = Number.NEGATIVE_INFINITY;
  let far = Number.POSITIVE_INFINITY;
  for (let axis = 0; axis < 3; axis += 1) {
    const lo = -0.5 - at[axis]!;
    const hi = size[axis]! - 0.5 - at[axis]!;
    const by = step[axis]!;
    if (Math.abs(by) < 1e-12) {
      if (lo > 0 || hi < 0) return [0, -1];
      continue;
    }
    near = Math.max(near, Math.min(lo / by, hi / by));
    far = Math.min(far, Math.max(lo / by, hi / by));
  }
  // A ray without a direction meets nothing.
  return dot(ray.direction, ray.direction) > 0 ? [near, far] : [0, -1];
}
