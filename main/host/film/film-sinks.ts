import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { problem } from '../../../core/base/problem.ts';
import { fail, ok, type Result } from '../../../core/base/result.ts';
import {
  type Code,
  type DerivationSource,
  derivedDescription,
  derivedSeriesNumber,
} from '../../../core/dicom/derive/derived-object.ts';
import { encodeMovie, movieFrame } from '../../../core/dicom/derive/movie.ts';
import { encodeJpeg } from '../../../core/pixels/jpeg/encode.ts';
import { encodeAvi } from '../../../core/render/avi.ts';
import { encodePng } from '../../../core/render/png.ts';
import type { Frame } from '../../../core/render/types.ts';
import { dicomNow, newUid } from '../derive/derived-uid.ts';
import { fileProblem } from '../media/file-problem.ts';
import { makeFolder } from '../media/make-folder.ts';
import { outputProblem, writeWhole } from '../media/whole-file.ts';
import { openVideoEncoder, type VideoFormat } from './video-encoder.ts';

export interface FilmShape {
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  readonly framesPerSecond: number;
}

export interface WrittenFilm {
  readonly files: number;
  readonly sizeBytes: number;
}

/** Takes a film's pictures in their order and writes it. Close it, also after a failure. */
export interface FilmSink {
  add(frame: Frame): Promise<Result<null>>;
  finish(): Promise<Result<WrittenFilm>>;
  close(): Promise<void>;
}

const nothing = ok(null);
const png = ({ rgba, width, height }: Frame, level: number): Uint8Array =>
  encodePng(rgba, width, height, { deflate: (bytes) => deflateSync(bytes, { level }) });

/** A whole file. Problems: those of the folder. */
export async function writeFile(path: string, bytes: Uint8Array): Promise<Result<WrittenFilm>> {
  try {
    await writeWhole(path, bytes);
    return ok({ files: 1, sizeBytes: bytes.length });
  } catch (error) {
    return fail(outputProblem(error, path));
  }
}

/** Numbered pictures in a folder, made when missing. */
export async function pngFolder(folder: string, { frames }: FilmShape): Promise<Result<FilmSink>> {
  try {
    makeFolder(folder);
  } catch (error) {
    return fail(fileProblem(error, folder));
  }
  const digits = Math.max(4, String(frames).length);
  let files = 0;
  let sizeBytes = 0;
  return ok({
    async add(frame) {
      files += 1;
      const name = `${String(files).padStart(digits, '0')}.png`;
      const written = await writeFile(join(folder, name), png(frame, 6));
      if (!written.ok) return written;
      sizeBytes += written.value.sizeBytes;
      return nothing;
    },
    finish: async () => ok({ files, sizeBytes }),
    close: async () => undefined,
  });
}

/** Motion JPEG. Problem: FILE_TOO_LARGE above 2 GiB. */
export function aviFile(path: string, shape: FilmShape): FilmSink {
  const frames: Uint8Array[] = [];
  return {
    async add({ rgba, width, height }) {
      frames.push(encodeJpeg(rgba, width, height));
      return nothing;
    },
    async finish() {
      const bytes = encodeAvi({ ...shape, frames });
      return bytes ? writeFile(path, bytes) : fail(problem('FILE_TOO_LARGE', { limit: '2 GiB' }, path));
    },
    close: async () => undefined,
  };
}

export interface MovieSource {
  readonly source: DerivationSource;
  /** English: what the film shows. */
  readonly derivation: string;
  readonly code: Code;
  readonly nowMs: number;
}

/** A multi-frame Secondary Capture of the source's study. */
export function dicomFile(path: string, shape: FilmShape, about: MovieSource): FilmSink {
  const frames: Uint8Array[] = [];
  const { source } = about;
  return {
    async add({ rgba, width }) {
      frames.push(movieFrame(rgba, width));
      return nothing;
    },
    async finish() {
      const identity = {
        sopInstanceUID: newUid(),
        seriesInstanceUID: newUid(),
        seriesNumber: derivedSeriesNumber(source),
        seriesDescription: derivedDescription(source, '3D'),
        instanceNumber: 1,
        imageType: ['DERIVED', 'SECONDARY', '3D'],
        derivation: about.derivation,
        codes: [about.code],
        ...dicomNow(about.nowMs),
      };
      const movie = {
        columns: shape.width,
        rows: shape.height,
        frameTimeMs: 1000 / shape.framesPerSecond,
        frames,
      };
      return writeFile(path, encodeMovie(source, identity, movie));
    },
    close: async () => undefined,
  };
}

/** MP4 or WebM by an installed browser. Problems: VIDEO_ENCODER_MISSING, VIDEO_ENCODER_FAILED. */
export async function videoFile(
  path: string,
  shape: FilmShape,
  format: VideoFormat,
): Promise<Result<FilmSink>> {
  const opened = await openVideoEncoder({ ...shape, format });
  if (!opened.ok) return opened;
  const encoder = opened.value;
  return ok({
    add: (frame) => encoder.add(png(frame, 1)),
    async finish() {
      const bytes = await encoder.finish();
      return bytes.ok ? writeFile(path, bytes.value) : bytes;
    },
    close: () => encoder.close(),
  });
}
