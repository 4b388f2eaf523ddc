import type { SceneLayer } from '../scene/layers.ts';
import type { CurvedScene, Scene, SliceScene, VolumeScene } from '../scene/types.ts';
import { isColourProjection } from './colour-slice.ts';
import { LabelKeeper, type LabelViews } from './label-keeper.ts';
import type { VoxelBox } from './labels.ts';
import { controlCells, type PictureJob, pictureSize, type RenderJob } from './session.ts';
import type { FilledSlices } from './slice.ts';
import type { Frame, MemoryLayout, VolumeData, VolumeStatistics } from './types.ts';
import type { PictureSize, Quality } from './volume.ts';

/**
 * Hands jobs to a volume's workers, one job at a time, all workers on each; planes that wait together are
 * one job. Requests belong to a channel (one per view): the newest request of a channel wins, an older
 * one that has not begun is dropped and answers null. 3D pictures at rest give way to moving pictures
 * and are taken up again.
 */
export interface RenderPort {
  post(message: WorkerRequest): void;
  onMessage(listener: (message: WorkerAnswer) => void): void;
  close(): void;
}

export interface WorkerRequest {
  readonly kind: 'job';
  readonly jobId: number;
  readonly job: RenderJob;
}

export type WorkerAnswer =
  | { readonly kind: 'finished'; readonly jobId: number; readonly cancelled: boolean }
  | { readonly kind: 'failed'; readonly message: string };

export interface FrameOptions {
  /** One per view; requests of one channel replace each other. */
  readonly channel?: string;
  readonly quality?: Quality;
  /** Pixels per picture pixel along each side, at least 1. */
  readonly coarse?: number;
  /** Planes of a volume that is still being filled show these slices. */
  readonly filled?: FilledSlices | null;
  /** Copy the modality values too (default true). */
  readonly values?: boolean;
}

export interface CpuRenderer {
  /** Null when a newer request of the same channel took its place, or after dispose. */
  slice(scene: SliceScene | CurvedScene, options?: FrameOptions): Promise<Frame | null>;
  volume(scene: VolumeScene, size: PictureSize, options?: FrameOptions): Promise<Frame | null>;
  /** Voxels have changed: the next volume picture builds the bricks again first. */
  invalidate(): void;
  /** The same for a volume that has been filled since, with the range of its values now. */
  restate(statistics: VolumeStatistics): void;
  /**
   * Masks as one label a voxel (0 = none, n = the layer of index n of the scenes drawn from now on); null
   * takes them away. `changed`: only these voxels differ from what was set before. They are copied into
   * the volume's memory, which grows for the first of them; false where there is no room, and for colours. Pictures show
   * them when they are asked for again.
   * @throws RangeError for labels of another volume
   */
  setLabels(labels: Uint8Array | null, changed?: VoxelBox): boolean;
  /** Labels and veil for these layers, for the graphics card; null without labels, or after dispose. */
  prepareLayers(layers: readonly SceneLayer[]): Promise<LabelViews | null>;
  /** Least and largest stored value of each brick (pairs, a copy), for the graphics card; null after dispose. */
  prepareBricks(): Promise<Float32Array | null>;
  dispose(): void;
}

interface Task {
  readonly channel: string;
  readonly job: PictureJob;
  readonly wantValues: boolean;
  readonly resolve: (frame: Frame | null) => void;
  readonly reject: (error: Error) => void;
}

interface Active {
  readonly jobId: number;
  /** None while bricks are built; several planes, or one 3D picture. */
  readonly tasks: readonly Task[];
  waiting: number;
  /** Set by whoever wants it to stop; `again` puts it back in the queue. */
  stop: 'no' | 'drop' | 'again';
}

const isResting = ({ job }: Task): boolean => job.quality === 'rest' && job.scene.kind === 'volume';

const pixelsOf = ({ job }: Task): number => {
  const { width, height } = pictureSize(job);
  return width * height;
};

/** Copies the finished picture out of the shared memory. */
function frameOf(volume: VolumeData, labels: LabelKeeper, task: Task): Frame {
  const { width, height } = pictureSize(task.job);
  const { layout, memory } = volume;
  const pixels = width * height;
  const at = task.job.outputAt * 4;
  const rgba = new Uint8ClampedArray(pixels * 4);
  rgba.set(new Uint8Array(memory.buffer, layout.rgba + at, pixels * 4));
  const { scene } = task.job;
  const hasValues = task.wantValues && !(scene.kind === 'volume' && scene.mode === 'composite');
  const values = hasValues ? new Float32Array(pixels) : null;
  values?.set(new Float32Array(memory.buffer, layout.values + at, pixels));
  const isLabelled = task.job.labelled && scene.kind !== 'volume';
  return {
    width,
    height,
    rgba,
    values,
    ...(isLabelled && { labels: labels.picture(task.job.outputAt, pixels) }),
    coarse: task.job.coarse,
  };
}

