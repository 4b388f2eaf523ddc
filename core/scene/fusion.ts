/** Colours of a second series laid over a picture. */
export const colourMaps = ['hot', 'rainbow', 'greyInverse'] as const;
export type ColourMap = (typeof colourMaps)[number];

/** How a second series lies over the planes and 3D of the first: both in one frame of reference. Values are its own. */
export interface Fusion {
  readonly seriesKey: string;
  readonly group: number;
  readonly map: ColourMap;
  /** 0…1 where the values are well above `low`. */
  readonly opacity: number;
  /** Values at both ends of the colours; null = chosen from the series. */
  readonly low: number | null;
  readonly high: number | null;
}

/** The same as part of a scene: whoever draws it needs no more than the second volume. */
export interface FusionLayer {
  /** SeriesInstanceUID; its frame of reference is that of the scene's volume. */
  readonly series: string;
  /** Id of its volume group; empty = the one that serves best as a volume. */
  readonly group: string;
  readonly map: ColourMap;
  /** 0…1 where the values are well above `low`. */
  readonly opacity: number;
  /** Modality values at both ends of the colours, `low` < `high`: at `low` and below all is clear. */
  readonly low: number;
  readonly high: number;
}

/**
 * Share of the way from `low` to `high` at which a value is as opaque as any: background stays clear. A projection has
 * the largest value of the whole ray everywhere: there it is `high` itself, or the body's own uptake would veil bones.
 */
export const opaqueFrom = { slice: 0.25, volume: 1 } as const;

/** What two plans say of where their series lie: only what was taken in one frame of reference lies over each other. */
interface Placed {
  readonly common: { readonly FrameOfReferenceUID?: string };
}
export function isSameFrame(a: Placed, b: Placed): boolean {
  const uid = a.common.FrameOfReferenceUID;
  return uid !== undefined && uid !== '' && b.common.FrameOfReferenceUID === uid;
}

const unit = (x: number): number => Math.min(1, Math.max(0, x));

/** r, g, b each 0…1 for a share 0…1 of the range. */
export function mapColour(map: ColourMap, share: number): readonly [number, number, number] {
  const x = unit(share);
  if (map === 'greyInverse') return [1 - x, 1 - x, 1 - x];
  // Black, red, yellow, white.
  if (map === 'hot') return [unit(3 * x), unit(3 * x - 1), unit(3 * x - 2)];
  // Blue, cyan, green, yellow, red.
  const h = 4 * (1 - x);
  return [unit(2 - h), unit(h < 2 ? h : 4 - h), unit(h - 2)];
}

/** 256 RGBA words (0xAABBGGRR) from `low` to `high`; alpha rises evenly from 0, to the opacity at `opaqueFrom`. */
export function fusionTable(
  { map, opacity }: Pick<Fusion, 'map' | 'opacity'>,
  over: keyof typeof opaqueFrom = 'slice',
): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, n) => {
    const share = n / 255;
    const [r, g, b] = mapColour(map, share).map((c) => Math.round(c * 255)) as [number, number, number];
    const alpha = Math.round(255 * unit(opacity) * unit(share / opaqueFrom[over]));
    return ((alpha << 24) | (b << 16) | (g << 8) | r) >>> 0;
  });
}

/** Values of a picture as colours; clear where there is no data (NaN). `out` holds one word a value. */
export function fuseValues(
  values: Float32Array,
  low: number,
  high: number,
  table: Uint32Array,
  out: Uint32Array,
): void {
  const perValue = 255 / Math.max(high - low, 1e-9);
  for (let n = 0; n < values.length; n += 1) {
    const value = values[n]!;
    if (Number.isNaN(value)) {
      out[n] = 0;
      continue;
    }
    const level = (value - low) * perValue + 0.5;
    out[n] = table[level <= 0 ? 0 : level >= 255 ? 255 : level | 0]!;
  }
}

/**
 * Lays colours (RGBA words) over a picture of as many opaque pixels (RGBA8), in place:
 * picture · (1 − alpha) + colour · alpha, rounded.
 */
export function blendOver(rgba: Uint8ClampedArray, colours: Uint32Array): void {
  for (let n = 0; n < colours.length; n += 1) {
    const word = colours[n]!;
    const alpha = word >>> 24;
    if (alpha === 0) continue;
    for (let c = 0; c < 3; c += 1) {
      const under = rgba[4 * n + c]!;
      rgba[4 * n + c] = under + ((((word >>> (8 * c)) & 255) - under) * alpha) / 255;
    }
  }
}
