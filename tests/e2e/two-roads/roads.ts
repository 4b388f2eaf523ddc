/** One volume, one scene, two roads: the kernels here, vtk.js in a Chromium. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { build } from 'vite';
import type { Mat4, Vec3, VolumeGeometry } from '../../../core/geometry/types.ts';
import { overlayScene } from '../../../core/render/fused.ts';
import { LabelKeeper } from '../../../core/render/label-keeper.ts';
import { createRenderSession } from '../../../core/render/session.ts';
import { volumeStatistics } from '../../../core/render/statistics.ts';
import type { Frame, VolumeData } from '../../../core/render/types.ts';
import type { FusionLayer } from '../../../core/scene/fusion.ts';
import type { Scene, SliceScene, VolumeScene } from '../../../core/scene/types.ts';
import { bindKernels, kernelImports } from '../../../native/kernels.ts';
import { type KernelLayout, layoutFor } from '../../../native/layout.ts';
import { kernelsReady } from '../../../scripts/build-native.mjs';
import { chromiumFlags, findChromium } from '../../../scripts/chromium.ts';
import type { SentLimits, SentVolume } from './gpu-page.ts';

export interface TestVolume {
  readonly geometry: VolumeGeometry;
  readonly voxels: Int16Array | Float32Array;
}

const noData = -32768;
const pixelsMost = 512 * 512;

export function volumeOf(
  size: Vec3,
  patientFromIndex: Mat4,
  value: (i: number, j: number, k: number) => number,
) {
  const voxels = new Int16Array(size[0] * size[1] * size[2]);
  let n = 0;
  for (let k = 0; k < size[2]; k += 1)
    for (let j = 0; j < size[1]; j += 1)
      for (let i = 0; i < size[0]; i += 1, n += 1) voxels[n] = Math.round(value(i, j, k));
  return { geometry: { size, patientFromIndex }, voxels } satisfies TestVolume;
}

const wasm = new WebAssembly.Module(readFileSync(await kernelsReady()));

/** The CPU road over a volume: RGBA8 pictures at rest. */
export function cpuRoad({ geometry, voxels }: TestVolume) {
  const scalarType: SentVolume['scalarType'] = voxels instanceof Int16Array ? 'int16' : 'float32';
  const layout = layoutFor({ size: geometry.size, scalarType, workerCount: 1, maxOutputPixels: pixelsMost });
  if (!layout) throw new Error('volume too large');
  const memory = new WebAssembly.Memory({ initial: layout.pages, maximum: layout.pagesMost, shared: true });
  const buffer = memory.buffer as unknown as SharedArrayBuffer;
  const Voxels = scalarType === 'int16' ? Int16Array : Float32Array;
  new Voxels(memory.buffer, layout.voxels, voxels.length).set(voxels);
  const { padded, ...statistics } = volumeStatistics(voxels, { slope: 1, intercept: 0 }, noData);
  const volume: VolumeData<KernelLayout> = {
    geometry,
    scalarType,
    memory: { buffer: memory.buffer },
    layout,
    rescale: { slope: 1, intercept: 0 },
    ...(padded && { noData }),
    ...statistics,
  };
  const instance = new WebAssembly.Instance(wasm, kernelImports(memory));
  const session = createRenderSession(bindKernels(instance.exports, buffer, layout, 0), volume, buffer);
  const control = new Int32Array(buffer, layout.control, 2);
  const run = (job: Parameters<typeof session.run>[0]): void => {
    control.fill(0);
    session.run(job, 1);
  };
  run({ kind: 'bricks' });
  const labels = new LabelKeeper({ ...volume, memory });
  const picture = (scene: Scene, width: number, height: number): Uint8ClampedArray => {
    const size = { width, height };
    const job = {
      scene,
      size,
      coarse: 1,
      quality: 'rest',
      skipping: true,
      labelled: labels.isSet,
      filled: null,
      outputAt: 0,
    } as const;
    const veil = scene.kind === 'volume' ? labels.takeJob(scene.layers) : null;
    if (veil) run(veil);
    run({ kind: 'pictures', pictures: [job] });
    return new Uint8ClampedArray(new Uint8Array(buffer, layout.rgba, width * height * 4));
  };
  return {
    volume,
    scalarType,
    labels,
    draw: (scene: VolumeScene, width: number, height: number) => picture(scene, width, height),
    /** What a second series gives for a scene of the first. */
    over(scene: VolumeScene, width: number, height: number): Frame {
      const rgba = new Uint8ClampedArray(picture(overlayScene(scene), width, height));
      const values = new Float32Array(width * height);
      values.set(new Float32Array(buffer, layout.values, width * height));
      return { width, height, rgba, values, coarse: 1 };
    },
    slice: (scene: SliceScene) => picture(scene, scene.width, scene.height),
  };
}

