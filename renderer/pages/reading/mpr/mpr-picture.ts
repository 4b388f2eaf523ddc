import {
  applyDirection,
  between,
  cross,
  dot,
  indexFromPatientPoint,
  invert,
  moved,
  normalise,
  spacingMm,
} from '../../../../core/geometry/matrices.ts';
import {
  type NamedPlane,
  namedPlane,
  nearestPlane,
  type PlaneName,
} from '../../../../core/geometry/orientation.ts';
import {
  extentAlongMm,
  patientFromView,
  planeNormal,
  viewFromPatient,
  volumeCentre,
} from '../../../../core/geometry/planes.ts';
import {
  type PatientPoint,
  type Plane,
  patientVector,
  type VolumeGeometry,
  viewPoint,
} from '../../../../core/geometry/types.ts';
import { formatValue, placeMm } from '../../../../core/measure/format.ts';
import { colourAt } from '../../../../core/render/colour-slice.ts';
import { mprPlane, planeNames, startMpr, viewCentre } from '../../../../core/scene/mpr.ts';
import type { Projection, SliceScene, WindowSetting } from '../../../../core/scene/types.ts';
import type { Spot } from '../../../viewport/measure-surface.ts';
import type { CanvasSize } from '../../../viewport/use-canvas-size.ts';
import type { OpenStack } from '../../../volumes/open-stack.ts';
import { isNoData, type VolumeMemory } from '../../../volumes/volume-memory.ts';
import type { Probe } from '../session/reading-state.ts';
import type { MprView } from './mpr-view.ts';

/** The viewports of the planes on screen, by name: linked planes share one scale. */
export type PlaneRooms = Readonly<Partial<Record<PlaneName, CanvasSize>>>;

/** The viewport of a plane, and those of the planes that are on screen with it. */
export interface PlaneRoom extends CanvasSize {
  readonly beside?: PlaneRooms;
}

/** A plane as it lies in its viewport: CSS pixels and patient millimetres. */
export interface PlacedPlane {
  readonly plane: Plane;
  readonly mmPerPx: number;
  readonly size: PlaneRoom;
}

/** Where a plane lies in its viewport: fitted to the volume, or as zoomed and moved by the reader. */
export function placePlane(view: MprView, name: PlaneName, size: PlaneRoom): PlacedPlane {
  const { geometry, state } = view;
  const { mmPerPx, panXMm, panYMm } = view.planes[name];
  const base = mprPlane(state, name);
  const centre = viewCentre(state, name, geometry);
  const origin = moved(moved(centre, base.right, -panXMm), base.down, -panYMm);
  return { plane: { ...base, origin }, mmPerPx: mmPerPx ?? fitMmPerPx(view, name, size), size };
}

/**
 * Millimetres of a CSS pixel at which the whole volume is seen, in this plane and in those beside it: the same
 * millimetre is equally long in all of them. Planes are taken as they hang at first, so that turning the lines zooms
 * nothing.
 */
export function fitMmPerPx({ geometry }: MprView, name: PlaneName, size: PlaneRoom): number {
  const about = volumeCentre(geometry);
  const { planes } = startMpr(geometry);
  const fits = planeNames.flatMap((plane) => {
    const room = plane === name ? size : size.beside?.[plane];
    if (!room) return [];
    const across = extentAlongMm(geometry, about, planes[plane].right);
    const along = extentAlongMm(geometry, about, planes[plane].down);
    return [
      (across.most - across.least) / Math.max(1, room.cssWidth),
      (along.most - along.least) / Math.max(1, room.cssHeight),
    ];
  });
  return Math.max(...fits) || 1;
}

export const spotOf = ({ plane, mmPerPx, size }: PlacedPlane, p: PatientPoint): Spot => {
  const v = viewFromPatient(plane, p);
  return { x: size.cssWidth / 2 + v[0] / mmPerPx, y: size.cssHeight / 2 + v[1] / mmPerPx };
};

export const patientAt = ({ plane, mmPerPx, size }: PlacedPlane, x: number, y: number): PatientPoint =>
  patientFromView(plane, viewPoint((x - size.cssWidth / 2) * mmPerPx, (y - size.cssHeight / 2) * mmPerPx));

/** What a plane's slab shows: of colours the mean only, whatever is chosen for values. */
export function projectionOf(view: MprView, name: PlaneName, isColour: boolean): Projection {
  const { slabMm, projection } = view.state.planes[name];
  if (slabMm === 0 || projection === 'none') return 'none';
  return isColour ? 'mean' : projection;
}

export function sliceScene(
  view: MprView,
  name: PlaneName,
  placed: PlacedPlane,
  window: WindowSetting,
  isColour = false,
): SliceScene {
  const { slabMm } = view.state.planes[name];
  return {
    kind: 'slice',
    plane: placed.plane,
    spacingMm: placed.mmPerPx / placed.size.ratio,
    width: placed.size.width,
    height: placed.size.height,
    slabMm,
    projection: projectionOf(view, name, isColour),
    interpolation: view.interpolation,
    window,
    background: [0, 0, 0],
  };
}

