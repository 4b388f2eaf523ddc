import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { signedWords } from '../../core/pixels/format-fixture.ts';
import { decodeOrder } from './decode-frame.ts';
import {
  type FrameOrder,
  newProgress,
  progressCells,
  type WorkerReply,
  type WorkerRequest,
} from './messages.ts';
import { createDecodePool, type DecodePool, type DecodeWorker } from './pool.ts';

vi.mock('../workers/decode.ts?worker&url', () => ({ default: 'decode.js' }));

const format = signedWords(1, 4);

const orderOf = (index: number, more: Partial<FrameOrder> = {}): FrameOrder => ({
  index,
  transferSyntaxUID: '1.2.840.10008.1.2.1',
  format,
  frameIndex: 0,
  transform: { slope: 1, intercept: 0 },
  target: null,
  ...more,
});
const fragmentsOf = (...values: number[]) => [new Uint8Array(Int16Array.from(values).buffer)];

/** Answers when told to, with the real decoder. */
class FakeWorker implements DecodeWorker {
  static readonly all: FakeWorker[] = [];
  onmessage: ((event: MessageEvent<WorkerReply>) => void) | null = null;
  onerror: ((event: ErrorEvent) => void) | null = null;
  readonly got: WorkerRequest[] = [];
  isEnded = false;
  private progress = newProgress();
  constructor() {
    FakeWorker.all.push(this);
  }
  postMessage(message: WorkerRequest): void {
    if (message.kind === 'open') this.progress = message.progress;
    else this.got.push(message);
  }
  terminate(): void {
    this.isEnded = true;
  }
  get isHeld(): boolean {
    return Atomics.load(this.progress, progressCells.held) === 1;
  }
  begin(index: number): void {
    Atomics.store(this.progress, progressCells.decoding, index + 1);
    Atomics.add(this.progress, progressCells.begun, 1);
  }
  tell(data: WorkerReply): void {
    this.onmessage?.({ data } as MessageEvent<WorkerReply>);
  }
  answer(order: FrameOrder, ...values: number[]): void {
    const id = this.requestWith(order.index);
    this.tell({
      kind: 'frames',
      id,
      frames: [{ index: order.index, decoded: decodeOrder(order, fragmentsOf(...values), {}) }],
    });
  }
  requestWith(index: number): number {
    for (const message of this.got)
      if ('frames' in message && message.frames.some((order) => order.index === index)) return message.id;
    throw new Error(`frame ${index} was not asked for`);
  }
}

const poolOf = (count: number, deadlineMs = 10_000): DecodePool => {
  FakeWorker.all.length = 0;
  return createDecodePool(count, () => new FakeWorker(), deadlineMs);
};
/** Of the clock that each test starts with: a busy machine's own would pass over a deadline. */
const later = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

function ask(pool: DecodePool, orders: readonly FrameOrder[], signal = new AbortController().signal) {
  const told = new Map<number, string>();
  const done = pool.run(
    { kind: 'fetch', urgent: false, url: 'u', headers: {}, sizesBytes: [0], frames: orders },
    signal,
    (index, result) =>
      told.set(
        index,
        result.ok
          ? result.value.kind === 'mono'
            ? [...result.value.values].join()
            : 'colour'
          : result.problem.code,
      ),
  );
  return { told, done };
}