/** The smallest coarseness at which the picture fits the layout's output. */
export function fittingCoarse(layout: MemoryLayout, size: PictureSize, wanted: number): number {
  let coarse = Math.max(1, wanted);
  const pixels = (): number => Math.round(size.width / coarse) * Math.round(size.height / coarse);
  while (pixels() > layout.maxOutputPixels) coarse *= 1.25;
  return coarse;
}

interface Preparation {
  readonly layers: readonly SceneLayer[];
  readonly resolve: (views: LabelViews | null) => void;
}

function bricksOf({ layout, memory }: VolumeData): Float32Array {
  const [nx, ny, nz] = layout.brickCounts;
  return new Float32Array(memory.buffer, layout.bricks, nx * ny * nz * 2).slice();
}

class Coordinator implements CpuRenderer {
  readonly #volume: VolumeData;
  readonly #ports: readonly RenderPort[];
  readonly #control: Int32Array;
  readonly #pending = new Map<string, Task>();
  readonly #labels: LabelKeeper;
  readonly #preparing: Preparation[] = [];
  readonly #wantBricks: ((pairs: Float32Array | null) => void)[] = [];
  #statistics: VolumeStatistics | null = null;
  #active: Active | undefined;
  #nextJobId = 1;
  #bricksReady = false;
  #ended: Error | null | undefined;
  readonly #onFailed: (error: Error) => void;

