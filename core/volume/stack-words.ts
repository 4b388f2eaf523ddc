import { valueUnit } from '../dicom/value-unit.ts';
import { nearestPlane } from '../geometry/orientation.ts';
import { patientVector, type Vec3 } from '../geometry/types.ts';
import type { Name } from './distinct-names.ts';
import type { FrameEntry } from './frames.ts';
import { knownTypes } from './names.ts';
import { isSpacing, normalOf, poseOf, type SlicePose } from './order.ts';

const both = (text: string): Name => ({ zh: text, en: text });
const short = (value: number, digits: number): string => String(Number(value.toFixed(digits)) + 0);

/** Patient axes (LPS) that the planes are stacked along. */
const axes = { sagittal: 0, coronal: 1, axial: 2 } as const;

/** Centre of a picture in patient mm. */
function centreOf({ position, row, column }: SlicePose, { attributes, format }: FrameEntry): Vec3 {
  const [betweenRows = 0, betweenColumns = 0] = attributes.PixelSpacing ?? [];
  const [across, down] = [((format.columns - 1) / 2) * betweenColumns, ((format.rows - 1) / 2) * betweenRows];
  return [0, 1, 2].map((x) => position[x]! + row[x]! * across + column[x]! * down) as unknown as Vec3;
}

/** Where the middles of the pictures lie along the patient's axis nearest to the normal: "z -120…40 mm". */
function rangeOf(frames: readonly FrameEntry[]): Name | null {
  const first = poseOf(frames[0]!.attributes);
  if (!first) return null;
  const axis = axes[nearestPlane(patientVector(...normalOf(first))).name];
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const frame of frames) {
    const pose = poseOf(frame.attributes);
    if (!pose) return null;
    const mm = centreOf(pose, frame)[axis];
    low = Math.min(low, mm);
    high = Math.max(high, mm);
  }
  const [from, to] = [short(low, 1), short(high, 1)];
  return both(`${'xyz'[axis]} ${from === to ? from : `${from}…${to}`} mm`);
}

/** How far the slices are turned off the plane they are named after. */
function turnOf({ attributes }: FrameEntry): Name | null {
  const pose = poseOf(attributes);
  if (!pose) return null;
  const degrees = short((nearestPlane(patientVector(...normalOf(pose))).angleRad * 180) / Math.PI, 0);
  return { zh: `斜 ${degrees}°`, en: `${degrees}° oblique` };
}

function pixelsOf({ attributes: { PixelSpacing: spacing } }: FrameEntry): Name | null {
  if (!isSpacing(spacing)) return null;
  const [rows, columns] = spacing.map((mm) => short(mm, 3));
  const text = rows === columns ? rows : `${columns} × ${rows}`;
  return { zh: `像素 ${text} mm`, en: `pixels ${text} mm` };
}

const unitOf = ({ attributes: a }: FrameEntry): Name | null => {
  const unit = a.RealWorldUnit ?? a.Units ?? valueUnit(a);
  return unit === '' ? null : both(unit);
};

/**
 * What a reader can tell a stack by, the most readable first: its kind of picture, unit, place, turn, pixels and number of
 * slices; null where a word means nothing to it.
 */
export const stackWords = (frames: readonly FrameEntry[]): readonly (Name | null)[] => [
  knownTypes(frames[0]!.attributes),
  unitOf(frames[0]!),
  rangeOf(frames),
  turnOf(frames[0]!),
  pixelsOf(frames[0]!),
  { zh: `${frames.length} 幅`, en: `${frames.length} ${frames.length === 1 ? 'image' : 'images'}` },
];
