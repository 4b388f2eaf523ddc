import { join } from 'node:path';
import { problem } from '../../../core/base/problem.ts';
import { fail, ok, type Result } from '../../../core/base/result.ts';
import {
  type Code,
  type DerivationSource,
  derivedDescription,
  derivedSeriesNumber,
} from '../../../core/dicom/derive/derived-object.ts';
import { isPet, type PlaneImage, planeImage, planeSopClass } from '../../../core/dicom/derive/plane-image.ts';
import { storedRescale } from '../../../core/dicom/derive/stored-range.ts';
import { encodePart10 } from '../../../core/dicom/write/encode.ts';
import { explicitLittleEndian } from '../../../core/dicom/write/transfer-syntax.ts';
import { planeNormal, projectedSpacingMm } from '../../../core/geometry/planes.ts';
import { batchPlanes, type PlaneBatch } from '../../../core/scene/plane-batch.ts';
import type { Projection, SliceScene } from '../../../core/scene/types.ts';
import type { GeometryVerdict } from '../../../core/volume/types.ts';
import { makeFolder } from '../media/make-folder.ts';
import { outputProblem, writeWhole } from '../media/whole-file.ts';
import { createHostRenderer, isEmptyFrame, renderFrame } from '../render/pool.ts';
import type { HostVolume } from '../render/volume-memory.ts';
import { dicomNow, newUid } from './derived-uid.ts';
import { toldGeometry } from './told-geometry.ts';

