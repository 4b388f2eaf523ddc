/** What of a viewport is its picture: everything but what is there to be pressed. */
const leftOut = '.views,.clip-h,.phases,.drag-note,.hd,.hs,.spine-stand,.bone-bar button,defs,[hidden]';

/** What a picture that is drawn anew does without: the pointer's value, outlines of tools, how far loading has come. */
const ofNow = '.probe,.mask-marks,.batch,.vp-load';
/** What a reader has drawn or called up over a picture; where slices are missing is told without them too. */
const marksOf = '.marks:not(.filled)';

/**
 * Draws all that a viewport has over its pictures on another picture of it: texts, badges, colour bar, and marks if they
 * are wanted.
 * @param ratio pixels of the picture for each CSS pixel
 */
export function paintOverlay(
  context: CanvasRenderingContext2D,
  viewport: HTMLElement,
  ratio: number,
  hasMarks: boolean,
): void {
  context.imageSmoothingQuality = 'high';
  const without = ['canvas', ofNow, ...(hasMarks ? [] : [marksOf])].join();
  new ViewportPainter(context, viewport, viewport.getBoundingClientRect(), ratio, without).paint();
}

/** A viewport as it is seen, with texts, badges and marks, in device pixels. @throws where the browser has no canvas */
export async function viewportPicture(viewport: HTMLElement): Promise<Blob> {
  const canvas = picturesOf(viewport, [viewport], devicePixelRatio);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('no PNG'))), 'image/png');
  });
}

/**
 * Viewports as they are seen, each in its place within `frame`, at once: what is drawn later is not in it.
 * @param ratio pixels of the picture for each CSS pixel
 * @throws where the browser has no canvas
 */
export function picturesOf(
  frame: HTMLElement,
  viewports: readonly HTMLElement[],
  ratio: number,
): HTMLCanvasElement {
  const whole = frame.getBoundingClientRect();
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(whole.width * ratio);
  canvas.height = Math.round(whole.height * ratio);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('no 2D canvas');
  context.fillStyle = viewports.length > 1 ? getComputedStyle(frame).backgroundColor : '#000';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingQuality = 'high';
  for (const viewport of viewports) {
    const { left, top, width, height } = viewport.getBoundingClientRect();
    context.save();
    context.beginPath();
    context.setTransform(ratio, 0, 0, ratio, -whole.left * ratio, -whole.top * ratio);
    context.rect(left, top, width, height);
    context.clip();
    context.fillStyle = getComputedStyle(viewport).backgroundColor;
    context.fillRect(left, top, width, height);
    // An empty place says what it waits for: that is no picture.
    if (!viewport.matches('.vp:not(:has(> .stripe))')) {
      new ViewportPainter(context, viewport, whole, ratio).paint();
    }
    context.restore();
  }
  return canvas;
}

/** Draws the elements of a page by their own geometry and style, in the order in which they lie over each other. */
class ViewportPainter {
  private readonly context: CanvasRenderingContext2D;
  private readonly viewport: HTMLElement;
  private readonly frame: Pick<DOMRect, 'left' | 'top'>;
  private readonly ratio: number;
  private readonly leftOut: string;

  constructor(
    context: CanvasRenderingContext2D,
    viewport: HTMLElement,
    frame: Pick<DOMRect, 'left' | 'top'>,
    ratio: number,
    without?: string,
  ) {
    this.context = context;
    this.viewport = viewport;
    this.frame = frame;
    this.ratio = ratio;
    this.leftOut = without ? `${leftOut},${without}` : leftOut;
  }

  paint(): void {
    const elements = [...this.viewport.querySelectorAll<HTMLElement | SVGElement>('*')].filter(
      (element) => !element.closest(this.leftOut) && getComputedStyle(element).visibility !== 'hidden',
    );
    for (const element of elements) if (element instanceof HTMLCanvasElement) this.canvas(element);
    for (const element of elements) {
      if (element instanceof SVGGraphicsElement) this.shape(element);
      else if (element instanceof HTMLElement && !(element instanceof HTMLCanvasElement)) this.box(element);
    }
    for (const element of elements) this.texts(element);
  }

  /** Page pixels from here on, moved to the frame's corner. */
  private page(): void {
    const { frame, ratio } = this;
    this.context.setTransform(ratio, 0, 0, ratio, -frame.left * ratio, -frame.top * ratio);
  }

