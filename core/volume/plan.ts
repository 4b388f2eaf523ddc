import { type Problem, problem } from '../base/problem.ts';
import type { Attributes, FrameAttributes } from '../dicom/types.ts';
import { formatOf } from '../pixels/format.ts';
import type { PixelFormat } from '../pixels/types.ts';
import { setPlaces } from './dimensions.ts';
import { distinctNames, type Name } from './distinct-names.ts';
import { byInstance, compareUids } from './file-order.ts';
import { type FrameEntry, frameSizeBytes, framesOf, type PlanItem, pixelFormatOf } from './frames.ts';
import { groupName } from './names.ts';
import { dot, normalOf, poseOf } from './order.ts';
import { type SplitGroup, splitFrames } from './split.ts';
import { stackWords } from './stack-words.ts';
import type { PlanFrame, PlanInstance, SeriesPlan, VolumeGroup } from './types.ts';
import { type GroupGeometry, groupGeometry } from './verdict.ts';

export interface PlanKeys {
  readonly planId: string;
  readonly seriesKey: string;
  readonly studyKey: string;
  readonly stored: boolean;
  readonly demo: boolean;
}

/**
 * Makes a series ready to read: frames in display order, volume groups with geometry, common attributes hoisted.
 * Pure and independent of the order of `items` (lesson L2).
 */
export function buildSeriesPlan(items: readonly PlanItem[], keys: PlanKeys): SeriesPlan {
  const sorted = [...items].sort((a, b) => order(a.scan.attributes, b.scan.attributes));
  const { kept, aside } = putAside(sorted);
  const entries = sorted.flatMap((item, at) => (kept.has(at) ? framesOf(item, at) : []));
  const common = commonOf(sorted.filter((_, at) => kept.has(at)).map((item) => item.scan.attributes));
  const frames: PlanFrame[] = [];
  const splits = splitFrames(entries);
  const geometries = splits.map((split) => groupGeometry([...split.frames].sort(byInstance), split));
  const places = setPlaces(
    splits,
    geometries.map((geometry) => geometry.regular),
  );
  const toFrame = frameMaker(sorted, common);
  const names = namesOf(splits, geometries);
  const groups = geometries.map((geometry, at) => {
    const { dimension, doubt } = places[at]!;
    const { verdict } = geometry;
    const firstFrame = frames.length;
    for (const entry of geometry.order) frames.push(toFrame(entry));
    const name = names[at]!;
    const group: VolumeGroup = {
      id: `g${at}`,
      nameZh: name.zh,
      nameEn: name.en,
      frames: geometry.order.map((_, index) => firstFrame + index),
      displayReversed: fallsWithInstanceNumber(geometry.order),
      verdict: doubt ? { ...verdict, reasons: [...verdict.reasons, doubt] } : verdict,
      acquired: geometry.acquired,
      regular: geometry.regular,
      ...(geometry.resampleK && { resampleK: geometry.resampleK }),
      ...(geometry.shearMm && { shearMm: geometry.shearMm }),
      scalarType: scalarTypeOf(geometry.order, sorted),
      ...(dimension && { dimension }),
    };
    return group;
  });
  const guess = sorted.find((item) => item.scan.charsetGuess)?.scan.charsetGuess;
  return {
    ...keys,
    ...(guess && { charsetGuess: guess }),
    common,
    instances: sorted.map((item) => planInstance(item, common)),
    frames,
    groups: groups.sort((a, b) => b.frames.length - a.frames.length),
    aside,
  };
}

function namesOf(splits: readonly SplitGroup[], geometries: readonly GroupGeometry[]): Name[] {
  return distinctNames(
    splits.map((split, at) => {
      const [first] = geometries[at]!.order;
      const { attributes, format } = first!;
      const pose = split.scattered === 'orientation' ? null : poseOf(attributes);
      return {
        name: groupName(split, splits, first!),
        normal: pose && normalOf(pose),
        columns: format.columns,
        rows: format.rows,
        words: stackWords(geometries[at]!.order),
      };
    }),
  );
}

function order(a: Attributes, b: Attributes): number {
  const numbers = (a.InstanceNumber ?? 0) - (b.InstanceNumber ?? 0);
  if (numbers !== 0) return numbers;
  return compareUids(a.SOPInstanceUID ?? '', b.SOPInstanceUID ?? '');
}

/** Objects without a picture, and slices of another patient or study, are never shown within the series. */
function putAside(items: readonly PlanItem[]): {
  kept: Set<number>;
  aside: { instance: number; reason: Problem }[];
} {
  const owner = (a: Attributes): string => `${a.PatientID ?? ''}|${a.StudyInstanceUID ?? ''}`;
  const votes = new Map<string, number>();
  for (const { scan } of items)
    votes.set(owner(scan.attributes), (votes.get(owner(scan.attributes)) ?? 0) + 1);
  const majority = [...votes].sort((a, b) => b[1] - a[1])[0]?.[0];
  const kept = new Set<number>();
  const aside: { instance: number; reason: Problem }[] = [];
  for (const [instance, item] of items.entries()) {
    if (owner(item.scan.attributes) !== majority)
      aside.push({ instance, reason: problem('IDENTITY_AMBIGUOUS') });
    else {
      const format = formatOf(item.scan);
      if (format.ok) kept.add(instance);
      else aside.push({ instance, reason: format.problem });
    }
  }
  return { kept, aside };
}

