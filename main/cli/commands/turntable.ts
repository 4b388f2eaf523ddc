import { extname, resolve } from 'node:path';
import { defaultVolumePresetId } from '../../../core/scene/presets.ts';
import {
  mostFrames,
  type TurntableAxis,
  turnedCameras,
  turntableAxes,
  turntableCameras,
} from '../../../core/scene/turntable.ts';
import type { VolumeScene } from '../../../core/scene/types.ts';
import { sceneOfView, sideOfView } from '../../../core/scene/view.ts';
import { cliTerms } from '../../../core/terms/cli.ts';
import { say } from '../../../core/terms/term.ts';
import {
  aviFile,
  dicomFile,
  type FilmShape,
  type FilmSink,
  pngFolder,
  videoFile,
  type WrittenFilm,
} from '../../host/film/film-sinks.ts';
import { turntableMovie, writeFilm } from '../../host/film/turntable.ts';
import type { HostVolume } from '../../host/render/volume-memory.ts';
import type { ParsedArguments } from '../arguments.ts';
import { type Command, type CommandContext, need, unlessInterrupted } from '../command.ts';
import { endOf, problemsOfPreset, secondVolume, sourceOf, toHostVolume, toldVolume } from '../draw-volume.ts';
import { type LoadedVolume, loadVolume } from '../load-volume.ts';
import { problemsOfScene } from '../one-slice.ts';
import {
  backdropOf,
  needed,
  numbers,
  presetOf,
  sizeOf,
  volumeWish,
  whole,
  wrong,
} from '../picture-options.ts';
import { adjustedScene, readScene } from '../scene-file.ts';
import { checkOutputFolder } from '../write-output.ts';

const kinds = ['avi', 'dcm', 'mp4', 'webm', 'png'] as const;
type Kind = (typeof kinds)[number];
/** Longest film. */
const mostSeconds = 600;

/** A known extension is a file; none, or a path that ends like a folder, is a folder of PNGs. */
function kindOf(out: string): Kind {
  const extension = /[\\/]$/.test(out) ? '' : extname(out).slice(1).toLowerCase();
  if (extension === '') return 'png';
  const found = kinds.find((kind) => kind === extension && kind !== 'png');
  if (!found) throw wrong('--out', out);
  return found;
}

interface Asked {
  readonly out: string;
  readonly kind: Kind;
  readonly view: string;
  readonly axis: TurntableAxis;
  readonly presetId: string | undefined;
  readonly backdrop: ReturnType<typeof backdropOf>;
  readonly shape: FilmShape;
  /** From a scene file: its camera is turned as it stands. */
  readonly isOwn: boolean;
}

function askedOf(args: ParsedArguments): Asked {
  const out = needed(args, 'out');
  const kind = kindOf(out);
  const size = args.values.get('size') ?? '512x512';
  const { width, height } = sizeOf(size);
  // Video codecs keep colours for squares of four pixels.
  if ((kind === 'mp4' || kind === 'webm') && (width % 2 === 1 || height % 2 === 1))
    throw wrong('--size', size);
  const frames = whole(args, 'frames', [1, mostFrames], 90);
  const seconds = numbers(args, 'seconds', 1)?.[0] ?? 6;
  if (!(seconds > 0 && seconds <= mostSeconds)) throw wrong('--seconds', String(seconds));
  const view = args.values.get('view') ?? 'anterior';
  if (sideOfView(view) === undefined) throw wrong('--view', view);
  const axisName = args.values.get('axis') ?? 'head';
  const axis = (Object.keys(turntableAxes) as TurntableAxis[]).find((name) => name === axisName);
  if (!axis) throw wrong('--axis', axisName);
  const shape = { width, height, frames, framesPerSecond: frames / seconds };
  return {
    out: resolve(out),
    kind,
    view,
    axis,
    presetId: presetOf(args),
    backdrop: backdropOf(args),
    shape,
    isOwn: args.values.has('scene'),
  };
}

