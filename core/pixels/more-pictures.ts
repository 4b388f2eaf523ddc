import { ByteWindow, bytesSource } from '../dicom/byte-source.ts';
import { startsRle } from '../dicom/frame-table.ts';
import { JoinedBytes } from '../dicom/joined-bytes.ts';
import { endOfStream } from '../dicom/split-streams.ts';
import { type CodestreamFacts, sniffCodestream } from './codestream.ts';

/** Bytes between two pictures that belong to neither. */
const maxStray = 16;

/**
 * Whether another code stream of a picture of the same shape begins behind the first one: no decoder looks there. Streams of
 * other sizes are what cameras append (previews), and within segments thumbnails; neither is a picture of the object.
 * @param bytes one frame, from the start of its stream.
 */
export function hasMoreStreams(bytes: Uint8Array, facts: CodestreamFacts): boolean {
  const joined = new JoinedBytes(new ByteWindow(bytesSource(bytes)), [{ offset: 0, length: bytes.length }]);
  const end = endOfStream(joined, 0);
  if (end < 0) return false;
  return startsBehind(bytes, end, (rest) => {
    const next = sniffCodestream(rest);
    return next?.rows === facts.rows && next.columns === facts.columns && next.samples === facts.samples;
  });
}

/** The same for RLE, whose frames have no end mark: `end` is where the last segment was full. */
export function hasMoreRle(bytes: Uint8Array, end: number): boolean {
  return startsBehind(bytes, end, (rest) => {
    const isSame = rest[0] === bytes[0];
    return isSame && startsRle({ offset: 0, length: rest.length }, new ByteWindow(bytesSource(rest)));
  });
}

/** Tries each place behind the padding; zeros never begin a picture but in a JP2 signature box (00 00 00 0C). */
function startsBehind(bytes: Uint8Array, end: number, starts: (rest: Uint8Array) => boolean): boolean {
  let at = end;
  while (bytes[at] === 0) at += 1;
  const first = Math.max(end, at - 3);
  for (let from = first; from < Math.min(bytes.length, at + maxStray); from++)
    if (starts(bytes.subarray(from))) return true;
  return false;
}