describe('decode pool', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('gives a request to the worker that has least to do', () => {
    const pool = poolOf(2);
    for (const orders of [[1, 2, 3], [4], [5], [6]])
      ask(
        pool,
        orders.map((n) => orderOf(n)),
      );
    const asked = FakeWorker.all.map(({ got }) =>
      got.map((message) => ('frames' in message ? message.frames.map(({ index }) => index) : [])),
    );
    expect(asked).toEqual([[[1, 2, 3]], [[4], [5], [6]]]);
    pool.close();
  });

  it('gives values of their own back, and those in the target as a view', async () => {
    const pool = poolOf(1);
    const buffer = new SharedArrayBuffer(32);
    const inTarget = orderOf(7, {
      target: { buffer, byteOffset: 16, scalarType: 'float32' },
      transform: { slope: 0.5, intercept: 1 },
      padding: { low: -5, high: -5 },
    });
    const own = orderOf(8, { padding: { low: -5, high: -5 } });
    const { told, done } = ask(pool, [inTarget, own]);
    FakeWorker.all[0]!.answer(inTarget, 4, -5, 7, 300);
    FakeWorker.all[0]!.answer(own, 4, -5, 7, 300);
    FakeWorker.all[0]!.tell({ kind: 'done', id: FakeWorker.all[0]!.requestWith(7) });
    await done;
    expect([...told]).toEqual([
      [7, '3,NaN,4.5,151'],
      [8, '4,-32768,7,300'],
    ]);
    expect([...new Float32Array(buffer, 16, 4)]).toEqual([3, Number.NaN, 4.5, 151]);
    pool.close();
  });

  it('refuses a target that is too small instead of writing past it', async () => {
    for (const scalarType of ['int16', 'float32'] as const) {
      const pool = poolOf(1);
      const target = { buffer: new SharedArrayBuffer(8), byteOffset: 4, scalarType };
      const order = orderOf(1, { target });
      const { told } = ask(pool, [order]);
      FakeWorker.all[0]!.answer(order, 1, 2, 3, 4);
      expect(told.get(1)).toBe('INTERNAL');
      pool.close();
    }
  });

  it('finds overlays in the upper bits, apart from the values', () => {
    const plane = { group: 0x6000, rows: 1, columns: 4, origin: [1, 1], type: 'G', frames: 1, firstFrame: 1 };
    const order = orderOf(0, {
      format: { ...format, bitsStored: 12, highBit: 11, pixelRepresentation: 0 },
      embedded: [
        { ...plane, bitPosition: 15 },
        { ...plane, bitPosition: 12 },
      ] as unknown as NonNullable<FrameOrder['embedded']>,
    });
    const cells = new Uint8Array(Uint16Array.of(0x8007, 0x0123, 0x1009, 0x4fff).buffer);
    const decoded = decodeOrder(order, [cells], {});
    if (decoded.kind !== 'mono') throw new Error('no picture');
    expect([...decoded.values!]).toEqual([7, 0x123, 9, 0xfff]);
    expect([...(decoded.overlay ?? [])]).toEqual([1, 0, 1, 0]);
    expect(decoded.range).toMatchObject({ min: 7, max: 0xfff });
  });

  it('tells frames that the host left out', async () => {
    const pool = poolOf(1);
    const orders = [orderOf(1), orderOf(2)];
    const { told, done } = ask(pool, orders);
    FakeWorker.all[0]!.answer(orders[1]!, 1, 1, 1, 1);
    FakeWorker.all[0]!.tell({ kind: 'done', id: FakeWorker.all[0]!.requestWith(1) });
    await done;
    expect([...told]).toEqual([
      [2, '1,1,1,1'],
      [1, 'IO_ERROR'],
    ]);
    pool.close();
  });

  it('says nothing of an aborted request, and has the worker give it up', async () => {
    const pool = poolOf(1);
    const abort = new AbortController();
    const order = orderOf(1);
    const { told, done } = ask(pool, [order], abort.signal);
    abort.abort();
    await done;
    FakeWorker.all[0]!.answer(order, 1, 1, 1, 1);
    expect(told.size).toBe(0);
    expect(FakeWorker.all[0]!.got.at(-1)?.kind).toBe('cancel');
    pool.close();
  });

  it('ends a worker that hangs in a frame; only that frame fails, the rest is asked for again', async () => {
    const pool = poolOf(1, 20);
    const orders = [orderOf(1), orderOf(2), orderOf(3)];
    const { told, done } = ask(pool, orders);
    const [first] = FakeWorker.all;
    first!.answer(orders[0]!, 1, 1, 1, 1);
    first!.begin(2);
    await later(70);
    expect([first!.isEnded, told.get(2), FakeWorker.all.length]).toEqual([true, 'DEADLINE', 2]);
    const second = FakeWorker.all[1]!;
    expect(second.got.flatMap((message) => ('frames' in message ? message.frames : []))).toEqual([orders[2]]);
    second.answer(orders[2]!, 3, 3, 3, 3);
    second.tell({ kind: 'done', id: second.requestWith(3) });
    await done;
    expect(told.get(3)).toBe('3,3,3,3');
    pool.close();
  });

  it('waits as long as it takes for bytes, and for frames that go on', async () => {
    const pool = poolOf(1, 20);
    const { told } = ask(pool, [orderOf(1)]);
    await later(70);
    for (let n = 0; n < 8; n++) {
      FakeWorker.all[0]!.begin(1);
      await later(10);
    }
    expect([FakeWorker.all.length, told.size]).toEqual([1, 0]);
    pool.close();
  });

  it('replaces a worker that dies: its frame fails; without a frame all of its requests do', async () => {
    const pool = poolOf(1);
    const died = ask(pool, [orderOf(2)]);
    FakeWorker.all[0]!.begin(2);
    FakeWorker.all[0]!.onerror?.({ message: 'gone' } as ErrorEvent);
    await died.done;
    expect(died.told.get(2)).toBe('INTERNAL');
    const broken = ask(pool, [orderOf(3), orderOf(4)]);
    FakeWorker.all[1]!.onerror?.({ message: 'gone' } as ErrorEvent);
    await broken.done;
    expect([...broken.told.values()]).toEqual(['INTERNAL', 'INTERNAL']);
    const fine = ask(pool, [orderOf(5)]);
    FakeWorker.all[2]!.answer(orderOf(5), 5, 5, 5, 5);
    expect(fine.told.get(5)).toBe('5,5,5,5');
    pool.close();
  });

  it('answers everything when it is closed', async () => {
    const pool = poolOf(1);
    const before = ask(pool, [orderOf(1)]);
    pool.close();
    const after = ask(pool, [orderOf(2)]);
    await Promise.all([before.done, after.done]);
    expect([before.told.get(1), after.told.get(2)]).toEqual(['CANCELLED', 'CANCELLED']);
    expect(FakeWorker.all.every((worker) => worker.isEnded)).toBe(true);
  });

  it('holds its workers while the page needs the processor', () => {
    const pool = poolOf(2);
    pool.warm();
    pool.hold();
    expect(FakeWorker.all.map(({ isHeld }) => isHeld)).toEqual([true, true]);
    pool.go();
    expect(FakeWorker.all.map(({ isHeld }) => isHeld)).toEqual([false, false]);
    pool.close();
  });

  it('ends workers that have nothing to do, and starts others when there is something', () => {
    const pool = poolOf(2);
    pool.warm();
    ask(pool, [orderOf(1)]);
    pool.rest();
    expect(FakeWorker.all.map(({ isEnded }) => isEnded)).toEqual([false, true]);
    ask(pool, [orderOf(2)]);
    expect(FakeWorker.all[2]?.requestWith(2)).toBe(2);
    pool.close();
  });

  it('starts the codecs that a plan needs once in each worker that runs', () => {
    const begun: FakeWorker[] = [];
    const pool = createDecodePool(3, () => {
      const worker = new FakeWorker();
      begun.push(worker);
      return worker;
    });
    pool.expect({ instances: [] });
    pool.warm();
    const syntaxes = ['1.2.840.10008.1.2.1', '1.2.840.10008.1.2.4.80', '1.2.840.10008.1.2.4.201', '1.2.3'];
    const instances = [...syntaxes, ...syntaxes].map((transferSyntaxUID) => ({ transferSyntaxUID }));
    const plan = { instances } as unknown as Parameters<DecodePool['expect']>[0];
    pool.expect(plan);
    pool.expect(plan);
    const names = begun.map(({ got }) => got.flatMap((m) => (m.kind === 'codec' ? [m.name] : [])));
    expect(names).toEqual([
      ['jpegLs', 'htj2k'],
      ['jpegLs', 'htj2k'],
    ]);
    pool.close();
  });
});
