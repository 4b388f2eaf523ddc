/** What of a viewport is its picture: everything but what is there to be pressed. */
const leftOut = '.views,.clip-h,.phases,.drag-note,.hd,.hs,[hidden]';

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

  constructor(
    context: CanvasRenderingContext2D,
    viewport: HTMLElement,
    frame: Pick<DOMRect, 'left' | 'top'>,
    ratio: number,
  ) {
    this.context = context;
    this.viewport = viewport;
    this.frame = frame;
    this.ratio = ratio;
  }

  paint(): void {
    const elements = [...this.viewport.querySelectorAll<HTMLElement | SVGElement>('*')].filter(
      (element) => !element.closest(leftOut) && getComputedStyle(element).visibility !== 'hidden',
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
    this.page();
    this.context.drawImage(element, left, top, width, height);
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
    this.context.transform(matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f);
    if (style.fill !== 'none') {
      this.context.globalAlpha = Number(style.fillOpacity) * Number(style.opacity);
      this.context.fillStyle = style.fill;
      this.context.fill(path);
    }
    if (style.stroke !== 'none') {
      this.context.globalAlpha = Number(style.strokeOpacity) * Number(style.opacity);
      this.context.strokeStyle = style.stroke;
      this.context.lineWidth = Number.parseFloat(style.strokeWidth);
      const dashes = style.strokeDasharray === 'none' ? [] : style.strokeDasharray.split(/[ ,]+/);
      this.context.setLineDash(dashes.map(Number.parseFloat));
      this.context.stroke(path);
      this.context.setLineDash([]);
    }
    this.context.globalAlpha = 1;
  }

  private texts(element: Element): void {
    for (const node of element.childNodes) {
      if (!(node instanceof Text)) continue;
      let at = 0;
      for (const line of node.data.split('\n')) {
        if (line.trim() !== '') this.line(element, node, at, at + line.length);
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
    context.strokeStyle = 'rgb(0 0 0 / 0.8)';
    context.strokeText(text, place.left, y);
    context.fillStyle = element instanceof SVGElement ? style.fill : style.color;
    context.fillText(text, place.left, y);
    context.restore();
  }
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
