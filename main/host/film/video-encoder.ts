import { problem } from '../../../core/base/problem.ts';
import { fail, ok, type Result } from '../../../core/base/result.ts';
import type { EncodedFilm } from '../../../core/render/film.ts';
import { encodeMp4 } from '../../../core/render/mp4.ts';
import { encodeWebm } from '../../../core/render/webm.ts';
import { type BrowserPage, openBrowserPage } from '../browser/browser-page.ts';
import { findChromium } from '../browser/find-browser.ts';

export type VideoFormat = 'mp4' | 'webm';

export interface VideoRequest {
  readonly format: VideoFormat;
  /** Even numbers. */
  readonly width: number;
  readonly height: number;
  readonly framesPerSecond: number;
}

/** Encodes a film with the codecs of an installed browser (WebCodecs). Close it, also after a failure. */
export interface VideoEncoder {
  add(png: Uint8Array): Promise<Result<null>>;
  /** The whole file. */
  finish(): Promise<Result<Uint8Array>>;
  close(): Promise<void>;
}

/** Best first: H.264 High and Baseline up to 4096 × 2304, VP9, VP8. */
const codecs: Readonly<Record<VideoFormat, readonly string[]>> = {
  mp4: ['avc1.640033', 'avc1.640028', 'avc1.420033', 'avc1.42e028'],
  webm: ['vp09.00.50.08', 'vp09.00.10.08', 'vp8'],
};
/** Enough that smooth shading shows no blocks. */
const bitsPerPixel = 0.4;
const leastBitsPerSecond = 2_000_000;

/** What runs in the page; it answers plain data, bytes as base64. */
function pageScript(request: VideoRequest): string {
  const { width, height, framesPerSecond } = request;
  const bitrate = Math.max(leastBitsPerSecond, Math.round(width * height * framesPerSecond * bitsPerPixel));
  const base = { width, height, framerate: framesPerSecond, bitrate, latencyMode: 'quality' };
  return `(async () => {
    const bytesOf = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    const textOf = (bytes) => {
      let text = '';
      for (let at = 0; at < bytes.length; at += 32768) text += String.fromCharCode(...bytes.subarray(at, at + 32768));
      return btoa(text);
    };
    let config;
    for (const codec of ${JSON.stringify(codecs[request.format])}) {
      const wanted = { codec, ...${JSON.stringify(base)} };
      const { supported } = await VideoEncoder.isConfigSupported(wanted).catch(() => ({ supported: false }));
      if (supported) { config = wanted; break; }
    }
    if (!config) return '';
    const film = { frames: [], description: '', failed: false };
    const encoder = new VideoEncoder({
      output(chunk, metadata) {
        const bytes = new Uint8Array(chunk.byteLength);
        chunk.copyTo(bytes);
        film.frames.push({ isKey: chunk.type === 'key', bytes: textOf(bytes) });
        const description = metadata?.decoderConfig?.description;
        if (description && film.description === '')
          film.description = textOf(new Uint8Array(description.buffer ?? description));
      },
      error() { film.failed = true; },
    });
    encoder.configure(config);
    let count = 0;
    globalThis.candelaFilm = {
      async add(png) {
        const bitmap = await createImageBitmap(new Blob([bytesOf(png)], { type: 'image/png' }));
        const us = 1e6 / ${framesPerSecond};
        const frame = new VideoFrame(bitmap, { timestamp: Math.round(count * us), duration: Math.round(us) });
        encoder.encode(frame, { keyFrame: count % 30 === 0 });
        frame.close();
        bitmap.close();
        count += 1;
        while (encoder.encodeQueueSize > 4 && !film.failed) await new Promise((done) => setTimeout(done, 5));
        return !film.failed;
      },
      async finish() { await encoder.flush(); return film; },
    };
    return config.codec;
  })()`;
}

interface PageFilm {
  readonly frames: readonly { readonly isKey: boolean; readonly bytes: string }[];
  readonly description: string;
  readonly failed: boolean;
}

function fileOf(request: VideoRequest, codec: string, film: PageFilm): Uint8Array | null {
  const frames = film.frames.map(({ isKey, bytes }) => ({ isKey, bytes: Buffer.from(bytes, 'base64') }));
  if (film.failed || frames.length === 0 || !frames[0]!.isKey) return null;
  const encoded: EncodedFilm = { ...request, frames };
  if (request.format === 'webm') return encodeWebm(encoded, codec === 'vp8' ? 'V_VP8' : 'V_VP9');
  return film.description === '' ? null : encodeMp4(encoded, Buffer.from(film.description, 'base64'));
}

/** Problems: VIDEO_ENCODER_MISSING (no browser), VIDEO_ENCODER_FAILED (it lacks the codec, or ended). */
export async function openVideoEncoder(
  request: VideoRequest,
  executable: string | null = findChromium(),
): Promise<Result<VideoEncoder>> {
  const { format } = request;
  const failed = fail(problem('VIDEO_ENCODER_FAILED', { format }));
  if (executable === null) return fail(problem('VIDEO_ENCODER_MISSING', { format }));
  let page: BrowserPage;
  try {
    page = await openBrowserPage(executable);
  } catch {
    return failed;
  }
  const codec = await page.evaluate(pageScript(request)).catch(() => '');
  if (typeof codec !== 'string' || codec === '') {
    await page.close();
    return failed;
  }
  return ok({
    async add(png) {
      const text = Buffer.from(png.buffer, png.byteOffset, png.byteLength).toString('base64');
      const isDone = await page.evaluate(`candelaFilm.add('${text}')`).catch(() => false);
      return isDone === true ? ok(null) : failed;
    },
    async finish() {
      const film = await page.evaluate('candelaFilm.finish()').catch(() => null);
      const file = film === null ? null : fileOf(request, codec, film as PageFilm);
      return file ? ok(file) : failed;
    },
    close: () => page.close(),
  });
}
