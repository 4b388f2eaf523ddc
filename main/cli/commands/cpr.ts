import { deflateSync } from 'node:zlib';
import { foldedAreas, safeColumns } from '../../../core/analysis/cpr/folds.ts';
import { isToScale } from '../../../core/analysis/cpr/lengths.ts';
import { cprPicture, cprScene } from '../../../core/analysis/cpr/picture.ts';
import type { CprMode, CprPicture } from '../../../core/analysis/cpr/types.ts';
import type { SampledLine } from '../../../core/analysis/types.ts';
import { problem } from '../../../core/base/problem.ts';
import { indexFromPatientPoint, invert } from '../../../core/geometry/matrices.ts';
import { patientPoint, type VolumeGeometry } from '../../../core/geometry/types.ts';
import { encodePng } from '../../../core/render/png.ts';
import type { Frame } from '../../../core/render/types.ts';
import { slabMostMm } from '../../../core/scene/mpr.ts';
import type { CurvedScene, Projection } from '../../../core/scene/types.ts';
import { asFileShows, startWindow } from '../../../core/scene/view.ts';
import { cliTerms } from '../../../core/terms/cli.ts';
import { say } from '../../../core/terms/term.ts';
import { createHostRenderer, renderFrame } from '../../host/render/pool.ts';
import type { HostVolume } from '../../host/render/volume-memory.ts';
import type { ParsedArguments } from '../arguments.ts';
import { type Command, CommandFailure, exitCodes, need, unlessInterrupted } from '../command.ts';
import { writeCurvedNrrd } from '../curved-nrrd.ts';
import { endOf, toHostVolume, toldVolume } from '../draw-volume.ts';
import { readLine } from '../line-file.ts';
import { loadVolume } from '../load-volume.ts';
import {
  drawnInterpolation,
  interpolationOf,
  needed,
  numbers,
  volumeWish,
  windowOf,
  wrong,
} from '../picture-options.ts';
import { writeOutput } from '../write-output.ts';

const modes: readonly CprMode[] = ['straightened', 'stretched', 'projected'];
const slabModes: readonly Projection[] = ['mip', 'mean', 'minip'];
const ranges = {
  spacing: [0.01, 20],
  width: [1, 1000],
  slab: [0, slabMostMm],
  angle: [-3600, 3600],
} as const;
const fallbacks = { spacing: 0.5, width: 50, slab: 0, angle: 0 } as const;

function measure(args: ParsedArguments, name: keyof typeof ranges): number {
  const [value = fallbacks[name]] = numbers(args, name, 1) ?? [];
  const [least, most] = ranges[name];
  if (!(value >= least && value <= most)) throw wrong(`--${name}`, String(value));
  return value;
}

function oneOf<T extends string>(args: ParsedArguments, name: string, known: readonly T[], fallback: T): T {
  const text = args.values.get(name) ?? fallback;
  const found = known.find((candidate) => candidate === text);
  if (found === undefined) throw wrong(`--${name}`, text);
  return found;
}

function askedOf(args: ParsedArguments) {
  const out = needed(args, 'out');
  if (!/\.(nrrd|png)$/i.test(out)) throw wrong('--out', out);
  const slabMm = measure(args, 'slab');
  const slabMode = oneOf(args, 'slab-mode', slabModes, 'mip');
  // As of planes: without a slab there is nothing to project through.
  if (args.values.has('slab-mode') && !args.values.has('slab')) throw wrong('--slab-mode', slabMode);
  return {
    out,
    lineFile: needed(args, 'line'),
    mode: oneOf(args, 'mode', modes, 'straightened'),
    angleDeg: measure(args, 'angle'),
    spacingMm: measure(args, 'spacing'),
    widthMm: measure(args, 'width'),
    window: windowOf(args),
    look: {
      slabMm,
      projection: slabMm > 0 ? slabMode : 'none',
      interpolation: interpolationOf(args),
      background: [0, 0, 0],
    } satisfies Partial<CurvedScene>,
  };
}

/** Mm of the line that lie outside of the volume. */
function outsideMm(line: SampledLine, { size, patientFromIndex }: VolumeGeometry): number {
  const inverse = invert(patientFromIndex);
  let outside = 0;
  for (let n = 0; inverse && n < line.count; n += 1) {
    const [x, y, z] = line.points.subarray(3 * n, 3 * n + 3) as unknown as [number, number, number];
    const at = indexFromPatientPoint(inverse, patientPoint(x, y, z));
    if (at.some((i, axis) => i < -0.5 || i > size[axis]! - 0.5)) outside += 1;
  }
  return outside === line.count ? line.lengthMm : outside * line.stepMm;
}

