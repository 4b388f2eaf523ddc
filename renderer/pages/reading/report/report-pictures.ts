import { contourPoints } from '../../../../core/analysis/lumen/edit-contour.ts';
import type { CpuRenderer } from '../../../../core/render/coordinator.ts';
import type { Frame } from '../../../../core/render/types.ts';
import { stripPixels, stripScale } from '../../../../core/report/page-room.ts';
import { sectionPlaces } from '../../../../core/report/section-places.ts';
import type { ReportPictures, ReportSection } from '../../../../core/report/types.ts';
import { reportStations } from '../../../../core/report/vessels.ts';
import type { CurvedScene, SliceScene, WindowSetting } from '../../../../core/scene/types.ts';
import type { CanvasSize } from '../../../viewport/use-canvas-size.ts';
import { contourAt } from '../cpr/contour-tool.ts';
import { measuredNow, shownLesion } from '../cpr/lesions.ts';
import { placeSection, sectionPlane } from '../cpr/section-plane.ts';
import { straightPicture } from '../cpr/straight-picture.ts';
import type { ShownLine } from '../cpr/use-line.ts';
import type { CprPlace } from '../cpr/vessel-state.ts';
import type { MeasuredLine } from '../cpr/vessel-work.ts';
import { spotOf } from '../mpr/mpr-picture.ts';

const stripSize = sizeOf(stripPixels.width, stripPixels.height);
const sectionPx = 256;
const jpegQuality = 0.88;

function sizeOf(width: number, height: number): CanvasSize {
  return { width, height, cssWidth: width, cssHeight: height, ratio: 1 };
}

export interface PictureSource {
  readonly renderer: CpuRenderer;
  readonly shown: ShownLine;
  readonly measured: MeasuredLine | undefined;
  readonly window: WindowSetting;
}

function canvasOf(width: number, height: number): [HTMLCanvasElement, CanvasRenderingContext2D] {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d');
  if (!context) throw new Error('no 2D canvas');
  return [canvas, context];
}

/** JPEG of a frame; rows and columns changed where the picture lies on its side. */
function jpegOf({ width, height, rgba }: Frame, isTransposed: boolean): string {
  const [drawn, context] = canvasOf(width, height);
  const pixels = new Uint8ClampedArray(rgba.length);
  pixels.set(rgba);
  context.putImageData(new ImageData(pixels, width, height), 0, 0);
  if (!isTransposed) return drawn.toDataURL('image/jpeg', jpegQuality);
  const [turned, turning] = canvasOf(height, width);
  turning.setTransform(0, 1, 1, 0, 0, 0);
  turning.drawImage(drawn, 0, 0);
  return turned.toDataURL('image/jpeg', jpegQuality);
}

/** A report's pictures, drawn anew at its own size in the window on screen. @throws where a picture cannot be drawn */
export async function reportPictures({
  renderer,
  shown,
  measured,
  window,
}: PictureSource): Promise<ReportPictures> {
  const { sampled, line, cpr } = shown;
  const draw = async (scene: SliceScene | CurvedScene, isTransposed: boolean): Promise<string> => {
    const frame = await renderer.slice(scene, { channel: 'report', quality: 'rest', values: false });
    if (!frame) throw new Error('no picture');
    return jpegOf(frame, isTransposed);
  };
  const stations = reportStations(measuredNow(line, measured)?.stations ?? []);
  const { mmPerPx, beyondMm } = stripScale(sampled.lengthMm, stations);
  const place: CprPlace = { mmPerPx, panXMm: 0, panYMm: 0 };
  const strip = straightPicture(sampled, cpr, place, stripSize, window);
  const straightened = await draw(strip.scene, true);
  const lesion = shownLesion(line, measured);
  const sections: ReportSection[] = [];
  for (const { sMm, role } of sectionPlaces(
    sampled.lengthMm,
    lesion && { ...lesion, s: lesion.stenosis.s },
  )) {
    const plane = sectionPlane(sampled, sMm);
    if (!plane) continue;
    const fitted: CprPlace = { mmPerPx: null, panXMm: 0, panYMm: 0 };
    const placed = placeSection(plane, fitted, line.sectionMm, sizeOf(sectionPx, sectionPx));
    const image = await draw(
      {
        kind: 'slice',
        plane: placed.plane,
        spacingMm: placed.mmPerPx,
        width: sectionPx,
        height: sectionPx,
        slabMm: 0,
        projection: 'none',
        interpolation: 'linear',
        window,
        background: [0, 0, 0],
      },
      false,
    );
    const contour = contourAt(line, measured, sMm);
    const isHere = contour !== null && Math.abs(contour.sMm - sMm) < 0.51;
    const outline = isHere
      ? contourPoints(contour)
          .map((p) => spotOf(placed, p))
          .map(({ x, y }) => [fraction(x), fraction(y)] as const)
      : [];
    sections.push({ image, sMm, role, ...(outline.length > 0 && { outline }) });
  }
  return { straightened, beyondMm, sections };
}

const fraction = (px: number): number => Math.min(2, Math.max(-1, Math.round((px / sectionPx) * 1e4) / 1e4));
