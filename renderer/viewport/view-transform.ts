import type { ImagePoint } from '../../core/measure/types.ts';

/** Image axes on screen: [right.x, down.x, right.y, down.y], each −1, 0 or 1; a signed permutation. */
export type Turn = readonly [number, number, number, number];

/** How a stack picture lies in its viewport. Sizes in device pixels. */
export interface StackView {
  /** Device pixels per image column; null = as large as fits. */
  readonly scale: number | null;
  readonly panX: number;
  readonly panY: number;
  readonly turn: Turn;
}

export interface ImageSize {
  readonly rows: number;
  readonly columns: number;
  /** Height over width of one pixel. */
  readonly aspect: number;
}

export interface DeviceSize {
  readonly width: number;
  readonly height: number;
}

export const upright: Turn = [1, 0, 0, 1];
export const fitted: StackView = { scale: null, panX: 0, panY: 0, turn: upright };

export const scaleLimits = { least: 0.02, most: 64 } as const;

// Adding 0 turns −0 into 0, so that equal turns are equal values.
const compose = (a: Turn, b: Turn): Turn => [
  a[0] * b[0] + a[1] * b[2] + 0,
  a[0] * b[1] + a[1] * b[3] + 0,
  a[2] * b[0] + a[3] * b[2] + 0,
  a[2] * b[1] + a[3] * b[3] + 0,
];

/** 90° clockwise as seen. */
export const rotated = (turn: Turn): Turn => compose([0, -1, 1, 0], turn);
/** Left and right change places as seen. */
export const flippedHorizontally = (turn: Turn): Turn => compose([-1, 0, 0, 1], turn);
export const flippedVertically = (turn: Turn): Turn => compose([1, 0, 0, -1], turn);
/** A mirrored picture: needs its badge. */
export const isMirrored = (turn: Turn): boolean => turn[0] * turn[3] - turn[1] * turn[2] < 0;
/** Quarter turns clockwise, after undoing a horizontal flip when mirrored. */
export function quarterTurns(turn: Turn): 0 | 1 | 2 | 3 {
  const plain = isMirrored(turn) ? flippedHorizontally(turn) : turn;
  if (plain[0] === 1) return 0;
  if (plain[0] === -1) return 2;
  return plain[2] === 1 ? 1 : 3;
}

/** Scale at which the whole picture is seen. */
export function fitScale(image: ImageSize, turn: Turn, canvas: DeviceSize): number {
  const height = image.rows * image.aspect;
  const seenWidth = turn[0] !== 0 ? image.columns : height;
  const seenHeight = turn[0] !== 0 ? height : image.columns;
  const scale = Math.min(canvas.width / seenWidth, canvas.height / seenHeight);
  return Number.isFinite(scale) && scale > 0 ? scale : 1;
}

export const scaleOf = (view: StackView, image: ImageSize, canvas: DeviceSize): number =>
  view.scale ?? fitScale(image, view.turn, canvas);

/**
 * Affine map from (column, row) to device pixels: x = a·column + b·row + e, y = c·column + d·row + f.
 * A pixel's integer position is its centre; device pixel (0, 0) covers 0…1, so its centre is 0.5.
 */
export interface DeviceFromImage {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  readonly e: number;
  readonly f: number;
}

export function deviceFromImage(view: StackView, image: ImageSize, canvas: DeviceSize): DeviceFromImage {
  const scale = scaleOf(view, image, canvas);
  const down = scale * image.aspect;
  const a = view.turn[0] * scale;
  const b = view.turn[1] * down;
  const c = view.turn[2] * scale;
  const d = view.turn[3] * down;
  const column = (image.columns - 1) / 2;
  const row = (image.rows - 1) / 2;
  return {
    a,
    b,
    c,
    d,
    e: canvas.width / 2 + view.panX - a * column - b * row,
    f: canvas.height / 2 + view.panY - c * column - d * row,
  };
}

export const toDevice = (m: DeviceFromImage, p: ImagePoint): { readonly x: number; readonly y: number } => ({
  x: m.a * p.column + m.b * p.row + m.e,
  y: m.c * p.column + m.d * p.row + m.f,
});

export function toImage(m: DeviceFromImage, x: number, y: number): ImagePoint {
  const det = m.a * m.d - m.b * m.c;
  const dx = x - m.e;
  const dy = y - m.f;
  return { column: (m.d * dx - m.b * dy) / det, row: (m.a * dy - m.c * dx) / det };
}

/** Zooms so that the picture stays put under (x, y). */
export function zoomedAbout(
  view: StackView,
  image: ImageSize,
  canvas: DeviceSize,
  factor: number,
  x: number,
  y: number,
): StackView {
  const before = scaleOf(view, image, canvas);
  const scale = Math.min(scaleLimits.most, Math.max(scaleLimits.least, before * factor));
  const ratio = scale / before;
  const offsetX = x - canvas.width / 2;
  const offsetY = y - canvas.height / 2;
  return {
    ...view,
    scale,
    panX: offsetX - (offsetX - view.panX) * ratio,
    panY: offsetY - (offsetY - view.panY) * ratio,
  };
}

export const panned = (view: StackView, dx: number, dy: number): StackView => ({
  ...view,
  panX: view.panX + dx,
  panY: view.panY + dy,
});
