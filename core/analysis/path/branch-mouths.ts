import { dot, moved } from '../../geometry/matrices.ts';
import { type PatientPoint, type PatientVector, patientVector } from '../../geometry/types.ts';
import { distanceMm } from '../curve/polyline.ts';
import type { FieldSampler } from '../lumen/field-sampler.ts';
import type { LineKind, ScalarField } from '../types.ts';
import { guessLumen } from './lumen-guess.ts';
import { type SectionCentre, type SectionReader, sectionRay } from './section-centre.ts';
import { type SnappedPoint, snapPoint } from './snap-point.ts';

/** Side branches of a followed lumen: where the rays of its sections ran into something narrower that leads away. */
export interface BranchMouth {
  /** In the branch, about a diameter of the parent from its middle: a click to go on from. */
  readonly pointMm: PatientPoint;
  /** Unit, away from the parent. */
  readonly direction: PatientVector;
  readonly radiusMm: number;
  /** From the start of the line. */
  readonly atMm: number;
}

/** A place of a followed lumen, with its section. */
export interface Station {
  readonly at: PatientPoint;
  readonly tangent: PatientVector;
  readonly right: PatientVector;
  readonly down: PatientVector;
  readonly section: SectionCentre;
}

/** A branch's radius by that of its parent; wider is a chamber or another vessel that touches. */
const mouthWidest = 0.95;
/** Of a believable branch no more rays are open. */
const openMost = 0.08;
/** Cosine of the largest angle between the way out and the branch's course. */
const leastAlong = 0.15;

/** One mouth for each branch, in the order of the line. `leadsOn`: from there it goes on as a lumen of its own. */
export function branchMouths(
  field: ScalarField,
  sampler: FieldSampler,
  reader: SectionReader,
  stations: readonly Station[],
  kind: LineKind,
  leadsOn: (mouth: SnappedPoint, direction: PatientVector) => boolean,
): BranchMouth[] {
  const mouths: BranchMouth[] = [];
  const tried: PatientPoint[] = [];
  const isKnown = (at: PatientPoint, radii: number): boolean =>
    mouths.some((mouth) => distanceMm(mouth.pointMm, at) < radii * Math.max(1.5, mouth.radiusMm));
  let atMm = 0;
  stations.forEach((station, n) => {
    if (n > 0) atMm += distanceMm(stations[n - 1]!.at, station.at);
    const { radiusMm } = station.section;
    for (const ray of station.section.leaks) {
      const direction = patientVector(...sectionRay(station.right, station.down, ray));
      const inside = moved(station.at, direction, 2 * radiusMm + 1);
      if (isKnown(inside, 2.2) || tried.some((place) => distanceMm(place, inside) < 0.5 * radiusMm)) continue;
      tried.push(inside);
      if (!reader.isInBand(reader.valueAt(inside))) continue;
      const found = branchAt(field, sampler, inside, { kind, direction, parentMm: radiusMm });
      if (!found || isKnown(found.pointMm, 2) || isOnLine(stations, found.pointMm)) continue;
      if (!leadsOn(found, direction)) continue;
      mouths.push({ pointMm: found.pointMm, direction, radiusMm: found.radiusMm, atMm });
    }
  });
  return mouths;
}

/** The middle of the branch around a place; null where there is none. */
function branchAt(
  field: ScalarField,
  sampler: FieldSampler,
  inside: PatientPoint,
  parent: { readonly kind: LineKind; readonly direction: PatientVector; readonly parentMm: number },
): SnappedPoint | null {
  const widest = mouthWidest * parent.parentMm;
  const guess = guessLumen(sampler, inside, parent.kind);
  if (!guess || !Number.isFinite(guess.around) || guess.openShare > openMost) return null;
  if (guess.radiusMm > widest) return null;
  const snapped = snapPoint(field, inside, { kind: parent.kind });
  if (!snapped.ok || snapped.value.radiusMm > widest) return null;
  const { movedMm, radiusMm, along } = snapped.value;
  if (movedMm > 2.5 * radiusMm || Math.abs(dot(along, parent.direction)) < leastAlong) return null;
  return snapped.value;
}

/** True for places in the followed lumen itself. */
const isOnLine = (stations: readonly Station[], at: PatientPoint): boolean =>
  stations.some((station) => distanceMm(station.at, at) < 1.2 * station.section.radiusMm);