  private canvas(element: HTMLCanvasElement): void {
    const { left, top, width, height } = element.getBoundingClientRect();
    if (width === 0 || element.width === 0) return;
    const { context, frame, ratio } = this;
    // A picture in pixels of the screen is put pixel on pixel, though its viewport ends within one.
    const isOwn =
      Math.abs(element.width - width * ratio) < 1 && Math.abs(element.height - height * ratio) < 1;
    if (isOwn) {
      context.setTransform(1, 0, 0, 1, 0, 0);
      const [x, y] = [(left - frame.left) * ratio, (top - frame.top) * ratio];
      context.drawImage(element, Math.round(x), Math.round(y));
      return;
    }
    this.page();
    context.drawImage(element, left, top, width, height);
  }

  private box(element: HTMLElement): void {
    const style = getComputedStyle(element);
    const { left, top, right, bottom, width, height } = element.getBoundingClientRect();
    if (width === 0 || height === 0) return;
    this.page();
    this.context.globalAlpha = Number(style.opacity);
    this.context.fillStyle = style.backgroundColor;
    this.context.fillRect(left, top, width, height);
    const side = (size: string, colour: string, x: number, y: number, along: 'x' | 'y'): void => {
      const px = Number.parseFloat(size);
      if (!(px > 0)) return;
      this.context.fillStyle = colour;
      this.context.fillRect(x, y, along === 'x' ? width : px, along === 'x' ? px : height);
    };
    const { borderTopWidth: t, borderBottomWidth: b, borderLeftWidth: l, borderRightWidth: r } = style;
    side(t, style.borderTopColor, left, top, 'x');
    side(b, style.borderBottomColor, left, bottom - Number.parseFloat(b), 'x');
    side(l, style.borderLeftColor, left, top, 'y');
    side(r, style.borderRightColor, right - Number.parseFloat(r), top, 'y');
    this.context.globalAlpha = 1;
  }

  private shape(element: SVGGraphicsElement): void {
    const matrix = element.getScreenCTM();
    const path = outlineOf(element);
    if (!matrix || !path) return;
    const style = getComputedStyle(element);
    this.page();
    const { context } = this;
    context.save();
    context.transform(matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f);
    const clip = clipOf(element);
    if (clip) context.clip(clip, 'evenodd');
    if (style.fill !== 'none') {
      context.globalAlpha = Number(style.fillOpacity) * Number(style.opacity);
      context.fillStyle = hatchingOf(context, style.fill) ?? style.fill;
      context.fill(path);
    }
    if (style.stroke !== 'none') {
      context.globalAlpha = Number(style.strokeOpacity) * Number(style.opacity);
      context.strokeStyle = style.stroke;
      context.lineWidth = Number.parseFloat(style.strokeWidth);
      const dashes = style.strokeDasharray === 'none' ? [] : style.strokeDasharray.split(/[ ,]+/);
      context.setLineDash(dashes.map(Number.parseFloat));
      context.stroke(path);
    }
    context.restore();
  }

  private texts(element: Element): void {
    for (const node of element.childNodes) {
      if (!(node instanceof Text)) continue;
      let at = 0;
      for (const line of node.data.split('\n')) {
        if (line.trim() !== '')
          for (const [from, to] of wrapped(node, at, at + line.length)) this.line(element, node, from, to);
        at += line.length + 1;
      }
    }
  }

  private line(element: Element, node: Text, from: number, to: number): void {
    const range = document.createRange();
    range.setStart(node, from);
    range.setEnd(node, to);
    const [place] = range.getClientRects();
    if (!place) return;
    const style = getComputedStyle(element);
    const { context } = this;
    this.page();
    context.save();
    const corner = element.closest('.tx')?.getBoundingClientRect();
    if (corner) {
      context.beginPath();
      context.rect(corner.left - 2, corner.top - 2, corner.width + 4, corner.height + 4);
      context.clip();
    }
    context.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
    context.textBaseline = 'alphabetic';
    const text = node.data.slice(from, to);
    const { fontBoundingBoxAscent: up, fontBoundingBoxDescent: down } = context.measureText(text);
    const y = place.top + (place.height - up - down) / 2 + up;
    context.lineJoin = 'round';
    context.lineWidth = 3;
    context.strokeStyle = style.getPropertyValue('--halo-colour') || 'rgb(0 0 0 / 0.8)';
    context.strokeText(text, place.left, y);
    context.fillStyle = element instanceof SVGElement ? style.fill : style.color;
    context.fillText(text, place.left, y);
    context.restore();
  }
}

