/**
 * The scaffold every organ is placed on: the spine's curve, the rib cage, the trunk and the abdominal
 * cavity. LPS mm: +x the patient's left, +y posterior, +z the head; z = 0 lies at the twelfth rib's head.
 */
import type { Vec3 } from '../../geometry/types.ts';
import { type Loft, loft } from '../loft.ts';
import { interpolate } from '../vector.ts';

export interface VertebraLevel {
  readonly label: string;
  /** Centre of the vertebral body. */
  readonly centre: Vec3;
  readonly heightMm: number;
  readonly discBelowMm: number;
  readonly halfWidthMm: number;
  readonly halfDepthMm: number;
  /** Forward tilt of the upper end plate about the x axis. */
  readonly tiltRad: number;
}

/** y of the vertebral bodies' centres: thoracic kyphosis, lumbar lordosis. */
const spineCurve: readonly (readonly [number, number])[] = [
  [-330, 92],
  [-290, 84],
  [-250, 66],
  [-215, 47],
  [-190, 36],
  [-150, 30],
  [-115, 29],
  [-80, 33],
  [-40, 41],
  [0, 49],
  [40, 55],
  [80, 59],
  [120, 60],
  [160, 56],
  [200, 47],
  [230, 38],
  [260, 30],
  [300, 25],
];

const smoothCurve = (z: number): number => {
  let sum = 0;
  for (let n = -4; n <= 4; n++) sum += interpolate(spineCurve, z + n * 6);
  return sum / 9;
};

export const spineY = smoothCurve;
export const spineTilt = (z: number): number => Math.atan2(smoothCurve(z + 5) - smoothCurve(z - 5), 10);

const labels = 'C6 C7 T1 T2 T3 T4 T5 T6 T7 T8 T9 T10 T11 T12 L1 L2 L3 L4 L5'.split(' ');
const heights = [13, 14, 15, 15.5, 16, 16.5, 17, 17.5, 18, 18.5, 19, 20, 21, 22.5, 24, 25, 25.5, 26, 26];
const discs = [4.5, 4.5, 3.5, 3.2, 3, 3, 3, 3.2, 3.5, 3.8, 4.2, 4.6, 5.2, 6, 7, 8, 9, 10, 9];
const widths = [13, 14, 15, 14.5, 14, 14, 14.2, 14.6, 15.2, 16, 17, 18, 19, 20, 21.5, 22.5, 23.5, 24.5, 25.5];
const depths = [
  8.5, 9, 9.5, 10.5, 11.2, 12, 12.8, 13.4, 14, 14.6, 15, 15.4, 15.6, 15.8, 16, 16.4, 16.8, 17, 17,
];

function buildSpine(): readonly VertebraLevel[] {
  const top = 275;
  let z = top;
  return labels.map((label, n) => {
    const heightMm = heights[n]!;
    const centreZ = z - heightMm / 2;
    z -= heightMm + discs[n]!;
    return {
      label,
      centre: [0.8 * Math.sin(centreZ / 70), spineY(centreZ), centreZ],
      heightMm,
      discBelowMm: discs[n]!,
      halfWidthMm: widths[n]!,
      halfDepthMm: depths[n]!,
      tiltRad: spineTilt(centreZ),
    };
  });
}

export const spine: readonly VertebraLevel[] = buildSpine();
export const vertebra = (label: string): VertebraLevel => spine.find((level) => level.label === label)!;

/** Surface through the ribs' centre lines. */
export const cage: Loft = loft([
  [-110, 120, 94, 62, -6, 0.3],
  [-80, 124, 98, 68, -6, 0.3],
  [-40, 131, 102, 78, -4, 0.3],
  [0, 137, 105, 86, -3, 0.3],
  [40, 141, 107, 91, -3, 0.3],
  [80, 139, 104, 93, -2, 0.3],
  [120, 131, 96, 92, 0, 0.28],
  [160, 114, 82, 85, 5, 0.24],
  [190, 94, 67, 72, 12, 0.2],
  [212, 73, 54, 56, 18, 0.15],
  [232, 52, 42, 38, 24, 0.1],
  [250, 36, 32, 26, 27, 0.1],
]);

/** Inside of the abdominal wall muscles. */
export const abdomen: Loft = loft([
  [-340, 84, 62, 70, 12, 0.3],
  [-300, 96, 72, 74, 8, 0.35],
  [-250, 108, 82, 78, 4, 0.4],
  [-200, 120, 86, 74, 2, 0.4],
  [-150, 122, 84, 68, 0, 0.4],
  [-100, 120, 84, 66, -2, 0.36],
  [-50, 122, 90, 70, -3, 0.32],
  [0, 128, 96, 76, -3, 0.3],
  [60, 128, 92, 82, -3, 0.3],
  [80, 120, 86, 80, -2, 0.3],
]);

/** The skin of trunk and neck, without the arms. */
export const trunk: Loft = loft([
  [-420, 172, 92, 124, 2, 0.42],
  [-340, 179, 98, 124, 2, 0.4],
  [-290, 180, 103, 122, 2, 0.38],
  [-240, 177, 109, 118, 0, 0.36],
  [-200, 170, 112, 113, 0, 0.34],
  [-150, 159, 112, 106, 0, 0.32],
  [-100, 151, 112, 102, 0, 0.3],
  [-50, 150, 116, 105, 0, 0.28],
  [0, 155, 120, 112, 0, 0.28],
  [40, 161, 123, 118, 0, 0.28],
  [80, 165, 123, 121, 0, 0.28],
  [120, 168, 118, 121, 1, 0.3],
  [160, 172, 108, 116, 4, 0.32],
  [195, 172, 94, 106, 10, 0.32],
  [216, 158, 86, 90, 16, 0.28],
  [236, 118, 72, 74, 22, 0.2],
  [254, 78, 57, 58, 25, 0.12],
  [275, 62, 54, 50, 26, 0.1],
  [330, 60, 54, 52, 26, 0.1],
]);
