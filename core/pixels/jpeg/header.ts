import { problem } from '../../base/problem.ts';
import { fail, ok, type Result } from '../../base/result.ts';
import { type HuffmanTable, huffmanTable } from './bit-reader.ts';

/** One component of a JPEG frame (T.81 B.2.2). */
export interface JpegComponent {
  readonly id: number;
  readonly h: number;
  readonly v: number;
  readonly quantisation: number;
}

/** What the markers in front of the first scan say (T.81 Annex B; JFIF; Adobe APP14). */
export interface JpegFrameHeader {
  readonly process: 'sequential' | 'progressive' | 'lossless';
  readonly bitsPerSample: number;
  readonly rows: number;
  readonly columns: number;
  readonly components: readonly JpegComponent[];
  readonly jfif: boolean;
  /** 0 = no transform (RGB), 1 = YCbCr, 2 = YCCK; undefined without an Adobe marker. */
  readonly adobeTransform?: number;
}

export interface ScanComponent {
  /** Index into the frame's components. */
  readonly index: number;
  readonly dc: number;
  readonly ac: number;
}

/** A scan header (T.81 B.2.3): spectral selection and successive approximation, or predictor and point transform. */
export interface JpegScan {
  readonly components: readonly ScanComponent[];
  readonly spectralStart: number;
  readonly spectralEnd: number;
  readonly approximationHigh: number;
  readonly approximationLow: number;
  /** First byte of entropy-coded data. */
  readonly offset: number;
}

/** Tables as they stand when a scan begins. */
export interface JpegTables {
  readonly dc: (HuffmanTable | undefined)[];
  readonly ac: (HuffmanTable | undefined)[];
  /** In zigzag order. */
  readonly quantisation: (Uint16Array | undefined)[];
  restartInterval: number;
}

/** Called at each scan; returns the first byte after its entropy-coded data, or a problem. */
export interface JpegScanVisitor {
  frame(header: JpegFrameHeader): Result<null>;
  scan(scan: JpegScan, tables: JpegTables): Result<number>;
}

const undecodable = (reason: string) => fail(problem('FRAME_UNDECODABLE', { reason }));
/** A progressive picture needs some dozens; more is an attack on time (reliability M67). */
const maxScans = 256;

interface WalkState {
  readonly bytes: Uint8Array;
  readonly tables: JpegTables;
  header: JpegFrameHeader | null;
  jfif: boolean;
  adobeTransform: number | undefined;
}

/**
 * Walks the markers of one JPEG stream and hands frame and scans to the visitor. Ends at EOI, or at the end
 * of the bytes once a scan was seen (a missing EOI is common and harmless).
 */
export function walkJpeg(bytes: Uint8Array, visitor: JpegScanVisitor): Result<null> {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return undecodable('no SOI');
  const tables: JpegTables = { dc: [], ac: [], quantisation: [], restartInterval: 0 };
  const state: WalkState = { bytes, tables, header: null, jfif: false, adobeTransform: undefined };
  let at = 2;
  let scans = 0;
  while (at + 3 < bytes.length) {
    if (bytes[at] !== 0xff || bytes[at + 1] === 0xff || bytes[at + 1] === 0) {
      at += 1;
      continue;
    }
    const marker = bytes[at + 1]!;
    if (marker === 0xd9) break;
    if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) {
      at += 2;
      continue;
    }
    const end = at + 2 + ((bytes[at + 2]! << 8) | bytes[at + 3]!);
    if (end > bytes.length || end < at + 4) return scans > 0 ? ok(null) : undecodable('segment past end');
    if (marker === 0xda) {
      if (++scans > maxScans) return undecodable('too many scans');
      const next = visitScan(state, at + 4, end, visitor);
      if (!next.ok) return next;
      at = next.value;
      continue;
    }
    const read = readSegment(state, marker, at + 4, end, visitor);
    if (!read.ok) return read;
    at = end;
  }
  return scans > 0 ? ok(null) : undecodable('no scan');
}

function visitScan(state: WalkState, at: number, end: number, visitor: JpegScanVisitor): Result<number> {
  const { bytes, header } = state;
  if (!header) return undecodable('scan before frame');
  const count = bytes[at] ?? 0;
  if (count < 1 || count > 4 || at + 4 + 2 * count > end) return undecodable('scan header');
  const components: ScanComponent[] = [];
  for (let n = 0; n < count; n++) {
    const id = bytes[at + 1 + 2 * n]!;
    const selectors = bytes[at + 2 + 2 * n]!;
    const index = header.components.findIndex((c) => c.id === id);
    if (index < 0 || components.some((c) => c.index === index)) return undecodable('scan component');
    components.push({ index, dc: selectors >> 4, ac: selectors & 15 });
  }
  const tail = at + 1 + 2 * count;
  const scan: JpegScan = {
    components,
    spectralStart: bytes[tail]!,
    spectralEnd: bytes[tail + 1]!,
    approximationHigh: bytes[tail + 2]! >> 4,
    approximationLow: bytes[tail + 2]! & 15,
    offset: end,
  };
  return visitor.scan(scan, state.tables);
}

