import type { CanvasSize } from '../../../viewport/use-canvas-size.ts';
import { sampledOf } from './sampled.ts';
import { stripMarginPx } from './strip-map.ts';
import { linesAsTree } from './vessel-export.ts';
import type { CprPlace, VesselLine } from './vessel-state.ts';

/** One line of the sheet: where its strip lies, and how its picture lies in it. */
export interface SheetRow {
  readonly item: VesselLine;
  /** From the tree's root along its parents to where this line begins. */
  readonly startMm: number;
  readonly top: number;
  readonly size: CanvasSize;
  readonly place: CprPlace;
}

const headPx = 46;
const gapPx = 2;
const rowMostPx = 170;

/** Way from the root to a line's start; a ring of parents ends where it began. */
function startOf(
  item: VesselLine,
  byId: ReadonlyMap<string, VesselLine>,
  seen: readonly string[] = [],
): number {
  const { parent, id } = item.line;
  const from = parent && !seen.includes(id) ? byId.get(parent.lineId) : undefined;
  return parent && from ? startOf(from, byId, [...seen, id]) + parent.atMm : 0;
}

/** Strips of one scale below each other, equal ways from the root below each other. */
export function sheetRows(lines: readonly VesselLine[], size: CanvasSize): readonly SheetRow[] {
  if (lines.length === 0 || size.cssWidth === 0) return [];
  const byId = new Map(lines.map((item) => [item.line.id, item]));
  const placed = linesAsTree(lines).map(({ item }) => ({ item, startMm: startOf(item, byId) }));
  const mostMm = Math.max(...placed.map(({ item, startMm }) => startMm + sampledOf(item.line).lengthMm));
  const mmPerPx = mostMm / Math.max(40, size.cssWidth - 2 * stripMarginPx);
  const room = (size.cssHeight - headPx) / placed.length - gapPx;
  const cssHeight = Math.max(24, Math.min(rowMostPx, Math.floor(room)));
  const rowSize: CanvasSize = {
    cssWidth: size.cssWidth,
    cssHeight,
    width: size.width,
    height: Math.round(cssHeight * size.ratio),
    ratio: size.ratio,
  };
  return placed.map(({ item, startMm }, n) => {
    const { lengthMm } = sampledOf(item.line);
    const panXMm = lengthMm / 2 + startMm + (stripMarginPx - size.cssWidth / 2) * mmPerPx;
    return {
      item,
      startMm,
      top: headPx + n * (cssHeight + gapPx),
      size: rowSize,
      place: { mmPerPx, panXMm, panYMm: 0 },
    };
  });
}
