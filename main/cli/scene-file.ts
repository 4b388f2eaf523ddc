import { readFile, stat } from 'node:fs/promises';
import { problem } from '../../core/base/problem.ts';
import type { PlaneName } from '../../core/geometry/orientation.ts';
import { type Plane, patientPoint, patientVector } from '../../core/geometry/types.ts';
import { standAt } from '../../core/scene/camera.ts';
import { parsedJson } from '../../core/scene/json-reader.ts';
import { planeNames } from '../../core/scene/mpr.ts';
import { barePart, volumePreset } from '../../core/scene/presets.ts';
import { sceneFromJson } from '../../core/scene/scene-json.ts';
import type { CurvedScene, Scene, SliceScene, VolumeScene } from '../../core/scene/types.ts';
import { sideOfView } from '../../core/scene/view.ts';
import { fileProblem } from '../host/media/file-problem.ts';
import type { ParsedArguments } from './arguments.ts';
import { CommandFailure, exitCodes } from './command.ts';
import { backdropOf, numbers, presetOf, sizeOf, slabOf, windowOf, wrong } from './picture-options.ts';

/** Far more than the largest scene (a table of 65,536 levels and 1,024 points of each kind). */
const mostBytes = 4 * 2 ** 20;

/** Says nothing of what a scene says first: a list, a line along a vessel, no JSON at all. */
const isOther = (json: unknown): boolean =>
  typeof json !== 'object' || json === null || !('version' in json || 'kind' in json);

/** The scene in a file. A file that cannot be read fails the command, one that holds no scene is wrong usage. */
export async function readScene(path: string): Promise<Scene> {
  let text: string;
  try {
    if ((await stat(path)).size > mostBytes)
      throw new CommandFailure(problem('FILE_TOO_LARGE', { limit: '4 MiB' }, path));
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof CommandFailure) throw error;
    throw new CommandFailure({ ...fileProblem(error), path });
  }
  const json = parsedJson(text);
  if (isOther(json)) throw new CommandFailure(problem('SCENE_NONE', undefined, path), exitCodes.wrongUsage);
  const scene = sceneFromJson(json);
  if (scene.ok) return scene.value;
  throw new CommandFailure({ ...scene.problem, path }, exitCodes.wrongUsage);
}

/** The same view in another number of pixels: what was seen from top to bottom stays. */
function resized(scene: SliceScene, args: ParsedArguments): SliceScene {
  const text = args.values.get('size');
  if (text === undefined) return scene;
  const size = sizeOf(text);
  return { ...scene, ...size, spacingMm: (scene.spacingMm * scene.height) / size.height };
}

/** Patient's right on the left, anterior on top or on the left, as MPR planes are hung. */
const directions: Readonly<Record<PlaneName, Pick<Plane, 'right' | 'down'>>> = {
  axial: { right: patientVector(1, 0, 0), down: patientVector(0, 1, 0) },
  sagittal: { right: patientVector(0, 1, 0), down: patientVector(0, 0, -1) },
  coronal: { right: patientVector(1, 0, 0), down: patientVector(0, 0, -1) },
};

function adjustedPlane({ plane }: SliceScene, args: ParsedArguments): Plane {
  const view = args.values.get('view');
  const name = planeNames.find((candidate) => candidate === view);
  if (view !== undefined && name === undefined) throw wrong('--view', view);
  const centre = numbers(args, 'center', 3);
  return {
    ...plane,
    ...(name && directions[name]),
    ...(centre && { origin: patientPoint(centre[0]!, centre[1]!, centre[2]!) }),
  };
}

function adjustedSlice(scene: SliceScene, args: ParsedArguments): SliceScene {
  for (const name of ['preset', 'background']) {
    const text = args.values.get(name);
    if (text !== undefined) throw wrong(`--${name}`, text);
  }
  const window = windowOf(args);
  const asksSlab = args.values.has('slab') || args.values.has('mode');
  return {
    ...resized(scene, args),
    ...(asksSlab && slabOf(args, scene)),
    ...(window && { window: { ...window, invert: scene.window?.invert === true } }),
    plane: adjustedPlane(scene, args),
  };
}

function adjustedVolume(scene: VolumeScene, args: ParsedArguments): VolumeScene {
  for (const name of ['slab', 'mode', 'center']) {
    const text = args.values.get(name);
    if (text !== undefined) throw wrong(`--${name}`, text);
  }
  const view = args.values.get('view');
  const side = view === undefined || view === '3d' ? undefined : sideOfView(view);
  if (view !== undefined && planeNames.some((name) => name === view)) throw wrong('--view', view);
  const window = windowOf(args);
  const preset = volumePreset(presetOf(args) ?? '');
  return {
    ...scene,
    ...(preset && barePart(preset)),
    ...(window && { window: { ...window, invert: scene.window?.invert === true } }),
    ...backdropOf(args),
    ...(side && { camera: standAt(scene.camera, side) }),
  };
}

/** A curved plane keeps its rows: only its slab and window can be asked for anew. */
function adjustedCurved(scene: CurvedScene, args: ParsedArguments): CurvedScene {
  for (const name of ['preset', 'background', 'view', 'center', 'size']) {
    const text = args.values.get(name);
    if (text !== undefined) throw wrong(`--${name}`, text);
  }
  const window = windowOf(args);
  const asksSlab = args.values.has('slab') || args.values.has('mode');
  return { ...scene, ...(asksSlab && slabOf(args, scene)), ...(window && { window }) };
}

/** A scene with what else the command line asks for put over it; what does not go with it is wrong usage. */
export function adjustedScene(scene: Scene, args: ParsedArguments): Scene {
  if (scene.kind === 'curved') return adjustedCurved(scene, args);
  return scene.kind === 'slice' ? adjustedSlice(scene, args) : adjustedVolume(scene, args);
}
