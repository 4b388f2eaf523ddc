import type { Attributes } from '../dicom/types.ts';
import type { FrameEntry } from './frames.ts';
import { axesOf, dot, normalOf, poseOf } from './order.ts';

/**
 * Series ≠ volume (lessons L6, L7). Frames are first divided by what can never share a grid (matrix, spacing,
 * orientation, frame of reference, localiser, stack). Where positions still repeat, they are divided by what
 * tells acquisitions apart (echo, b-value, time …) until every group has one frame a position.
 */
export interface SplitGroup {
  readonly frames: readonly FrameEntry[];
  /** What told this group from its siblings, e.g. ["DiffusionBValue", "1000"]. */
  readonly labels: readonly (readonly [string, string])[];
  /** True when positions repeat unevenly and nothing tells which frame belongs where. */
  readonly repeats: boolean;
}

/** Positions closer than this along the normal are one position. */
const samePositionMm = 0.01;

const rounded = (values: readonly number[] | undefined, digits: number): string =>
  values === undefined
    ? ''
    : values.map((value) => (Math.round(value * 10 ** digits) / 10 ** digits).toString()).join('\\');

const isLocalizer = (a: Attributes): boolean =>
  [...(a.ImageType ?? []), ...(a.FrameType ?? [])].includes('LOCALIZER');

/**
 * Whether frames of reference tell anything: some anonymisers give every slice a UID of its own, which would
 * tear one acquisition into single slices.
 */
function framesOfReferenceTell(frames: readonly FrameEntry[]): boolean {
  const uids = new Set(frames.map((frame) => frame.attributes.FrameOfReferenceUID ?? ''));
  return uids.size < frames.length || frames.length < 3;
}

function gridKey({ attributes: a, format }: FrameEntry, withReference: boolean): string {
  return [
    format.rows,
    format.columns,
    format.samplesPerPixel,
    rounded(a.PixelSpacing, 5),
    withReference ? (a.FrameOfReferenceUID ?? '') : '',
    isLocalizer(a) ? 'L' : '',
    a.StackID ?? '',
  ].join('|');
}

/** Cosine of the largest angle (about 0.1°) between slices of one orientation. */
const sameOrientationCosine = Math.cos(0.1 * (Math.PI / 180));

function byOrientation(frames: readonly FrameEntry[]): FrameEntry[][] {
  const groups: { key: ReturnType<typeof axesOf>; frames: FrameEntry[] }[] = [];
  for (const frame of frames) {
    const axes = axesOf(frame.attributes.ImageOrientationPatient);
    const home = groups.find(({ key }) =>
      axes === null || key === null
        ? axes === key
        : dot(axes.row, key.row) > sameOrientationCosine &&
          dot(axes.column, key.column) > sameOrientationCosine,
    );
    if (home) home.frames.push(frame);
    else groups.push({ key: axes, frames: [frame] });
  }
  return groups.map((group) => group.frames);
}

function partition(
  frames: readonly FrameEntry[],
  keyOf: (frame: FrameEntry) => string,
): Map<string, FrameEntry[]> {
  const parts = new Map<string, FrameEntry[]>();
  for (const frame of frames) {
    const key = keyOf(frame);
    const part = parts.get(key);
    if (part) part.push(frame);
    else parts.set(key, [frame]);
  }
  return parts;
}

/** Position of each frame along the first frame's normal, in steps of `samePositionMm`; null without geometry. */
function positionKeys(frames: readonly FrameEntry[]): string[] | null {
  const first = frames[0] && poseOf(frames[0].attributes);
  if (!first) return null;
  const normal = normalOf(first);
  const located: { at: number; mm: number }[] = [];
  for (const [at, frame] of frames.entries()) {
    const pose = poseOf(frame.attributes);
    if (!pose) return null;
    located.push({ at, mm: dot(pose.position, normal) });
  }
  located.sort((a, b) => a.mm - b.mm);
  const keys = new Array<string>(frames.length).fill('');
  let current = 0;
  for (const [order, { at, mm }] of located.entries()) {
    if (order > 0 && mm - located[order - 1]!.mm > samePositionMm) current = order;
    keys[at] = String(current);
  }
  return keys;
}

const hasRepeats = (frames: readonly FrameEntry[]): boolean => {
  const keys = positionKeys(frames);
  return keys !== null && new Set(keys).size < keys.length;
};

