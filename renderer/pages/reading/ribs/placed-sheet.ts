import type { LabelledBones } from '../../../../core/analysis/ribs/labels.ts';
import {
  fromSheet,
  ontoSheet,
  type RibSheet,
  type RibStrip,
  ribSheet,
} from '../../../../core/analysis/ribs/sheet.ts';
import { cross, dot, normalise } from '../../../../core/geometry/matrices.ts';
import { type PatientPoint, type Plane, patientVector } from '../../../../core/geometry/types.ts';
import type { Spot } from '../../../viewport/measure-surface.ts';
import type { CanvasSize } from '../../../viewport/use-canvas-size.ts';

/** The rib sheet as it lies in a viewport; places are CSS pixels of it. */
export interface PlacedSheet {
  readonly sheet: RibSheet;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly mmPerPx: number;
  /** The patient under a place; null between strips. */
  patientAt(x: number, y: number): { readonly strip: RibStrip; readonly pointMm: PatientPoint } | null;
  /** Where a point of the patient is; null beside all ribs. */
  spotOf(p: PatientPoint): { readonly strip: RibStrip; readonly spot: Spot } | null;
  /** CSS pixels of a place of the sheet. */
  spotAt(x: number, y: number): Spot;
}

/** Free for the marks at both sides, and for texts above: the name of the highest rib stands below what the picture is. */
const sidePx = 40;
const topPx = 34;
/** The bar has a line of its own. */
const bottomPx = 40;
const finestMm = 0.2;
/** Only for finding out how large the sheet is. */
const roughMm = 2;

/** As large as fits; null where there is no rib, or no room. */
export function placeSheet(bones: LabelledBones, size: CanvasSize): PlacedSheet | null {
  const { cssWidth, cssHeight, ratio } = size;
  const [roomX, roomY] = [cssWidth - 2 * sidePx, cssHeight - topPx - bottomPx];
  if (roomX < 80 || roomY < 60) return null;
  const rough = ribSheet(bones, { spacingMm: roughMm });
  if (!rough.ok) return null;
  const wanted = Math.max(
    (rough.value.width * roughMm) / (roomX * ratio),
    (rough.value.height * roughMm) / (roomY * ratio),
  );
  const made = ribSheet(bones, { spacingMm: Math.max(finestMm, wanted) });
  if (!made.ok) return null;
  const sheet = made.value;
  const [width, height] = [sheet.width / ratio, sheet.height / ratio];
  // Whole device pixels: the canvas is not stretched.
  const snap = (px: number): number => Math.round(px * ratio) / ratio;
  const left = snap((cssWidth - width) / 2);
  const top = snap(topPx + (roomY - height) / 2);
  const spotAt = (x: number, y: number): Spot => ({
    x: left + (x + 0.5) / ratio,
    y: top + (y + 0.5) / ratio,
  });
  return {
    ...{ sheet, left, top, width, height, spotAt },
    mmPerPx: sheet.spacingMm * ratio,
    patientAt: (x, y) =>
      fromSheet(sheet, { x: (x - left) * ratio - 0.5, y: (y - top) * ratio - 0.5 }) ?? null,
    spotOf(p) {
      const place = ontoSheet(sheet, p);
      return place ? { strip: place.strip, spot: spotAt(place.point.x, place.point.y) } : null;
    },
  };
}

/** Columns of the sheet where a strip's rib passes through a plane. */
export function cutColumns(
  { picture, at, side }: RibStrip,
  { origin, right, down }: Plane,
): readonly number[] {
  const normal = normalise(cross(right, down));
  const { centres } = picture.rows;
  const columns: number[] = [];
  let before = Number.NaN;
  for (let row = 0; row < picture.height; row += 1) {
    const off = patientVector(
      centres[3 * row]! - origin[0],
      centres[3 * row + 1]! - origin[1],
      centres[3 * row + 2]! - origin[2],
    );
    const now = dot(off, normal);
    if (now === 0 || before * now < 0) {
      const place = now === 0 ? row : row - now / (now - before);
      columns.push(at.x + (side === 'left' ? place : picture.height - 1 - place));
    }
    before = now;
  }
  return columns;
}