/** The line where another plane cuts this one: a point and a unit direction in CSS pixels. */
export interface CutLine {
  readonly name: PlaneName;
  readonly at: Spot;
  readonly dx: number;
  readonly dy: number;
}

/** Lines of the other two planes; a plane parallel to this one has none. */
export function cutLines(view: MprView, name: PlaneName, placed: PlacedPlane): readonly CutLine[] {
  const normal = planeNormal(mprPlane(view.state, name));
  const at = spotOf(placed, view.state.centre);
  return planeNames
    .filter((other) => other !== name)
    .flatMap((other) => {
      const along = cross(normal, planeNormal(mprPlane(view.state, other)));
      if (Math.hypot(...along) < 1e-6) return [];
      const unit = normalise(along);
      return [{ name: other, at, dx: dot(unit, placed.plane.right), dy: dot(unit, placed.plane.down) }];
    });
}

/** Distance from a place to a line, in CSS pixels. */
export const distanceToLine = ({ at, dx, dy }: CutLine, x: number, y: number): number =>
  Math.abs((x - at.x) * dy - (y - at.y) * dx);

/** Position of the plane along the patient axis across the plane that it is called after, in mm. */
export function planeLocationMm(view: MprView, name: PlaneName): number {
  const normal = planeNormal(mprPlane(view.state, name));
  const axis = { sagittal: 0, coronal: 1, axial: 2 }[namedPlane(normal, name).name];
  const sign = normal[axis]! < 0 ? -1 : 1;
  const [x, y, z] = view.state.centre;
  return sign * (normal[0] * x + normal[1] * y + normal[2] * z);
}

/** True where the plane shows acquired slices: its normal is the slice direction. */
export function isAcquiredPlane(view: MprView, name: PlaneName): boolean {
  const m = view.geometry.patientFromIndex;
  const normal = planeNormal(mprPlane(view.state, name));
  const long = Math.hypot(m[2]!, m[6]!, m[10]!);
  const along = Math.abs((normal[0] * m[2]! + normal[1] * m[6]! + normal[2] * m[10]!) / long);
  return along > Math.cos(Math.PI / 180);
}

/** The anatomical plane that the acquired slices lie nearest to. */
export const acquiredPlane = ({ patientFromIndex }: VolumeGeometry): PlaneName =>
  nearestPlane(patientVector(...applyDirection(patientFromIndex, [0, 0, 1]))).name;

/** A voxel's value in words; a dash where there is no data. */
function voxelText(stack: OpenStack, volume: VolumeMemory, index: number): string {
  if (stack.isColour) {
    const rgb = colourAt(volume, index);
    return rgb ? `RGB ${rgb.join(' ')}` : '–';
  }
  const voxel = volume.voxels[index]!;
  return isNoData(volume.scalarType)(voxel) ? '–' : formatValue(voxel, stack.unit);
}

/** The voxel under a place of a plane: the value of the nearest, never the pixel painted. */
export function planeProbe(
  view: MprView,
  stack: OpenStack,
  placed: PlacedPlane,
  cell: number,
  x: number,
  y: number,
): Probe | null {
  const volume = stack.planesVolume();
  const inverse = invert(view.geometry.patientFromIndex);
  if (!volume || !inverse) return null;
  const p = patientAt(placed, x, y);
  const index = indexFromPatientPoint(inverse, p).map((n) => Math.round(n));
  const { size } = volume.geometry;
  if (index.some((n, axis) => n < 0 || n >= size[axis]!)) return null;
  const [i, j, k] = index as [number, number, number];
  const filled = stack.filledSlices();
  const isThere = filled === null || (k >= filled[0] && k <= filled[1]);
  const value = isThere ? voxelText(stack, volume, (k * size[1] + j) * size[0] + i) : '–';
  const place = placeMm(p, Math.min(...spacingMm(view.geometry.patientFromIndex)));
  return { cell, value, text: `${value} @ ${place.join(', ')} mm`, place, voxel: [i, j, k] };
}

/** What a plane is called as it lies now: one that was turned far shows another section than the one it began as. */
export const planeCalled = ({ state }: MprView, name: PlaneName): NamedPlane =>
  namedPlane(planeNormal(mprPlane(state, name)), name);

/** Degrees between a plane and the patient's axial, coronal or sagittal plane that it is called after. */
export const obliquityDeg = (view: MprView, name: PlaneName): number =>
  (planeCalled(view, name).angleRad * 180) / Math.PI;

/** Less is told as none. */
export const leastObliqueDeg = 0.05;

/** How far two points are apart along a plane's normal, signed mm. */
export const depthMm = (plane: Plane, p: PatientPoint): number =>
  dot(between(plane.origin, p), planeNormal(plane));
