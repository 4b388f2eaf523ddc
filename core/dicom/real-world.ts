import type { Collected } from './attribute-reader.ts';
import type { Flags } from './flags.ts';
import type { Item } from './items.ts';
import { numbersOf, textOf } from './picture-parts.ts';
import { VR } from './vr.ts';

/**
 * Real-world values (PS3.3 C.7.6.16.2.11) of files that have no modality transform: where stored values mean something only
 * by a mapping, and there is one that leaves no choice, it stands in the place of slope and intercept, with its unit.
 */
interface Mapping {
  readonly slope: number;
  readonly intercept: number;
  /** As written beside values; empty for pure numbers. */
  readonly unit: string;
}

/** What the walk found: the items of each mapping sequence, by the part of the header they stand in. */
export type FoundMappings = ReadonlyMap<Collected, readonly Item[]>;

const mappedSlope = 0x00409225;
const mappedIntercept = 0x00409224;
const mappedTable = 0x00409212;
const unitsSequence = 0x004008ea;
const codeValue = 0x00080100;
const codingScheme = 0x00080102;
const codeMeaning = 0x00080104;
const longestUnit = 32;

/** Codes of UCUM as people write them. */
const writtenUnits: Readonly<Record<string, string>> = {
  '1': '',
  "[hnsf'U]": 'HU',
  'um2/s': 'µm²/s',
  'mm2/s': 'mm²/s',
  '{SUVbw}g/ml': 'g/ml SUVbw',
  '{SUVlbm}g/ml': 'g/ml SUVlbm',
  '{SUVbsa}cm2/ml': 'cm²/ml SUVbsa',
};

/** The unit that an item names; undefined without one, which leaves its values without meaning. */
function unitOf(item: Item): string | undefined {
  const code = item.get(unitsSequence)?.items?.[0];
  const value = code && textOf(code.get(codeValue))?.trim();
  if (!code || !value) return undefined;
  const isUcum = textOf(code.get(codingScheme))?.trim() === 'UCUM';
  const unit = isUcum ? (writtenUnits[value] ?? value) : (textOf(code.get(codeMeaning))?.trim() ?? value);
  return unit.slice(0, longestUnit);
}

/** A line that rises, with a unit; undefined without a unit, 'unclear' for tables and what is no line. */
function mappingOf(item: Item): Mapping | 'unclear' | undefined {
  const unit = unitOf(item);
  if (unit === undefined) return undefined;
  const [slope = Number.NaN] = numbersOf(item.get(mappedSlope), VR.FD);
  const [intercept = Number.NaN] = numbersOf(item.get(mappedIntercept), VR.FD);
  const isLine = Number.isFinite(slope) && slope > 0 && Number.isFinite(intercept);
  return isLine && !item.has(mappedTable) ? { slope, intercept, unit } : 'unclear';
}

/** The mapping that all items agree in. */
function oneMapping(items: readonly Item[]): Mapping | 'unclear' | undefined {
  const [first, ...others] = items.map(mappingOf);
  if (first === undefined && others.every((other) => other === undefined)) return undefined;
  const isOne =
    typeof first === 'object' &&
    others.every(
      (other) =>
        typeof other === 'object' &&
        other.slope === first.slope &&
        other.intercept === first.intercept &&
        other.unit === first.unit,
    );
  return isOne ? first : 'unclear';
}

/** Dose is stored in steps of Dose Grid Scaling (PS3.3 C.8.8.3). */
function doseMapping({ Modality, DoseGridScaling, DoseUnits }: Collected): Mapping | undefined {
  const isDose = Modality === 'RTDOSE' && typeof DoseGridScaling === 'number' && DoseGridScaling > 0;
  if (!isDose || !Number.isFinite(DoseGridScaling)) return undefined;
  return { slope: DoseGridScaling, intercept: 0, unit: DoseUnits === 'GY' ? 'Gy' : '' };
}

/**
 * A window over stored values as one over what they mean: LINEAR's half steps are those of stored values (C.11.2.1.2.1).
 * @param isFloat floating-point pixels, which have no steps (`windowsOf`).
 */
function moveWindows(
  target: Collected,
  windows: Collected,
  { slope, intercept }: Mapping,
  isFloat: boolean,
): void {
  const [centers, widths] = [windows['WindowCenter'], windows['WindowWidth']];
  if (!Array.isArray(centers) || !Array.isArray(widths)) return;
  const isLinear = !isFloat && (windows['VOILUTFunction'] ?? 'LINEAR') === 'LINEAR';
  const half = isLinear ? 0.5 : 0;
  target['WindowCenter'] = (centers as number[]).map((center) => (center - half) * slope + intercept);
  // A width of 1 is a threshold.
  target['WindowWidth'] = (widths as number[]).map((width) => Math.max(width - 2 * half, 1e-6) * slope);
  if (isLinear) target['VOILUTFunction'] = 'LINEAR_EXACT';
}

export interface StoredPixels {
  /** No lookup table of the file, and no colours, stand between stored values and grey. */
  readonly isPlain: boolean;
  readonly isFloat: boolean;
}

export interface HeaderParts {
  readonly root: Collected;
  readonly shared: readonly Collected[];
  readonly perFrame: readonly Collected[];
}

/**
 * Sets RescaleSlope, RescaleIntercept, RescaleType and RealWorldUnit where a mapping is all that gives values a meaning, and
 * moves the windows along. A rescale anywhere in the header comes first. REAL_WORLD_UNCLEAR where there is a choice.
 */
export function settleRealWorld(
  parts: HeaderParts,
  found: FoundMappings,
  { isPlain, isFloat }: StoredPixels,
  flags: Flags,
): void {
  const { root, shared, perFrame } = parts;
  if (found.size === 0 && root['DoseGridScaling'] === undefined) return;
  const levels = [[root], shared, perFrame];
  const isRescaled = levels
    .flat()
    .some((part) => part['RescaleSlope'] !== undefined || part['RescaleIntercept'] !== undefined);
  if (isRescaled || !isPlain) return;
  const dose = doseMapping(root);
  const level = dose ? 0 : levels.findLastIndex((own) => own.some((part) => found.has(part)));
  let inherited: Collected = {};
  for (const part of [root, ...shared.slice(0, 1)].slice(0, level)) inherited = { ...inherited, ...part };
  for (const part of levels[level] ?? []) {
    const mapping = dose ?? oneMapping(found.get(part) ?? []);
    if (mapping === 'unclear') flags.add('REAL_WORLD_UNCLEAR');
    if (mapping === undefined || mapping === 'unclear') continue;
    const { VOILUTFunction } = { ...inherited, ...part };
    moveWindows(part, { ...inherited, ...part }, mapping, isFloat);
    for (const finer of levels.slice(level + 1).flat())
      if (finer['WindowCenter'] !== undefined)
        moveWindows(finer, { VOILUTFunction, ...finer }, mapping, isFloat);
    part['RescaleSlope'] = mapping.slope;
    part['RescaleIntercept'] = mapping.intercept;
    part['RescaleType'] = mapping.unit === 'HU' ? 'HU' : 'US';
    part['RealWorldUnit'] = mapping.unit;
  }
}
