import { cprPicture, cprScene } from '../../../../core/analysis/cpr/picture.ts';
import type { CprPicture as Sheet } from '../../../../core/analysis/cpr/types.ts';
import type { SampledLine } from '../../../../core/analysis/types.ts';
import { between, dot } from '../../../../core/geometry/matrices.ts';
import { nearestPlane } from '../../../../core/geometry/orientation.ts';
import { type PatientVector, patientPoint, patientVector } from '../../../../core/geometry/types.ts';
import type { CurvedRows, WindowSetting } from '../../../../core/scene/types.ts';
import type { CanvasSize } from '../../../viewport/use-canvas-size.ts';
import { type CurvedPicture, pictureWays } from './curved-picture.ts';
import type { CprLook, CprPlace } from './vessel-state.ts';

/** What the sheet turns about and what is down: to the feet, to the back, or to the left, as the line runs. */
export function sheetAxis(line: SampledLine): PatientVector {
  const last = 3 * (line.count - 1);
  const chord = [0, 1, 2].map((a) => line.points[last + a]! - line.points[a]!) as [number, number, number];
  const { name } = nearestPlane(patientVector(...chord));
  return {
    axial: patientVector(0, 0, -1),
    coronal: patientVector(0, 1, 0),
    sagittal: patientVector(1, 0, 0),
  }[name];
}

/** Millimetres of a CSS pixel at which the whole line is seen, however it is turned. */
export function fitSheet(
  line: SampledLine,
  mode: 'stretched' | 'projected',
  aroundMm: number,
  size: CanvasSize,
): number {
  const axis = sheetAxis(line);
  let [lo, hi] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let reach = 0;
  const middle = [0, 1, 2].map((a) => {
    let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let n = 0; n < line.count; n += 1) {
      least = Math.min(least, line.points[3 * n + a]!);
      most = Math.max(most, line.points[3 * n + a]!);
    }
    return (least + most) / 2;
  });
  for (let n = 0; n < line.count; n += 1) {
    const p = patientPoint(line.points[3 * n]!, line.points[3 * n + 1]!, line.points[3 * n + 2]!);
    const off = between(patientPoint(middle[0]!, middle[1]!, middle[2]!), p);
    const along = dot(off, axis);
    lo = Math.min(lo, along);
    hi = Math.max(hi, along);
    reach = Math.max(
      reach,
      Math.hypot(off[0] - along * axis[0], off[1] - along * axis[1], off[2] - along * axis[2]),
    );
  }
  const heightMm = (mode === 'stretched' ? line.lengthMm : hi - lo) * 1.12 + 4;
  const widthMm = 2 * reach + aroundMm;
  return Math.max(heightMm / Math.max(1, size.cssHeight), widthMm / Math.max(1, size.cssWidth));
}

/** Rows of the sheet that the viewport shows; beyond the sheet nothing. */
function cropped(sheet: Sheet, columnAt0: number, rowAt0: number, width: number, height: number): CurvedRows {
  const centres = new Float64Array(3 * height).fill(Number.NaN);
  const across = new Float64Array(3 * height);
  const through = new Float64Array(3 * height);
  const shiftMm = (columnAt0 + (width - 1) / 2 - (sheet.width - 1) / 2) * sheet.spacingMm;
  for (let y = 0; y < height; y += 1) {
    const row = y + rowAt0;
    if (row < 0 || row >= sheet.height) continue;
    for (let a = 0; a < 3; a += 1) {
      const along = sheet.rows.across[3 * row + a]!;
      centres[3 * y + a] = sheet.rows.centres[3 * row + a]! + shiftMm * along;
      across[3 * y + a] = along;
      through[3 * y + a] = sheet.rows.through[3 * row + a]!;
    }
  }
  return { centres, across, through };
}

/** Straight on beyond the line's ends, in CSS pixels: the same millimetres in a picture of any size. */
const marginPx = 1200;

export interface SheetPicture extends CurvedPicture {
  /** Across (screen right) and down, where they are the same all over. */
  readonly right: PatientVector;
  readonly down: PatientVector | null;
  readonly tracePath: string;
}

/** A stretched or projected picture as it lies in a viewport of `size`; null where it cannot be made that large. */
export function sheetPicture(
  line: SampledLine,
  mode: 'stretched' | 'projected',
  look: CprLook,
  place: CprPlace,
  size: CanvasSize,
  window: WindowSetting,
  around: { readonly sectionMm: number; readonly focusMm: number },
): SheetPicture | null {
  const mmPerPx = place.mmPerPx ?? fitSheet(line, mode, around.sectionMm, size);
  const spacingMm = mmPerPx / size.ratio;
  const axis = sheetAxis(line);
  const made = cprPicture(line, mode, {
    spacingMm,
    widthMm: 0,
    angleRad: (look.turnDeg * Math.PI) / 180,
    axis,
    marginMm: Math.min(marginPx, size.cssHeight) * mmPerPx,
    ...(mode === 'projected' && { focusMm: around.focusMm }),
  });
  if (!made.ok) return null;
  const sheet = made.value;
  const columnAt0 = Math.round((sheet.width - size.width) / 2 - place.panXMm / spacingMm);
  const rowAt0 = Math.round((sheet.height - size.height) / 2 - place.panYMm / spacingMm);
  const rows = cropped(sheet, columnAt0, rowAt0, size.width, size.height);
  const shown: Sheet = {
    ...sheet,
    rows,
    width: size.width,
    height: size.height,
    trace: sheet.trace.map((at, n) => at - (n % 2 === 0 ? columnAt0 : rowAt0)),
  };
  return {
    kind: mode,
    scene: cprScene(shown, {
      slabMm: look.slabMm,
      projection: look.slabMm > 0 ? look.projection : 'none',
      interpolation: 'linear',
      window,
      background: [0, 0, 0],
    }),
    isTransposed: false,
    mmPerPx,
    right: vectorAt(sheet.rows.across, 0),
    down: mode === 'projected' ? axis : null,
    tracePath: tracePath(shown, size.ratio),
    ...pictureWays(shown, size.ratio, false),
    folds: '',
  };
}

const vectorAt = (values: Float64Array, n: number): PatientVector =>
  patientVector(values[3 * n]!, values[3 * n + 1]!, values[3 * n + 2]!);

/** The line's course in CSS pixels. */
function tracePath({ trace }: Sheet, ratio: number): string {
  let path = '';
  const step = Math.max(1, Math.floor(trace.length / 2 / 600));
  for (let n = 0; n < trace.length / 2; n += step) {
    const x = (trace[2 * n]! + 0.5) / ratio;
    const y = (trace[2 * n + 1]! + 0.5) / ratio;
    path += `${path === '' ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`;
  }
  return path;
}
