import { problem } from '../../../core/base/problem.ts';
import { fail, type Result } from '../../../core/base/result.ts';
import { markAsDemo } from '../../../core/render/demo-mark.ts';
import type { TurntableAxis } from '../../../core/scene/turntable.ts';
import type { Camera, VolumeScene } from '../../../core/scene/types.ts';
import type { GeometryVerdict } from '../../../core/volume/types.ts';
import { toldGeometry } from '../derive/told-geometry.ts';
import { createSceneRenderer, type SceneRenderer } from '../render/pool.ts';
import type { HostVolume } from '../render/volume-memory.ts';
import type { FilmMasks } from './film-masks.ts';
import type { FilmShape, FilmSink, MovieSource, WrittenFilm } from './film-sinks.ts';

export interface FilmRequest {
  readonly volume: HostVolume;
  /** Of the scene's fusion layer; none without. */
  readonly second?: HostVolume | null;
  readonly scene: VolumeScene;
  /** What the scene’s layers mean; none without. */
  readonly masks?: FilmMasks | null;
  /** Of a demo study: every picture says so. The command line's are plain: scripts compare them. */
  readonly isDemo?: boolean;
  /** One for each frame. */
  readonly cameras: readonly Camera[];
  readonly shape: FilmShape;
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number) => void;
}

/** Draws a film on the CPU road and closes its sink. Problems: CANCELLED, those of the sink. */
export async function writeFilm(request: FilmRequest, sink: FilmSink): Promise<Result<WrittenFilm>> {
  const { volume, second = null, scene, masks, isDemo, cameras, shape, signal } = request;
  let renderer: SceneRenderer | undefined;
  try {
    renderer = await createSceneRenderer(volume, second);
    if (masks) renderer.first.setLabels(masks.labels);
    for (const [n, camera] of cameras.entries()) {
      if (signal.aborted) return fail(problem('CANCELLED'));
      const frame = await renderer.frame({ ...scene, camera }, shape);
      if (isDemo) markAsDemo(frame.rgba, frame.width, frame.height);
      const added = await sink.add(frame);
      if (!added.ok) return added;
      request.onProgress(n + 1, cameras.length);
    }
    return await sink.finish();
  } finally {
    renderer?.dispose();
    await sink.close();
  }
}

const overOf = ({ fusion }: VolumeScene): string =>
  fusion ? `maximum intensity projection of series ${fusion.series} laid over, ` : '';

/** What a DICOM film of one turn says of itself. */
export const turntableMovie = (
  scene: VolumeScene,
  axis: TurntableAxis,
  { frames }: FilmShape,
  verdict: GeometryVerdict,
): Pick<MovieSource, 'derivation' | 'code'> => ({
  derivation: `Volume rendering (${scene.presetId}), ${overOf(scene)}one turn about the ${axis} axis in ${frames} frames${toldGeometry(verdict)}`,
  code:
    scene.mode === 'mip'
      ? { value: '113078', meaning: 'Maximum intensity projection' }
      : { value: '113074', meaning: 'Volume rendering' },
});
