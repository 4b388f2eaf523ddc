import { resolve } from 'node:path';
import { problem } from '../../../core/base/problem.ts';
import * as syntaxes from '../../../core/dicom/write/transfer-syntax.ts';
import { knownAnswers } from '../../../core/phantom/known-answers.ts';
import type { Orientation } from '../../../core/phantom/options.ts';
import type { Contrast } from '../../../core/phantom/tissue.ts';
import { cliTerms } from '../../../core/terms/cli.ts';
import { say } from '../../../core/terms/term.ts';
import type { PortablePhantomOptions } from '../../host/demo/operations.ts';
import { type WrittenPhantom, writePhantom } from '../../host/demo/write-phantom.ts';
import { numbersOf, type ParsedArguments, wholeOf } from '../arguments.ts';
import { type Command, CommandFailure, exitCodes, need } from '../command.ts';

const orientations: readonly Orientation[] = ['axial', 'sagittal', 'coronal', 'oblique'];
const contrasts: readonly Contrast[] = ['ct', 'mr', 'pet'];
const writeSyntaxes = {
  implicit: syntaxes.implicitLittleEndian,
  explicit: syntaxes.explicitLittleEndian,
  'big-endian': syntaxes.explicitBigEndian,
  deflated: syntaxes.deflatedLittleEndian,
  rle: syntaxes.rleLossless,
} as const;

const wrong = (name: string, value: string): CommandFailure =>
  new CommandFailure(problem('INPUT_INVALID', { name, value }), exitCodes.wrongUsage);

function oneOf<T extends string>(args: ParsedArguments, name: string, known: readonly T[]): T | undefined {
  const text = args.values.get(name);
  if (text === undefined) return undefined;
  const found = known.find((candidate) => candidate === text);
  if (found === undefined) throw wrong(`--${name}`, text);
  return found;
}

function numberOf(args: ParsedArguments, name: string): number | undefined {
  const text = args.values.get(name);
  return text === undefined ? undefined : need(numbersOf(name, text, 1), exitCodes.wrongUsage)[0];
}

function listOf(args: ParsedArguments, name: string): number[] | undefined {
  const text = args.values.get(name);
  return text === undefined
    ? undefined
    : need(numbersOf(name, text, text.split(',').length), exitCodes.wrongUsage);
}

/** `--spacing 0.7` or `ROW,COLUMN` or `ROW,COLUMN,SLICE`; all in mm and above zero. */
function spacingOf(args: ParsedArguments): Pick<PortablePhantomOptions, 'spacingMm' | 'sliceGapsMm'> {
  const spacing = listOf(args, 'spacing');
  const gaps = listOf(args, 'gaps');
  for (const [name, list] of [
    ['--spacing', spacing],
    ['--gaps', gaps],
  ] as const)
    if (list?.some((mm) => !(mm > 0))) throw wrong(name, list.join(','));
  if (spacing && spacing.length > 3) throw wrong('--spacing', spacing.join(','));
  const gap = spacing?.[2];
  return {
    ...(spacing && { spacingMm: [spacing[0]!, spacing[1] ?? spacing[0]!] as const }),
    ...(gap !== undefined && { sliceGapsMm: gap }),
    ...(gaps && { sliceGapsMm: gaps.length === 1 ? gaps[0]! : gaps }),
  };
}

/** Slices that one command writes at most. */
const mostSlices = 10_000;

/** `--slices`, else one more than the gaps between them. */
function slicesOf(args: ParsedArguments, gaps: PortablePhantomOptions['sliceGapsMm']): number | undefined {
  const text = args.values.get('slices');
  const asked = text === undefined ? undefined : need(wholeOf('slices', text, 1), exitCodes.wrongUsage);
  if (asked !== undefined && asked > mostSlices) throw wrong('--slices', text!);
  if (gaps === undefined || typeof gaps === 'number') return asked;
  if (gaps.length !== (asked ?? gaps.length + 1) - 1) throw wrong('--gaps', gaps.join(','));
  return gaps.length + 1;
}