  constructor(volume: VolumeData, ports: readonly RenderPort[], onFailed: (error: Error) => void) {
    this.#volume = volume;
    this.#ports = ports;
    this.#onFailed = onFailed;
    this.#labels = new LabelKeeper(volume);
    this.#control = new Int32Array(volume.memory.buffer, volume.layout.control, 2);
    for (const port of ports) port.onMessage((message) => this.#answer(message));
  }

  slice(scene: SliceScene | CurvedScene, options: FrameOptions = {}): Promise<Frame | null> {
    return this.#submit(scene, { width: scene.width, height: scene.height }, options);
  }

  volume(scene: VolumeScene, size: PictureSize, options: FrameOptions = {}): Promise<Frame | null> {
    return this.#submit(scene, size, options);
  }

  invalidate(): void {
    this.#bricksReady = false;
  }

  restate(statistics: VolumeStatistics): void {
    this.#statistics = statistics;
    this.invalidate();
    this.#next();
  }

  setLabels(labels: Uint8Array | null, changed?: VoxelBox): boolean {
    if (this.#volume.isColour && labels) return false;
    return this.#labels.set(labels, changed);
  }

  prepareLayers(layers: readonly SceneLayer[]): Promise<LabelViews | null> {
    if (this.#ended !== undefined) return Promise.resolve(null);
    return new Promise((resolve) => {
      this.#preparing.push({ layers, resolve });
      this.#next();
    });
  }

  prepareBricks(): Promise<Float32Array | null> {
    if (this.#ended !== undefined) return Promise.resolve(null);
    return new Promise((resolve) => {
      this.#wantBricks.push(resolve);
      this.#next();
    });
  }

  dispose(): void {
    this.#end(null);
    for (const port of this.#ports) port.close();
  }

  #submit(scene: Scene, size: PictureSize, options: FrameOptions): Promise<Frame | null> {
    if (this.#ended) return Promise.reject(this.#ended);
    if (this.#ended === null) return Promise.resolve(null);
    const isDrawn =
      !this.#volume.isColour || (scene.kind === 'slice' && isColourProjection(scene.projection));
    if (!isDrawn) return Promise.reject(new Error('of colours only planes and their means are drawn'));
    const { channel = 'main', quality = 'rest', values = true } = options;
    const coarse = fittingCoarse(this.#volume.layout, size, options.coarse ?? 1);
    return new Promise((resolve, reject) => {
      const filled = options.filled ?? null;
      const job = {
        scene,
        size,
        coarse,
        quality,
        filled,
        skipping: true,
        labelled: false,
        outputAt: 0,
      } as const;
      const task: Task = { channel, job, wantValues: values, resolve, reject };
      this.#pending.get(channel)?.resolve(null);
      this.#pending.set(channel, task);
      this.#preempt(task);
      // What is asked for in one go is begun together.
      void Promise.resolve().then(() => this.#next());
    });
  }

  /** A resting picture stops for a newer one of its channel, and makes way for a moving one of another. */
  #preempt(task: Task): void {
    const active = this.#active;
    const resting = active?.tasks.find(isResting);
    if (!active || !resting) return;
    if (resting.channel === task.channel) active.stop = 'drop';
    else if (task.job.quality === 'moving' && active.stop === 'no') active.stop = 'again';
    if (active.stop !== 'no') Atomics.store(this.#control, controlCells.cancelledJob, active.jobId);
  }

  /** Moving pictures first, then in the order of asking; planes as many as fit the output. */
  #choose(): readonly Task[] {
    const tasks = [...this.#pending.values()];
    const first = tasks.find((task) => task.job.quality === 'moving') ?? tasks[0];
    if (!first) return [];
    if (first.job.scene.kind === 'volume') return [first];
    const chosen = [first];
    let pixels = pixelsOf(first);
    for (const task of tasks) {
      if (task === first || task.job.scene.kind === 'volume') continue;
      const more = pixelsOf(task);
      if (pixels + more > this.#volume.layout.maxOutputPixels) continue;
      chosen.push({ ...task, job: { ...task.job, outputAt: pixels } });
      pixels += more;
    }
    return chosen;
  }

  #next(): void {
    if (this.#active || this.#ended !== undefined) return;
    if (this.#statistics) {
      const statistics = this.#statistics;
      this.#statistics = null;
      this.#start([], { kind: 'statistics', statistics });
      return;
    }
    if (this.#prepare()) return;
    if (this.#wantBricks.length > 0) {
      if (this.#buildBricks()) return;
      for (const resolve of this.#wantBricks.splice(0)) resolve(bricksOf(this.#volume));
    }
    const tasks = this.#choose();
    const [first] = tasks;
    if (!first) return;
    if (first.job.scene.kind === 'volume' && this.#buildBricks()) return;
    const veil = first.job.scene.kind === 'volume' ? this.#labels.takeJob(first.job.scene.layers) : null;
    if (veil) {
      this.#start([], veil);
      return;
    }
    for (const { channel } of tasks) this.#pending.delete(channel);
    const isLabelled = this.#labels.isSet;
    const begun = tasks.map((task): Task => {
      const labelled = isLabelled && (task.job.scene.layers?.length ?? 0) > 0;
      return { ...task, job: { ...task.job, skipping: this.#bricksReady, labelled } };
    });
    this.#start(begun, { kind: 'pictures', pictures: begun.map(({ job }) => job) });
  }

  /** False where the bricks describe the volume already. */
  #buildBricks(): boolean {
    if (this.#bricksReady) return false;
    this.#bricksReady = true;
    this.#start([], { kind: 'bricks' });
    return true;
  }

  /** Answers whoever waits for layers, or begins what they need. */
  #prepare(): boolean {
    for (let waiting = this.#preparing[0]; waiting; waiting = this.#preparing[0]) {
      const job = this.#labels.takeJob(waiting.layers);
      if (job) {
        this.#start([], job);
        return true;
      }
      this.#preparing.shift();
      waiting.resolve(this.#labels.views());
    }
    return false;
  }

  #start(tasks: readonly Task[], job: RenderJob): void {
    const jobId = this.#nextJobId;
    this.#nextJobId += 1;
    this.#active = { jobId, tasks, waiting: this.#ports.length, stop: 'no' };
    Atomics.store(this.#control, controlCells.nextBand, 0);
    for (const port of this.#ports) port.post({ kind: 'job', jobId, job });
  }

  #answer(message: WorkerAnswer): void {
    if (message.kind === 'failed') {
      this.#end(new Error(message.message));
      return;
    }
    const active = this.#active;
    if (!active || active.jobId !== message.jobId) return;
    active.waiting -= 1;
    if (active.waiting > 0) return;
    this.#active = undefined;
    for (const task of active.tasks) this.#settle(active, task);
    this.#next();
  }

  #settle(active: Active, task: Task): void {
    if (active.stop === 'no') task.resolve(frameOf(this.#volume, this.#labels, task));
    else if (active.stop === 'again' && !this.#pending.has(task.channel))
      this.#pending.set(task.channel, task);
    else task.resolve(null);
  }

  #end(error: Error | null): void {
    if (this.#ended !== undefined) return;
    this.#ended = error;
    const tasks = [...this.#pending.values(), ...(this.#active?.tasks ?? [])];
    for (const { resolve } of this.#preparing.splice(0)) resolve(null);
    for (const resolve of this.#wantBricks.splice(0)) resolve(null);
    this.#pending.clear();
    this.#active = undefined;
    for (const task of tasks) {
      if (error) task.reject(error);
      else task.resolve(null);
    }
    if (error) this.#onFailed(error);
  }
}

/** `onFailed` is told once when a worker has failed: from then on every request is rejected. */
export const createCoordinator = (
  volume: VolumeData,
  ports: readonly RenderPort[],
  onFailed: (error: Error) => void = () => undefined,
): CpuRenderer => new Coordinator(volume, ports, onFailed);
