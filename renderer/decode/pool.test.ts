import { describe, expect, it, vi } from 'vitest';
import type { PixelFormat } from '../../core/pixels/types.ts';
import type { DecodeRequest } from '../volumes/decoder.ts';
import { decodeMessage } from './decode-message.ts';
import type { DecodeMessage, DecodeReply } from './messages.ts';
import { createDecodePool, type DecodeWorker } from './pool.ts';

vi.mock('../workers/decode.ts?worker&url', () => ({ default: 'decode.js' }));

const format: PixelFormat = {
  rows: 1,
  columns: 4,
  frames: 1,
  samplesPerPixel: 1,
  bitsAllocated: 16,
  bitsStored: 16,
  highBit: 15,
  pixelRepresentation: 1,
  photometricInterpretation: 'MONOCHROME2',
  planarConfiguration: 0,
  element: 'PixelData',
};

/** Answers when told to, with the real decoder. */
class FakeWorker implements DecodeWorker {
  static readonly all: FakeWorker[] = [];
  onmessage: ((event: MessageEvent<DecodeReply>) => void) | null = null;
  onerror: ((event: ErrorEvent) => void) | null = null;
  readonly got: DecodeMessage[] = [];
  isEnded = false;
  constructor() {
    FakeWorker.all.push(this);
  }
  postMessage(message: DecodeMessage): void {
    this.got.push(message);
  }
  terminate(): void {
    this.isEnded = true;
  }
  answer(): void {
    const message = this.got.at(-1)!;
    this.onmessage?.({
      data: { id: message.id, decoded: decodeMessage(message, {}) },
    } as MessageEvent<DecodeReply>);
  }
}

function request(frame: number, more: Partial<DecodeRequest> = {}, attributes: object = {}): DecodeRequest {
  const values = Int16Array.of(frame, -5, 7, 300);
  return {
    info: {
      instance: { transferSyntaxUID: '1.2.840.10008.1.2.1', format },
      frame: { frame },
      attributes,
    } as unknown as DecodeRequest['info'],
    fragments: [new Uint8Array(values.buffer)],
    target: null,
    urgent: false,
    signal: new AbortController().signal,
    ...more,
  };
}

const poolOf = (count: number, deadlineMs = 10_000) => {
  FakeWorker.all.length = 0;
  return createDecodePool(count, () => new FakeWorker(), deadlineMs);
};
const tick = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

describe('decode pool', () => {
  it('gives each worker one frame at a time, urgent frames first', async () => {
    const pool = poolOf(1);
    const order: number[] = [];
    const asked = [1, 2, 3].map((n) => pool.decode(request(n)).then(() => order.push(n)));
    asked.push(pool.decode(request(9, { urgent: true })).then(() => order.push(9)));
    const [worker] = FakeWorker.all;
    expect(worker!.got.map((message) => message.frameIndex)).toEqual([1]);
    for (let n = 0; n < 4; n++) {
      worker!.answer();
      await tick();
    }
    await Promise.all(asked);
    expect(order).toEqual([1, 9, 2, 3]);
    expect(FakeWorker.all.length).toBe(1);
  });

  it('writes modality values into the target and makes padding no data', async () => {
    const pool = poolOf(2);
    const buffer = new SharedArrayBuffer(32);
    const target = { buffer, byteOffset: 16, scalarType: 'float32' } as const;
    const attributes = { RescaleSlope: 0.5, RescaleIntercept: 1, PixelPaddingValue: -5 };
    const answer = pool.decode(request(4, { target }, attributes));
    FakeWorker.all[0]!.answer();
    const result = await answer;
    expect(result.ok && result.value.kind === 'mono' && [...result.value.values]).toEqual([
      3,
      Number.NaN,
      4.5,
      151,
    ]);
    expect([...new Float32Array(buffer, 16, 4)]).toEqual([3, Number.NaN, 4.5, 151]);
    const own = pool.decode(request(4, {}, { PixelPaddingValue: -5 }));
    FakeWorker.all[0]!.answer();
    const whole = await own;
    expect(whole.ok && whole.value.kind === 'mono' && whole.value.values).toEqual(
      Int16Array.of(4, -32768, 7, 300),
    );
  });

  it('finds overlays in the upper bits, apart from the values', async () => {
    const pool = createDecodePool(1, () => new FakeWorker());
    const twelve = { ...format, bitsStored: 12, highBit: 11, pixelRepresentation: 0 } as const;
    const plane = { group: 0x6000, rows: 1, columns: 4, origin: [1, 1], type: 'G', frames: 1, firstFrame: 1 };
    const overlays = [
      { ...plane, bitPosition: 15 },
      { ...plane, bitPosition: 12 },
    ];
    const { info } = request(0);
    const instance = { ...info.instance, format: twelve, overlays };
    const cells = Uint16Array.of(0x8007, 0x0123, 0x1009, 0x4fff);
    const decoding = pool.decode(
      request(0, {
        info: { ...info, instance } as unknown as DecodeRequest['info'],
        fragments: [new Uint8Array(cells.buffer)],
      }),
    );
    FakeWorker.all.at(-1)?.answer();
    const result = await decoding;
    if (!result.ok || result.value.kind !== 'mono') throw new Error('no picture');
    expect([...result.value.values]).toEqual([7, 0x123, 9, 0xfff]);
    expect([...(result.value.overlay ?? [])]).toEqual([1, 0, 1, 0]);
    pool.close();
  });

  it('refuses a target that is too small instead of writing past it', async () => {
    const pool = poolOf(1);
    const target = { buffer: new SharedArrayBuffer(8), byteOffset: 4, scalarType: 'int16' } as const;
    const answer = pool.decode(request(1, { target }));
    FakeWorker.all[0]!.answer();
    const result = await answer;
    expect(!result.ok && result.problem.code).toBe('INTERNAL');
  });

  it('takes an aborted frame out of the queue', async () => {
    const pool = poolOf(1);
    const abort = new AbortController();
    const first = pool.decode(request(1));
    const second = pool.decode(request(2, { signal: abort.signal }));
    const third = pool.decode(request(3));
    abort.abort();
    expect(await second).toMatchObject({ ok: false, problem: { code: 'CANCELLED' } });
    FakeWorker.all[0]!.answer();
    await first;
    await tick();
    FakeWorker.all[0]!.answer();
    await third;
    expect(FakeWorker.all[0]!.got.map((message) => message.frameIndex)).toEqual([1, 3]);
  });

  it('ends a worker that hangs or dies, and goes on with a fresh one', async () => {
    const pool = poolOf(1, 5);
    expect(await pool.decode(request(1))).toMatchObject({ ok: false, problem: { code: 'DEADLINE' } });
    expect(FakeWorker.all[0]!.isEnded).toBe(true);
    const died = pool.decode(request(2));
    FakeWorker.all[1]!.onerror?.({ message: 'gone' } as ErrorEvent);
    expect(await died).toMatchObject({ ok: false, problem: { code: 'INTERNAL' } });
    const fine = pool.decode(request(3));
    FakeWorker.all[2]!.answer();
    expect((await fine).ok).toBe(true);
  });

  it('answers everything when it is closed', async () => {
    const pool = poolOf(1);
    const answers = [pool.decode(request(1)), pool.decode(request(2))];
    pool.close();
    for (const answer of [...answers, pool.decode(request(3))]) {
      expect(await answer).toMatchObject({ ok: false, problem: { code: 'CANCELLED' } });
    }
    expect(FakeWorker.all.every((worker) => worker.isEnded)).toBe(true);
  });
});
