/** Runs in a page: Cornerstone3D with its DICOM loader, set up as its own examples do. */
import {
  cache,
  Enums,
  eventTarget,
  imageLoader,
  init as initCore,
  RenderingEngine,
  type StackViewport,
  setVolumesForViewports,
  type VolumeViewport,
  volumeLoader,
} from '@cornerstonejs/core';
import { init as initLoader } from '@cornerstonejs/dicom-image-loader';
import { provideHeaders } from './cornerstone-headers.ts';
import type { BenchPlane, SeriesDescription } from './series.ts';
import { benchGeometry, benchVoxels } from './voxels.ts';
import type { Peer, PeerReady } from './window.ts';

const names = ['axial', 'coronal', 'sagittal'] as const;
const voi = { lower: -150, upper: 250 };

const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));

function surface(id: string, side: number): HTMLDivElement {
  const box = document.createElement('div');
  box.id = id;
  box.style.cssText = `width:${side}px;height:${side}px;float:left;background:#000`;
  document.body.append(box);
  return box;
}

/** Reading a pixel ends a frame: it waits until everything drawn is there. */
function level(id: string): number {
  const canvas = document.querySelector<HTMLCanvasElement>(`#${id} canvas`);
  const context = canvas?.getContext('2d', { willReadFrequently: false });
  if (!canvas || !context) throw new Error(`no canvas in ${id}`);
  return context.getImageData(canvas.width >> 1, canvas.height >> 1, 1, 1).data[0] ?? 0;
}

const levels = (): number[] => names.map(level);

function threeViews(): RenderingEngine {
  const engine = new RenderingEngine('bench');
  const orientations = [
    Enums.OrientationAxis.AXIAL,
    Enums.OrientationAxis.CORONAL,
    Enums.OrientationAxis.SAGITTAL,
  ];
  engine.setViewports(
    names.map((name, n) => ({
      viewportId: name,
      type: Enums.ViewportType.ORTHOGRAPHIC,
      element: surface(name, 512),
      defaultOptions: { orientation: orientations[n]! },
    })),
  );
  return engine;
}

const viewOf = (engine: RenderingEngine, name: string): VolumeViewport =>
  engine.getViewport(name) as VolumeViewport;

/** Draws all three now rather than at the next display frame. */
function draw(engine: RenderingEngine): void {
  engine.renderViewports([...names]);
}

const imageIdsOf = (series: SeriesDescription): string[] =>
  series.files.map((file) => `wadouri:${series.address}${file}`);

async function openVolume(series: SeriesDescription): Promise<PeerReady> {
  const imageIds = imageIdsOf(series);
  provideHeaders(series, imageIds);
  const engine = threeViews();
  const startMs = performance.now();
  const volumeId = 'cornerstoneStreamingImageVolume:bench';
  const volume = await volumeLoader.createAndCacheVolume(volumeId, { imageIds });
  const loaded = new Promise<void>((resolve) => {
    eventTarget.addEventListener(Enums.Events.IMAGE_VOLUME_LOADING_COMPLETED, () => resolve());
  });
  let firstMs = 0;
  for (const name of names) {
    viewOf(engine, name).element.addEventListener(Enums.Events.IMAGE_RENDERED, () => {
      if (firstMs === 0 && level(name) > 0) firstMs = performance.now() - startMs;
    });
  }
  (volume as unknown as { load(): void }).load();
  await setVolumesForViewports(engine, [{ volumeId }], [...names]);
  for (const name of names) viewOf(engine, name).setProperties({ voiRange: voi });
  draw(engine);
  await loaded;
  await rendered(engine);
  return { firstMs, completeMs: performance.now() - startMs, levels: levels() };
}

/** One more picture of each view after everything has come, read back. */
async function rendered(engine: RenderingEngine): Promise<void> {
  const all = names.map(
    (name) =>
      new Promise<void>((resolve) => {
        const { element } = viewOf(engine, name);
        element.addEventListener(Enums.Events.IMAGE_RENDERED, () => resolve(), { once: true });
      }),
  );
  draw(engine);
  await Promise.all(all);
  levels();
}

let current: RenderingEngine | null = null;