/** The options of a command line, as `phantomSeries` takes them. */
export function phantomOptions(args: ParsedArguments): PortablePhantomOptions {
  const size = args.values.get('size');
  const match = size === undefined ? null : /^([1-9]\d{0,3})x([1-9]\d{0,3})$/.exec(size);
  if (size !== undefined && !match) throw wrong('--size', size);
  const seedText = args.values.get('seed');
  const seed = seedText === undefined ? undefined : need(wholeOf('seed', seedText, 0), exitCodes.wrongUsage);
  const [tilt, thickness, noise] = [
    numberOf(args, 'tilt'),
    numberOf(args, 'thickness'),
    numberOf(args, 'noise'),
  ];
  if (tilt !== undefined && Math.abs(tilt) > 45) throw wrong('--tilt', String(tilt));
  if (thickness !== undefined && !(thickness > 0)) throw wrong('--thickness', String(thickness));
  if (noise !== undefined && noise < 0) throw wrong('--noise', String(noise));
  const center = args.values.get('center');
  const centreMm =
    center === undefined ? undefined : need(numbersOf('center', center, 3), exitCodes.wrongUsage);
  const orientation = oneOf(args, 'orientation', orientations as readonly string[]) as
    | Orientation
    | undefined;
  const contrast = oneOf(args, 'contrast', contrasts);
  const syntax = oneOf(args, 'syntax', Object.keys(writeSyntaxes) as (keyof typeof writeSyntaxes)[]);
  const spacing = spacingOf(args);
  const slices = slicesOf(args, spacing.sliceGapsMm);
  const pictures = {
    ...spacing,
    ...(match && { size: [Number(match[1]), Number(match[2])] as const }),
    ...(centreMm && { centreMm: [centreMm[0]!, centreMm[1]!, centreMm[2]!] as const }),
    ...(slices !== undefined && { slices }),
    ...(seed !== undefined && { seed }),
    ...(tilt !== undefined && { gantryTiltDeg: tilt }),
    ...(thickness !== undefined && { thicknessMm: thickness }),
    ...(noise !== undefined && { noiseHu: noise }),
    ...(orientation !== undefined && { orientation }),
    ...(contrast !== undefined && { contrast }),
    reversed: args.switches.has('reversed'),
    beads: args.switches.has('beads'),
  };
  return {
    ...pictures,
    ...(syntax !== undefined && { syntax: writeSyntaxes[syntax] }),
    // Other pictures are another series, of the same study; the same ones in another syntax are the same objects.
    seriesKey: JSON.stringify(pictures),
  };
}

function phasesOf(args: ParsedArguments): number {
  const text = args.values.get('phases');
  const phases = text === undefined ? 1 : need(wholeOf('phases', text, 1), exitCodes.wrongUsage);
  if (phases > 100) throw wrong('--phases', String(phases));
  return phases;
}

/** One phase after the other into one folder. */
async function writePhases(
  options: PortablePhantomOptions,
  count: number,
  outDir: string,
  signal: AbortSignal,
): Promise<WrittenPhantom> {
  if (count === 1) return need(await writePhantom({ options, outDir, signal }));
  const written: WrittenPhantom[] = [];
  for (let index = 0; index < count; index++)
    written.push(
      need(await writePhantom({ options: { ...options, phase: { index, count } }, outDir, signal })),
    );
  return {
    ...written[0]!,
    files: written.flatMap((phase) => phase.files),
    sizeBytes: written.reduce((sum, phase) => sum + phase.sizeBytes, 0),
  };
}

/** Writes a phantom series and prints its known answers. */
export const phantomCommand: Command = {
  name: 'phantom',
  usage:
    '--out DIR [--size CxR] [--slices N] [--spacing ROW,COLUMN[,SLICE]] [--gaps MM,MM,…] [--thickness MM] [--center X,Y,Z] [--orientation axial|sagittal|coronal|oblique] [--tilt DEG] [--reversed] [--contrast ct|mr|pet] [--noise HU] [--seed N] [--syntax implicit|explicit|big-endian|deflated|rle] [--phases N] [--beads] [--json]',
  options: [
    ...[
      'out',
      'size',
      'slices',
      'spacing',
      'gaps',
      'thickness',
      'center',
      'orientation',
      'tilt',
      'contrast',
      'noise',
      'seed',
      'syntax',
      'phases',
    ].map((name) => ({ name, takesValue: true })),
    { name: 'reversed', takesValue: false },
    { name: 'beads', takesValue: false },
  ],
  positionals: { least: 0, most: 0 },
  async run(args, context) {
    const out = args.values.get('out');
    if (out === undefined) throw wrong('--out', '');
    const options = phantomOptions(args);
    const written = await writePhases(options, phasesOf(args), resolve(out), context.signal);
    const json = {
      out,
      StudyInstanceUID: written.studyInstanceUid,
      SeriesInstanceUID: written.seriesInstanceUid,
      files: written.files.length,
      bytes: written.sizeBytes,
      answers: knownAnswers(options),
    };
    return {
      exitCode: exitCodes.done,
      json,
      text: say(context.language, cliTerms['cli.written'], { out, files: written.files.length }),
    };
  },
};
