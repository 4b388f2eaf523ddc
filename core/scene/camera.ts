import {
  between,
  cross,
  dot,
  invert,
  length,
  matrixFromColumns,
  moved,
  normalise,
  rotateAbout,
  scale,
} from '../geometry/matrices.ts';
import { volumeCentre, volumeCorners } from '../geometry/planes.ts';
import {
  type Mat4,
  type PatientPoint,
  type PatientVector,
  patientVector,
  type Vec3,
  type VolumeGeometry,
} from '../geometry/types.ts';
import type { Camera } from './types.ts';

/** Where the camera stands: in front of the patient (A), behind (P), at the left, right, head or feet. */
export type StandardView = 'A' | 'P' | 'L' | 'R' | 'H' | 'F';

interface Stand {
  /** Direction from the patient to the camera. */
  readonly from: Vec3;
  readonly up: Vec3;
}

export const standardViews: Readonly<Record<StandardView, Stand>> = {
  A: { from: [0, -1, 0], up: [0, 0, 1] },
  P: { from: [0, 1, 0], up: [0, 0, 1] },
  L: { from: [1, 0, 0], up: [0, 0, 1] },
  R: { from: [-1, 0, 0], up: [0, 0, 1] },
  H: { from: [0, 0, 1], up: [0, -1, 0] },
  F: { from: [0, 0, -1], up: [0, -1, 0] },
};

export interface CameraBasis {
  readonly right: PatientVector;
  readonly down: PatientVector;
  /** From the camera to the focal point. */
  readonly direction: PatientVector;
}

export function cameraBasis(camera: Camera): CameraBasis {
  const direction = normalise(between(camera.position, camera.focalPoint));
  const right = normalise(cross(direction, camera.viewUp));
  return { right, down: cross(direction, right), direction };
}

/** View millimetres from patient: x right, y down, z away from the viewer, origin at the focal point. */
export function viewFromPatientMatrix(camera: Camera): Mat4 {
  const { right, down, direction } = cameraBasis(camera);
  const inverse = invert(matrixFromColumns(right, down, direction, camera.focalPoint));
  if (!inverse) throw new Error('camera without a direction');
  return inverse;
}

/** Half the picture's height in mm at the focal point. */
export const halfHeightMm = (camera: Camera): number =>
  camera.lens.kind === 'orthographic'
    ? camera.lens.parallelScaleMm
    : length(between(camera.position, camera.focalPoint)) * Math.tan(camera.lens.viewAngleRad / 2);

/** An orthographic camera that sees the whole volume, whatever its rotation about the view axis, with a small margin. */
export function fitCamera(geometry: VolumeGeometry, view: StandardView, aspect = 1): Camera {
  const stand = standardViews[view];
  const focalPoint = volumeCentre(geometry);
  const reach = volumeCorners(geometry).map((corner) => between(focalPoint, corner));
  const radius = Math.max(...reach.map(length));
  const camera: Camera = {
    focalPoint,
    position: moved(focalPoint, stand.from, radius * 2),
    viewUp: patientVector(...stand.up),
    lens: { kind: 'orthographic', parallelScaleMm: radius },
  };
  const { right, down } = cameraBasis(camera);
  const half = Math.max(
    ...reach.map((v) => Math.max(Math.abs(dot(v, down)), Math.abs(dot(v, right)) / aspect)),
  );
  return { ...camera, lens: { kind: 'orthographic', parallelScaleMm: half * 1.02 } };
}

/** The same focal point, distance and lens from another side. */
export function standAt(camera: Camera, view: StandardView): Camera {
  const stand = standardViews[view];
  const distance = length(between(camera.position, camera.focalPoint));
  return {
    ...camera,
    position: moved(camera.focalPoint, stand.from, distance),
    viewUp: patientVector(...stand.up),
  };
}

function turned(camera: Camera, about: PatientPoint, axis: PatientVector, angleRad: number): Camera {
  const turn = (p: PatientPoint): PatientPoint =>
    moved(about, rotateAbout(between(about, p), axis, angleRad));
  return {
    ...camera,
    position: turn(camera.position),
    focalPoint: turn(camera.focalPoint),
    viewUp: rotateAbout(camera.viewUp, axis, angleRad),
  };
}

function squared(camera: Camera): Camera {
  const { down } = cameraBasis(camera);
  return { ...camera, viewUp: scale(down, -1) };
}

/**
 * Trackball: the object follows the hand. Dragging right by `rightRad` turns it about the vertical of
 * the screen, down by `downRad` about the horizontal, through `about`; up stays perpendicular.
 */
export function orbit(camera: Camera, about: PatientPoint, rightRad: number, downRad: number): Camera {
  const { right } = cameraBasis(camera);
  const first = turned(camera, about, camera.viewUp, -rightRad);
  return squared(turned(first, about, rotateAbout(right, camera.viewUp, -rightRad), -downRad));
}

/** Turns the picture about the view axis; positive is clockwise on screen. */
export function roll(camera: Camera, about: PatientPoint, clockwiseRad: number): Camera {
  return squared(turned(camera, about, cameraBasis(camera).direction, -clockwiseRad));
}

/** Moves the picture by mm on screen, right and down. */
export function pan(camera: Camera, rightMm: number, downMm: number): Camera {
  const { right, down } = cameraBasis(camera);
  const by = (p: PatientPoint): PatientPoint => moved(moved(p, right, -rightMm), down, -downMm);
  return { ...camera, position: by(camera.position), focalPoint: by(camera.focalPoint) };
}

/** Enlarges by `factor` about the focal point. */
export function zoom(camera: Camera, factor: number): Camera {
  const { lens } = camera;
  if (lens.kind === 'orthographic')
    return { ...camera, lens: { kind: 'orthographic', parallelScaleMm: lens.parallelScaleMm / factor } };
  const back = between(camera.focalPoint, camera.position);
  return { ...camera, position: moved(camera.focalPoint, back, 1 / factor) };
}

/** Enlarges by `factor`; what lies in the focal plane at this place of the picture, in mm from its middle, stays there. */
export function zoomAt(camera: Camera, factor: number, rightMm: number, downMm: number): Camera {
  const back = 1 / factor - 1;
  return pan(zoom(camera, factor), rightMm * back, downMm * back);
}

/** From the same side and distance, with a point in the middle of the picture: what it then turns about. */
export function centredOn(camera: Camera, point: PatientPoint): Camera {
  const by = between(camera.focalPoint, point);
  return { ...camera, focalPoint: point, position: moved(camera.position, by) };
}

/** The other lens with the same size at the focal point. */
export function withLens(camera: Camera, kind: Camera['lens']['kind'], viewAngleRad = Math.PI / 6): Camera {
  const half = halfHeightMm(camera);
  if (kind === 'orthographic') return { ...camera, lens: { kind, parallelScaleMm: half } };
  const back = normalise(between(camera.focalPoint, camera.position));
  const distance = half / Math.tan(viewAngleRad / 2);
  return { ...camera, position: moved(camera.focalPoint, back, distance), lens: { kind, viewAngleRad } };
}