async function makeVolume(slices: number): Promise<void> {
  const { size, spacing, origin } = benchGeometry(slices);
  const volumeId = 'bench-local';
  volumeLoader.createLocalVolume(volumeId, {
    dimensions: size,
    spacing,
    origin,
    direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
    scalarData: benchVoxels(slices),
    metadata: {
      BitsAllocated: 16,
      BitsStored: 16,
      SamplesPerPixel: 1,
      HighBit: 15,
      PhotometricInterpretation: 'MONOCHROME2',
      PixelRepresentation: 1,
      Modality: 'CT',
      ImageOrientationPatient: [1, 0, 0, 0, 1, 0],
      PixelSpacing: [spacing[1], spacing[0]],
      FrameOfReferenceUID: '1.2.3',
      Columns: size[0],
      Rows: size[1],
      voiLut: [],
      VOILUTFunction: 'LINEAR',
      SeriesInstanceUID: '1.2.3.4',
    },
  } as never);
  const engine = threeViews();
  await setVolumesForViewports(engine, [{ volumeId }], [...names]);
  for (const name of names) viewOf(engine, name).setProperties({ voiRange: voi });
  draw(engine);
  await rendered(engine);
  current = engine;
}

async function steps(planes: readonly (readonly BenchPlane[])[], slabMm: number) {
  const engine = current;
  if (!engine) throw new Error('no volume');
  for (const name of names) {
    const view = viewOf(engine, name);
    view.setBlendMode(slabMm > 0 ? Enums.BlendModes.MAXIMUM_INTENSITY_BLEND : Enums.BlendModes.COMPOSITE);
    view.setSlabThickness(slabMm > 0 ? slabMm : 0.05);
  }
  await rendered(engine);
  const stepMs: number[] = [];
  const seen: number[] = [];
  for (const three of planes) {
    // It draws in the next display frame; waiting for that is no work of its own.
    const placingMs = performance.now();
    for (const [n, plane] of three.entries()) place(viewOf(engine, names[n]!), plane);
    const placedMs = performance.now() - placingMs;
    const began = frame().then(() => performance.now());
    await rendered(engine);
    const doneMs = performance.now();
    stepMs.push(placedMs + doneMs - (await began));
    seen.push(...levels());
  }
  return { stepMs, levels: seen };
}

function place(view: VolumeViewport, { centreMm: c, right: r, down: d }: BenchPlane): void {
  const n = [r[1] * d[2] - r[2] * d[1], r[2] * d[0] - r[0] * d[2], r[0] * d[1] - r[1] * d[0]] as const;
  view.setCamera({
    focalPoint: [...c],
    position: [c[0] - 500 * n[0], c[1] - 500 * n[1], c[2] - 500 * n[2]],
    viewPlaneNormal: [-n[0], -n[1], -n[2]],
    viewUp: [-d[0], -d[1], -d[2]],
    parallelScale: 192,
  });
}

async function loadStack(series: SeriesDescription, side: number): Promise<void> {
  const imageIds = imageIdsOf(series);
  provideHeaders(series, imageIds);
  const engine = new RenderingEngine('stack');
  engine.enableElement({
    viewportId: 'stack',
    type: Enums.ViewportType.STACK,
    element: surface('stack', side),
  });
  const view = engine.getViewport('stack') as StackViewport;
  for (let k = 0; k < imageIds.length; k += 8) {
    await Promise.all(imageIds.slice(k, k + 8).map((id) => imageLoader.loadAndCacheImage(id)));
  }
  await view.setStack(imageIds, 0);
  view.setProperties({ voiRange: voi });
  view.render();
  current = engine;
}

/** One image for each display frame. */
async function scroll(images: number) {
  const view = current?.getViewport('stack') as StackViewport;
  const count = view.getImageIds().length;
  let shown = 0;
  view.element.addEventListener(Enums.Events.IMAGE_RENDERED, () => shown++);
  const startMs = await frame();
  let nowMs = startMs;
  for (let n = 0; n < images; n++) {
    await view.setImageIdIndex((n + 1) % count);
    nowMs = await frame();
  }
  return { shown, elapsedMs: nowMs - startMs, level: level('stack') };
}

const peer: Peer = { openVolume, makeVolume, steps, loadStack, scroll };

await initCore();
initLoader({ maxWebWorkers: navigator.hardwareConcurrency, ...legacy() });
cache.setMaxCacheSize(3e9);
window.peer = peer;
document.body.dataset['ready'] = 'true';

function legacy(): { useLegacyMetadataProvider?: boolean } {
  return new URLSearchParams(location.search).has('naturalised') ? {} : { useLegacyMetadataProvider: true };
}
