import { overlayMask, shutterMask } from '../../core/pixels/masks.ts';
import type { FrameInfo } from '../volumes/frame-attributes.ts';
import type { FrameImage, MonoImage } from '../volumes/frame-image.ts';
import { halved, halvedMap, type MonoSource, paintMono } from './paint-mono.ts';
import { type DeviceFromImage, deviceFromImage, type ImageSize, type StackView } from './view-transform.ts';
import { paintLutOf, type WindowState } from './windowing.ts';

export interface StackPicture {
  readonly image: FrameImage;
  readonly info: FrameInfo;
  readonly view: StackView;
  readonly aspect: number;
  readonly window: WindowState;
  readonly isFileInverted: boolean;
}

/** Smaller copies of large frames, made when first painted small. */
const pyramids = new WeakMap<object, MonoSource[]>();

function levelFor(image: MonoImage, map: DeviceFromImage): readonly [MonoSource, DeviceFromImage] {
  let level: MonoSource = image;
  let levelMap = map;
  const smaller = pyramids.get(image.values) ?? [];
  for (
    let n = 0;
    Math.hypot(levelMap.a, levelMap.c) <= 0.5 && level.columns > 64 && level.rows > 64;
    n += 1
  ) {
    const next = smaller[n] ?? halved(level);
    smaller[n] = next;
    level = next;
    levelMap = halvedMap(levelMap);
  }
  if (smaller.length > 0) pyramids.set(image.values, smaller);
  return [level, levelMap];
}

/** Paints stack pictures on one canvas. Remembers its buffers and masks between pictures. */
export class StackPainter {
  private readonly context: CanvasRenderingContext2D;
  private buffer: ImageData | null = null;
  private lut: {
    readonly of: WindowState;
    readonly inverted: boolean;
    readonly table: ReturnType<typeof paintLutOf>;
  } | null = null;
  private readonly layers = new WeakMap<FrameInfo, OffscreenCanvas | null>();
  private colour: { readonly of: FrameImage; readonly canvas: OffscreenCanvas } | null = null;

  constructor(canvas: HTMLCanvasElement) {
    const context = canvas.getContext('2d', { alpha: false, willReadFrequently: true });
    if (!context) throw new Error('no 2D canvas');
    this.context = context;
  }

  clear(): void {
    const { canvas } = this.context;
    this.context.setTransform(1, 0, 0, 1, 0, 0);
    this.context.fillStyle = '#000';
    this.context.fillRect(0, 0, canvas.width, canvas.height);
  }

  paint(picture: StackPicture): void {
    const { width, height } = this.context.canvas;
    if (width === 0 || height === 0) return;
    const { image } = picture;
    const size: ImageSize = { rows: image.rows, columns: image.columns, aspect: picture.aspect };
    const map = deviceFromImage(picture.view, size, { width, height });
    this.context.setTransform(1, 0, 0, 1, 0, 0);
    if (image.kind === 'mono') this.paintGrey(image, picture, map);
    else this.paintColour(image, map);
    this.paintLayer(picture, map);
  }

  private paintGrey(image: MonoImage, picture: StackPicture, map: DeviceFromImage): void {
    const { width, height } = this.context.canvas;
    if (this.buffer?.width !== width || this.buffer.height !== height) {
      this.buffer = new ImageData(width, height);
    }
    const { window, isFileInverted } = picture;
    if (this.lut?.of !== window || this.lut.inverted !== isFileInverted) {
      this.lut = { of: window, inverted: isFileInverted, table: paintLutOf(window, isFileInverted) };
    }
    const pixels = new Uint32Array(this.buffer.data.buffer);
    const [source, sourceMap] = levelFor(image, map);
    paintMono(source, sourceMap, this.lut.table, { width, height, pixels });
    this.context.putImageData(this.buffer, 0, 0);
  }

  private paintColour(image: Extract<FrameImage, { kind: 'colour' }>, map: DeviceFromImage): void {
    if (this.colour?.of !== image) {
      const canvas = new OffscreenCanvas(image.columns, image.rows);
      canvas.getContext('2d')?.putImageData(new ImageData(image.rgba, image.columns, image.rows), 0, 0);
      this.colour = { of: image, canvas };
    }
    this.clear();
    this.drawMapped(this.colour.canvas, map);
  }

  /** Overlays in white and the shutter in black, as one picture laid over the frame. */
  private paintLayer({ info, image }: StackPicture, map: DeviceFromImage): void {
    let layer = this.layers.get(info);
    if (layer === undefined) {
      layer = layerOf(info, image);
      this.layers.set(info, layer);
    }
    if (layer) this.drawMapped(layer, map);
  }

  private drawMapped(canvas: OffscreenCanvas, m: DeviceFromImage): void {
    const c = this.context;
    c.imageSmoothingEnabled = true;
    c.imageSmoothingQuality = 'high';
    // A picture's corner is half a pixel before the centre of its first pixel.
    c.setTransform(m.a, m.c, m.b, m.d, m.e - (m.a + m.b) / 2, m.f - (m.c + m.d) / 2);
    c.drawImage(canvas, 0, 0);
    c.setTransform(1, 0, 0, 1, 0, 0);
  }
}

function layerOf(info: FrameInfo, image: FrameImage): OffscreenCanvas | null {
  const { rows, columns } = image;
  const embedded = image.kind === 'mono' ? image.overlay : undefined;
  const { overlays = [], shutter } = info.instance;
  const planes = overlays.filter((overlay) => overlay.data !== undefined);
  if (planes.length === 0 && !shutter && !embedded) return null;
  const rgba = new Uint32Array(rows * columns);
  if (shutter) {
    const visible = shutterMask(shutter, { rows, columns });
    for (let n = 0; n < rgba.length; n += 1) if (visible[n] === 0) rgba[n] = 0xff000000;
  }
  for (const overlay of planes) {
    const mask = overlayMask(overlay, { rows, columns }, info.frame.frame, new Uint8Array());
    if (mask) drawOverlay(mask, columns, rgba);
  }
  if (embedded) drawOverlay(embedded, columns, rgba);
  const canvas = new OffscreenCanvas(columns, rows);
  const bytes = new Uint8ClampedArray(rgba.buffer);
  canvas.getContext('2d')?.putImageData(new ImageData(bytes, columns, rows), 0, 0);
  return canvas;
}

const overlayWhite = 0xffffffff;
const overlayHalo = 0xb0000000;

/** White with a dark rim of one pixel, so that it is seen on white tissue too. */
function drawOverlay(mask: Uint8Array, columns: number, rgba: Uint32Array): void {
  for (let n = 0; n < mask.length; n += 1) {
    if (mask[n] !== 1) continue;
    for (const near of [n - 1, n + 1, n - columns, n + columns]) {
      if (near >= 0 && near < rgba.length && rgba[near] !== overlayWhite) rgba[near] = overlayHalo;
    }
  }
  for (let n = 0; n < mask.length; n += 1) if (mask[n] === 1) rgba[n] = overlayWhite;
}
