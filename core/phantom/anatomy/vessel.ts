/** A named vessel: exact centreline, open radius and an optional stenosis. */
import type { Vec3 } from '../../geometry/types.ts';
import type { PartName } from '../part.ts';
import { type Path, splinePath } from '../tube.ts';

export interface Stenosis {
  /** Arc length of the throat's middle. */
  readonly atMm: number;
  /** Share of the diameter that is lost, 0–1. */
  readonly diameterShare: number;
  /** Half length of the whole narrowing and of its even throat. */
  readonly halfLengthMm: number;
  readonly halfThroatMm: number;
}

export interface Vessel {
  readonly id: string;
  readonly name: PartName;
  readonly kind: 'artery' | 'vein';
  readonly path: Path;
  /** Radius without the stenosis. */
  readonly openRadiusMm: (arcMm: number) => number;
  readonly stenosis?: Stenosis;
}

/** Lumen radius with the stenosis: a cosine shoulder on either side of an even throat. */
export function lumenRadiusMm(vessel: Vessel, arcMm: number): number {
  const open = vessel.openRadiusMm(arcMm);
  const lesion = vessel.stenosis;
  if (!lesion) return open;
  const away = Math.abs(arcMm - lesion.atMm) - lesion.halfThroatMm;
  const shoulder = lesion.halfLengthMm - lesion.halfThroatMm;
  if (away >= shoulder) return open;
  const depth = away <= 0 ? 1 : 0.5 + 0.5 * Math.cos((Math.PI * away) / shoulder);
  return open * (1 - lesion.diameterShare * depth);
}

export const constant = (r: number) => (): number => r;
export const taper = (from: number, to: number, overMm: number) => (s: number) =>
  from + (to - from) * Math.min(1, s / overMm);

export const vessel = (
  id: string,
  zh: string,
  en: string,
  kind: Vessel['kind'],
  points: readonly Vec3[],
  openRadiusMm: Vessel['openRadiusMm'],
  stenosis?: Stenosis,
): Vessel => ({
  id,
  name: { zh, en },
  kind,
  path: splinePath(points, 0.75),
  openRadiusMm,
  ...(stenosis && { stenosis }),
});
