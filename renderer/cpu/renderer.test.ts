import { afterEach, describe, expect, it, vi } from 'vitest';
import { matrixFromColumns } from '../../core/geometry/matrices.ts';
import type { VolumeData } from '../../core/render/types.ts';
import { fitCamera } from '../../core/scene/camera.ts';
import { presetPart, volumePreset } from '../../core/scene/presets.ts';
import { bench } from '../../native/harness.ts';
import { type KernelLayout, layoutFor } from '../../native/layout.ts';
import { kernelModule } from './kernel-module.ts';
import type { PageWorkerRequest } from './protocol.ts';
import { createCpuRenderer, type RenderWorker } from './renderer.ts';

vi.mock('../workers/cpu-render.ts?worker&url', () => ({ default: 'cpu-render.js' }));

function volumeOf(
  memory: { readonly buffer: ArrayBufferLike },
  layout: KernelLayout,
): VolumeData<KernelLayout> {
  return {
    geometry: {
      size: [8, 8, 8],
      patientFromIndex: matrixFromColumns([1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 2, 3]),
    },
    scalarType: 'int16',
    memory,
    layout,
    rescale: { slope: 1, intercept: 0 },
    noData: -32768,
    min: 0,
    max: 1,
    percentiles: new Float32Array(1001),
  };
}

class FakeWorker implements RenderWorker {
  onmessage: RenderWorker['onmessage'] = null;
  onerror: RenderWorker['onerror'] = null;
  readonly got: PageWorkerRequest[] = [];
  ended = false;
  postMessage(message: PageWorkerRequest): void {
    this.got.push(
      structuredClone({ ...message, module: null, memory: null }) as unknown as PageWorkerRequest,
    );
    if (message.kind !== 'job') return;
    queueMicrotask(() => {
      const data = { kind: 'finished', jobId: message.jobId, cancelled: false } as const;
      this.onmessage?.({ data } as MessageEvent);
    });
  }
  terminate(): void {
    this.ended = true;
  }
}

const layout = layoutFor({ size: [8, 8, 8], scalarType: 'int16', workerCount: 2, maxOutputPixels: 256 })!;
const noModule = (): Promise<WebAssembly.Module> => Promise.resolve({} as WebAssembly.Module);

describe('the page’s render pool', () => {
  it('opens one worker for each scratch, then draws with all of them and ends them', async () => {
    const memory = new WebAssembly.Memory({ initial: layout.pages, maximum: layout.pages, shared: true });
    const workers: FakeWorker[] = [];
    const start = (): FakeWorker => {
      const worker = new FakeWorker();
      workers.push(worker);
      return worker;
    };
    const renderer = await createCpuRenderer({ volume: volumeOf(memory, layout), load: noModule, start });
    expect(workers.map((w) => w.got[0])).toMatchObject([
      { kind: 'open', workerIndex: 0, info: { noData: -32768, scalarType: 'int16' } },
      { kind: 'open', workerIndex: 1 },
    ]);
    const camera = fitCamera(
      { size: [8, 8, 8], patientFromIndex: volumeOf(memory, layout).geometry.patientFromIndex },
      'A',
    );
    const scene = {
      kind: 'volume',
      camera,
      ...presetPart(volumePreset('bone')!),
      background: [0, 0, 0],
    } as const;
    const frame = await renderer.volume(scene, { width: 16, height: 16 });
    expect(frame?.rgba).toHaveLength(1024);
    expect(workers.map((w) => w.got.map((m) => m.kind))).toEqual([
      ['open', 'job', 'job'],
      ['open', 'job', 'job'],
    ]);
    renderer.dispose();
    expect(workers.every((w) => w.ended)).toBe(true);
  });
  it('refuses a volume whose memory kernels cannot read', async () => {
    const plain = volumeOf({ buffer: new SharedArrayBuffer(64) }, bench([8, 8, 8], 'int16', () => 0).layout);
    await expect(createCpuRenderer({ volume: plain, load: noModule })).rejects.toThrow(TypeError);
  });
});

describe('the kernels of the page', () => {
  afterEach(() => vi.unstubAllGlobals());
  it('are fetched once, and again after a failed try', async () => {
    // The smallest module there is.
    const bytes = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0);
    const headers = { 'content-type': 'application/wasm' };
    const answers = [new Response(null, { status: 404 }), new Response(bytes, { headers })];
    const fetched = vi.fn(() => Promise.resolve(answers.shift()!));
    vi.stubGlobal('fetch', fetched);
    await expect(kernelModule()).rejects.toThrow('404');
    const first = await kernelModule();
    expect(await kernelModule()).toBe(first);
    expect(fetched.mock.calls).toEqual([
      [expect.stringMatching(/kernels.*wasm/)],
      [expect.stringMatching(/kernels.*wasm/)],
    ]);
  });
});
