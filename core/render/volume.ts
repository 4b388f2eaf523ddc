import {
  applyDirection,
  applyPoint,
  between,
  dot,
  invert,
  length,
  moved,
  scale,
  spacingMm,
} from '../geometry/matrices.ts';
import { deepestMm, volumeCentre, volumeCorners } from '../geometry/planes.ts';
import type { Mat4, PatientPoint, PatientVector, Vec3 } from '../geometry/types.ts';
import { cameraBasis, halfHeightMm } from '../scene/camera.ts';
import type { ClipPlane, GradientOpacityPoint, VolumeScene } from '../scene/types.ts';
import { bodyRule } from './body.ts';
import { maskRequest } from './labels.ts';
import { kernelVolume, type RowRenderer, storedMode, wholeBox, windowRows } from './slice.ts';
import type { Kernels, RaycastRequest, RayField, TransferTable, VolumeInfo, WindowRequest } from './types.ts';
import { windowRequest } from './window.ts';

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** `rest` is what is kept and exported; `moving` trades samples for speed. */
export type Quality = 'moving' | 'rest';

/** Voxels finer than this many mm may be sampled less often than each, where the volume is more than so many of them deep. */
const fine = { mm: 0.05, samples: 8192 } as const;

/** Distance of samples in mm: the scene's own, else the finest voxel edge but at most 1 mm; three times that while moving. */
export function stepOf(volume: VolumeInfo, scene: VolumeScene, quality: Quality): number {
  const finest = Math.min(...spacingMm(volume.geometry.patientFromIndex));
  const least = Math.min(fine.mm, deepestMm(volume.geometry) / fine.samples);
  const rest = scene.stepMm ?? Math.min(Math.max(finest, least), 1);
  return quality === 'rest' ? rest : rest * 3;
}

const still = (v: Vec3): RayField => ({ at: v, perColumn: [0, 0, 0], perRow: [0, 0, 0] });

/** Rays of the picture's pixels; t = 0 lies on the volume's near side (orthographic) or in the eye. */
function rays(volume: VolumeInfo, scene: VolumeScene, { width, height }: PictureSize, inverse: Mat4) {
  const { camera } = scene;
  const { right, down, direction } = cameraBasis(camera);
  const pixelMm = (2 * halfHeightMm(camera)) / height;
  const column = scale(right, pixelMm);
  const row = scale(down, pixelMm);
  const [u, v] = [-(width - 1) / 2, -(height - 1) / 2];
  const inIndex = (p: Vec3): Vec3 => applyDirection(inverse, p);
  if (camera.lens.kind === 'orthographic') {
    const depths = volumeCorners(volume.geometry).map((c) => dot(between(camera.focalPoint, c), direction));
    const near = moved(camera.focalPoint, direction, Math.min(...depths));
    const at: PatientPoint = moved(moved(near, column, u), row, v);
    return {
      origin: { at: applyPoint(inverse, at), perColumn: inIndex(column), perRow: inIndex(row) },
      directionIndex: still(inIndex(direction)),
      directionMm: still(direction),
    };
  }
  const ahead = scale(direction, length(between(camera.position, camera.focalPoint)));
  const first = [0, 1, 2].map((a) => ahead[a]! + column[a]! * u + row[a]! * v) as unknown as PatientVector;
  return {
    origin: still(applyPoint(inverse, camera.position)),
    directionIndex: { at: inIndex(first), perColumn: inIndex(column), perRow: inIndex(row) },
    directionMm: { at: first, perColumn: column, perRow: row },
  };
}

/**
 * Light by depth: whole on the near side of a ball around the middle of the volume, whose diameter is the longest edge, so
 * that turning the volume does not change it.
 */
function depthCueOf({ geometry }: VolumeInfo, { camera }: VolumeScene, strength: number) {
  const { direction } = cameraBasis(camera);
  const middle = dot(between(camera.focalPoint, volumeCentre(geometry)), direction);
  const spacing = spacingMm(geometry.patientFromIndex);
  const across = Math.max(...geometry.size.map((n, axis) => n * spacing[axis]!));
  const start =
    camera.lens.kind === 'perspective'
      ? -length(between(camera.position, camera.focalPoint))
      : Math.min(...volumeCorners(geometry).map((c) => dot(between(camera.focalPoint, c), direction)));
  return { fromMm: middle - across / 2 - start, perMm: strength / across, least: 1 - strength };
}

/** Inverse transpose of the upper 3×3: takes index gradients to patient mm (L11). */
const gradientMatrix = (inverse: Mat4): readonly number[] =>
  [0, 1, 2].flatMap((i) => [inverse[i]!, inverse[4 + i]!, inverse[8 + i]!]);

/** Signed distances in mm as functions of index coordinates. */
function clipPlanesInIndex(volume: VolumeInfo, planes: readonly ClipPlane[]) {
  const m = volume.geometry.patientFromIndex;
  return planes.map(({ origin, normal }) => {
    const along = (column: number): number =>
      normal[0] * m[column]! + normal[1] * m[4 + column]! + normal[2] * m[8 + column]!;
    return [along(0), along(1), along(2), along(3) - dot(normal, origin)] as const;
  });
}

