/**
 * Hands Cornerstone3D the headers before the clock starts, as a viewer with an index of its own would: the loader then
 * reads each file once, for its pixels. Slower set-ups (reading all headers first) are not held against it.
 */
import { metaData } from '@cornerstonejs/core';
import type { SeriesDescription } from './series.ts';

export function provideHeaders(series: SeriesDescription, imageIds: readonly string[]): void {
  const indexOf = new Map(imageIds.map((id, k) => [id, k]));
  metaData.addProvider((type: string, id: unknown) => {
    const k = indexOf.get(String(id));
    return k === undefined ? undefined : headers[type]?.(series, k);
  }, 100_000);
}

const headers: Readonly<Record<string, (series: SeriesDescription, k: number) => object>> = {
  imagePixelModule: ({ matrix }) => ({
    samplesPerPixel: 1,
    photometricInterpretation: 'MONOCHROME2',
    rows: matrix,
    columns: matrix,
    bitsAllocated: 16,
    bitsStored: 12,
    highBit: 11,
    pixelRepresentation: 0,
    planarConfiguration: 0,
  }),
  imagePlaneModule: ({ matrix, spacingMm, gapMm, originMm }, k) => ({
    frameOfReferenceUID: '1.2.3',
    rows: matrix,
    columns: matrix,
    imageOrientationPatient: [1, 0, 0, 0, 1, 0],
    rowCosines: [1, 0, 0],
    columnCosines: [0, 1, 0],
    imagePositionPatient: [originMm[0], originMm[1], originMm[2] + k * gapMm],
    sliceThickness: gapMm,
    spacingBetweenSlices: gapMm,
    sliceLocation: originMm[2] + k * gapMm,
    pixelSpacing: [spacingMm, spacingMm],
    rowPixelSpacing: spacingMm,
    columnPixelSpacing: spacingMm,
  }),
  generalSeriesModule: () => ({ modality: 'CT', seriesInstanceUID: '1.2.3.4', studyInstanceUID: '1.2.3.5' }),
  modalityLutModule: () => ({ rescaleIntercept: -1024, rescaleSlope: 1, rescaleType: 'HU' }),
  voiLutModule: () => ({ windowCenter: [50], windowWidth: [400] }),
  sopCommonModule: (_, k) => ({
    sopClassUID: '1.2.840.10008.5.1.4.1.1.2',
    sopInstanceUID: `1.2.3.4.${k + 1}`,
  }),
  transferSyntax: ({ transferSyntax }) => ({ transferSyntaxUID: transferSyntax }),
};
