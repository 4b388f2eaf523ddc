import { thumbMost } from './bookmark.ts';

/** Device pixels; shown at about two thirds. */
const thumbPx = { width: 176, height: 110 };
/** The best that fits is taken. */
const qualities = [0.85, 0.7, 0.5, 0.3];

/**
 * The pictures on the stage in small, each in its place: a JPEG as a data URL. Pixels only, so that no name of a
 * patient gets into it. Empty where there is nothing to draw.
 */
export function stageThumb(stage: Element | null): string {
  const canvases = [...(stage?.querySelectorAll('canvas') ?? [])];
  const box = stage?.getBoundingClientRect();
  if (!box || box.width === 0 || canvases.length === 0) return '';
  const thumb = document.createElement('canvas');
  Object.assign(thumb, thumbPx);
  const context = thumb.getContext('2d');
  if (!context) return '';
  context.fillStyle = '#000';
  context.fillRect(0, 0, thumb.width, thumb.height);
  context.imageSmoothingQuality = 'high';
  const scale = Math.min(thumb.width / box.width, thumb.height / box.height);
  const left = (thumb.width - box.width * scale) / 2;
  const top = (thumb.height - box.height * scale) / 2;
  context.setTransform(scale, 0, 0, scale, left - box.left * scale, top - box.top * scale);
  for (const canvas of canvases) {
    const { left: x, top: y, width, height } = canvas.getBoundingClientRect();
    if (width > 0 && canvas.width > 0 && !canvas.closest('[hidden]')) {
      const cell = canvas.closest('.vp')?.getBoundingClientRect() ?? box;
      context.save();
      context.beginPath();
      context.rect(cell.left, cell.top, cell.width, cell.height);
      context.clip();
      context.drawImage(canvas, x, y, width, height);
      context.restore();
    }
  }
  const urls = qualities.map((quality) => () => thumb.toDataURL('image/jpeg', quality));
  for (const made of urls) {
    const url = made();
    if (url.length <= thumbMost) return url;
  }
  return '';
}