const gradientSteps = 256;

/** Factors over the kernel's measure of a gradient: stored values over two voxels' way in mm. */
export function gradientFactors(points: readonly GradientOpacityPoint[], slope: number) {
  const ascending = [...points].sort((a, b) => a.gradientPerMm - b.gradientPerMm);
  const most = Math.max(ascending.at(-1)?.gradientPerMm ?? 0, 1e-6);
  const factorAt = (gradient: number): number => {
    const after = ascending.findIndex((p) => p.gradientPerMm > gradient);
    const b = after < 0 ? ascending.at(-1)! : ascending[after]!;
    const a = after <= 0 ? b : ascending[after - 1]!;
    const span = b.gradientPerMm - a.gradientPerMm;
    const share = span > 0 ? (gradient - a.gradientPerMm) / span : 0;
    return Math.min(Math.max(a.factor + share * (b.factor - a.factor), 0), 1);
  };
  const last = gradientSteps - 1;
  return {
    values: Float32Array.from({ length: gradientSteps }, (_, n) => factorAt((most * n) / last)),
    scale: (last / most) * (Math.abs(slope) / 2),
  };
}

/**
 * The mean of a whole ray would be that of the air around the patient: HU below this are left out. Lung counts (−950
 * is also where emphysema begins). Other values have no air: all of them count.
 */
export const airBelow = -950;

export interface RaycastOptions {
  readonly quality: Quality;
  /** For `composite`: of `transferTable`. */
  readonly table?: TransferTable;
  /** False until the bricks are built. */
  readonly skipping: boolean;
  /** True where labels are set and the veil is made for the scene's layers. */
  readonly labelled?: boolean;
}

/** The scene as the ray caster takes it. */
export function raycastRequest(
  volume: VolumeInfo,
  scene: VolumeScene,
  size: PictureSize,
  options: RaycastOptions,
): RaycastRequest {
  const inverse = invert(volume.geometry.patientFromIndex);
  if (!inverse) throw new Error('volume with a singular matrix');
  const composite = scene.mode === 'composite';
  const mask = options.labelled ? maskRequest(volume.layout, scene.layers) : undefined;
  const stepMm = stepOf(volume, scene, options.quality);
  const body =
    scene.mode === 'minip' && scene.isHu
      ? bodyRule(volume.rescale, stepMm, spacingMm(volume.geometry.patientFromIndex))
      : undefined;
  const gradientOpacity = composite ? scene.transfer.gradientOpacity : undefined;
  return {
    volume: kernelVolume(volume),
    ...size,
    ...rays(volume, scene, size, inverse),
    normalFromGradient: gradientMatrix(inverse),
    stepMm,
    nearMm: 0,
    mode: storedMode(scene.mode, volume.rescale.slope),
    interpolation: scene.interpolation === 'nearest' ? 'nearest' : 'linear',
    ...(scene.isHu &&
      volume.rescale.slope > 0 && {
        leastCounted: (airBelow - volume.rescale.intercept) / volume.rescale.slope,
      }),
    ...(body && { body }),
    ...(options.table && { transfer: options.table }),
    ...(scene.shading && { shading: scene.shading }),
    ...(scene.shading && scene.depthCue && { depthCue: depthCueOf(volume, scene, scene.depthCue) }),
    ...(gradientOpacity?.length && {
      gradientFactors: gradientFactors(gradientOpacity, volume.rescale.slope),
    }),
    ...(scene.clipPlanes?.length && { clipPlanes: clipPlanesInIndex(volume, scene.clipPlanes) }),
    ...(mask && { mask }),
    jittered: true,
    halving: options.quality === 'rest',
    opaqueBelow: options.quality === 'rest' ? 0.005 : 0.05,
    box: wholeBox(volume.geometry.size),
    background: scale(scene.background, 1 / 255),
    skipping: options.skipping,
    out: composite ? volume.layout.rgba : volume.layout.values,
    ...(mask?.tints && !composite && { tintOut: volume.layout.rgba }),
  };
}

/** The window of a projection, moved with the transfer function. */
export function projectionWindow({ window, shiftHu, background }: VolumeScene): WindowRequest {
  const moved = window.kind === 'window' ? { ...window, centre: window.centre + shiftHu } : window;
  return windowRequest(moved, background);
}

/** Rows (even starts) of a volume picture: RGBA, for projections through values and window. */
export function renderVolume(
  kernels: Kernels,
  volume: VolumeInfo,
  scene: VolumeScene,
  size: PictureSize,
  options: RaycastOptions,
): RowRenderer {
  const request = raycastRequest(volume, scene, size, options);
  if (scene.mode === 'composite') return (rowStart, rowEnd) => kernels.raycast(request, rowStart, rowEnd);
  const levels = { ...projectionWindow(scene), tinted: request.tintOut !== undefined };
  return (rowStart, rowEnd) => {
    kernels.raycast(request, rowStart, rowEnd);
    windowRows(kernels, volume.layout, levels, size.width, rowStart, rowEnd);
  };
}
