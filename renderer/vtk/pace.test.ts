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

/** A card of which picture n takes `msOfRay(n)` with a ray a pixel; answers come three pictures later, or never. */
function cardWithClock(msOfRay: (n: number) => number, pixelsOf: () => number, isSilent: boolean) {
  let count = 0;
  const asked: { ns: number; age: number }[] = [];
  const gl = {
    QUERY_RESULT_AVAILABLE: 1,
    QUERY_RESULT: 2,
    getExtension: () => ({ TIME_ELAPSED_EXT: 3, GPU_DISJOINT_EXT: 4 }),
    getParameter: () => isSilent,
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
  /** From each picture to the next. */
  readonly ms: readonly number[];
}

interface Machine {
  readonly start?: number;
  /** What the window costs with a pixel a ray; less with its pixels. */
  readonly windowMs?: number;
  /** What the window costs however coarse the rays are. */
  readonly fixedMs?: number;
  /** From one of the display's frames to the next. */
  readonly displayMs?: number;
  /** A browser without a display's beat shows a picture that is late as soon as it is there. */
  readonly hasBeat?: boolean;
  readonly isSilent?: boolean;
}

/** Draws picture after picture, each when the one before is on the display. */
function turn(msOfRay: (n: number) => number, pictures: number, machine: Machine = {}): Turn {
  const {
    start = 1,
    windowMs = 0,
    fixedMs = 0,
    displayMs = 16.7,
    hasBeat = true,
    isSilent = false,
  } = machine;
  const gl = cardWithClock(msOfRay, () => pace.pixels, isSilent);
  const pace: MovingPace = new MovingPace(gl, limits, start, true);
  let onFrame = (): void => undefined;
  vi.stubGlobal('requestAnimationFrame', (callback: () => void) => {
    onFrame = callback;
  });
  let nowMs = 1000;
  const now = vi.spyOn(performance, 'now').mockImplementation(() => nowMs);
  const pixels: number[] = [];
  const ms: number[] = [];
  for (let n = 0; n < pictures; n += 1) {
    pace.begin(limits);
    const busyMs = (msOfRay(n) + windowMs) / pace.pixels ** 2 + fixedMs;
    pace.end();
    const frameMs = hasBeat ? Math.ceil(busyMs / displayMs) * displayMs : Math.max(busyMs, displayMs);
    nowMs += frameMs;
    onFrame();
    pixels.push(pace.pixels);
    ms.push(frameMs);
  }
  now.mockRestore();
  return { pixels, ms };
}

const pixelsWhile = (msOfRay: (n: number) => number, pictures: number, start = 1): readonly number[] =>
  turn(msOfRay, pictures, { start }).pixels;

/** Frames a second after the first second. */
const rateOf = ({ ms }: Turn): number => {
  const settled = ms.slice(60);
  return (1000 * settled.length) / settled.reduce((sum, one) => sum + one, 0);
};

test('leaves the window its time, however dear it is', () => {
  // As an H100 does, which composes slowly: 22 ms of rays and 12 of the window at 1920 × 1080.
  expect(rateOf(turn(() => 22, 300, { windowMs: 12 }))).toBeGreaterThan(59.8);
  expect(rateOf(turn(() => 45, 300, { windowMs: 60 }))).toBeGreaterThan(59.8);
});

test.each([true, false])(
  'a frame that is late without a missed beat counts too, silent clock: %s',
  (isSilent) => {
    const turned = turn(() => 16, 600, { windowMs: 10, hasBeat: false, isSilent });
    expect(turned.ms[0]).toBe(26);
    // Frames a little longer than the display's are let pass.
    expect(rateOf(turned)).toBeGreaterThan(55.5);
    expect(rateOf(turn(() => 60, 600, { windowMs: 10, isSilent }))).toBeGreaterThan(58.8);
  },
);

test('a slow display takes no rays away for long', () => {
  const { pixels } = turn(() => 36, 300, { displayMs: 33.3 });
  expect(Math.max(...pixels)).toBeGreaterThan(2.2);
  for (const seen of pixels.slice(100)) expect(seen).toBeCloseTo(2, 1);
});

test('settles where the card has time, in one change, and stays there', () => {
  const seen = pixelsWhile(() => 100, 60);
  expect(seen.slice(0, 4)).toEqual([1, 1, 1, 1]);
  for (const pixels of seen.slice(4)) expect(pixels).toBeCloseTo(10 / 3, 6);
});

test('a shader that is made with the first picture says nothing about the next', () => {
  expect(new Set(pixelsWhile((n) => (n === 0 ? 400 : 8), 100))).toEqual(new Set([1]));
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

test('a picture that the card left for the window in between is no dear one', () => {
  expect(new Set(pixelsWhile((n) => (n % 15 === 14 ? 150 : 9), 200))).toEqual(new Set([1]));
});

test("a frame a little longer than the display's gives rays up too", () => {
  // As an H100 at 3840 × 2160: 9 ms of rays and 9 of the window make 55 frames a second.
  expect(rateOf(turn(() => 36, 600, { fixedMs: 9, hasBeat: false }))).toBeGreaterThan(58.8);
});

test('a window that is dear whatever the rays leaves pictures as fine as the card can', () => {
  // As a card in its slow hours does: 21 ms of a 4K frame, without a beat.
  const { pixels } = turn(() => 36, 600, { displayMs: 21, hasBeat: false });
  expect(Math.max(...pixels.slice(30))).toBeLessThan(3);
  for (const seen of pixels.slice(300)) expect(seen).toBeCloseTo(2, 1);
});

function cardWithFences() {
  const card = { signalled: false, deleted: 0, frame: (): void => undefined };
  vi.stubGlobal('requestAnimationFrame', (callback: () => void) => {
    card.frame = callback;
  });
  const gl = {
    SYNC_STATUS: 1,
    SIGNALED: 2,
    getSyncParameter: () => (card.signalled ? 2 : 3),
    fenceSync: () => ({}),
    deleteSync: () => {
      card.deleted += 1;
    },
    flush: () => undefined,
  } as unknown as WebGL2RenderingContext;
  return { card, gl };
}

test('a processor in disguise is asked for the picture before, once, and for none after a rest', () => {
  const { card, gl } = cardWithFences();
  const pace = new MovingPace(gl, limits, 1, false);
  pace.begin(limits);
  expect(pace.pixels).toBe(1);
  pace.end();
  pace.begin(limits);
  expect(pace.pixels).toBeCloseTo(1.3, 9);
  pace.end();
  card.signalled = true;
  pace.begin(limits);
  expect(pace.pixels).toBeCloseTo(1.235, 9);
  pace.end();
  card.signalled = false;
  pace.rest();
  pace.begin(limits);
  expect(pace.pixels).toBeCloseTo(1.235, 9);
  expect(card.deleted).toBe(3);
});

test('a display frame that was held back is late, although the card had finished when asked', () => {
  const { card, gl } = cardWithFences();
  card.signalled = true;
  const pace = new MovingPace(gl, limits, 2, false);
  const now = vi.spyOn(performance, 'now').mockReturnValue(1000);
  pace.begin(limits);
  pace.end();
  now.mockReturnValue(1100);
  card.frame();
  pace.begin(limits);
  expect(pace.pixels).toBeCloseTo(2.6, 9);
  pace.end();
  now.mockReturnValue(1116);
  card.frame();
  pace.begin(limits);
  expect(pace.pixels).toBeCloseTo(2.47, 9);
  now.mockRestore();
});

test('a smaller place needs no coarser pictures than it has rays for', () => {
  const { gl } = cardWithFences();
  const pace = new MovingPace(gl, limits, 4, false);
  pace.begin({ least: 1, most: 1.5 });
  expect(pace.pixels).toBe(1.5);
});
