/** CT data sets for load: as many bytes as wanted, each its own, made quickly. */
import { element, sliceWith, u16 } from '../fixtures/raw-dicom.ts';

/** A data set of `rows` × `rows` 16-bit pixels. Its UIDs are `root`.1.`n`. */
export function ctDataset(root: string, n: number, rows: number): { uid: string; dataset: Uint8Array } {
  const uid = `${root}.1.${n}`;
  const head = headOf(root, uid, rows, [element(0x20, 0x13, 'IS', String(n))]);
  const length = rows * rows * 2;
  const dataset = new Uint8Array(head.length + 12 + length);
  dataset.set(head);
  dataset.set(pixelHeader(length), head.length);
  // Every instance has pixels of its own, so that no object equals another.
  new DataView(dataset.buffer).setUint32(head.length + 12, n, true);
  dataset.fill(n & 255, head.length + 16);
  return { uid, dataset };
}

/** One multi-frame data set of `bytes` of pixels, in pieces that are made as they are asked for. */
export function* largeDataset(root: string, bytes: number): Generator<Uint8Array> {
  const frames = bytes / (512 * 512 * 2);
  const uid = `${root}.1.1`;
  const head = headOf(root, uid, 512, [element(0x28, 8, 'IS', String(frames))]);
  yield Uint8Array.from([...head, ...pixelHeader(bytes)]);
  for (let at = 0; at < bytes; at += 1 << 20) {
    const piece = new Uint8Array(1 << 20);
    new DataView(piece.buffer).setFloat64(0, at);
    yield piece;
  }
}

const headOf = (root: string, uid: string, rows: number, more: number[][]): Uint8Array => {
  const all = sliceWith(
    element(0x8, 0x18, 'UI', uid),
    element(0x20, 0xd, 'UI', root),
    element(0x20, 0xe, 'UI', `${root}.1`),
    element(0x28, 0x10, 'US', u16(rows)),
    element(0x28, 0x11, 'US', u16(rows)),
    ...more,
  );
  // Pixel data is the last element: 12 bytes of header and 16 of value.
  return Uint8Array.from(all.slice(0, -28));
};

function pixelHeader(length: number): Uint8Array {
  const bytes = Uint8Array.from(element(0x7fe0, 0x10, 'OW', []));
  new DataView(bytes.buffer).setUint32(8, length, true);
  return bytes;
}
