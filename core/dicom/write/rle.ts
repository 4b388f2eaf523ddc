/** RLE Lossless encoder (PS3.5 annex G). */

/** One byte plane, row by row: runs never cross the end of a row (G.3.1). */
function packPlane(plane: Uint8Array, columns: number): Uint8Array {
  const out = new Uint8Array(plane.length + Math.ceil(plane.length / 64) + (plane.length / columns) * 2 + 2);
  let to = 0;
  for (let rowStart = 0; rowStart < plane.length; rowStart += columns) {
    const end = rowStart + columns;
    let at = rowStart;
    while (at < end) {
      let run = 1;
      while (run < 128 && at + run < end && plane[at + run] === plane[at]) run++;
      if (run > 2) {
        out[to++] = 257 - run;
        out[to++] = plane[at]!;
        at += run;
        continue;
      }
      const start = at;
      // A literal ends where three equal bytes begin.
      while (at < end && at - start < 128) {
        if (at + 2 < end && plane[at] === plane[at + 1] && plane[at] === plane[at + 2]) break;
        at++;
      }
      out[to++] = at - start - 1;
      out.set(plane.subarray(start, at), to);
      to += at - start;
    }
  }
  return out.slice(0, to + (to % 2));
}

/**
 * One frame as a single RLE fragment.
 * @param samples pixel-interleaved samples of one frame
 * @param columns pixels per row
 * @param samplesPerPixel 1 or 3
 */
export function encodeRleFrame(
  samples: Uint8Array | Uint16Array | Int16Array,
  columns: number,
  samplesPerPixel = 1,
): Uint8Array {
  const bytesPerSample = samples.BYTES_PER_ELEMENT;
  const pixels = samples.length / samplesPerPixel;
  const segments: Uint8Array[] = [];
  for (let sample = 0; sample < samplesPerPixel; sample++)
    for (let byte = bytesPerSample - 1; byte >= 0; byte--) {
      const plane = new Uint8Array(pixels);
      for (let n = 0; n < pixels; n++) plane[n] = samples[n * samplesPerPixel + sample]! >> (8 * byte);
      segments.push(packPlane(plane, columns));
    }
  const total = segments.reduce((sum, segment) => sum + segment.length, 64);
  const out = new Uint8Array(total);
  const view = new DataView(out.buffer);
  view.setUint32(0, segments.length, true);
  let at = 64;
  segments.forEach((segment, n) => {
    view.setUint32(4 + 4 * n, at, true);
    out.set(segment, at);
    at += segment.length;
  });
  return out;
}