export interface ReformatRequest {
  readonly volume: HostVolume;
  readonly source: DerivationSource;
  /** The middle plane of the batch with its size, slab and window. */
  readonly scene: SliceScene;
  readonly batch: PlaneBatch;
  /** Of the series; after its source and what was done when left out. */
  readonly name?: string | undefined;
  /** How far the source's millimetres can be trusted; told in the series. */
  readonly verdict: GeometryVerdict;
  /** Made when missing; files are named IM0001.dcm and so on. */
  readonly outDir: string;
  readonly nowMs: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

export interface WrittenSeries {
  readonly seriesInstanceUid: string;
  readonly sopClassUid: string;
  readonly seriesDescription: string;
  readonly files: readonly string[];
  readonly sizeBytes: number;
  /** Planes that hold no data at all: they do not meet the volume. */
  readonly emptyPlanes: number;
}

const names: Readonly<Record<Projection, string>> = { none: 'MPR', mip: 'MIP', minip: 'MINIP', mean: 'MEAN' };

const reformatting: Code = { value: '113072', meaning: 'Multiplanar reformatting' };
const projectionCodes: Readonly<Partial<Record<Projection, Code>>> = {
  mip: { value: '113078', meaning: 'Maximum intensity projection' },
  minip: { value: '113079', meaning: 'Minimum intensity projection' },
};

const millimetres = (mm: number): string => `${Number(mm.toFixed(2))} mm`;

/** What was done, in English: for Derivation Description. */
function derivationOf({ scene, batch, verdict }: ReformatRequest, projection: Projection): string {
  const slab = projection === 'none' ? '' : `, slab ${millimetres(scene.slabMm)} (${projection})`;
  const how =
    batch.kind === 'parallel'
      ? `parallel planes, ${millimetres(Math.abs(batch.stepMm))} apart`
      : 'planes turned about a common line';
  const trust = toldGeometry(verdict);
  return `Multiplanar reformatting: ${batch.count} ${how}${slab}, ${scene.interpolation} interpolation${trust}`;
}

/** What all images of the series have alike. */
function seriesOf(request: ReformatRequest) {
  const { source, scene, volume, batch } = request;
  const projection = scene.slabMm > 0 ? scene.projection : 'none';
  const what = [
    names[projection],
    ...(projection === 'none' ? [] : [millimetres(scene.slabMm)]),
    ...(batch.kind === 'radial' ? ['radial'] : []),
  ].join(' ');
  const sopClassUid = planeSopClass(source.sopClassUID);
  // A cubic may go beyond the values that it runs through, by no more than a quarter of their range here.
  const beyond = scene.interpolation === 'cubic' ? (volume.max - volume.min) / 4 : 0;
  const code = projectionCodes[projection];
  return {
    projection,
    sopClassUid,
    frameOfReferenceUID: newUid(),
    rescale: storedRescale(volume.min - beyond, volume.max + beyond, isPet(sopClassUid)),
    identity: {
      seriesInstanceUID: newUid(),
      seriesNumber: derivedSeriesNumber(source),
      seriesDescription: request.name ?? derivedDescription(source, what),
      // PET knows no other second value than PRIMARY (PS3.3 C.8.9.4.1.3).
      imageType: ['DERIVED', isPet(sopClassUid) ? 'PRIMARY' : 'SECONDARY', names[projection]],
      derivation: derivationOf(request, projection),
      codes: code ? [reformatting, code] : [reformatting],
      ...dicomNow(request.nowMs),
    },
  };
}

function imageOf(
  { scene, volume, batch }: ReformatRequest,
  series: ReturnType<typeof seriesOf>,
  plane: SliceScene['plane'],
  values: Float32Array,
): PlaneImage {
  const { window } = scene;
  const thin = projectedSpacingMm(volume.geometry, planeNormal(plane)) ?? 1;
  return {
    plane,
    columns: scene.width,
    rows: scene.height,
    spacingMm: scene.spacingMm,
    thicknessMm: series.projection === 'none' ? thin : scene.slabMm,
    ...(batch.kind === 'parallel' && batch.count > 1 && { betweenMm: batch.stepMm }),
    values,
    rescale: series.rescale,
    window:
      window.kind === 'window'
        ? { centre: window.centre, width: Math.max(window.width, 1e-6) }
        : { centre: (volume.min + volume.max) / 2, width: Math.max(volume.max - volume.min, 1) },
    count: batch.count,
    frameOfReferenceUID: series.frameOfReferenceUID,
  };
}

/**
 * Cuts the planes of a batch and writes them as one DICOM series of the source's study.
 * Problems: CANCELLED (what was written stays), OUTPUT_DISK_FULL, IO_ERROR and other faults of the folder.
 */
export async function writeReformat(request: ReformatRequest): Promise<Result<WrittenSeries>> {
  const { volume, scene, batch, outDir, signal } = request;
  const planes = batchPlanes(scene.plane, batch);
  const series = seriesOf(request);
  const files: string[] = [];
  let sizeBytes = 0;
  let emptyPlanes = 0;
  const renderer = await createHostRenderer(volume);
  try {
    makeFolder(outDir);
    for (const [n, plane] of planes.entries()) {
      if (signal?.aborted) return fail(problem('CANCELLED'));
      const frame = await renderFrame(renderer, { ...scene, plane }, scene);
      if (isEmptyFrame(frame)) emptyPlanes += 1;
      const image = imageOf(request, series, plane, frame.values ?? new Float32Array(0));
      const identity = { ...series.identity, sopInstanceUID: newUid(), instanceNumber: n + 1 };
      const dataset = planeImage(request.source, identity, image);
      const bytes = encodePart10(dataset, { syntax: explicitLittleEndian });
      const file = join(outDir, `IM${String(n + 1).padStart(4, '0')}.dcm`);
      await writeWhole(file, bytes);
      files.push(file);
      sizeBytes += bytes.length;
      request.onProgress?.(n + 1, planes.length);
    }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    return fail(outputProblem(error, outDir));
  } finally {
    renderer.dispose();
  }
  return ok({
    seriesInstanceUid: series.identity.seriesInstanceUID,
    sopClassUid: series.sopClassUid,
    seriesDescription: series.identity.seriesDescription,
    files,
    sizeBytes,
    emptyPlanes,
  });
}
