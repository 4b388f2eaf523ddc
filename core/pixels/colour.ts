import type { Palette } from '../dicom/types.ts';
import type { SampleArray } from './types.ts';

type Pixels = Uint8ClampedArray | Uint8Array;

/**
 * Colour samples (interleaved, full size) as opaque RGBA (PS3.3 C.7.6.3.1.2).
 * @param bitsStored deeper samples are shown by their upper eight bits.
 */
export function colourToRgba(
  samples: SampleArray,
  photometricInterpretation: string,
  bitsStored: number,
  out: Pixels,
): void {
  const scale = bitsStored === 8 ? 1 : 255 / (2 ** bitsStored - 1);
  if (photometricInterpretation.startsWith('YBR_FULL')) ybrToRgba(samples, scale, out, fullRange);
  else if (photometricInterpretation.startsWith('YBR_PARTIAL')) ybrToRgba(samples, scale, out, partialRange);
  else {
    for (let from = 0, to = 0; from + 2 < samples.length; from += 3, to += 4) {
      out[to] = byte(samples[from]! * scale);
      out[to + 1] = byte(samples[from + 1]! * scale);
      out[to + 2] = byte(samples[from + 2]! * scale);
      out[to + 3] = 255;
    }
  }
}

/** Black level, gain of Y, and how Cr and Cb enter R, G and B. */
interface YbrMatrix {
  readonly black: number;
  readonly y: number;
  readonly rFromCr: number;
  readonly gFromCb: number;
  readonly gFromCr: number;
  readonly bFromCb: number;
}
const fullRange: YbrMatrix = {
  black: 0,
  y: 1,
  rFromCr: 1.402,
  gFromCb: 0.344136,
  gFromCr: 0.714136,
  bFromCb: 1.772,
};
const partialRange: YbrMatrix = {
  black: 16,
  y: 1.1644,
  rFromCr: 1.596,
  gFromCb: 0.3917,
  gFromCr: 0.813,
  bFromCb: 2.0173,
};

function ybrToRgba(samples: SampleArray, scale: number, out: Pixels, m: YbrMatrix): void {
  for (let from = 0, to = 0; from + 2 < samples.length; from += 3, to += 4) {
    const y = (samples[from]! * scale - m.black) * m.y;
    const cb = samples[from + 1]! * scale - 128;
    const cr = samples[from + 2]! * scale - 128;
    out[to] = byte(y + m.rFromCr * cr);
    out[to + 1] = byte(y - m.gFromCb * cb - m.gFromCr * cr);
    out[to + 2] = byte(y + m.bFromCb * cb);
    out[to + 3] = 255;
  }
}

const byte = (value: number): number => (value <= 0 ? 0 : value >= 255 ? 255 : Math.floor(value + 0.5));

/**
 * PALETTE COLOR values as opaque RGBA (PS3.3 C.7.6.3.1.5). Values outside the table take its ends.
 * Tables declared 16 bits deep that hold 8-bit values only, which some makers write, are read as 8 bits.
 */
export function paletteToRgba(stored: SampleArray, palette: Palette, out: Pixels): void {
  const planes = [palette.red, palette.green, palette.blue] as const;
  const deepest = Math.max(
    ...planes.map((plane) => plane.data.reduce((most, value) => Math.max(most, value), 0)),
  );
  planes.forEach((plane, channel) => {
    // Tables declared 8 bits deep in which a deeper value stands are of whole words.
    const shift = deepest <= 255 ? 0 : plane.bits > 8 ? plane.bits - 8 : 8;
    const bytes = Uint8Array.from(plane.data, (value) => value >> shift);
    const last = bytes.length - 1;
    for (let n = 0, to = channel; n < stored.length; n++, to += 4) {
      const at = stored[n]! - plane.firstMapped;
      out[to] = bytes[at <= 0 ? 0 : at >= last ? last : at] ?? 0;
    }
  });
  for (let to = 3; to < stored.length * 4; to += 4) out[to] = 255;
}