export type CpuRoad = ReturnType<typeof cpuRoad>;

export interface GpuRoad {
  readonly page: Page;
  /** False on a graphics card: those interpolate with weights of 8 bits. */
  readonly isSoftware: boolean;
  open(cpu: CpuRoad, limits?: SentLimits): Promise<number>;
  draw(
    scene: VolumeScene,
    width: number,
    height: number,
    second?: { readonly layer: FusionLayer; readonly frame: Frame },
  ): Promise<Uint8ClampedArray>;
  /** The CPU road's labels, and the veil of what it drew last. */
  mask(cpu: CpuRoad): Promise<boolean>;
  close(): Promise<void>;
}

/** The GPU road's page, bundled from the product's sources. */
async function bundle(): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      minify: false,
      target: 'chrome130',
      lib: { entry: join(import.meta.dirname, 'gpu-page.ts'), formats: ['iife'], name: 'gpuPage' },
    },
  });
  const [output] = [built].flat();
  const chunk = output && 'output' in output ? output.output[0] : undefined;
  if (chunk?.type !== 'chunk') throw new Error('nothing was bundled');
  return chunk.code;
}

export async function gpuRoad(): Promise<GpuRoad> {
  const content = await bundle();
  const executablePath = findChromium();
  if (!executablePath) throw new Error('no Chromium');
  const browser: Browser = await chromium.launch({ executablePath, args: chromiumFlags() });
  const page = await browser.newPage({ viewport: { width: 600, height: 600 } });
  page.on('console', (message) => {
    if (message.type() === 'error') process.stderr.write(`${message.text()}\n`);
  });
  await page.addScriptTag({ content });
  // Some drivers take a browser's first context away; the product then makes another.
  const { isSoftware } = await page.evaluate(() => window.roads.facts());
  return {
    page,
    isSoftware,
    open: ({ volume, scalarType }, limits) => {
      const { geometry, layout, memory, min, max, percentiles } = volume;
      const bytes = Buffer.from(memory.buffer, layout.voxels, layout.voxelBytes);
      const [nx, ny, nz] = layout.brickCounts;
      const bricks = Buffer.from(memory.buffer, layout.bricks, nx * ny * nz * 8).toString('base64');
      const sent: SentVolume = {
        ...geometry,
        scalarType,
        voxels: bytes.toString('base64'),
        noData,
        least: min,
        most: max,
        percentiles: [...percentiles],
        bricks,
      };
      return page.evaluate(([of, within]) => window.roads.open(of, within), [sent, limits] as const);
    },
    mask: ({ labels }) => {
      const views = labels.views();
      const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
      const sent = views && { labels: base64(views.labels), veil: base64(views.veil) };
      return page.evaluate((of) => window.roads.mask(of), sent);
    },
    async draw(scene, width, height, second) {
      const values = second?.frame.values ? Buffer.from(second.frame.values.buffer).toString('base64') : '';
      const sent = second && { layer: second.layer, values };
      const job = [scene, width, height, sent] as const;
      const pixels = await page.evaluate(([of, w, h, over]) => window.roads.draw(of, w, h, over), job);
      return new Uint8ClampedArray(Buffer.from(pixels, 'base64'));
    },
    close: () => browser.close(),
  };
}
