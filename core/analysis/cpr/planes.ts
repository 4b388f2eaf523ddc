import {
  type PatientPoint,
  type PatientVector,
  type Plane,
  patientPoint,
  patientVector,
} from '../../geometry/types.ts';
import type { SliceScene } from '../../scene/types.ts';
import type { SampledLine } from '../types.ts';
import { frameNumbers, framePlaces, readFrame } from './line-frame.ts';

/** Flat pictures along a line: sections across it and cuts along it. */
const vector = (frame: Float64Array, at: number): PatientVector =>
  patientVector(frame[at]!, frame[at + 1]!, frame[at + 2]!);

interface TurnedFrame {
  readonly origin: PatientPoint;
  readonly tangent: PatientVector;
  readonly right: PatientVector;
  readonly down: PatientVector;
}

function turnedFrame(line: SampledLine, sMm: number, angleRad: number): TurnedFrame {
  const frame = new Float64Array(frameNumbers);
  readFrame(line, Math.min(Math.max(sMm, 0), line.lengthMm), frame);
  const [r, d] = [vector(frame, framePlaces.right), vector(frame, framePlaces.down)];
  const [cos, sin] = [Math.cos(angleRad), Math.sin(angleRad)];
  const mixed = (x: number, y: number): PatientVector =>
    patientVector(x * r[0] + y * d[0], x * r[1] + y * d[1], x * r[2] + y * d[2]);
  return {
    origin: patientPoint(frame[0]!, frame[1]!, frame[2]!),
    tangent: vector(frame, framePlaces.tangent),
    right: mixed(cos, sin),
    down: mixed(-sin, cos),
  };
}

/** The plane across the line at `sMm`, seen along it: its normal points onwards. Rights turn with no twist. */
export function sectionPlane(line: SampledLine, sMm: number, angleRad = 0): Plane {
  const { origin, right, down } = turnedFrame(line, sMm, angleRad);
  return { origin, right, down };
}

/** The plane along the line at `sMm`: the line goes downwards through its middle, `angleRad` turns it about the line. */
export function longitudinalPlane(line: SampledLine, sMm: number, angleRad = 0): Plane {
  const { origin, right, tangent } = turnedFrame(line, sMm, angleRad);
  return { origin, right, down: tangent };
}

export type PlaneLook = Omit<SliceScene, 'kind' | 'plane'>;

export const sectionScene = (line: SampledLine, sMm: number, look: PlaneLook, angleRad = 0): SliceScene => ({
  kind: 'slice',
  plane: sectionPlane(line, sMm, angleRad),
  ...look,
});

/** Arc lengths `stepMm` apart from the line's start on, its end included where a step meets it. */
export function sectionArcs(line: SampledLine, stepMm: number): readonly number[] {
  if (!(stepMm > 0) || !(line.lengthMm > 0)) return line.count > 0 ? [0] : [];
  return Array.from({ length: Math.floor(line.lengthMm / stepMm + 1e-9) + 1 }, (_, n) =>
    Math.min(n * stepMm, line.lengthMm),
  );
}
