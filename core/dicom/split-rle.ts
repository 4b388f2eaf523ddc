import type { ByteWindow } from './byte-source.ts';
import { JoinedBytes } from './joined-bytes.ts';
import type { ByteRange } from './types.ts';

const headerBytes = 64;
const maxBytes = 512 * 1024 ** 2;
/** Runs looked at in all: about half a second. */
const maxRuns = 20_000_000;
/** Pad and no-op bytes behind a frame. */
const maxPadding = 16;

/**
 * RLE frames that stand end to end in fragments, wherever these are cut (PS3.5 Annex G). RLE has no end mark; a frame ends
 * where its last segment has given as many bytes as a plane has. The last frame may be cut off. Undefined when the next
 * header is not where it should be, or there are fewer than two.
 * @param segmentBytes of one segment once unpacked.
 */
export function splitRle(
  fragments: readonly ByteRange[],
  window: ByteWindow,
  segmentBytes: number,
): readonly (readonly ByteRange[])[] | undefined {
  const bytes = new JoinedBytes(window, fragments);
  const frames: (readonly ByteRange[])[] = [];
  let runs = 0;
  if (bytes.size > maxBytes || segmentBytes <= 0) return undefined;
  for (let at = 0; at < bytes.size; ) {
    let end = lastSegment(bytes, at);
    if (end < 0) return undefined;
    for (let count = 0; count < segmentBytes && end < bytes.size && runs <= maxRuns; runs++) {
      const control = bytes.at(end);
      if (control < 128) count += control + 1;
      else if (control > 128) count += 257 - control;
      end += control === 128 ? 1 : control < 128 ? control + 2 : 2;
    }
    end = Math.min(end, bytes.size);
    if (runs > maxRuns) return undefined;
    frames.push(bytes.ranges(at, end));
    at = end;
    while (at - end < maxPadding && (bytes.at(at) === 0 || bytes.at(at) === 128)) at += 1;
  }
  return frames.length > 1 ? frames : undefined;
}

const u32 = (bytes: JoinedBytes, at: number): number =>
  bytes.at(at) + bytes.at(at + 1) * 256 + bytes.at(at + 2) * 65_536 + bytes.at(at + 3) * 16_777_216;

/** Where the last segment of the frame at `at` begins; -1 when no header stands there. */
function lastSegment(bytes: JoinedBytes, at: number): number {
  const segments = u32(bytes, at);
  if (at + headerBytes > bytes.size || segments < 1 || segments > 15 || u32(bytes, at + 4) !== headerBytes)
    return -1;
  const last = u32(bytes, at + 4 * segments);
  return last >= headerBytes ? at + last : -1;
}
