import { frameNumbers, framePlaces, readFrame } from '../../../../core/analysis/cpr/line-frame.ts';
import type { CprPicture as Sheet } from '../../../../core/analysis/cpr/types.ts';
import type { SampledLine } from '../../../../core/analysis/types.ts';
import { normalise } from '../../../../core/geometry/matrices.ts';
import { type EdgeLetters, edgeLetters } from '../../../../core/geometry/orientation.ts';
import { patientVector } from '../../../../core/geometry/types.ts';
import type { CurvedRows, CurvedScene, WindowSetting } from '../../../../core/scene/types.ts';
import type { CanvasSize } from '../../../viewport/use-canvas-size.ts';
import { type CurvedPicture, pictureWays } from './curved-picture.ts';
import { acrossAngleRad } from './section-plane.ts';
import { mmOfX, type StripMap, stripMap, xOfMm } from './strip-map.ts';
import type { CprLook, CprPlace } from './vessel-state.ts';

/** A straightened picture lying on its side: the line runs from left to right, millimetres are the same both ways. */
export interface StraightPicture extends CurvedPicture {
  readonly strip: StripMap;
}

interface RowsInput {
  readonly line: SampledLine;
  readonly strip: StripMap;
  readonly count: number;
  readonly ratio: number;
  readonly angleRad: number;
  /** The line's distance from the middle of a row. */
  readonly panMm: number;
}

/** Rows of the scene are the columns on screen; columns beyond the line's ends hold nothing. */
function rowsOf({ line, strip, count, ratio, angleRad, panMm }: RowsInput): CurvedRows {
  const centres = new Float64Array(3 * count).fill(Number.NaN);
  const across = new Float64Array(3 * count);
  const through = new Float64Array(3 * count);
  const frame = new Float64Array(frameNumbers);
  const { right, down } = framePlaces;
  const [c, s] = [Math.cos(angleRad), Math.sin(angleRad)];
  for (let n = 0; n < count; n += 1) {
    const sMm = mmOfX(strip, (n + 0.5) / ratio);
    if (sMm < 0 || sMm > line.lengthMm) continue;
    readFrame(line, sMm, frame);
    for (let a = 0; a < 3; a += 1) {
      const [r, d] = [frame[right + a]!, frame[down + a]!];
      across[3 * n + a] = c * r + s * d;
      through[3 * n + a] = c * d - s * r;
      centres[3 * n + a] = frame[a]! - panMm * across[3 * n + a]!;
    }
  }
  return { centres, across, through };
}

/** The straightened picture of a line as it lies in a viewport of `size`. */
export function straightPicture(
  line: SampledLine,
  look: CprLook,
  place: CprPlace,
  size: CanvasSize,
  window: WindowSetting,
): StraightPicture {
  const { panYMm } = place;
  const strip = stripMap(place, line.lengthMm, size.cssWidth);
  const angleRad = acrossAngleRad(line, look.turnDeg);
  const { mmPerPx } = strip;
  const spacingMm = mmPerPx / size.ratio;
  const count = size.width;
  const rows = rowsOf({ line, strip, count, ratio: size.ratio, angleRad, panMm: panYMm });
  const trace = new Float64Array(2 * line.count);
  for (let n = 0; n < line.count; n += 1) {
    trace[2 * n] = (size.height - 1) / 2 + panYMm / spacingMm;
    trace[2 * n + 1] = xOfMm(strip, n * line.stepMm) * size.ratio - 0.5;
  }
  const sheet: Sheet = {
    mode: 'straightened',
    line,
    rows,
    spacingMm,
    width: size.height,
    height: count,
    trace,
  };
  const scene: CurvedScene = {
    kind: 'curved',
    rows,
    spacingMm,
    width: size.height,
    height: count,
    slabMm: look.slabMm,
    projection: look.slabMm > 0 ? look.projection : 'none',
    interpolation: 'linear',
    window,
    background: [0, 0, 0],
  };
  return {
    kind: 'straightened',
    scene,
    isTransposed: true,
    strip,
    mmPerPx,
    ...pictureWays(sheet, size.ratio, true),
    sOf: (x) => Math.min(line.lengthMm, Math.max(0, mmOfX(strip, x))),
    folds: foldPath(line, strip, size, angleRad, panYMm, look.slabMm),
  };
}

const foldStepPx = 2;
const bendReachMm = 1;

/** Columns where the picture folds: beyond the radius of curvature on the inside of a bend (L45), as an SVG path. */
function foldPath(
  line: SampledLine,
  strip: StripMap,
  { cssWidth, cssHeight }: CanvasSize,
  angleRad: number,
  panMm: number,
  slabMm: number,
): string {
  const middle = cssHeight / 2 + panMm / strip.mmPerPx;
  const bend = new BendReader(line, angleRad);
  let path = '';
  for (let x = 0; x < cssWidth; x += foldStepPx) {
    const sMm = mmOfX(strip, x + foldStepPx / 2);
    if (sMm < 0 || sMm > line.lengthMm) continue;
    const { across, depth } = bend.at(sMm);
    if (Math.abs(across) < 1e-6) continue;
    const room = Math.max(0, 1 - (slabMm / 2) * Math.abs(depth));
    const y = middle + room / across / strip.mmPerPx;
    const to = x + foldStepPx;
    if (across > 0 && y < cssHeight) path += `M${x} ${y.toFixed(1)}H${to}V${cssHeight}H${x}Z`;
    if (across < 0 && y > 0) path += `M${x} 0H${to}V${y.toFixed(1)}H${x}Z`;
  }
  return path;
}

/** The line's turn per mm along a picture's rows and in its depth. */
class BendReader {
  private readonly line: SampledLine;
  private readonly cos: number;
  private readonly sin: number;
  private readonly frames = [0, 1, 2].map(() => new Float64Array(frameNumbers));

  constructor(line: SampledLine, angleRad: number) {
    this.line = line;
    this.cos = Math.cos(angleRad);
    this.sin = Math.sin(angleRad);
  }

  at(sMm: number): { readonly across: number; readonly depth: number } {
    const { line, cos, sin } = this;
    const [before, here, after] = this.frames as [Float64Array, Float64Array, Float64Array];
    const from = Math.max(0, sMm - bendReachMm);
    const to = Math.min(line.lengthMm, sMm + bendReachMm);
    readFrame(line, from, before);
    readFrame(line, sMm, here);
    readFrame(line, to, after);
    let [alongRight, alongDown] = [0, 0];
    for (let a = 0; a < 3; a += 1) {
      const turn = (after[framePlaces.tangent + a]! - before[framePlaces.tangent + a]!) / (to - from);
      alongRight += turn * here[framePlaces.right + a]!;
      alongDown += turn * here[framePlaces.down + a]!;
    }
    return { across: cos * alongRight + sin * alongDown, depth: cos * alongDown - sin * alongRight };
  }
}

/** Letters of an upright picture that is not turned: the way from its first to its last place, and up. Others have none. */
export function archLetters(line: SampledLine, turnDeg: number): EdgeLetters | null {
  if (!line.isUpright || Math.abs(turnDeg) > 0.5 || line.count < 2) return null;
  const last = 3 * (line.count - 1);
  const way = (at: number): number => line.points[last + at]! - line.points[at]!;
  const middle = 3 * (line.count >> 1);
  const down = patientVector(line.rights[middle]!, line.rights[middle + 1]!, line.rights[middle + 2]!);
  return edgeLetters(normalise(patientVector(way(0), way(1), way(2))), down);
}
