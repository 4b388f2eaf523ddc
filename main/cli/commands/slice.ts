import { deflateSync } from 'node:zlib';
import { problem } from '../../../core/base/problem.ts';
import { matrixFromColumns, moved, scale } from '../../../core/geometry/matrices.ts';
import { planeNormal } from '../../../core/geometry/planes.ts';
import type { VolumeGeometry } from '../../../core/geometry/types.ts';
import { encodePng } from '../../../core/render/png.ts';
import type { Frame } from '../../../core/render/types.ts';
import type { SliceScene } from '../../../core/scene/types.ts';
import { asFileShows, startWindow } from '../../../core/scene/view.ts';
import { writeNrrd } from '../../../core/volume/nrrd.ts';
import { createHostRenderer, isEmptyFrame, renderFrame } from '../../host/render/pool.ts';
import type { HostVolume } from '../../host/render/volume-memory.ts';
import { type Command, unlessInterrupted } from '../command.ts';
import { drawableScene, endOf, toHostVolume, toldVolume } from '../draw-volume.ts';
import { loadAnyVolume } from '../load-volume.ts';
import { problemsOfScene } from '../one-slice.ts';
import { drawnInterpolation, needed, sliceOf, volumeWish, windowOf, wrong } from '../picture-options.ts';
import { writeOutput } from '../write-output.ts';

/** Where the picture's pixels lie: one voxel along k, as thick as the slab; a thin plane counts 1 mm there. */
export function sliceGeometry(scene: SliceScene): VolumeGeometry {
  const { plane, spacingMm, width, height } = scene;
  const right = scale(plane.right, spacingMm);
  const down = scale(plane.down, spacingMm);
  const first = moved(moved(plane.origin, right, -(width - 1) / 2), down, -(height - 1) / 2);
  const thickness = scene.projection !== 'none' && scene.slabMm > 0 ? scene.slabMm : 1;
  return {
    size: [width, height, 1],
    patientFromIndex: matrixFromColumns(right, down, scale(planeNormal(plane), thickness), first),
  };
}

/** Without the fourth byte of each pixel. */
const rgbOf = (rgba: Uint8ClampedArray): Uint8Array =>
  Uint8Array.from({ length: (rgba.length / 4) * 3 }, (_, n) => rgba[4 * Math.floor(n / 3) + (n % 3)]!);

async function draw(volume: HostVolume, scene: SliceScene): Promise<Frame> {
  const renderer = await createHostRenderer(volume);
  try {
    return await renderFrame(renderer, scene, scene);
  } finally {
    renderer.dispose();
  }
}

function fileBytes(path: string, scene: SliceScene, { values, rgba }: Frame, isColour: boolean): Uint8Array {
  const { width, height, spacingMm } = scene;
  if (path.toLowerCase().endsWith('.png'))
    return encodePng(rgba, width, height, { deflate: (bytes) => deflateSync(bytes), spacingMm });
  const thicknessMm = scene.projection === 'none' ? 0 : scene.slabMm;
  const numbers = values ?? new Float32Array(width * height);
  return writeNrrd(sliceGeometry(scene), isColour ? rgbOf(rgba) : numbers, thicknessMm);
}

/** Cuts one plane or slab: modality values as NRRD (NaN = no data), or a windowed PNG; colours as they are. */
export const sliceCommand: Command = {
  name: 'slice',
  usage:
    'SERIES|STUDY|PATH --center X,Y,Z --right X,Y,Z --up X,Y,Z --size WxH --spacing MM --out FILE.nrrd|.png [--slab MM] [--mode mip|minip|mean] [--interpolation nearest|linear|cubic] [--window WIDTH,CENTER] [--group NAME] [--reduce N] [--json] [--data DIR]',
  options: [
    'center',
    'right',
    'up',
    'size',
    'spacing',
    'out',
    'slab',
    'mode',
    'interpolation',
    'window',
    'group',
    'reduce',
  ].map((name) => ({ name, takesValue: true })),
  positionals: { least: 1, most: 1 },
  async run(args, context) {
    const out = needed(args, 'out');
    if (!/\.(nrrd|png)$/i.test(out)) throw wrong('--out', out);
    const window = windowOf(args);
    const asked = sliceOf(args);
    const loading = loadAnyVolume(args.positionals[0]!, volumeWish(args), context);
    const loaded = await unlessInterrupted(loading, context.signal);
    const volume = toHostVolume(loaded, asked.width * asked.height);
    const values = window ?? startWindow(loaded.attributes, volume.percentiles);
    const whole = { ...asked, window: asFileShows(values, loaded.isFileInverted) };
    const scene = drawableScene(whole, loaded, args);
    const frame = await unlessInterrupted(draw(volume, scene), context.signal);
    await writeOutput(out, fileBytes(out, scene, frame, volume.isColour === true));
    // A typing error in a coordinate must not look like a picture of air.
    const isOutside = isEmptyFrame(frame);
    const drawn = {
      ...loaded,
      problems: [...problemsOfScene(loaded, scene), ...(isOutside ? [problem('PLANE_OUTSIDE')] : [])],
    };
    const told = toldVolume(drawn, context);
    const { size, patientFromIndex } = sliceGeometry(scene);
    const json = {
      size: [size[0], size[1]],
      affine: patientFromIndex,
      slabMm: scene.projection === 'none' ? 0 : scene.slabMm,
      mode: scene.projection,
      interpolation: drawnInterpolation(scene),
      ...told,
    };
    return {
      ...endOf(drawn),
      json,
      text: `${out}  ${size[0]}×${size[1]}  ${loaded.group.verdict.kind}`,
    };
  },
};
