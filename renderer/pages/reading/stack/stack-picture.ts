import { calibrationOf } from '../../../../core/measure/calibration.ts';
import { formatValue, placeMm } from '../../../../core/measure/format.ts';
import { pixelAspect } from '../../../../core/pixels/masks.ts';
import type { ReadingTerm } from '../../../../core/terms/reading.ts';
import type { Language, TermParams } from '../../../../core/terms/term.ts';
import { type Badge, frameBadges, seriesBadges } from '../../../viewport/badges.ts';
import { takenText } from '../../../viewport/corner-texts.ts';
import { type ScaleBar, scaleBar } from '../../../viewport/scale-bar.ts';
import { imageAxes } from '../../../viewport/stack-letters.ts';
import type { CanvasSize } from '../../../viewport/use-canvas-size.ts';
import {
  type DeviceFromImage,
  deviceFromImage,
  type ImageSize,
  isMirrored,
  quarterTurns,
  scaleOf,
  toImage,
} from '../../../viewport/view-transform.ts';
import { type WindowState, windowNumbers } from '../../../viewport/windowing.ts';
import { imageNumber } from '../../../volumes/image-number.ts';
import type { OpenStack } from '../../../volumes/open-stack.ts';
import { isNoData } from '../../../volumes/volume-memory.ts';
import type { Probe, StackCell } from '../session/reading-state.ts';

type Words = (key: ReadingTerm, params?: TermParams) => string;

/** Size of the frame on screen, as decoded or as announced. */
export function imageSize(stack: OpenStack, k: number): ImageSize {
  const info = stack.info(k);
  const state = stack.loader.store.state(k);
  const picture = state.kind === 'ready' ? state.image : info?.instance.format;
  return {
    rows: picture?.rows ?? 1,
    columns: picture?.columns ?? 1,
    aspect: info ? pixelAspect(info.attributes) : 1,
  };
}

export const stackMap = (stack: OpenStack, cell: StackCell, size: CanvasSize): DeviceFromImage =>
  deviceFromImage(cell.view, imageSize(stack, cell.k), size);

/** True where the frame brings its own colours: a window means nothing there. */
export function isColour(stack: OpenStack, k: number): boolean {
  if (stack.isColour) return true;
  const state = stack.loader.store.state(k);
  return state.kind === 'ready' && state.image.kind === 'colour';
}

/** Bottom left: window, zoom, rotation, inversion. */
export function stackShown(
  words: Words,
  stack: OpenStack,
  cell: StackCell,
  window: WindowState | undefined,
  size: CanvasSize,
): string[] {
  const lines: string[] = [];
  if (isColour(stack, cell.k)) lines.push(words('reading.colour'));
  else if (window) {
    const numbers = windowNumbers(window.voi);
    const text = numbers ? words('reading.windowText', { ...numbers }) : words('reading.voiLut');
    lines.push(window.isInverted ? `${text} · ${words('reading.invertedText')}` : text);
  }
  const scale = scaleOf(cell.view, imageSize(stack, cell.k), size);
  const percent = Math.round(scale * 100);
  const zoom = words('reading.zoomText', { n: String(percent) });
  lines.push(percent === 100 ? `${zoom} (${words('reading.trueSize')})` : zoom);
  const turns = quarterTurns(cell.view.turn);
  const turned = [
    turns === 0 ? '' : words('reading.rotatedText', { n: turns * 90 }),
    isMirrored(cell.view.turn) ? words('reading.mirroredText') : '',
  ].filter(Boolean);
  if (turned.length > 0) lines.push(turned.join(' · '));
  return lines;
}

export function stackTaken(language: Language, stack: OpenStack, k: number): readonly string[] {
  const info = stack.info(k);
  if (!info) return [];
  const { verdict } = stack.group;
  const isStack = stack.count > 1 && verdict.spacingSource === 'ImagePositionPatient';
  return takenText(language, {
    attributes: info.attributes,
    image: imageNumber(stack, k),
    images: stack.count,
    spacingMm: isStack && verdict.medianGapMm > 0 ? verdict.medianGapMm : undefined,
    locationMm: info.frame.locationMm,
  });
}

export function stackBadges(stack: OpenStack, cell: StackCell): Badge[] {
  const info = stack.info(cell.k);
  const state = stack.loader.store.state(cell.k);
  const problem = state.kind === 'ready' ? state.image.problem : undefined;
  return [
    ...seriesBadges(stack),
    ...(info ? frameBadges(info, { isMirrored: isMirrored(cell.view.turn), problem }) : []),
  ];
}

/** A bar along the screen's vertical, where a pixel is known in mm. */
export function stackBar(stack: OpenStack, cell: StackCell, size: CanvasSize): ScaleBar | undefined {
  const info = stack.info(cell.k);
  if (!info || size.cssHeight === 0) return undefined;
  const calibration = calibrationOf(info.attributes, info.instance.regions);
  if (calibration.source === 'none') return undefined;
  const map = stackMap(stack, cell, size);
  const isTurned = map.a === 0;
  const devicePerPixel = Math.abs(isTurned ? map.c : map.d);
  const mmPerPixel = isTurned ? calibration.columnMm : calibration.rowMm;
  return scaleBar((mmPerPixel / devicePerPixel) * size.ratio, size.cssHeight * 0.3);
}

/** The acquired value under a place of the viewport (CSS pixels); null outside the picture. */
export function stackProbe(
  stack: OpenStack,
  cell: StackCell,
  index: number,
  size: CanvasSize,
  x: number,
  y: number,
): Probe | null {
  const at = toImage(stackMap(stack, cell, size), x * size.ratio, y * size.ratio);
  const column = Math.round(at.column);
  const row = Math.round(at.row);
  const state = stack.loader.store.state(cell.k);
  if (state.kind !== 'ready') return null;
  const { image } = state;
  if (column < 0 || row < 0 || column >= image.columns || row >= image.rows) return null;
  const value = valueText(stack, image, row * image.columns + column);
  const info = stack.info(cell.k);
  const axes = imageAxes(info?.attributes.ImageOrientationPatient);
  const position = info?.attributes.ImagePositionPatient;
  const spacing = info?.attributes.PixelSpacing;
  const patientMm =
    axes && position?.length === 3 && spacing?.length === 2
      ? [0, 1, 2].map(
          (n) =>
            position[n]! + axes.right[n]! * at.column * spacing[1]! + axes.down[n]! * at.row * spacing[0]!,
        )
      : null;
  return {
    cell: index,
    value,
    text: `${value} @ ${column}, ${row} px`,
    place: patientMm && placeMm(patientMm, Math.min(...(spacing ?? []))),
    voxel: [column, row, cell.k],
  };
}

function valueText(
  stack: OpenStack,
  image: import('../../../volumes/frame-image.ts').FrameImage,
  at: number,
): string {
  if (image.kind === 'colour') return `RGB ${image.rgba.slice(at * 4, at * 4 + 3).join(' ')}`;
  const value = image.values[at]!;
  const isPadding = isNoData(image.values instanceof Int16Array ? 'int16' : 'float32');
  return isPadding(value) ? '–' : formatValue(value, stack.unit);
}
