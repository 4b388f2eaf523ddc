import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import type { Problem } from '../../../core/base/problem.ts';
import { ok, type Result } from '../../../core/base/result.ts';
import type { CallParsedInput } from '../../../core/contract/index.ts';
import { markAsDemo } from '../../../core/render/demo-mark.ts';
import { encodePng } from '../../../core/render/png.ts';
import { turnedCameras } from '../../../core/scene/turntable.ts';
import type { Scene } from '../../../core/scene/types.ts';
import { groupSource, groupVolume, type NamedGroup } from '../derive/group-volume.ts';
import { importJob } from '../import/import-job.ts';
import { scratchOf } from '../import/scratch.ts';
import type { JobContext, JobEnd, JobWork } from '../jobs/job-runner.ts';
import { createSceneRenderer } from '../render/pool.ts';
import type { HostVolume } from '../render/volume-memory.ts';
import type { Services } from '../services.ts';
import { type FilmMasks, readFilmMasks } from './film-masks.ts';
import { aviFile, dicomFile, type FilmShape, type FilmSink, videoFile, writeFile } from './film-sinks.ts';
import { turntableMovie, writeFilm } from './turntable.ts';

type Asked = CallParsedInput<'series.film'>;

/** A picture needs a scene of either kind, a film one with a camera. */
export interface FilmJobRequest {
  readonly named: NamedGroup;
  /** Of the scene's fusion layer. */
  readonly second: NamedGroup | null;
  readonly scene: Scene;
  readonly asked: Asked;
}

/** Folder of what a film job made, until the host starts again. */
export const filmFolder = (services: Services, jobId: string): string =>
  scratchOf(services.folder, `film-${jobId}`);
/** The one file in it. */
export const filmFile = (format: Asked['format']): string => `film.${format}`;

const shapeOf = ({ width, height, frames, seconds }: Asked): FilmShape => ({
  ...{ width, height, frames },
  framesPerSecond: frames / seconds,
});

interface FilmVolumes {
  readonly volume: HostVolume;
  readonly second: HostVolume | null;
}

async function readVolumes(
  services: Services,
  { named, second, asked }: FilmJobRequest,
): Promise<Result<FilmVolumes>> {
  const pixels = asked.width * asked.height;
  const found = await groupVolume(services, named, pixels);
  if (!found.ok) return found;
  const over = second && (await groupVolume(services, second, pixels));
  if (over && !over.ok) return over;
  return ok({ volume: found.value.volume, second: over ? over.value.volume : null });
}

async function drawPicture(
  { volume, second }: FilmVolumes,
  scene: Scene,
  { named, asked }: FilmJobRequest,
  masks: FilmMasks | null,
  path: string,
): Promise<Result<null>> {
  const renderer = await createSceneRenderer(volume, second);
  try {
    if (masks) renderer.first.setLabels(masks.labels);
    const { rgba, width, height } = await renderer.frame(scene, asked);
    if (named.cached.plan.demo) markAsDemo(rgba, width, height);
    const png = encodePng(rgba, width, height, { deflate: (bytes) => deflateSync(bytes, { level: 6 }) });
    const written = await writeFile(path, png);
    return written.ok ? ok(null) : written;
  } finally {
    renderer.dispose();
  }
}

async function draw(
  services: Services,
  request: FilmJobRequest,
  path: string,
  context: JobContext,
): Promise<Result<null>> {
  const { named, asked } = request;
  const { format, axis } = asked;
  const shape = shapeOf(asked);
  const volumes = await readVolumes(services, request);
  if (!volumes.ok) return volumes;
  const { volume } = volumes.value;
  const read = await readFilmMasks(services, asked, volume.geometry.size);
  if (!read.ok) return read;
  const masks = request.scene.kind === 'volume' ? read.value : null;
  const scene = masks ? { ...request.scene, layers: masks.layers } : request.scene;
  if (format === 'png' || scene.kind !== 'volume') {
    const drawn = await drawPicture(volumes.value, scene, request, masks, path);
    context.update({ done: 1 });
    return drawn;
  }
  const sinkOf = async (): Promise<Result<FilmSink>> => {
    if (format === 'avi') return ok(aviFile(path, shape));
    if (format !== 'dcm') return videoFile(path, shape, format);
    const source = await groupSource(services, named);
    if (!source.ok) return source;
    const about = {
      source: source.value,
      ...turntableMovie(scene, axis, shape, named.group.verdict),
      nowMs: services.now(),
    };
    return ok(dicomFile(path, shape, about));
  };
  const sink = await sinkOf();
  if (!sink.ok) return sink;
  const cameras = turnedCameras(scene.camera, axis, shape.frames);
  const onProgress = (done: number, total: number): void =>
    context.update({ phase: 'computing', done, total });
  const written = await writeFilm(
    {
      ...volumes.value,
      scene,
      masks,
      isDemo: named.cached.plan.demo,
      cameras,
      shape,
      signal: context.signal,
      onProgress,
    },
    sink.value,
  );
  return written.ok ? ok(null) : written;
}

/** Draws a film or a picture to be fetched at `/film/<jobId>`; a DICOM film goes into its study instead. */
export const filmJob =
  (services: Services, request: FilmJobRequest): JobWork =>
  async (context): Promise<JobEnd> => {
    const { format, frames } = request.asked;
    const folder = filmFolder(services, context.jobId);
    const failed = (reason: Problem): JobEnd => ({ receipt: null, problem: reason });
    context.update({ phase: 'computing', done: 0, total: format === 'png' ? 1 : frames });
    let isKept = false;
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const drawn = await draw(services, request, join(folder, filmFile(format)), context);
      if (!drawn.ok) return failed(drawn.problem);
      if (format === 'dcm') return await importJob(services, { paths: [folder] })(context);
      isKept = true;
      return { receipt: null, problem: null };
    } finally {
      if (!isKept) await rm(folder, { recursive: true, force: true });
    }
  };
