import { problem } from '../../core/base/problem.ts';
import { normalise } from '../../core/geometry/matrices.ts';
import { orthonormalPlane } from '../../core/geometry/planes.ts';
import { type PatientVector, type Plane, patientPoint, patientVector } from '../../core/geometry/types.ts';
import { backgroundOf, backgrounds } from '../../core/scene/backgrounds.ts';
import { slabMostMm } from '../../core/scene/mpr.ts';
import { volumePresets, windowLevel } from '../../core/scene/presets.ts';
import type { Interpolation, Projection, Rgb, SliceScene, WindowLevel } from '../../core/scene/types.ts';
import { largestReduction } from '../../core/volume/reduce.ts';
import { numbersOf, type OptionMistake, type ParsedArguments, wholeOf } from './arguments.ts';
import { CommandFailure, exitCodes, need } from './command.ts';
import type { VolumeWish } from './load-volume.ts';

/** What commands that draw take from their options; every mistake ends the command with exit code 2. */
export const wrong = (name: string, value: string): CommandFailure =>
  new CommandFailure(problem('INPUT_INVALID', { name, value }), exitCodes.wrongUsage);

const projections: readonly Projection[] = ['none', 'mip', 'minip', 'mean'];
const interpolations: readonly Interpolation[] = ['nearest', 'linear', 'cubic'];
export const largestSide = 8192;
/** Finest and coarsest pixels that a picture may have, in mm. */
const pixelRangeMm = [1e-4, 1e3] as const;
/** Sine of the smallest angle between `--right` and `--up` that still says where up is. */
const leastSine = 1e-3;

export function numbers(args: ParsedArguments, name: string, count: number): number[] | undefined {
  const text = args.values.get(name);
  return text === undefined ? undefined : need(numbersOf(name, text, count), exitCodes.wrongUsage);
}

/** A whole number in a range; `fallback` when the option is left out. */
export function whole<T extends number | undefined>(
  args: ParsedArguments,
  name: string,
  [least, most]: readonly [number, number],
  fallback: T,
): number | T {
  const text = args.values.get(name);
  if (text === undefined) return fallback;
  const number = need(wholeOf(name, text, least), exitCodes.wrongUsage);
  if (number > most) throw wrong(`--${name}`, text);
  return number;
}

export function needed(args: ParsedArguments, name: string): string {
  const text = args.values.get(name);
  if (text) return text;
  const found = problem('INPUT_INVALID', {
    name: `--${name}`,
    value: '',
    mistake: 'missing' satisfies OptionMistake,
  });
  throw new CommandFailure(found, exitCodes.wrongUsage);
}

export function sizeOf(text: string): { width: number; height: number } {
  const match = /^(\d+)x(\d+)$/.exec(text);
  const [width, height] = [Number(match?.[1]), Number(match?.[2])];
  if (!match || width < 1 || height < 1 || width > largestSide || height > largestSide)
    throw wrong('--size', text);
  return { width, height };
}

export function windowOf(args: ParsedArguments): WindowLevel | undefined {
  const window = numbers(args, 'window', 2);
  if (window && !(window[0]! > 0)) throw wrong('--window', window.join(','));
  return window && windowLevel(window[0]!, window[1]!);
}

export interface Slab {
  readonly slabMm: number;
  readonly projection: Projection;
}

/**
 * `--slab` and `--mode` over the slab that a scene brings: what is left out stays. A slab without a mode is a maximum; a mode
 * needs a slab, as one thin plane has none.
 */
export function slabOf(args: ParsedArguments, own?: Slab): Slab {
  const given = numbers(args, 'slab', 1)?.[0];
  if (given !== undefined && !(given >= 0 && given <= slabMostMm)) throw wrong('--slab', String(given));
  const had = own && own.projection !== 'none' ? own : undefined;
  const slabMm = given ?? had?.slabMm;
  const mode = args.values.get('mode') ?? had?.projection ?? (slabMm === undefined ? 'none' : 'mip');
  const projection = projections.find((name) => name === mode);
  if (!projection || (slabMm === undefined && projection !== 'none')) throw wrong('--mode', mode);
  return { slabMm: slabMm ?? 0, projection };
}

/** `--group` and `--reduce`. */
export const volumeWish = (args: ParsedArguments): VolumeWish => ({
  group: args.values.get('group'),
  reduction: whole(args, 'reduce', [1, largestReduction], 1),
});

export function interpolationOf(args: ParsedArguments): Interpolation {
  const name = args.values.get('interpolation') ?? 'linear';
  const found = interpolations.find((candidate) => candidate === name);
  if (!found) throw wrong('--interpolation', name);
  return found;
}

/** What is drawn with: slabs are never cubic, whatever was asked. */
export const drawnInterpolation = ({
  interpolation,
  slabMm,
  projection,
}: Slab & { readonly interpolation: Interpolation }): Interpolation =>
  interpolation === 'cubic' && slabMm > 0 && projection !== 'none' ? 'linear' : interpolation;

export function presetOf(args: ParsedArguments): string | undefined {
  const presetId = args.values.get('preset');
  if (presetId !== undefined && !volumePresets.some((preset) => preset.id === presetId))
    throw wrong('--preset', presetId);
  return presetId;
}

/** `--background`, by its name on the page. */
export function backdropOf(args: ParsedArguments): { readonly background?: Rgb } {
  const name = args.values.get('background');
  const found = backgroundOf(name);
  if (name !== undefined && !found) throw wrong('--background', name);
  return found ? { background: backgrounds[found] } : {};
}

function directionOf(args: ParsedArguments, name: string): PatientVector {
  const text = needed(args, name);
  const [x, y, z] = numbers(args, name, 3) as [number, number, number];
  const longest = Math.max(Math.abs(x), Math.abs(y), Math.abs(z));
  if (!(longest > 0)) throw wrong(`--${name}`, text);
  // Scaled first, so that the length of huge and tiny vectors neither overflows nor vanishes.
  return normalise(patientVector(x / longest, y / longest, z / longest));
}

/** `--center`, `--right` and `--up`: right keeps its direction, up is made perpendicular; parallel ones are refused. */
function planeOf(args: ParsedArguments): Plane {
  needed(args, 'center');
  const [x, y, z] = numbers(args, 'center', 3) as [number, number, number];
  const right = directionOf(args, 'right');
  const up = directionOf(args, 'up');
  const cosine = right[0] * up[0] + right[1] * up[1] + right[2] * up[2];
  if (1 - cosine * cosine < leastSine * leastSine) throw wrong('--up', args.values.get('up') ?? '');
  return orthonormalPlane(patientPoint(x, y, z), right, patientVector(-up[0], -up[1], -up[2]));
}

/** Millimetres from pixel to pixel. */
function pixelSpacingOf(args: ParsedArguments): number {
  const text = needed(args, 'spacing');
  const [spacingMm] = numbers(args, 'spacing', 1) as [number];
  if (!(spacingMm >= pixelRangeMm[0] && spacingMm <= pixelRangeMm[1])) throw wrong('--spacing', text);
  return spacingMm;
}

/** The plane of `slice` and of the first of `reformat`'s, all but its window. */
export const sliceOf = (args: ParsedArguments): Omit<SliceScene, 'window'> => ({
  kind: 'slice',
  plane: planeOf(args),
  spacingMm: pixelSpacingOf(args),
  ...sizeOf(needed(args, 'size')),
  ...slabOf(args),
  interpolation: interpolationOf(args),
  background: [0, 0, 0],
});
