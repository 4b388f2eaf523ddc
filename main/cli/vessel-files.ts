import { cprPicture, cprScene } from '../../core/analysis/cpr/picture.ts';
import { acrossAngleRad, sectionPlane } from '../../core/analysis/cpr/section-plane.ts';
import { contourPoints } from '../../core/analysis/lumen/edit-contour.ts';
import { referencesBeside } from '../../core/analysis/lumen/stenosis.ts';
import type { LumenContour, SampledLine } from '../../core/analysis/types.ts';
import { derivedDescription, derivedSeriesNumber } from '../../core/dicom/derive/derived-object.ts';
import { encodeStructuredReport } from '../../core/dicom/derive/structured-report.ts';
import { between, dot } from '../../core/geometry/matrices.ts';
import type { Plane } from '../../core/geometry/types.ts';
import { encodeJpeg } from '../../core/pixels/jpeg/encode.ts';
import type { Frame } from '../../core/render/types.ts';
import { reportHead } from '../../core/report/head.ts';
import { measuredVessels } from '../../core/report/measured-vessels.ts';
import { stripPixels, stripScale } from '../../core/report/page-room.ts';
import { sectionPlaces } from '../../core/report/section-places.ts';
import type { ReportPictures, ReportSection, ReportVessel } from '../../core/report/types.ts';
import { vesselReportHtml } from '../../core/report/vessel-report.ts';
import { reportAorta, worstStenosis } from '../../core/report/vessels.ts';
import type { CurvedScene, SliceScene } from '../../core/scene/types.ts';
import { asFileShows, startWindow } from '../../core/scene/view.ts';
import { momentOf } from '../../core/terms/format-date.ts';
import type { Language } from '../../core/terms/term.ts';
import { dicomNow, newUid } from '../host/derive/derived-uid.ts';
import { createHostRenderer, renderFrame } from '../host/render/pool.ts';
import { printReport } from '../host/report/print-report.ts';
import { need } from './command.ts';
import { sourceOf, toHostVolume } from './draw-volume.ts';
import type { LoadedVolume } from './load-volume.ts';

const sectionPx = 256;

export interface MeasuredCourse {
  readonly line: SampledLine;
  readonly contours: readonly LumenContour[];
  readonly sectionMm: number;
  readonly vessel: ReportVessel;
}

const jpegUrl = (rgba: Uint8Array | Uint8ClampedArray, width: number, height: number): string =>
  `data:image/jpeg;base64,${Buffer.from(encodeJpeg(rgba, width, height)).toString('base64')}`;

/** The picture with rows and columns changed, the line from left to right in the middle of the strip. */
function inStrip({ width, height, rgba }: Frame): Uint8Array {
  const out = new Uint8Array(4 * stripPixels.width * stripPixels.height);
  const left = Math.floor((stripPixels.width - height) / 2);
  const top = Math.floor((stripPixels.height - width) / 2);
  for (let row = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1) {
      const [x, y] = [left + row, top + column];
      if (x < 0 || y < 0 || x >= stripPixels.width || y >= stripPixels.height) continue;
      const from = 4 * (row * width + column);
      out.set(rgba.subarray(from, from + 4), 4 * (y * stripPixels.width + x));
    }
  }
  return out;
}

/** The lumen's contour in the section, as fractions of a picture of `widthMm` about its middle. */
function outlineOf(contour: LumenContour | undefined, plane: Plane, widthMm: number): [number, number][] {
  if (!contour) return [];
  return contourPoints(contour).map((p) => {
    const off = between(plane.origin, p);
    return [0.5 + dot(off, plane.right) / widthMm, 0.5 + dot(off, plane.down) / widthMm];
  });
}

async function picturesOf(
  loaded: LoadedVolume,
  { line, contours, sectionMm, vessel }: MeasuredCourse,
): Promise<ReportPictures> {
  const volume = toHostVolume(loaded, stripPixels.width * stripPixels.height);
  const window = asFileShows(startWindow(loaded.attributes, volume.percentiles), loaded.isFileInverted);
  const look = { slabMm: 0, projection: 'none', interpolation: 'linear', background: [0, 0, 0] } as const;
  const renderer = await createHostRenderer(volume);
  const draw = (scene: SliceScene | CurvedScene): Promise<Frame> => renderFrame(renderer, scene, scene);
  try {
    const { mmPerPx: spacingMm, beyondMm } = stripScale(line.lengthMm, vessel.stations);
    const angleRad = acrossAngleRad(line, 0);
    const widthMm = stripPixels.height * spacingMm;
    const picture = need(cprPicture(line, 'straightened', { spacingMm, widthMm, angleRad }));
    const frame = await draw(cprScene(picture, { ...look, window }));
    const straightened = jpegUrl(inStrip(frame), stripPixels.width, stripPixels.height);
    const worst = worstStenosis(vessel);
    const middle = (span?: { readonly fromS: number; readonly toS: number }): number | null => {
      const at = span ? (Math.max(0, span.fromS) + span.toS) / 2 : Number.NaN;
      return at >= 0 && at <= line.lengthMm ? at : null;
    };
    const beside = worst && referencesBeside(worst);
    const lesion = worst
      ? { s: worst.s, proximalMm: middle(beside?.proximal), distalMm: middle(beside?.distal) }
      : null;
    const sections: ReportSection[] = [];
    for (const { sMm, role } of sectionPlaces(line.lengthMm, lesion)) {
      const plane = sectionPlane(line, sMm);
      if (!plane) continue;
      const size = { width: sectionPx, height: sectionPx, spacingMm: sectionMm / sectionPx };
      const { rgba } = await draw({ kind: 'slice', plane, ...size, ...look, window });
      const contour = contours.find((one) => Math.abs(one.sMm - sMm) < 0.51);
      sections.push({
        image: jpegUrl(rgba, sectionPx, sectionPx),
        sMm,
        role,
        outline: outlineOf(contour, plane, sectionMm),
      });
    }
    return { straightened, beyondMm, sections };
  } finally {
    renderer.dispose();
  }
}

/** The report of one page: `.pdf` by an installed browser, else HTML. */
export async function reportBytes(
  loaded: LoadedVolume,
  course: MeasuredCourse,
  language: Language,
  asPdf: boolean,
): Promise<Uint8Array> {
  const report = {
    language,
    head: reportHead(loaded.plan.common),
    vessels: [course.vessel],
    shown: 0,
    pictures: await picturesOf(loaded, course),
    aorta: reportAorta([course.vessel]),
    madeAt: momentOf(new Date()),
  };
  if (asPdf) return need(await printReport(report));
  return Buffer.from(vesselReportHtml(report), 'utf8');
}

/** The measurements as a structured report of the study. */
export async function structuredBytes(
  loaded: LoadedVolume,
  { vessel }: MeasuredCourse,
  language: Language,
): Promise<Uint8Array> {
  const source = await sourceOf(loaded);
  const { FrameOfReferenceUID } = loaded.attributes;
  const identity = {
    sopInstanceUID: newUid(),
    seriesInstanceUID: newUid(),
    seriesNumber: derivedSeriesNumber(source),
    seriesDescription: derivedDescription(source, 'SR'),
    ...dicomNow(Date.now()),
  };
  return encodeStructuredReport(source, identity, {
    language,
    vessels: measuredVessels(language, [vessel], newUid),
    ...(FrameOfReferenceUID !== undefined && { frameOfReferenceUID: FrameOfReferenceUID }),
    deviceUID: newUid(),
  });
}
