import { between, cross, dot, length, moved, normalise, scale } from '../geometry/matrices.ts';
import { type PatientPoint, type PatientVector, patientPoint, patientVector } from '../geometry/types.ts';
import type { Camera, Rgb, TransferFunction } from './types.ts';

/** The part of a sampled line (core/analysis) that a flight needs: three numbers a station, LPS mm. */
export interface FlyLine {
  readonly count: number;
  readonly stepMm: number;
  readonly lengthMm: number;
  readonly points: Float64Array;
  readonly tangents: Float64Array;
  readonly downs: Float64Array;
}

export interface FlyLook {
  /** Full vertical angle of the lens. */
  readonly viewAngleRad: number;
  /** The camera looks at the line this far on: the longer, the calmer. */
  readonly lookAheadMm: number;
  /** Looks the other way without turning round. */
  readonly isBack: boolean;
}

export const usualFlyLook: FlyLook = { viewAngleRad: Math.PI / 2, lookAheadMm: 12, isBack: false };

function vectorAt(numbers: Float64Array, { count, stepMm }: FlyLine, sMm: number): PatientVector {
  const at = Math.min(Math.max(sMm / stepMm, 0), count - 1);
  const first = Math.min(Math.floor(at), Math.max(count - 2, 0));
  const share = at - first;
  const mix = (axis: number): number => {
    const a = numbers[first * 3 + axis]!;
    return share === 0 ? a : a + share * (numbers[first * 3 + 3 + axis]! - a);
  };
  return patientVector(mix(0), mix(1), mix(2));
}

/** A point of the line; beyond its ends straight on. */
export function flyPoint(line: FlyLine, sMm: number): PatientPoint {
  const within = Math.min(Math.max(sMm, 0), line.lengthMm);
  const at = vectorAt(line.points, line, within);
  const point = patientPoint(at[0], at[1], at[2]);
  if (within === sMm) return point;
  return moved(point, normalise(vectorAt(line.tangents, line, within)), sMm - within);
}

/** Any unit vector at right angles to a unit one. */
function besides(direction: PatientVector): PatientVector {
  const axis = Math.abs(direction[0]) < 0.6 ? patientVector(1, 0, 0) : patientVector(0, 1, 0);
  return normalise(cross(direction, axis));
}

/**
 * The camera on a line at `sMm` millimetres from its start (kept to it), looking along it. Up is the frames'
 * own up, which does not twist; turning to look back keeps it. Null for a line of fewer than two stations
 * or without length.
 */
export function flyCamera(line: FlyLine, sMm: number, look: FlyLook = usualFlyLook): Camera | null {
  if (line.count < 2 || !(line.lengthMm > 0) || !Number.isFinite(sMm)) return null;
  const s = Math.min(Math.max(sMm, 0), line.lengthMm);
  const position = flyPoint(line, s);
  const ahead = between(position, flyPoint(line, look.isBack ? s - look.lookAheadMm : s + look.lookAheadMm));
  const tangent = normalise(vectorAt(line.tangents, line, s));
  // A line that comes back to itself has nothing ahead: then its own direction counts.
  const direction =
    length(ahead) > look.lookAheadMm * 0.1 ? normalise(ahead) : scale(tangent, look.isBack ? -1 : 1);
  const up = scale(vectorAt(line.downs, line, s), -1);
  const upright = between(
    patientPoint(0, 0, 0),
    moved(patientPoint(up[0], up[1], up[2]), direction, -dot(up, direction)),
  );
  return {
    position,
    focalPoint: moved(position, direction, look.lookAheadMm),
    viewUp: length(upright) > 0.05 ? normalise(upright) : besides(direction),
    lens: { kind: 'perspective', viewAngleRad: look.viewAngleRad },
  };
}

/** Where a flight is after `elapsedS` seconds; a negative speed flies backwards. It stops at the ends. */
export function flyOn(
  line: FlyLine,
  sMm: number,
  speedMmPerS: number,
  elapsedS: number,
): { readonly sMm: number; readonly isAtEnd: boolean } {
  const wanted = sMm + speedMmPerS * elapsedS;
  const kept = Math.min(Math.max(wanted, 0), line.lengthMm);
  return {
    sMm: kept,
    isAtEnd: (speedMmPerS > 0 && wanted >= line.lengthMm) || (speedMmPerS < 0 && wanted <= 0),
  };
}

const mucosa: Rgb = [236, 160, 138];
const intima: Rgb = [214, 74, 58];
/** Modality units over which the wall becomes opaque. */
const wallWidth = 120;

/**
 * What one sees from inside: an opaque wall about `threshold`, nothing of the lumen. `lumen`: darker than the wall
 * (airway, colon with gas) or brighter (vessel with contrast).
 */
export function flyTransfer(lumen: 'dark' | 'bright', threshold: number): TransferFunction {
  const [low, high] = [threshold - wallWidth / 2, threshold + wallWidth / 2];
  const [before, after] = lumen === 'dark' ? [0, 0.98] : [0.98, 0];
  const colour = lumen === 'dark' ? mucosa : intima;
  const pale = colour.map((c) => Math.round(c + (255 - c) * 0.35)) as unknown as Rgb;
  const [first, second] = lumen === 'dark' ? [colour, pale] : [pale, colour];
  return {
    unit: 'modality',
    opacity: [
      { value: low, opacity: before },
      { value: high, opacity: after },
    ],
    colour: [
      { value: low, colour: first },
      { value: high, colour: second },
    ],
  };
}
