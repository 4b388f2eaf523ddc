import { problem } from '../base/problem.ts';
import { fail, type Result } from '../base/result.ts';
import { decodeJpeg } from './jpeg/decode-jpeg.ts';
import type { CodecOutput, CodecSet, FrameCodec } from './types.ts';

/** Guards the borders of any codec: whatever it throws becomes FRAME_UNDECODABLE. */
export const guarded =
  (codec: FrameCodec): FrameCodec =>
  (stream, format): Result<CodecOutput> => {
    try {
      return codec(stream, format);
    } catch (cause) {
      return fail(
        problem('FRAME_UNDECODABLE', { reason: cause instanceof Error ? cause.message : String(cause) }),
      );
    }
  };

/** The codecs that core has itself; the others are WebAssembly and are passed in by the host or the page. */
export const pureCodecs: CodecSet = {
  jpeg8: (stream) => decodeJpeg(stream),
  jpeg12: (stream) => decodeJpeg(stream),
  jpegLossless: (stream) => decodeJpeg(stream),
};
