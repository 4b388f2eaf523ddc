import { describe, expect, it, vi } from 'vitest';
import type { PixelFormat } from './types.ts';
import { type CodecModule, wasmCodec } from './wasm-codecs.ts';

const info = { width: 2, height: 1, bitsPerSample: 8, componentCount: 3, isSigned: false };
interface Behaviour {
  readonly decode?: () => void;
  readonly decoded?: Uint8Array;
  readonly interleave?: number;
}

/** A module whose decoder behaves as told; counts what was not given back. */
function moduleOf(behaviour: Behaviour): { module: CodecModule; alive: () => number; encoded: Uint8Array[] } {
  let alive = 0;
  const encoded: Uint8Array[] = [];
  class Decoder {
    constructor() {
      alive += 1;
    }
    getEncodedBuffer(length: number): Uint8Array {
      encoded.push(new Uint8Array(length));
      return encoded.at(-1)!;
    }
    getDecodedBuffer = (): Uint8Array => behaviour.decoded ?? new Uint8Array(0);
    decode = (): void => behaviour.decode?.();
    getFrameInfo = () => info;
    getInterleaveMode = (): number => behaviour.interleave ?? 2;
    delete(): void {
      alive -= 1;
    }
  }
  return { module: { JpegLSDecoder: Decoder, J2KDecoder: Decoder }, alive: () => alive, encoded };
}
const format = {} as PixelFormat;
const whole = Uint8Array.of(0xff, 0xd8, 1, 2, 0xff, 0xd9);

describe('a WebAssembly codec', () => {
  it('copies the picture out and gives the decoder back', () => {
    const decoded = Uint8Array.of(1, 2, 3, 4, 5, 6, 99);
    const { module, alive } = moduleOf({ decoded });
    const output = wasmCodec('jpegLs', module)(whole, format);
    decoded.fill(0);
    expect(output.ok && [...output.value.bytes]).toEqual([1, 2, 3, 4, 5, 6]);
    expect(output.ok && output.value).toMatchObject({ rows: 1, columns: 2, samples: 3, signed: false });
    expect(alive()).toBe(0);
  });

  it('takes what stands behind the end of a JPEG-LS stream for padding', () => {
    for (const more of [[], [0xff], [0, 0], [0xff, 1, 2, 3]]) {
      const { module, encoded } = moduleOf({ decoded: Uint8Array.of(1, 2, 3, 4, 5, 6) });
      const output = wasmCodec('jpegLs', module)(Uint8Array.of(...whole, ...more), format);
      expect(output.ok && output.value.partial).toBeUndefined();
      expect(encoded[0]?.length).toBe(whole.length + more.length);
    }
    const { module } = moduleOf({ decoded: Uint8Array.of(1, 2, 3, 4, 5, 6) });
    expect(wasmCodec('jpegLs', module)(whole.subarray(0, -1), format)).toMatchObject({
      value: { partial: true },
    });
  });

  it('interleaves planes', () => {
    const { module } = moduleOf({ decoded: Uint8Array.of(1, 2, 11, 12, 21, 22), interleave: 0 });
    const output = wasmCodec('jpegLs', module)(whole, format);
    expect(output.ok && [...output.value.bytes]).toEqual([1, 11, 21, 2, 12, 22]);
  });

  it('takes a thrown number and an empty buffer as undecodable, and stays in use', () => {
    const onDead = vi.fn();
    const thrown = moduleOf({
      decode: () => {
        throw 868272;
      },
    });
    expect(wasmCodec('jpegLs', thrown.module, onDead)(whole, format).ok).toBe(false);
    expect(wasmCodec('jpeg2000', moduleOf({}).module, onDead)(whole, format).ok).toBe(false);
    expect(thrown.alive()).toBe(0);
    expect(onDead).not.toHaveBeenCalled();
  });

  it('gives a module up that trapped', () => {
    const onDead = vi.fn();
    const trapped = moduleOf({
      decode: () => {
        throw new Error('unreachable');
      },
    });
    expect(wasmCodec('jpeg2000', trapped.module, onDead)(whole, format)).toMatchObject({
      ok: false,
      problem: { code: 'FRAME_UNDECODABLE' },
    });
    expect(onDead).toHaveBeenCalledOnce();
  });

  it('closes a cut JPEG-LS stream with an end marker and marks the picture partial', () => {
    const { module, encoded } = moduleOf({ decoded: new Uint8Array(6) });
    const output = wasmCodec('jpegLs', module)(whole.subarray(0, 4), format);
    expect([...encoded[0]!]).toEqual([...whole]);
    expect(output.ok && output.value.partial).toBe(true);
  });
});