async function draw(volume: HostVolume, scene: CurvedScene): Promise<Frame> {
  const renderer = await createHostRenderer(volume);
  try {
    return await renderFrame(renderer, scene, scene);
  } finally {
    renderer.dispose();
  }
}

function fileBytes(path: string, picture: CprPicture, { values, rgba }: Frame): Uint8Array {
  const { width, height, spacingMm } = picture;
  if (!path.toLowerCase().endsWith('.png'))
    return writeCurvedNrrd(picture, values ?? new Float32Array(width * height));
  const deflate = (bytes: Uint8Array): Uint8Array => deflateSync(bytes);
  // A size of pixels would invite to measure what is not to scale.
  return encodePng(rgba, width, height, { deflate, ...(isToScale(picture) && { spacingMm }) });
}

const thousandth = (value: number): number => Math.round(value * 1000) / 1000;

/** Lays a line's surroundings flat: values as NRRD (NaN = no data), or a windowed PNG. */
export const cprCommand: Command = {
  name: 'cpr',
  usage:
    'SERIES|STUDY|PATH --line FILE.json --out FILE.nrrd|.png [--mode straightened|stretched|projected] [--angle DEG] [--slab MM] [--slab-mode mip|mean|minip] [--width MM] [--spacing MM] [--interpolation nearest|linear|cubic] [--window WIDTH,CENTER] [--group NAME] [--reduce N] [--json] [--data DIR]',
  options: [
    'line',
    'out',
    'mode',
    'angle',
    'slab',
    'slab-mode',
    'width',
    'spacing',
    'interpolation',
    'window',
    'group',
    'reduce',
  ].map((name) => ({ name, takesValue: true })),
  positionals: { least: 1, most: 1 },
  async run(args, context) {
    const { out, lineFile, mode, angleDeg, spacingMm, widthMm, window, look } = askedOf(args);
    const line = await readLine(lineFile, spacingMm);
    // As much above and below what is seen from one side as beside it.
    const marginMm = mode === 'projected' ? widthMm / 2 : 0;
    const options = { spacingMm, widthMm, marginMm, angleRad: (angleDeg * Math.PI) / 180 };
    const picture = need(cprPicture(line, mode, options), exitCodes.wrongUsage);
    const { width, height } = picture;
    const loading = loadVolume(args.positionals[0]!, volumeWish(args), context);
    const loaded = await unlessInterrupted(loading, context.signal);
    const beyondMm = outsideMm(line, loaded.geometry);
    if (beyondMm >= line.lengthMm) throw new CommandFailure(problem('LINE_OUTSIDE', {}, lineFile));
    const volume = toHostVolume(loaded, width * height);
    const values = window ?? startWindow(loaded.attributes, volume.percentiles);
    const scene = cprScene(picture, { ...look, window: asFileShows(values, loaded.isFileInverted) });
    const frame = await unlessInterrupted(draw(volume, scene), context.signal);
    await writeOutput(out, fileBytes(out, picture, frame));
    const told = toldVolume(loaded, context);
    const safe = safeColumns(picture, look.projection === 'none' ? 0 : look.slabMm);
    const json = {
      mode,
      size: [width, height],
      spacingMm,
      angleDeg,
      slabMm: look.slabMm,
      slabMode: look.projection,
      interpolation: drawnInterpolation(look),
      lengthMm: thousandth(line.lengthMm),
      outsideMm: thousandth(beyondMm),
      toScale: isToScale(picture),
      folded: foldedAreas(picture, safe).map((area) => area.map(({ column, row }) => [column, row])),
      ...told,
    };
    const { language } = context;
    const notes = [
      ...(json.toScale ? [] : [say(language, cliTerms['cli.notToScale'])]),
      ...(json.folded.length > 0 ? [say(language, cliTerms['cli.folded'])] : []),
    ];
    const length = say(language, cliTerms['cli.lineLength'], { mm: line.lengthMm.toFixed(1) });
    return {
      ...endOf(loaded),
      json,
      text: [`${out}  ${width}×${height}  ${length}  ${loaded.group.verdict.kind}`, ...notes].join('\n'),
    };
  },
};