async function sinkOf(
  { out, kind, shape, axis }: Asked,
  loaded: LoadedVolume,
  scene: VolumeScene,
): Promise<FilmSink> {
  switch (kind) {
    case 'png':
      return need(await pngFolder(out, shape));
    case 'avi':
      return aviFile(out, shape);
    case 'dcm':
      return dicomFile(out, shape, {
        source: await sourceOf(loaded),
        ...turntableMovie(scene, axis, shape, loaded.group.verdict),
        nowMs: Date.now(),
      });
    default:
      return need(await videoFile(out, shape, kind));
  }
}

async function film(
  volumes: { readonly volume: HostVolume; readonly second: HostVolume | null },
  scene: VolumeScene,
  { view, axis, shape, isOwn }: Asked,
  sink: FilmSink,
  { signal, language, progress }: CommandContext,
): Promise<WrittenFilm> {
  const aspect = shape.width / shape.height;
  const cameras = isOwn
    ? turnedCameras(scene.camera, axis, shape.frames)
    : turntableCameras(volumes.volume.geometry, sideOfView(view) ?? 'A', axis, shape.frames, aspect);
  const onProgress = (done: number, total: number): void =>
    progress(say(language, cliTerms['cli.picturesOf'], { done, total }));
  try {
    return need(await writeFilm({ ...volumes, scene, cameras, shape, signal, onProgress }, sink));
  } finally {
    progress(null);
  }
}

/** The scene of `--scene`; a plane cannot be turned. */
async function ownScene(args: ParsedArguments): Promise<VolumeScene | null> {
  const file = args.values.get('scene');
  if (file === undefined) return null;
  const scene = adjustedScene(await readScene(file), args);
  if (scene.kind !== 'volume') throw wrong('--scene', file);
  return scene;
}

/** Films one turn of the 3D view on the CPU road. */
export const turntableCommand: Command = {
  name: 'turntable',
  usage:
    'SERIES|STUDY|PATH --out DIR/|FILE.avi|FILE.dcm|FILE.mp4|FILE.webm [--scene FILE.json] [--preset NAME] [--background NAME] [--size WxH] [--frames N] [--seconds S] [--view anterior|posterior|left|right|head|feet] [--axis head|left|anterior] [--group NAME] [--reduce N] [--json] [--data DIR]',
  options: [
    'out',
    'scene',
    'preset',
    'background',
    'size',
    'frames',
    'seconds',
    'view',
    'axis',
    'group',
    'reduce',
  ].map((name) => ({
    name,
    takesValue: true,
  })),
  positionals: { least: 1, most: 1 },
  async run(args, context) {
    const asked = askedOf(args);
    const { shape, view, kind } = asked;
    if (kind !== 'png') await checkOutputFolder(asked.out);
    const own = await ownScene(args);
    const loading = loadVolume(args.positionals[0]!, volumeWish(args), context);
    const loaded = await unlessInterrupted(loading, context.signal);
    const { geometry, attributes, isFileInverted } = loaded;
    const volume = toHostVolume(loaded, shape.width * shape.height);
    const presetId = own?.presetId ?? asked.presetId ?? defaultVolumePresetId(attributes.Modality ?? '');
    const named = { ...shape, ...asked.backdrop, presetId, isFileInverted };
    const scene = own ?? sceneOfView(geometry, view, attributes, volume.percentiles, named);
    if (scene?.kind !== 'volume') throw wrong('--view', view);
    const pixels = shape.width * shape.height;
    const second = await unlessInterrupted(secondVolume(scene, loaded, pixels), context.signal);
    const sink = await sinkOf(asked, loaded, scene);
    const written = await film({ volume, second: second.volume }, scene, asked, sink, context);
    const empty = problemsOfPreset(scene, volume);
    const both = { ...loaded, problems: [...problemsOfScene(loaded, scene), ...second.problems, ...empty] };
    const told = toldVolume(both, context);
    const json = {
      out: args.values.get('out') ?? '',
      format: kind,
      frames: shape.frames,
      width: shape.width,
      height: shape.height,
      seconds: shape.frames / shape.framesPerSecond,
      preset: presetId,
      files: written.files,
      bytes: written.sizeBytes,
      ...told,
    };
    return {
      ...endOf(both),
      json,
      text: `${json.out}  ${shape.frames} × ${shape.width}×${shape.height}  ${presetId}  ${loaded.group.verdict.kind}`,
    };
  },
};
