import { between, dot, length, moved } from '../geometry/matrices.ts';
import type { PatientPoint } from '../geometry/types.ts';
import { cameraBasis, halfHeightMm } from './camera.ts';
import type { Camera } from './types.ts';

/** A place in a 3D picture, in pixels from its left upper corner; pixel (0, 0) reaches from 0 to 1. */
export interface CanvasPoint {
  readonly x: number;
  readonly y: number;
  /** Along the view from the camera's plane (orthographic: the focal point's), mm; grows away from the viewer. */
  readonly depthMm: number;
}

export interface PictureBox {
  readonly width: number;
  readonly height: number;
}

/** Nearer to a perspective camera than this a point has no place in the picture. */
const nearestMm = 0.1;

/**
 * Where the ray caster's picture of this size shows patient points; null behind a perspective camera or
 * for what is not a number. The inverse of the rays of core/render/volume.ts.
 */
export function canvasFromPatient(
  camera: Camera,
  { width, height }: PictureBox,
): (point: PatientPoint) => CanvasPoint | null {
  const { right, down, direction } = cameraBasis(camera);
  const perMm = height / (2 * halfHeightMm(camera));
  const isPerspective = camera.lens.kind === 'perspective';
  const from = isPerspective ? camera.position : camera.focalPoint;
  const focalMm = length(between(camera.position, camera.focalPoint));
  return (point) => {
    const v = between(from, point);
    const depthMm = dot(v, direction);
    if (!Number.isFinite(depthMm) || (isPerspective && depthMm < nearestMm)) return null;
    const scale = isPerspective ? (perMm * focalMm) / depthMm : perMm;
    return { x: width / 2 + dot(v, right) * scale, y: height / 2 + dot(v, down) * scale, depthMm };
  };
}

/** Where the segment from `inside` (before the camera) to `behind` passes the nearest depth. */
function clippedAt(camera: Camera, inside: PatientPoint, behind: PatientPoint): PatientPoint {
  const { direction } = cameraBasis(camera);
  const depth = (p: PatientPoint): number => dot(between(camera.position, p), direction);
  const [a, b] = [depth(inside), depth(behind)];
  // A little more than the least, so that rounding does not put it behind.
  return moved(inside, between(inside, behind), (a - nearestMm * 1.001) / (a - b));
}

/** A line in the picture, cut where it passes behind a perspective camera: runs of at least two points. */
export function projectLine(
  camera: Camera,
  box: PictureBox,
  points: readonly PatientPoint[],
): readonly (readonly CanvasPoint[])[] {
  const place = canvasFromPatient(camera, box);
  const runs: CanvasPoint[][] = [];
  let run: CanvasPoint[] = [];
  let before: PatientPoint | undefined;
  let wasSeen = false;
  const end = (): void => {
    if (run.length > 1) runs.push(run);
    run = [];
  };
  for (const point of points) {
    if (!point.every(Number.isFinite)) {
      end();
      before = undefined;
      wasSeen = false;
      continue;
    }
    const at = place(point);
    if (at && before && !wasSeen) {
      const edge = place(clippedAt(camera, point, before));
      if (edge) run.push(edge);
    }
    if (at) run.push(at);
    else {
      const edge = before && wasSeen ? place(clippedAt(camera, before, point)) : null;
      if (edge) run.push(edge);
      end();
    }
    before = point;
    wasSeen = at !== null;
  }
  end();
  return runs;
}
