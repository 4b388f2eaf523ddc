import type { PatientPoint, PatientVector } from '../../geometry/types.ts';
import type { LinePiece, SampledLine } from '../types.ts';

/** Ribs and spine as they were found: plain data, LPS mm, without names (those are given by `labels.ts`). */

export type Side = 'left' | 'right';

/** A vertebra, from the top of the spine downwards. */
export interface FoundVertebra {
  readonly id: string;
  /** Of the vertebral body. */
  readonly centreMm: PatientPoint;
  /** Unit, along the spine, towards the feet. */
  readonly down: PatientVector;
  /** From the middle of the disc above to the middle of the disc below. */
  readonly heightMm: number;
  /** Arc length along the spine's line. */
  readonly atMm: number;
  /** Cut by the volume's border: height and centre are taken from its neighbours. */
  readonly isCut: boolean;
  /** The sides to which the images reach far enough for its rib to be found; absent = both. */
  readonly ribSides?: readonly Side[];
}

/** A rib from its head to its front end. */
export interface FoundRib {
  readonly id: string;
  readonly side: Side;
  /** Of the vertebra whose number it has; null where none was found for it. */
  readonly vertebraId: string | null;
  /** found along bone; weak over gaps and steps (fractures, artefacts); drawn at its head. */
  readonly pieces: readonly LinePiece[];
  readonly lengthMm: number;
  /** Ends at the volume's border. */
  readonly isCut: boolean;
}

export interface FoundBones {
  /** Middle of the vertebral canal, from the top downwards, evenly spaced. */
  readonly canalMm: readonly PatientPoint[];
  /** Through the vertebral bodies, frames with `right` to the patient's left; empty (count 0) without vertebrae. */
  readonly spine: SampledLine;
  /** From the top downwards. */
  readonly vertebrae: readonly FoundVertebra[];
  /** Left ribs from the top downwards, then right ones. */
  readonly ribs: readonly FoundRib[];
}
