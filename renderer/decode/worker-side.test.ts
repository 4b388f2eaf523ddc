import { describe, expect, test, vi } from 'vitest';
import { problem } from '../../core/base/problem.ts';
import { ok } from '../../core/base/result.ts';
import { countOfFault } from '../../core/contract/frame-faults.ts';
import { signedWords } from '../../core/pixels/format-fixture.ts';
import { type FrameOrder, newProgress, progressCells, type WorkerReply } from './messages.ts';
import { WorkerSide } from './worker-side.ts';

const format = signedWords(1, 2);
const order = (index: number): FrameOrder => ({
  index,
  transferSyntaxUID: '1.2.840.10008.1.2.1',
  format,
  frameIndex: 0,
  transform: { slope: 1, intercept: 0 },
  target: null,
});

/** A `/pixels` answer with the value `index` in both pixels. */
function stream(indices: readonly number[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Uint16Array.from(indices.flatMap((n) => [n, 0, 1, 0, 4, 0, n, n])).buffer);
}

function sideOf(answers: Record<string, () => Promise<Response>>, ready: Promise<void> = Promise.resolve()) {
  const replies: WorkerReply[] = [];
  const turns: (() => void)[] = [];
  const side = new WorkerSide({
    post: (reply) => replies.push(reply),
    fetch: (url) => answers[url]!(),
    codecsFor: () => ready.then(() => ({})),
    loadCodec: () => undefined,
    turn: () => new Promise((resolve) => turns.push(resolve)),
  });
  const settle = async (): Promise<void> => {
    for (let n = 0; n < 30; n++) {
      turns.shift()?.();
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
  };
  return { side, replies, settle, turns };
}
const fetchOf = (id: number, url: string, indices: readonly number[], urgent = false) =>
  ({ kind: 'fetch', id, urgent, url, headers: {}, sizesBytes: [], frames: indices.map(order) }) as const;
const framesOf = (replies: readonly WorkerReply[]) =>
  replies.flatMap((reply) => (reply.kind === 'frames' ? reply.frames : []));
const told = (replies: readonly WorkerReply[]) =>
  replies.flatMap<string | number>((reply) =>
    reply.kind === 'done' ? `done ${reply.id}` : reply.frames.map(({ index }) => index),
  );

describe('a decode worker', () => {
  test('averages pixels on their way into a volume that holds fewer', async () => {
    const rows = 4;
    const columns = 5;
    const pixels = Int16Array.from({ length: rows * columns }, (_, n) => n);
    const buffer = new SharedArrayBuffer(32);
    const reduced: FrameOrder = {
      ...order(0),
      format: { ...format, rows, columns },
      padding: { low: 0, high: 0 },
      target: { buffer, byteOffset: 8, scalarType: 'int16', reduction: 2 },
    };
    const { side, replies, settle } = sideOf({});
    const fragments = [[new Uint8Array(pixels.buffer)]];
    side.handle({ kind: 'decode', id: 1, urgent: false, frames: [reduced], fragments });
    await settle();
    // Columns 0–1 and 2–3 of rows 0–1 and 2–3; the fifth column fills no block, pixel 0 is padding.
    expect([...new Int16Array(buffer, 8, 4)]).toEqual([4, 5, 13, 15]);
    expect(framesOf(replies)[0]).toMatchObject({
      decoded: { kind: 'mono', rows: 2, columns: 2, values: null, range: { min: 4, max: 15 } },
    });
    expect([...new Int16Array(buffer, 16, 8)]).toEqual(new Array(8).fill(0));
    expect([...new Int16Array(buffer, 0, 4)]).toEqual(new Array(4).fill(0));
  });

  test('begins no frame while it is held', async () => {
    const progress = newProgress();
    Atomics.store(progress, progressCells.held, 1);
    const begunWhenHeld: number[] = [];
    const held = (cells: Int32Array, cell: number, value: number) => {
      if (Atomics.load(cells, cell) !== value) return 'not-equal';
      begunWhenHeld.push(Atomics.load(progress, progressCells.begun));
      Atomics.store(progress, progressCells.held, 0);
      return 'ok';
    };
    const wait = vi.spyOn(Atomics, 'wait').mockImplementation(held as typeof Atomics.wait);
    const { side, replies, settle } = sideOf({ a: async () => new Response(stream([4, 5])) });
    side.handle({ kind: 'open', progress });
    side.handle(fetchOf(1, 'a', [4, 5]));
    await settle();
    wait.mockRestore();
    expect(begunWhenHeld).toEqual([0]);
    expect(told(replies)).toEqual([4, 5, 'done 1']);
  });

  test('decodes what it fetched, then says that it is done', async () => {
    const { side, replies, settle } = sideOf({ a: async () => new Response(stream([4, 5])) });
    side.handle(fetchOf(1, 'a', [4, 5, 6]));
    await settle();
    expect(told(replies)).toEqual([4, 5, 'done 1']);
    const [first] = framesOf(replies);
    expect(first).toMatchObject({ decoded: { kind: 'mono', values: Int16Array.of(4, 4) } });
  });

  test('tells a file that the host cannot read as such, not as pixels that are cut off', async () => {
    const gone = new Uint8Array(Uint32Array.of(5, countOfFault(problem('FILE_MISSING'))).buffer);
    const body = new Blob([stream([4]), gone, stream([6])]);
    const { side, replies, settle } = sideOf({ a: async () => new Response(body) });
    side.handle(fetchOf(1, 'a', [4, 5, 6]));
    await settle();
    expect(told(replies).at(-1)).toBe('done 1');
    expect(framesOf(replies).find(({ index }) => index === 5)?.decoded).toEqual({
      kind: 'failed',
      problem: { code: 'FILE_MISSING' },
    });
    expect(framesOf(replies)).toHaveLength(3);
  });

  test('cuts all tiles of a mosaic from one answer and one decoding', async () => {
    const mosaic = { ...format, rows: 2, columns: 4, pixelRepresentation: 0 } as const;
    // JPEG-LS as far as its head goes: SOI, SOF55 of 2 × 4 pixels of 16 bits, SOS.
    const head = [255, 216, 255, 247, 0, 11, 16, 0, 2, 0, 4, 1, 1, 17, 0, 255, 218, 0, 8, 1, 1, 0, 0, 0, 0];
    const bytes = [new Uint8Array(Uint32Array.of(8, 1, head.length).buffer), Uint8Array.from(head)];
    let decodings = 0;
    const replies: WorkerReply[] = [];
    const side = new WorkerSide({
      post: (reply) => replies.push(reply),
      fetch: async () => new Response(new Blob(bytes)),
      codecsFor: async () => ({
        jpegLs: () => {
          decodings += 1;
          const cells = new Uint8Array(Uint16Array.of(1, 2, 3, 4, 5, 6, 7, 8).buffer);
          return ok({ rows: 2, columns: 4, samples: 1, bitsPerSample: 16, signed: false, bytes: cells });
        },
      }),
      loadCodec: () => undefined,
      turn: async () => undefined,
    });
    const tile = (n: number): FrameOrder => ({
      ...order(8 + n),
      ...(n > 0 && { bytesOf: 8 }),
      transferSyntaxUID: '1.2.840.10008.1.2.4.80',
      format: mosaic,
      tile: { column: (n % 2) * 2, row: Math.floor(n / 2), columns: 2, rows: 1 },
    });
    const frames = [0, 3, 1, 2].map(tile);
    side.handle({ kind: 'fetch', id: 1, urgent: true, url: '', headers: {}, sizesBytes: [], frames });
    await expect.poll(() => told(replies)).toEqual([8, 11, 9, 10, 'done 1']);
    const values = framesOf(replies).flatMap(({ decoded }) =>
      decoded.kind === 'mono' ? [[...(decoded.values ?? [])]] : [],
    );
    expect(values).toEqual([
      [1, 2],
      [7, 8],
      [3, 4],
      [5, 6],
    ]);
    expect(decodings).toBe(1);
  });

  test('an urgent frame goes before those that wait', async () => {
    let begin: () => void = () => undefined;
    const ready = new Promise<void>((resolve) => {
      begin = resolve;
    });
    const { side, replies, settle } = sideOf(
      { a: async () => new Response(stream([1, 2, 3])), b: async () => new Response(stream([9])) },
      ready,
    );
    side.handle(fetchOf(1, 'a', [1, 2, 3]));
    await settle();
    side.handle(fetchOf(2, 'b', [9], true));
    await settle();
    begin();
    await expect.poll(() => settle().then(() => told(replies))).toContain('done 1');
    // The first had begun; frames that are not urgent are told together.
    expect(told(replies)).toEqual([9, 'done 2', 1, 2, 3, 'done 1']);
  });

  test('is not done while its last frame waits for a codec', async () => {
    let begin: () => void = () => undefined;
    const ready = new Promise<void>((resolve) => {
      begin = resolve;
    });
    const { side, replies, settle } = sideOf({ a: async () => new Response(stream([4])) }, ready);
    side.handle(fetchOf(1, 'a', [4]));
    await settle();
    expect(replies).toEqual([]);
    begin();
    await expect.poll(() => settle().then(() => told(replies))).toEqual([4, 'done 1']);
  });

  test('tells of what has come though the rest is slow', async () => {
    const body = new ReadableStream({
      type: 'bytes',
      start: (controller) => controller.enqueue(new Uint8Array(stream([4, 5])).slice(0, 20)),
    });
    const { side, replies } = sideOf({ a: async () => new Response(body) });
    side.handle(fetchOf(1, 'a', [4, 5]));
    await expect.poll(() => told(replies)).toEqual([4]);
    side.handle({ kind: 'cancel', id: 1 });
  });

  test('reads on only while little waits to be decoded', async () => {
    const large = { ...format, rows: 1024, columns: 1024 };
    const bytes = 2 * 1024 * 1024;
    let begin: () => void = () => undefined;
    const ready = new Promise<void>((resolve) => {
      begin = resolve;
    });
    let sent = 0;
    const body = new ReadableStream({
      type: 'bytes',
      pull(controller) {
        const frame = new Uint8Array(12 + bytes);
        new Uint32Array(frame.buffer, 0, 3).set([sent, 1, bytes]);
        sent += 1;
        controller.enqueue(frame);
        if (sent === 20) controller.close();
      },
    });
    const { side, replies, settle } = sideOf({ a: async () => new Response(body) }, ready);
    const frames = Array.from({ length: 20 }, (_, n) => ({ ...order(n), format: large }));
    const sizesBytes = frames.map(() => bytes);
    side.handle({ kind: 'fetch', id: 1, urgent: false, url: 'a', headers: {}, sizesBytes, frames });
    await settle();
    expect(sent).toBeLessThan(8);
    begin();
    await expect.poll(() => settle().then(() => told(replies)), { timeout: 10_000 }).toContain('done 1');
    expect(told(replies)).toHaveLength(21);
  });

  test('refusals, broken connections and cut streams end the request', async () => {
    const { side, replies, settle } = sideOf({
      refused: async () => new Response('', { status: 404 }),
      broken: () => Promise.reject(new TypeError('network')),
      cut: async () => new Response(stream([1, 2]).subarray(0, 30)),
    });
    side.handle(fetchOf(1, 'refused', [1]));
    side.handle(fetchOf(2, 'broken', [1]));
    side.handle(fetchOf(3, 'cut', [1, 2]));
    await settle();
    expect(told(replies).sort()).toEqual([1, 'done 1', 'done 2', 'done 3']);
  });

  test('nothing of a cancelled request is told', async () => {
    const { side, replies, settle } = sideOf({ a: async () => new Response(stream([1, 2])) });
    side.handle(fetchOf(1, 'a', [1, 2]));
    side.handle({ kind: 'cancel', id: 1 });
    await settle();
    expect(replies).toEqual([]);
  });
});