/** The parts of a line as the page broke it. */
function wrapped(node: Text, from: number, to: number): readonly (readonly [number, number])[] {
  const range = document.createRange();
  const topOf = (start: number, end: number): number | undefined => {
    range.setStart(node, start);
    range.setEnd(node, end);
    return range.getClientRects()[0]?.top;
  };
  range.setStart(node, from);
  range.setEnd(node, to);
  if (range.getClientRects().length < 2) return [[from, to]];
  const parts: [number, number][] = [];
  let top: number | undefined;
  for (let n = from; n < to; n += 1) {
    const now = topOf(n, n + 1);
    const last = parts.at(-1);
    if (last && (now === undefined || top === undefined || Math.abs(now - top) < 2)) last[1] = n + 1;
    else parts.push([n, n + 1]);
    top = now ?? top;
  }
  return parts;
}

/** The element that `url(#id)` names. */
function namedElement(url: string | null): Element | null {
  const [, id] = /url\("?#([^")]+)"?\)/.exec(url ?? '') ?? [];
  return id === undefined ? null : document.getElementById(id);
}

/** What a shape is cut to; null where it is shown whole. */
function clipOf(element: Element): Path2D | null {
  const cut = element.closest('[clip-path]')?.getAttribute('clip-path') ?? null;
  const d = namedElement(cut)?.querySelector('path')?.getAttribute('d');
  return d ? new Path2D(d) : null;
}

/** Dots of a tile of hatching along each unit of its shape: smooth however large the picture is. */
const dotsPerUnit = 8;

/** A fill that is a pattern of upright rectangles or of lines, turned; null for plain colours. */
function hatchingOf(context: CanvasRenderingContext2D, fill: string): CanvasPattern | null {
  const named = namedElement(fill);
  if (!(named instanceof SVGPatternElement)) return null;
  const n = (element: Element, name: string): number => Number(element.getAttribute(name) ?? 0);
  const tile = new OffscreenCanvas(n(named, 'width') * dotsPerUnit, n(named, 'height') * dotsPerUnit);
  const tiled = tile.getContext('2d');
  if (!tiled) return null;
  tiled.scale(dotsPerUnit, dotsPerUnit);
  for (const part of named.querySelectorAll('rect')) {
    const style = getComputedStyle(part);
    tiled.globalAlpha = Number(style.fillOpacity);
    tiled.fillStyle = style.fill;
    tiled.fillRect(n(part, 'x'), n(part, 'y'), n(part, 'width'), n(part, 'height'));
  }
  for (const part of named.querySelectorAll('path')) {
    const style = getComputedStyle(part);
    tiled.globalAlpha = Number(style.strokeOpacity);
    tiled.strokeStyle = style.stroke;
    tiled.lineWidth = Number.parseFloat(style.strokeWidth);
    tiled.stroke(new Path2D(part.getAttribute('d') ?? ''));
  }
  const pattern = context.createPattern(tile, 'repeat');
  const turn = named.patternTransform.baseVal.consolidate()?.matrix;
  const { a = 1, b = 0, c = 0, d = 1, e = 0, f = 0 } = turn ?? {};
  pattern?.setTransform(new DOMMatrix([a, b, c, d, e, f]).scale(1 / dotsPerUnit));
  return pattern;
}

/** The outline of an SVG shape in its own coordinates; null for groups and texts. */
function outlineOf(element: SVGGraphicsElement): Path2D | null {
  const n = (name: string): number => Number(element.getAttribute(name) ?? 0);
  const path = new Path2D();
  switch (element.tagName) {
    case 'path':
      return new Path2D(element.getAttribute('d') ?? '');
    case 'circle':
      path.arc(n('cx'), n('cy'), n('r'), 0, 2 * Math.PI);
      return path;
    case 'rect':
      path.rect(n('x'), n('y'), n('width'), n('height'));
      return path;
    case 'line':
      path.moveTo(n('x1'), n('y1'));
      path.lineTo(n('x2'), n('y2'));
      return path;
    case 'polyline':
    case 'polygon':
      return new Path2D(
        `M${element.getAttribute('points') ?? '0 0'}${element.tagName === 'polygon' ? 'Z' : ''}`,
      );
    default:
      return null;
  }
}