/** What may tell repeated positions apart, most telling first. */
const dividers: readonly (readonly [string, (a: Attributes) => string])[] = [
  ['FrameType', (a) => (a.FrameType ?? a.ImageType ?? []).slice(2).join('\\')],
  ['EchoTime', (a) => String(a.EchoNumbers ?? a.EchoTime ?? '')],
  ['DiffusionBValue', (a) => String(a.DiffusionBValue ?? '')],
  ['DiffusionGradientOrientation', (a) => rounded(a.DiffusionGradientOrientation, 4)],
  ['TemporalPosition', (a) => String(a.TemporalPositionIndex ?? a.TemporalPositionIdentifier ?? '')],
  ['TriggerTime', (a) => String(a.NominalCardiacTriggerDelayTime ?? a.TriggerTime ?? '')],
  ['SequenceName', (a) => a.SequenceName ?? ''],
  ['KVP', (a) => String(a.KVP ?? '')],
  ['ConvolutionKernel', (a) => (a.ConvolutionKernel ?? []).join('\\')],
  ['AcquisitionNumber', (a) => String(a.AcquisitionNumber ?? '')],
];

function divide(frames: readonly FrameEntry[], from: number): SplitGroup[] {
  if (!hasRepeats(frames)) return [{ frames, labels: [], repeats: false }];
  for (let at = from; at < dividers.length; at++) {
    const [name, keyOf] = dividers[at]!;
    const parts = partition(frames, (frame) => keyOf(frame.attributes));
    if (parts.size < 2 || !separates(frames, parts)) continue;
    return [...parts]
      .sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }))
      .flatMap(([value, part]) =>
        divide(part, at + 1).map((group) => ({
          ...group,
          labels: [[name, value] as const, ...group.labels],
        })),
      );
  }
  return byOccurrence(frames);
}

/**
 * A divider counts only if it parts frames of the same position more than it parts positions: AcquisitionNumber
 * that runs with the slices would otherwise cut one volume into single slices.
 */
function separates(
  frames: readonly FrameEntry[],
  parts: ReadonlyMap<string, readonly FrameEntry[]>,
): boolean {
  const keys = positionKeys(frames);
  if (!keys) return false;
  const positions = new Set(keys).size;
  let best = 0;
  for (const part of parts.values()) {
    const own = positionKeys(part);
    best = Math.max(best, own ? new Set(own).size : 0);
  }
  return best > positions / 2;
}

/** Last resort: the first frame of every position, then the second … in order of instance and frame. */
function byOccurrence(frames: readonly FrameEntry[]): SplitGroup[] {
  const keys = positionKeys(frames);
  if (!keys) return [{ frames, labels: [], repeats: false }];
  const order = frames
    .map((frame, at) => ({ frame, key: keys[at]! }))
    .sort((a, b) => byInstance(a.frame, b.frame));
  const seen = new Map<string, number>();
  const groups: FrameEntry[][] = [];
  for (const { frame, key } of order) {
    const nth = seen.get(key) ?? 0;
    seen.set(key, nth + 1);
    const group = groups[nth];
    if (group) group.push(frame);
    else groups[nth] = [frame];
  }
  // The same count everywhere is a clean repetition; uneven counts leave it open which frame belongs where.
  const repeats = groups.some((group) => group.length !== groups[0]!.length);
  return groups.map((group, nth) => ({
    frames: group,
    labels: [['Repeat', String(nth + 1)]],
    repeats,
  }));
}

/** File order of a reader without geometry: InstanceNumber, then SOP instance, then frame. */
export function byInstance(a: FrameEntry, b: FrameEntry): number {
  const numbers = (a.attributes.InstanceNumber ?? 0) - (b.attributes.InstanceNumber ?? 0);
  if (numbers !== 0) return numbers;
  const uids = (a.attributes.SOPInstanceUID ?? '').localeCompare(b.attributes.SOPInstanceUID ?? '', 'en', {
    numeric: true,
  });
  return uids !== 0 ? uids : a.frame - b.frame;
}

/** Divides the frames of a series into groups of one frame a position, largest first within the file's order. */
export function splitFrames(frames: readonly FrameEntry[]): SplitGroup[] {
  const groups: SplitGroup[] = [];
  const withReference = framesOfReferenceTell(frames);
  for (const [, grid] of partition(frames, (frame) => gridKey(frame, withReference)))
    for (const oriented of byOrientation(grid)) groups.push(...divide(oriented, 0));
  return groups;
}