/** Structural equality of attribute values: numbers, strings, arrays and names. */
function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((value, at) => same(value, b[at]));
  const keysA = Object.keys(a);
  return (
    keysA.length === Object.keys(b).length &&
    keysA.every((key) => same((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]))
  );
}

function commonOf(all: readonly Attributes[]): Attributes {
  const first = all[0];
  if (!first) return {};
  const keys = (Object.keys(first) as (keyof Attributes)[]).filter((key) =>
    all.every((attributes) => same(attributes[key], first[key])),
  );
  return Object.fromEntries(keys.map((key) => [key, first[key]])) as Attributes;
}

function differing<T extends object>(own: T, from: Attributes): Partial<T> {
  return Object.fromEntries(
    Object.entries(own).filter(([key, value]) => !same(value, (from as Record<string, unknown>)[key])),
  ) as Partial<T>;
}

function planInstance(item: PlanItem, common: Attributes): PlanInstance {
  const { scan } = item;
  return {
    instanceKey: item.instanceKey,
    sopInstanceUID: scan.attributes.SOPInstanceUID ?? '',
    transferSyntaxUID: scan.transferSyntaxUID,
    deflated: scan.deflated,
    format: pixelFormatOf(scan),
    attributes: differing(scan.attributes, common),
    ...(scan.modalityLut && { modalityLut: scan.modalityLut }),
    ...(scan.voiLuts && { voiLuts: scan.voiLuts }),
    ...(scan.frameVoiLuts && { frameVoiLuts: scan.frameVoiLuts }),
    ...(scan.palette && { palette: scan.palette }),
    ...(scan.overlays && { overlays: scan.overlays }),
    ...(scan.shutter && { shutter: scan.shutter }),
    ...(scan.regions && { regions: scan.regions }),
    flags: scan.flags,
    sizeBytes: item.sizeBytes,
  };
}

/** What of an instance is the same for all its frames is worked out once. */
function frameMaker(items: readonly PlanItem[], common: Attributes): (entry: FrameEntry) => PlanFrame {
  const known = new Map<number, { readonly format: PixelFormat; readonly above: Attributes }>();
  return (entry) => {
    const { scan } = items[entry.instance]!;
    const own = known.get(entry.instance) ?? {
      format: pixelFormatOf(scan)!,
      above: { ...common, ...differing(scan.attributes, common) },
    };
    known.set(entry.instance, own);
    const frame = scan.perFrame?.[entry.frame];
    const groups: FrameAttributes = frame || scan.sharedFrame ? { ...scan.sharedFrame, ...frame } : {};
    const pose = poseOf(entry.attributes);
    return {
      instance: entry.instance,
      frame: entry.frame,
      sizeBytes: frameSizeBytes(scan, own.format, entry.frame),
      attributes: differing({ ...groups, ...entry.computed }, own.above),
      ...(pose && { locationMm: dot(pose.position, normalOf(pose)) }),
      ...(entry.tile && { tile: entry.tile }),
    };
  };
}

function fallsWithInstanceNumber(frames: readonly FrameEntry[]): boolean {
  let rises = 0;
  for (let at = 1; at < frames.length; at++) rises += Math.sign(byInstance(frames[at]!, frames[at - 1]!));
  return rises < 0;
}

/** Int16 holds a volume only when every slope is 1, intercepts are whole and the range fits (lesson L18). */
function scalarTypeOf(frames: readonly FrameEntry[], items: readonly PlanItem[]): VolumeGroup['scalarType'] {
  const first = frames[0]!;
  const isPalette = first.format.photometricInterpretation === 'PALETTE COLOR';
  if (first.format.samplesPerPixel === 3 || (isPalette && items[first.instance]!.scan.palette)) return 'rgb8';
  for (const { attributes: a, format, instance } of frames) {
    const slope = a.RescaleSlope ?? 1;
    const intercept = a.RescaleIntercept ?? 0;
    if (items[instance]!.scan.modalityLut || format.element !== 'PixelData') return 'float32';
    if (slope !== 1 || !Number.isInteger(intercept) || format.bitsAllocated > 16) return 'float32';
    const low = format.pixelRepresentation === 1 ? -(2 ** (format.bitsStored - 1)) : 0;
    const high = low + 2 ** format.bitsStored - 1;
    if (low + intercept < -32768 || high + intercept > 32767) return 'float32';
  }
  return 'int16';
}

/** Everything known of one frame of a plan: common ← instance ← frame. */
export function frameAttributes(plan: SeriesPlan, frameIndex: number): Attributes {
  const frame = plan.frames[frameIndex];
  if (!frame) return plan.common;
  return { ...plan.common, ...plan.instances[frame.instance]?.attributes, ...frame.attributes };
}
