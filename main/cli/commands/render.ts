import { problem } from '../../../core/base/problem.ts';
import { patientPoint } from '../../../core/geometry/types.ts';
import type { Scene } from '../../../core/scene/types.ts';
import { type NamedViewRequest, sceneOfView, sideOfView, viewNames } from '../../../core/scene/view.ts';
import { renderPng } from '../../host/render/pool.ts';
import type { ParsedArguments } from '../arguments.ts';
import { type Command, type CommandContext, unlessInterrupted } from '../command.ts';
import { drawFrame } from '../draw-frame.ts';
import {
  drawableScene,
  endOf,
  problemsOfPreset,
  secondVolume,
  toHostVolume,
  toldVolume,
} from '../draw-volume.ts';
import { loadAnyVolume } from '../load-volume.ts';
import { problemsOfScene } from '../one-slice.ts';
import {
  backdropOf,
  numbers,
  presetOf,
  sizeOf,
  slabOf,
  volumeWish,
  windowOf,
  wrong,
} from '../picture-options.ts';
import { adjustedScene, readScene } from '../scene-file.ts';
import { writeOutput } from '../write-output.ts';

/** Options of a plane mean nothing to a side of 3D, and its preset nothing to a plane. */
const notForSides = ['center', 'slab', 'mode'] as const;
const notForPlanes = ['preset', 'background'] as const;

function requestOf(args: ParsedArguments, view: string): NamedViewRequest {
  for (const name of sideOfView(view) === undefined ? notForPlanes : notForSides) {
    const value = args.values.get(name);
    if (value !== undefined) throw wrong(`--${name}`, value);
  }
  const centre = numbers(args, 'center', 3);
  const window = windowOf(args);
  const presetId = presetOf(args);
  return {
    ...sizeOf(args.values.get('size') ?? '512x512'),
    ...slabOf(args),
    ...backdropOf(args),
    ...(centre && { centre: patientPoint(centre[0]!, centre[1]!, centre[2]!) }),
    ...(window && { window }),
    ...(presetId !== undefined && { presetId }),
  };
}

/** A transfer function has no window: only projections do. */
function checkWindow(scene: Scene, args: ParsedArguments): void {
  const value = args.values.get('window');
  if (value !== undefined && scene.kind === 'volume' && scene.mode === 'composite')
    throw wrong('--window', value);
}

/** One frame of a series, whether it is a volume or not. */
async function renderFrame(args: ParsedArguments, context: CommandContext, out: string) {
  const drawn = await unlessInterrupted(drawFrame(args, context), context.signal);
  await writeOutput(out, drawn.png);
  const { group, slice, png } = drawn;
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  const [width, height] = [view.getUint32(16), view.getUint32(20)];
  const told = toldVolume(drawn, context);
  const slices = group.frames.length;
  return {
    ...endOf(drawn),
    json: { view: 'stack', width, height, slice, slices, ...told },
    text: `${out}  ${slice}/${slices}  ${width}×${height}  ${group.verdict.kind}`,
  };
}

/** Draws one picture on the CPU road: neither browser nor GPU. */
export const renderCommand: Command = {
  name: 'render',
  usage:
    'SERIES|STUDY|PATH --view stack|axial|sagittal|coronal|3d|anterior|posterior|left|right|head|feet|A|P|L|R|H|F --out FILE.png [--scene FILE.json] [--size WxH] [--preset NAME] [--background NAME] [--window WIDTH,CENTER] [--center X,Y,Z] [--slab MM] [--mode mip|minip|mean] [--slice N] [--group NAME] [--reduce N] [--json] [--data DIR]',
  options: [
    'view',
    'out',
    'scene',
    'size',
    'preset',
    'background',
    'window',
    'center',
    'slab',
    'mode',
    'slice',
    'group',
    'reduce',
  ].map((name) => ({ name, takesValue: true })),
  positionals: { least: 1, most: 1 },
  async run(args, context) {
    const view = args.values.get('view') ?? '3d';
    const out = args.values.get('out');
    if (!out?.toLowerCase().endsWith('.png')) throw wrong('--out', out ?? '');
    if (view === 'stack') return renderFrame(args, context, out);
    if (!viewNames.includes(view)) throw wrong('--view', view);
    const slice = args.values.get('slice');
    if (slice !== undefined) throw wrong('--slice', slice);
    const file = args.values.get('scene');
    const request: NamedViewRequest =
      file === undefined ? requestOf(args, view) : sizeOf(args.values.get('size') ?? '512x512');
    const given = file === undefined ? null : adjustedScene(await readScene(file), args);
    const plane = given && given.kind !== 'volume' ? given : null;
    const size = plane ? { width: plane.width, height: plane.height } : request;
    const loading = loadAnyVolume(args.positionals[0]!, volumeWish(args), context);
    const loaded = await unlessInterrupted(loading, context.signal);
    const volume = toHostVolume(loaded, size.width * size.height);
    const { geometry, attributes, isFileInverted } = loaded;
    const named = { ...request, isFileInverted };
    const asked = given ?? sceneOfView(geometry, view, attributes, volume.percentiles, named);
    if (!asked) throw wrong('--view', view);
    const scene = drawableScene(asked, loaded, args);
    checkWindow(scene, args);
    const pixels = size.width * size.height;
    const second = await unlessInterrupted(secondVolume(scene, loaded, pixels), context.signal);
    const drawing = renderPng(volume, scene, size, second.volume);
    const { png, isEmpty } = await unlessInterrupted(drawing, context.signal);
    await writeOutput(out, png);
    // A typing error in a coordinate must not look like a picture of air.
    const outside = isEmpty && scene.kind === 'slice' ? [problem('PLANE_OUTSIDE')] : [];
    const empty = [...outside, ...problemsOfPreset(scene, volume)];
    const both = { ...loaded, problems: [...problemsOfScene(loaded, scene), ...second.problems, ...empty] };
    const told = toldVolume(both, context);
    const shown = plane?.kind ?? view;
    return {
      ...endOf(both),
      json: { view: shown, width: size.width, height: size.height, ...told },
      text: `${out}  ${shown}  ${size.width}×${size.height}  ${loaded.group.verdict.kind}`,
    };
  },
};
