import { afterEach, expect, test, vi } from 'vitest';
import { MovingPace, nextPixels, pixelsFor } from './pace.ts';

const limits = { least: 1, most: 4 };

afterEach(() => vi.unstubAllGlobals());

test('a card that falls behind gets fewer rays, one that keeps up gets them back', () => {
  let pixels = 1;
  for (let n = 0; n < 3; n += 1) pixels = nextPixels(pixels, false, limits);
  expect(pixels).toBeCloseTo(2.197, 3);
  for (let n = 0; n < 99; n += 1) pixels = nextPixels(pixels, false, limits);
  expect(pixels).toBe(4);
  for (let n = 0; n < 99; n += 1) pixels = nextPixels(pixels, true, limits);
  expect(pixels).toBe(1);
});

test('with a clock the rays fit the time at once', () => {
  // 81 ms with a ray a pixel: a third of the rays along each edge take 9.
  expect(pixelsFor(1, 81, 9, limits)).toBeCloseTo(3, 9);
  expect(pixelsFor(2, 81 / 4, 9, limits)).toBeCloseTo(3, 9);
  expect(pixelsFor(1, 1000, 9, limits)).toBe(4);
  expect(pixelsFor(1, 0.1, 9, limits)).toBe(1);
});

/** A card of which picture n takes `msOfRay(n)` with a ray a pixel; answers come three pictures later. */
function cardWithClock(msOfRay: (n: number) => number, pixelsOf: () => number) {
  let count = 0;
  const asked: { ns: number; age: number }[] = [];
  const gl = {
    QUERY_RESULT_AVAILABLE: 1,
    QUERY_RESULT: 2,
    getExtension: () => ({ TIME_ELAPSED_EXT: 3, GPU_DISJOINT_EXT: 4 }),
    getParameter: () => false,
    createQuery: () => ({ ns: 0, age: 0 }),
    beginQuery: (_: number, query: { ns: number; age: number }) => {
      for (const one of asked) one.age += 1;
      asked.push(query);
      query.ns = (msOfRay(count++) / pixelsOf() ** 2) * 1e6;
    },
    endQuery: () => undefined,
    deleteQuery: () => undefined,
    getQueryParameter: (query: { ns: number; age: number }, what: number) =>
      what === 2 ? query.ns : query.age >= 2,
  };
  return gl as unknown as WebGL2RenderingContext;
}

interface Turn {
  readonly pixels: readonly number[];
  readonly missed: readonly boolean[];
}

/**
 * Draws picture after picture. A display frame is missed where rays and the window, which costs `windowMs` with a pixel a
 * ray and less with its pixels, take longer than it.
 */
function turn(msOfRay: (n: number) => number, pictures: number, start = 1, windowMs = 0): Turn {
  const gl = cardWithClock(msOfRay, () => pace.pixels);
  const pace: MovingPace = new MovingPace(gl, limits, start, true);
  let onFrame = (): void => undefined;
  vi.stubGlobal('requestAnimationFrame', (callback: () => void) => {
    onFrame = callback;
  });
  let nowMs = 1000;
  const now = vi.spyOn(performance, 'now').mockImplementation(() => nowMs);
  const pixels: number[] = [];
  const missed: boolean[] = [];
  for (let n = 0; n < pictures; n += 1) {
    pace.begin();
    const frameMs = (msOfRay(n) + windowMs) / pace.pixels ** 2;
    pace.end();
    nowMs += Math.ceil(frameMs / 16.7) * 16.7;
    onFrame();
    pixels.push(pace.pixels);
    missed.push(frameMs > 16.7);
  }
  now.mockRestore();
  return { pixels, missed };
}

const pixelsWhile = (msOfRay: (n: number) => number, pictures: number, start = 1): readonly number[] =>
  turn(msOfRay, pictures, start).pixels;

