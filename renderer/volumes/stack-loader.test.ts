import { describe, expect, test } from 'vitest';
import { problem } from '../../core/base/problem.ts';
import { fail, ok } from '../../core/base/result.ts';
import { signedWords } from '../../core/pixels/format-fixture.ts';
import type { SeriesPlan, VolumeGroup } from '../../core/volume/types.ts';
import type { FrameLoader } from './frame-loader.ts';
import { StackLoader } from './stack-loader.ts';

const format = signedWords(10, 10);

function planOf(count: number): { plan: SeriesPlan; group: VolumeGroup } {
  const ks = Array.from({ length: count }, (_, k) => k);
  const group: VolumeGroup = {
    id: 'g',
    nameZh: '',
    nameEn: '',
    frames: [...ks].reverse(),
    displayReversed: false,
    verdict: {
      kind: 'none',
      spacingSource: 'none',
      tiltDeg: 0,
      medianGapMm: 0,
      worstGapMm: 0,
      interpolatedSlices: 0,
      residualMm: 0,
      reasons: [],
    },
    acquired: null,
    regular: null,
    scalarType: 'int16',
  };
  const instances = ks.map((k) => ({
    instanceKey: `i${k}`,
    sopInstanceUID: `1.${k}`,
    transferSyntaxUID: '1.2.840.10008.1.2.1',
    deflated: false,
    format,
    attributes: {},
    flags: [],
    sizeBytes: 200,
  }));
  const frames = ks.map((k) => ({ instance: k, frame: 0, sizeBytes: 200, attributes: {} }));
  const plan = {
    planId: 'p',
    seriesKey: 's',
    studyKey: 't',
    stored: true,
    demo: false,
    common: {},
    aside: [],
  };
  return { plan: { ...plan, instances, frames, groups: [group] }, group };
}

const framesFrom = (asked: number[][], bad: ReadonlySet<number> = new Set()): FrameLoader => ({
  async load({ frames, signal, onFrame }) {
    asked.push(frames.map(({ index }) => index));
    for (const { index } of frames) {
      await Promise.resolve();
      if (signal.aborted) return;
      if (bad.has(index)) continue;
      if (index === 3) onFrame(index, fail(problem('FRAME_UNDECODABLE')));
      else {
        const values = new Int16Array(100).fill(index);
        const range = { min: index, max: index, sample: Float32Array.of(index) };
        onFrame(index, ok({ kind: 'mono', rows: 10, columns: 10, values, range }));
      }
    }
  },
});

const finished = async (loader: StackLoader): Promise<void> => {
  loader.release();
  for (let n = 0; n < 500 && !loader.isDone; n += 1) await new Promise((resolve) => setTimeout(resolve, 0));
};

function loaderOf(count: number, src: FrameLoader, capBytes = 1e9): StackLoader {
  const { plan, group } = planOf(count);
  return new StackLoader({
    plan,
    group,
    frames: src,
    workerCount: 1,
    targetOf: () => null,
    isPinned: false,
    capBytes,
  });
}

describe('stack loader', () => {
  test('the frame on screen is asked for first and alone; everything arrives once, in its place', async () => {
    const asked: number[][] = [];
    const loader = loaderOf(40, framesFrom(asked));
    loader.focus(12);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(loader.store.settled).toBe(1);
    await finished(loader);
    expect(asked[0]).toEqual([27]);
    expect(asked.flat().length).toBe(40);
    const state = loader.store.state(5);
    expect(state.kind === 'ready' && state.image.kind === 'mono' && state.image.values[0]).toBe(34);
    expect(loader.store.state(36)).toMatchObject({ kind: 'failed', problem: { code: 'FRAME_UNDECODABLE' } });
    expect(loader.store.ready).toBe(39);
  });

  test('tiles of one stored frame are asked for together, those on screen first', async () => {
    const asked: number[][] = [];
    const { plan, group } = planOf(40);
    // Two mosaics of 20 slices each.
    const frames = plan.frames.map((frame, index) => ({
      ...frame,
      instance: Math.floor(index / 20),
      tile: { column: index % 20, row: 0, columns: 10, rows: 10 },
    }));
    const loader = new StackLoader({
      plan: { ...plan, frames },
      group,
      frames: framesFrom(asked),
      workerCount: 1,
      targetOf: () => null,
      isPinned: false,
      capBytes: 1e9,
    });
    loader.focus(12);
    await finished(loader);
    expect(asked.map((batch) => batch.length)).toEqual([20, 20]);
    expect(asked[0]![0]).toBe(27);
    expect([...asked[0]!].sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, n) => 20 + n));
    expect(loader.store.settled).toBe(40);
  });

  test('what is asked for together reaches out from the middle in few long requests', async () => {
    const asked: number[][] = [];
    const loader = loaderOf(400, framesFrom(asked));
    loader.focus(0);
    await finished(loader);
    expect(asked.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: 400 }, (_, n) => n));
    expect(asked.length).toBeLessThan(25);
    expect(Math.max(...asked.map((batch) => batch.length))).toBe(64);
    for (const batch of asked) {
      expect(batch).toEqual([...batch].sort((a, b) => b - a));
    }
  });

  test('who moves far away is not kept waiting for what was asked for before', async () => {
    const asked: { indices: number[]; signal: AbortSignal; end: () => void }[] = [];
    const src: FrameLoader = {
      load: ({ frames, signal }) =>
        new Promise((end) => {
          asked.push({ indices: frames.map(({ index }) => index), signal, end });
          signal.addEventListener('abort', () => end());
        }),
    };
    const loader = loaderOf(200, src);
    loader.focus(20);
    loader.release();
    const before = asked.length;
    expect(asked.map(({ signal }) => signal.aborted)).not.toContain(true);
    loader.focus(30);
    expect(asked.map(({ signal }) => signal.aborted)).not.toContain(true);
    loader.focus(150);
    // All but the frame that was on screen.
    expect(asked.slice(0, before).map(({ signal }) => signal.aborted)).toEqual([false, true, true]);
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect(loader.store.settled).toBe(0);
    const again = asked.slice(before).flatMap(({ indices }) => indices);
    expect(again.length).toBeGreaterThan(0);
    expect(again.every((index) => Math.abs(199 - index - 150) < 10)).toBe(true);
    loader.close();
  });

  test('a frame that the stream leaves out fails and can be tried again', async () => {
    const bad = new Set([7]);
    const loader = loaderOf(10, framesFrom([], bad));
    loader.focus(0);
    await finished(loader);
    expect(loader.store.state(2)).toMatchObject({ kind: 'failed', problem: { code: 'IO_ERROR' } });
    bad.clear();
    loader.retry();
    await finished(loader);
    expect(loader.store.state(2).kind).toBe('ready');
  });

  test('a closed loader changes nothing any more', async () => {
    const loader = loaderOf(30, framesFrom([]));
    let told = 0;
    loader.subscribe(() => {
      told += 1;
    });
    loader.focus(0);
    loader.close();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect([told, loader.store.settled]).toEqual([0, 0]);
  });

  test('memory stays under the cap; the focus stays loaded', async () => {
    const loader = loaderOf(50, framesFrom([]), 200 * 12);
    for (const k of [0, 25, 49]) {
      loader.focus(k);
      loader.release();
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(loader.store.state(k).kind).toBe('ready');
      expect(loader.store.ready).toBeLessThanOrEqual(12);
    }
  });
});
