/** A phantom series as DICOM files, made slice by slice. */
import { deflateRaw } from '../dicom/write/deflate.ts';
import { element, type WriteElement } from '../dicom/write/element.ts';
import { encodePart10 } from '../dicom/write/encode.ts';
import { encodeRleFrame } from '../dicom/write/rle.ts';
import { explicitLittleEndian, rleLossless } from '../dicom/write/transfer-syntax.ts';
import { becquerelPerMlOfSuv, imageAttributes, phantomUids } from './attributes.ts';
import { bodyParts } from './body.ts';
import { type PhantomGeometry, type PhantomOptions, phantomGeometry, phaseOf } from './options.ts';
import { Painter } from './paint.ts';
import type { Part } from './part.ts';
import { voxelNoise } from './random.ts';
import { scale } from './vector.ts';

export interface PhantomInstance {
  readonly k: number;
  readonly fileName: string;
  readonly sopInstanceUid: string;
  /** The complete Part 10 file; painted when asked for, together with its neighbours. */
  bytes(): Uint8Array;
  /** Stored values of the image. */
  frame(): Uint16Array | Int16Array;
}

export interface PhantomSeries {
  readonly count: number;
  readonly geometry: PhantomGeometry;
  readonly instances: readonly PhantomInstance[];
}

/** Slices painted together: blocks then reach across slices. */
export const slabSlices = 8;

/** Unrounded values (HU, MR signal or SUV) with noise, a slab at a time. */
function slabSource(
  options: PhantomOptions,
  geometry: PhantomGeometry,
  parts: readonly Part[],
): (k: number) => Float32Array {
  const painter = new Painter(parts, options.contrast ?? 'ct');
  const [columns, rows] = geometry.size;
  const grid = {
    size: geometry.size,
    origins: geometry.origins,
    columnStep: scale(geometry.row, geometry.spacingMm[1]),
    rowStep: scale(geometry.column, geometry.spacingMm[0]),
    thickness: scale(geometry.normal, geometry.thicknessMm),
    subSlices: geometry.subSlices,
  };
  const noise = options.noiseHu ?? 0;
  const seed = options.seed ?? 1;
  const plane = columns * rows;
  let first = -1;
  let slab: Float32Array = new Float32Array(0);
  return (k) => {
    const start = k - (k % slabSlices);
    if (start !== first) {
      first = start;
      slab = painter.paint(grid, start, Math.min(start + slabSlices, geometry.origins.length));
      if (noise > 0)
        for (let n = 0; n < slab.length; n++) slab[n]! += noise * voxelNoise(seed, start * plane + n);
    }
    return slab.subarray((k - start) * plane, (k - start + 1) * plane);
  };
}

interface StoredFrame {
  readonly pixels: Uint16Array | Int16Array;
  readonly slope: number;
}

function toStored(values: Float32Array, options: PhantomOptions): StoredFrame {
  const contrast = options.contrast ?? 'ct';
  if (contrast === 'pet') {
    let most = 0.001;
    for (const value of values) most = Math.max(most, value);
    const perStored = most / 32767;
    return {
      pixels: Int16Array.from(values, (value) => Math.max(0, Math.round(value / perStored))),
      slope: Number((perStored * becquerelPerMlOfSuv).toPrecision(10)),
    };
  }
  if (contrast === 'ct' && options.signed) {
    const pixels = new Int16Array(values.length);
    for (let n = 0; n < pixels.length; n++)
      pixels[n] = Math.max(-32768, Math.min(32767, Math.round(values[n]!)));
    return { pixels, slope: 1 };
  }
  const shift = contrast === 'ct' ? 1024 : 0;
  const pixels = new Uint16Array(values.length);
  for (let n = 0; n < pixels.length; n++)
    pixels[n] = Math.max(0, Math.min(4095, Math.round(values[n]! + shift)));
  return { pixels, slope: 1 };
}

function pixelData(frame: Uint16Array | Int16Array, options: PhantomOptions): WriteElement {
  const syntax = options.syntax ?? explicitLittleEndian;
  if (!syntax.encapsulated) return element(0x7fe00010, 'OW', frame);
  const [columns, rows] = options.size ?? [128, 128];
  if (options.encodeFrame)
    return element(0x7fe00010, 'OB', { frames: [options.encodeFrame(frame, columns, rows)] });
  if (syntax.uid !== rleLossless.uid) throw new Error('This transfer syntax needs encodeFrame');
  return element(0x7fe00010, 'OB', { frames: [[encodeRleFrame(frame, columns)]] });
}

/**
 * A series of the phantom. `parts` replaces the whole body (used by tests that want simple bodies).
 * Ask for the instances in order: a slab of slices is painted at once and kept until the next.
 */
export function phantomSeries(options: PhantomOptions = {}, parts?: readonly Part[]): PhantomSeries {
  const geometry = phantomGeometry(options);
  const uids = phantomUids(options);
  const { table = true, beads = false, phase } = options;
  const { squeezeMm } = phaseOf(options);
  const body = parts ?? bodyParts({ table, beads, squeezeMm });
  const firstNumber = (phase?.index ?? 0) * geometry.origins.length + 1;
  const valuesOf = slabSource(options, geometry, body);
  const syntax = options.syntax ?? explicitLittleEndian;
  const instances = geometry.origins.map((_, k): PhantomInstance => {
    const stored = () => toStored(valuesOf(k), options);
    return {
      k,
      fileName: `IM${String(firstNumber + k).padStart(4, '0')}.dcm`,
      sopInstanceUid: uids.instance(k),
      frame: () => stored().pixels,
      bytes() {
        const { pixels, slope } = stored();
        return encodePart10([...imageAttributes(options, geometry, k, slope), pixelData(pixels, options)], {
          syntax,
          deflate: deflateRaw,
          ...(options.encodeText && { encodeText: options.encodeText }),
        });
      },
    };
  });
  return { count: instances.length, geometry, instances };
}