test('leaves the window its time, however dear it is', () => {
  // As an H100 does, which composes slowly: 22 ms of rays and 12 of the window at 1920 × 1080.
  const { missed } = turn(() => 22, 300, 1, 12);
  expect(missed.slice(60)).not.toContain(true);
  const dear = turn(() => 45, 300, 1, 60);
  expect(dear.missed.slice(60)).not.toContain(true);
});

test('settles where the card has time, in one change, and stays there', () => {
  const seen = pixelsWhile(() => 100, 60);
  expect(seen.slice(0, 3)).toEqual([1, 1, 1]);
  for (const pixels of seen.slice(3)) expect(pixels).toBeCloseTo(10 / 3, 6);
});

test('does not swing with what one turn of a body costs', () => {
  const seen = pixelsWhile((n) => 80 * (1 + 0.35 * Math.sin(n / 9)), 400);
  expect(new Set(seen).size).toBeLessThanOrEqual(3);
});

test('gives the rays back once there is plenty of time, and not at the first quick picture', () => {
  expect(new Set(pixelsWhile((n) => (n % 10 === 9 ? 60 : 30), 100, 3))).toEqual(new Set([3]));
  const seen = pixelsWhile(() => 30, 40, 3);
  expect(seen[10]).toBe(3);
  expect(seen.at(-1)).toBeCloseTo(Math.sqrt(30 / 9), 6);
});

function cardWithFences() {
  const card = { signalled: false, deleted: 0, frame: (): void => undefined };
  vi.stubGlobal('requestAnimationFrame', (callback: () => void) => {
    card.frame = callback;
  });
  const gl = {
    SYNC_STATUS: 1,
    SIGNALED: 2,
    getExtension: () => null,
    getSyncParameter: () => (card.signalled ? 2 : 3),
    fenceSync: () => ({}),
    deleteSync: () => {
      card.deleted += 1;
    },
    flush: () => undefined,
  } as unknown as WebGL2RenderingContext;
  return { card, gl };
}

test('without a clock asks of the picture before, once, and of none after a rest', () => {
  const { card, gl } = cardWithFences();
  const pace = new MovingPace(gl, limits, 1, true);
  pace.begin();
  expect(pace.pixels).toBe(1);
  pace.end();
  pace.begin();
  expect(pace.pixels).toBeCloseTo(1.3, 9);
  pace.end();
  card.signalled = true;
  pace.begin();
  expect(pace.pixels).toBeCloseTo(1.235, 9);
  pace.end();
  card.signalled = false;
  pace.rest();
  pace.begin();
  expect(pace.pixels).toBeCloseTo(1.235, 9);
  expect(card.deleted).toBe(3);
});

test('a display frame that was held back is late, although the card had finished when asked', () => {
  const { card, gl } = cardWithFences();
  card.signalled = true;
  const pace = new MovingPace(gl, limits, 2, false);
  const now = vi.spyOn(performance, 'now').mockReturnValue(1000);
  pace.begin();
  pace.end();
  now.mockReturnValue(1100);
  card.frame();
  pace.begin();
  expect(pace.pixels).toBeCloseTo(2.6, 9);
  pace.end();
  now.mockReturnValue(1116);
  card.frame();
  pace.begin();
  expect(pace.pixels).toBeCloseTo(2.47, 9);
  now.mockRestore();
});

test('a clock that never answers is given up for the fences', () => {
  const { gl: fences } = cardWithFences();
  const gl = {
    ...cardWithClock(
      () => 1,
      () => 1,
    ),
    ...fences,
    getExtension: () => ({ TIME_ELAPSED_EXT: 3, GPU_DISJOINT_EXT: 4 }),
    getQueryParameter: () => false,
  } as unknown as WebGL2RenderingContext;
  const pace = new MovingPace(gl, limits, 1, true);
  for (let n = 0; n < 12; n += 1) {
    pace.begin();
    pace.end();
  }
  expect(pace.pixels).toBeGreaterThan(1);
});
