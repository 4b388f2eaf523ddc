import { problem } from '../../base/problem.ts';
import { fail, ok, type Result } from '../../base/result.ts';
import type { CodecOutput } from '../types.ts';
import { DctDecoder } from './dct.ts';
import { type JpegFrameHeader, type JpegScan, type JpegTables, walkJpeg } from './header.ts';
import { LosslessDecoder } from './lossless.ts';

/** A whole picture of this many samples is decoded at most (reliability C9: 1 GiB). */
const maxSamples = 2 ** 29;

/** What a JPEG stream gives, with the hints on its colours that the markers carry. */
export interface JpegOutput extends CodecOutput {
  readonly header: JpegFrameHeader;
}

/**
 * Decodes one JPEG stream: baseline, extended sequential and progressive DCT with 8 or 12 bits, lossless with
 * 2 … 16 bits, all Huffman coded (ITU-T T.81; DICOM .50 .51 .53 .55 .57 .70).
 * Components come as coded, after upsampling, without any colour conversion.
 * Fails with FRAME_UNDECODABLE or FRAME_TOO_LARGE; a cut or damaged stream gives what could be decoded, marked
 * `partial`.
 */
export function decodeJpeg(stream: Uint8Array): Result<JpegOutput> {
  let header: JpegFrameHeader | undefined;
  let decoder: DctDecoder | LosslessDecoder | undefined;
  const walked = walkJpeg(stream, {
    frame(found: JpegFrameHeader): Result<null> {
      if (found.rows * found.columns * found.components.length > maxSamples) {
        return fail(problem('FRAME_TOO_LARGE', { rows: found.rows, columns: found.columns }));
      }
      header = found;
      decoder = found.process === 'lossless' ? new LosslessDecoder(found) : new DctDecoder(found);
      return ok(null);
    },
    scan(scan: JpegScan, tables: JpegTables): Result<number> {
      return decoder
        ? decoder.scan(stream, scan, tables)
        : fail(problem('FRAME_UNDECODABLE', { reason: 'no frame' }));
    },
  });
  if (!walked.ok) return walked;
  if (!header || !decoder) return fail(problem('FRAME_UNDECODABLE', { reason: 'no frame' }));
  const { samples, partial } = decoder.finish();
  const colour = colourOf(header);
  return ok({
    header,
    rows: header.rows,
    columns: header.columns,
    samples: header.components.length,
    bitsPerSample: header.bitsPerSample,
    signed: false,
    bytes: new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength),
    ...(colour && { colour }),
    ...(partial && { partial }),
  });
}

/**
 * Colour space where the stream is certain of it: RGB by Adobe's marker or by the names of the components,
 * YCbCr by Adobe's marker, JFIF or subsampled chroma. Undefined leaves it to the DICOM header.
 */
export function colourOf(header: JpegFrameHeader): 'RGB' | 'YBR' | 'MONOCHROME' | undefined {
  const { components } = header;
  if (components.length < 3) return 'MONOCHROME';
  if (header.adobeTransform !== undefined) return header.adobeTransform === 0 ? 'RGB' : 'YBR';
  const subsampled = components.some((c) => c.h !== components[0]!.h || c.v !== components[0]!.v);
  if (header.jfif || subsampled) return 'YBR';
  return components.map((c) => String.fromCharCode(c.id)).join('') === 'RGB' ? 'RGB' : undefined;
}
