import { problem } from '../../../core/base/problem.ts';
import { patientPoint } from '../../../core/geometry/types.ts';
import { standardViews } from '../../../core/scene/camera.ts';
import { planeNames } from '../../../core/scene/mpr.ts';
import { volumePresets, windowLevel } from '../../../core/scene/presets.ts';
import type { Projection } from '../../../core/scene/types.ts';
import { type NamedViewRequest, sceneOfView } from '../../../core/scene/view.ts';
import { problemText } from '../../../core/terms/terms.ts';
import { renderPng } from '../../host/render/pool.ts';
import { allocateHostVolume, type HostVolume, hostVolume } from '../../host/render/volume-memory.ts';
import { numbersOf, type ParsedArguments } from '../arguments.ts';
import { type Command, CommandFailure, exitCodes, need, unlessInterrupted } from '../command.ts';
import { type LoadedVolume, loadVolume } from '../load-volume.ts';
import { writeOutput } from '../write-output.ts';

const wrong = (name: string, value: string): CommandFailure =>
  new CommandFailure(problem('INPUT_INVALID', { name, value }), exitCodes.wrongUsage);

const viewNames: readonly string[] = [...planeNames, '3d', ...Object.keys(standardViews)];
const projections: readonly Projection[] = ['none', 'mip', 'minip', 'mean'];
const largestSide = 8192;

function sizeOf(text: string): { width: number; height: number } {
  const match = /^(\d+)x(\d+)$/.exec(text);
  const [width, height] = [Number(match?.[1]), Number(match?.[2])];
  if (!match || width < 1 || height < 1 || width > largestSide || height > largestSide)
    throw wrong('--size', text);
  return { width, height };
}

function requestOf(args: ParsedArguments): NamedViewRequest {
  const numbers = (name: string, count: number): number[] | undefined => {
    const text = args.values.get(name);
    return text === undefined ? undefined : need(numbersOf(name, text, count), exitCodes.wrongUsage);
  };
  const centre = numbers('center', 3);
  const window = numbers('window', 2);
  const slab = numbers('slab', 1);
  const mode = args.values.get('mode') ?? (slab ? 'mip' : 'none');
  const projection = projections.find((name) => name === mode);
  if (!projection) throw wrong('--mode', mode);
  if (window && !(window[0]! > 0)) throw wrong('--window', window.join(','));
  if (slab && !(slab[0]! >= 0 && slab[0]! <= 200)) throw wrong('--slab', String(slab[0]));
  const presetId = args.values.get('preset');
  if (presetId !== undefined && !volumePresets.some((preset) => preset.id === presetId))
    throw wrong('--preset', presetId);
  return {
    ...sizeOf(args.values.get('size') ?? '512x512'),
    ...(centre && { centre: patientPoint(centre[0]!, centre[1]!, centre[2]!) }),
    ...(window && { window: windowLevel(window[0]!, window[1]!) }),
    ...(slab && { slabMm: slab[0]! }),
    projection,
    ...(presetId !== undefined && { presetId }),
  };
}

/** The voxels in the memory that render threads share. */
function toHostVolume({ geometry, group, voxels }: LoadedVolume, pixels: number): HostVolume {
  const request = {
    geometry,
    scalarType: group.scalarType === 'int16' ? 'int16' : 'float32',
    maxOutputPixels: pixels,
  } as const;
  const empty = allocateHostVolume(request);
  if (!empty) throw new CommandFailure(problem('VOLUME_TOO_LARGE'));
  empty.voxels.set(voxels);
  return hostVolume(empty, request);
}

/** Draws one picture on the CPU road: neither browser nor GPU. */
export const renderCommand: Command = {
  name: 'render',
  usage:
    'SERIES|STUDY|PATH --view axial|sagittal|coronal|3d|A|P|L|R|H|F --out FILE.png [--size WxH] [--preset NAME] [--window WIDTH,CENTER] [--center X,Y,Z] [--slab MM] [--mode mip|minip|mean] [--group NAME] [--json] [--data DIR]',
  options: ['view', 'out', 'size', 'preset', 'window', 'center', 'slab', 'mode', 'group'].map((name) => ({
    name,
    takesValue: true,
  })),
  positionals: { least: 1, most: 1 },
  async run(args, context) {
    const view = args.values.get('view') ?? '3d';
    const out = args.values.get('out');
    if (!out?.toLowerCase().endsWith('.png')) throw wrong('--out', out ?? '');
    if (!viewNames.includes(view)) throw wrong('--view', view);
    const request = requestOf(args);
    const loading = loadVolume(args.positionals[0]!, args.values.get('group'), context);
    const loaded = await unlessInterrupted(loading, context.signal);
    const volume = toHostVolume(loaded, request.width * request.height);
    const scene = sceneOfView(loaded.geometry, view, loaded.attributes, volume.percentiles, request);
    if (!scene) throw wrong('--view', view);
    await writeOutput(out, await unlessInterrupted(renderPng(volume, scene, request), context.signal));
    const problems = loaded.problems.map((found) => ({
      code: found.code,
      message: problemText(context.language, found).sentence,
    }));
    const json = {
      view,
      width: request.width,
      height: request.height,
      verdict: loaded.group.verdict,
      group: loaded.group.nameEn || loaded.group.id,
      SeriesInstanceUID: loaded.plan.common.SeriesInstanceUID ?? '',
      problems,
    };
    return {
      exitCode: problems.length > 0 ? exitCodes.doneWithProblems : exitCodes.done,
      json,
      text: `${out}  ${view}  ${request.width}×${request.height}  ${loaded.group.verdict.kind}`,
    };
  },
};