function readSegment(
  state: WalkState,
  marker: number,
  at: number,
  end: number,
  visitor: JpegScanVisitor,
): Result<null> {
  const { bytes, tables } = state;
  if (marker === 0xc4) return readHuffman(bytes, at, end, tables);
  if (marker === 0xdb) return readQuantisation(bytes, at, end, tables);
  if (marker === 0xdd) tables.restartInterval = end - at >= 2 ? (bytes[at]! << 8) | bytes[at + 1]! : 0;
  else if (marker === 0xe0) state.jfif ||= ascii(bytes, at, 4) === 'JFIF';
  else if (marker === 0xee && end - at >= 12 && ascii(bytes, at, 5) === 'Adobe') {
    state.adobeTransform = bytes[at + 11]!;
  } else if (isFrameMarker(marker)) {
    if (state.header) return undecodable('second frame');
    const header = readFrame(state, marker, at, end);
    if (!header.ok) return header;
    state.header = header.value;
    return visitor.frame(header.value);
  }
  return ok(null);
}

const isFrameMarker = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;

function readFrame(state: WalkState, marker: number, at: number, end: number): Result<JpegFrameHeader> {
  const { bytes } = state;
  const process =
    marker <= 0xc1 ? 'sequential' : marker === 0xc2 ? 'progressive' : marker === 0xc3 ? 'lossless' : null;
  if (!process) return undecodable(`process ${marker.toString(16)}`);
  const count = bytes[at + 5] ?? 0;
  if (at + 6 + 3 * count > end || count < 1 || count > 4) return undecodable('frame header');
  const components: JpegComponent[] = [];
  for (let n = 0; n < count; n++) {
    const c = at + 6 + 3 * n;
    const [h, v] = [bytes[c + 1]! >> 4, bytes[c + 1]! & 15];
    if (h < 1 || h > 4 || v < 1 || v > 4) return undecodable('sampling factor');
    components.push({ id: bytes[c]!, h, v, quantisation: bytes[c + 2]! });
  }
  const rows = (bytes[at + 1]! << 8) | bytes[at + 2]! || findLineCount(bytes, end);
  const columns = (bytes[at + 3]! << 8) | bytes[at + 4]!;
  const bitsPerSample = bytes[at]!;
  const deepest = process === 'lossless' ? 16 : 12;
  if (rows === 0 || columns === 0) return undecodable('no size');
  if (bitsPerSample < 2 || bitsPerSample > deepest) return undecodable('sample precision');
  return ok({
    process,
    bitsPerSample,
    rows,
    columns,
    components,
    jfif: state.jfif,
    ...(state.adobeTransform !== undefined && { adobeTransform: state.adobeTransform }),
  });
}

/** The rows of a DNL segment (T.81 B.2.5), for streams whose frame header leaves them open. */
export function findLineCount(bytes: Uint8Array, from: number): number {
  for (let at = from; at + 5 < bytes.length; at++) {
    if (bytes[at] === 0xff && bytes[at + 1] === 0xdc && bytes[at + 2] === 0 && bytes[at + 3] === 4) {
      return (bytes[at + 4]! << 8) | bytes[at + 5]!;
    }
  }
  return 0;
}

function readHuffman(bytes: Uint8Array, from: number, end: number, tables: JpegTables): Result<null> {
  let at = from;
  while (at + 17 <= end) {
    const [kind, slot] = [bytes[at]! >> 4, bytes[at]! & 15];
    const counts = bytes.subarray(at + 1, at + 17);
    const total = counts.reduce((sum, count) => sum + count, 0);
    if (kind > 1 || slot > 3 || total > 256 || at + 17 + total > end) return undecodable('Huffman table');
    const table = huffmanTable(counts, bytes.slice(at + 17, at + 17 + total));
    if (!table) return undecodable('Huffman table');
    (kind === 0 ? tables.dc : tables.ac)[slot] = table;
    at += 17 + total;
  }
  return ok(null);
}

function readQuantisation(bytes: Uint8Array, from: number, end: number, tables: JpegTables): Result<null> {
  let at = from;
  while (at < end) {
    const [wide, slot] = [bytes[at]! >> 4, bytes[at]! & 15];
    const size = wide ? 128 : 64;
    if (wide > 1 || slot > 3 || at + 1 + size > end) return undecodable('quantisation table');
    const table = new Uint16Array(64);
    for (let n = 0; n < 64; n++) {
      table[n] = wide ? (bytes[at + 1 + 2 * n]! << 8) | bytes[at + 2 + 2 * n]! : bytes[at + 1 + n]!;
    }
    tables.quantisation[slot] = table;
    at += 1 + size;
  }
  return ok(null);
}

const ascii = (bytes: Uint8Array, at: number, length: number): string =>
  String.fromCharCode(...bytes.subarray(at, at + length));
