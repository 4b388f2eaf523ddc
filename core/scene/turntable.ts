import { between, dot, moved, rotateAbout } from '../geometry/matrices.ts';
import { volumeCorners } from '../geometry/planes.ts';
import { type PatientVector, patientVector, type VolumeGeometry } from '../geometry/types.ts';
import { cameraBasis, fitCamera, type StandardView } from './camera.ts';
import type { Camera } from './types.ts';

/** The line through the patient that a turntable turns about. */
export type TurntableAxis = 'head' | 'left' | 'anterior';

export const turntableAxes: Readonly<Record<TurntableAxis, PatientVector>> = {
  head: patientVector(0, 0, 1),
  left: patientVector(1, 0, 0),
  anterior: patientVector(0, -1, 0),
};

/** Most frames of a turntable: a minute at 30 a second. */
export const mostFrames = 1800;

/** One turn of a camera about its focal point, evenly in `frames` steps from where it stands; the lens stays. */
export function turnedCameras(start: Camera, axis: TurntableAxis, frames: number): Camera[] {
  const about = start.focalPoint;
  const around = turntableAxes[axis];
  return Array.from({ length: frames }, (_, n) => {
    const angleRad = (2 * Math.PI * n) / frames;
    return {
      ...start,
      position: moved(about, rotateAbout(between(about, start.position), around, angleRad)),
      viewUp: rotateAbout(start.viewUp, around, angleRad),
    };
  });
}

/**
 * One turn of the camera about the patient, evenly in `frames` steps: the first frame is the standard view, the last
 * one step before it again, so that the film runs on without a jerk. All frames have the same scale, at which none
 * cuts the volume off. About the head's axis the camera goes from the front over the patient's left to the back.
 */
export function turntableCameras(
  geometry: VolumeGeometry,
  view: StandardView,
  axis: TurntableAxis,
  frames: number,
  aspect: number,
): Camera[] {
  const start = fitCamera(geometry, view, aspect);
  const cameras = turnedCameras(start, axis, frames);
  const reach = volumeCorners(geometry).map((corner) => between(start.focalPoint, corner));
  const half = Math.max(
    ...cameras.flatMap((camera) => {
      const { right, down } = cameraBasis(camera);
      return reach.map((v) => Math.max(Math.abs(dot(v, down)), Math.abs(dot(v, right)) / aspect));
    }),
  );
  return cameras.map((camera) => ({
    ...camera,
    lens: { kind: 'orthographic', parallelScaleMm: half * 1.02 },
  }));
}
