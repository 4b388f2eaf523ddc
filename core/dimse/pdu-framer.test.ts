/** Every split of a stream gives the same; faults are found as early as they can be (N1, N2, N3, N11, N12). */
import { describe, expect, it } from 'vitest';
import { encodeData } from './pdu-encode.ts';
import { dcmtkEcho, fromHex, limits, toHex } from './pdu-fixtures.ts';
import { PduFramer } from './pdu-framer.ts';
import type { PdvPiece } from './types.ts';

const join = (...parts: readonly Uint8Array[]): Uint8Array => {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
};

/** A framer whose findings are lines of text; pieces of one value are joined. */
function recorder() {
  const lines: string[] = [];
  let open: { head: string; hex: string } | null = null;
  const piece = ({ contextId, isCommand, isLast, bytes }: PdvPiece): void => {
    open ??= { head: `${contextId} ${isCommand ? 'command' : 'dataset'}`, hex: '' };
    open.hex += toHex(bytes);
    if (!isLast) return;
    lines.push(`${open.head} ${open.hex} last`);
    open = null;
  };
  const framer = new PduFramer(limits, {
    control: (type, body) => lines.push(`pdu ${type} ${toHex(body)}`),
    dataStart: () => lines.push('data'),
    piece,
    fault: ({ problem, abortReason }) =>
      lines.push(`fault ${problem.code} ${Object.values(problem.params ?? {}).join()} ${abortReason}`),
  });
  return { framer, lines };
}

const framed = (...chunks: readonly Uint8Array[]): string[] => {
  const { framer, lines } = recorder();
  for (const chunk of chunks) framer.take(chunk);
  return lines;
};
const framedHex = (hex: string): string[] => framed(fromHex(hex));

describe('any split of the transport', () => {
  const stream = join(
    fromHex(dcmtkEcho.request),
    fromHex(dcmtkEcho.command),
    // Two values in one PDU, then a fragment without bytes that is the last.
    fromHex('04 00 0000000f 00000004 0302 aabb 00000003 0500 cc'),
    fromHex('04 00 00000006 00000002 0502'),
    fromHex(dcmtkEcho.releaseRequest),
  );
  const whole = [
    `pdu 1 ${toHex(fromHex(dcmtkEcho.request).subarray(6))}`,
    'data',
    `1 command ${toHex(fromHex(dcmtkEcho.command).subarray(12))} last`,
    'data',
    '3 dataset aabb last',
    'data',
    '5 dataset cc last',
    'pdu 5 00000000',
  ];

  it('has the PDUs of the whole', () => {
    expect(framed(stream)).toEqual(whole);
    for (let at = 1; at < stream.length; at++) {
      expect(framed(stream.subarray(0, at), stream.subarray(at))).toEqual(whole);
    }
    for (const step of [1, 2, 3, 5, 7, 11]) {
      const chunks = Array.from({ length: Math.ceil(stream.length / step) }, (_, i) =>
        stream.subarray(i * step, (i + 1) * step),
      );
      expect(framed(...chunks)).toEqual(whole);
    }
  });
});

describe('values', () => {
  const large = Uint8Array.from({ length: 50_000 }, (_, i) => i);
  const pdu = join(...encodeData({ contextId: 7, isCommand: false, isLast: true, bytes: large }));

  it('are views of the input, and only the piece that ends the value is the last', () => {
    const pieces: PdvPiece[] = [];
    const framer = new PduFramer(limits, {
      control: () => {},
      dataStart: () => {},
      piece: (piece) => pieces.push(piece),
      fault: () => {},
    });
    const chunks = [pdu.slice(0, 20_000), pdu.slice(20_000, 40_000), pdu.slice(40_000)];
    for (const chunk of chunks) framer.take(chunk);
    expect(pieces.map(({ isLast, bytes }) => [bytes.length, isLast])).toEqual([
      [19_988, false],
      [20_000, false],
      [10_012, true],
    ]);
    expect(pieces.every(({ bytes }, i) => bytes.buffer === chunks[i]!.buffer)).toBe(true);
    expect(join(...pieces.map(({ bytes }) => bytes))).toEqual(large);
    expect(framer.heldBytes).toBe(6);
    expect(framer.isAtBoundary).toBe(true);
  });

  it('a PDU may end with a fragment without bytes, which may be the last', () => {
    const hex = '04 00 0000000e 00000004 0300 aabb 00000002 0302';
    expect(framedHex(hex)).toEqual(['data', '3 dataset aabb last']);
    expect(framed(...Array.from(fromHex(hex), (byte) => Uint8Array.of(byte)))).toEqual(framedHex(hex));
  });

  it('a value without the last bit has no last piece', () => {
    const pieces: boolean[] = [];
    const framer = new PduFramer(limits, {
      control: () => {},
      dataStart: () => {},
      piece: ({ isLast }) => pieces.push(isLast),
      fault: () => {},
    });
    framer.take(fromHex('04 00 00000008 00000004 0300 aabb 04 00 00000006 00000002 0300'));
    expect(pieces).toEqual([false, false]);
  });
});

describe('faults', () => {
  it.each([
    ['HTTP (N1)', toHex(new TextEncoder().encode('GET / HTTP/1.1\r\n')), 'fault PDU_UNKNOWN 0x47 1'],
    ['TLS on the plain port (N21)', '16030100f8', 'fault PDU_UNKNOWN 0x16 1'],
    ['SSH (N1)', toHex(new TextEncoder().encode('SSH-2.0-OpenSSH')), 'fault PDU_UNKNOWN 0x53 1'],
    ['a type of 0 (N3)', '00', 'fault PDU_UNKNOWN 0x00 1'],
    ['a type of 8 (N3)', '08', 'fault PDU_UNKNOWN 0x08 1'],
    ['data of 4 GiB (N2)', '0400ffffffff', 'fault PDU_TOO_LARGE  6'],
    ['data of 1 MiB + 1 (N2)', '040000100001', 'fault PDU_TOO_LARGE  6'],
    ['a request of 256 KiB + 1', '010000040001', 'fault PDU_TOO_LARGE  6'],
    ['an answer of 256 KiB + 1', '020000040001', 'fault PDU_TOO_LARGE  6'],
    ['a release request of 4 GiB', '0500ffffffff', 'fault PDU_TOO_LARGE  6'],
    ['a release request of 5 bytes', '050000000005', 'fault PDU_INVALID A-RELEASE-RQ length 6'],
    ['a release reply of 3 bytes', '060000000003', 'fault PDU_INVALID A-RELEASE-RP length 6'],
    ['an abort of no bytes', '070000000000', 'fault PDU_INVALID A-ABORT length 6'],
    ['a rejection of 256 KiB', '030000040000', 'fault PDU_INVALID A-ASSOCIATE-RJ length 6'],
    ['a request of 67 bytes', '010000000043', 'fault PDU_INVALID A-ASSOCIATE-RQ length 6'],
    ['data of 5 bytes', '040000000005', 'fault PDU_INVALID P-DATA-TF length 6'],
  ])('%s is found in its header', (_, hex, fault) => expect(framedHex(hex)).toEqual([fault]));

  const length = 'fault PDU_INVALID P-DATA-TF presentation-data-value-length 6';
  const id = 'fault PDU_INVALID P-DATA-TF presentation-context-id 6';
  it.each([
    ['value of 0 bytes (N12)', '04 00 00000006 00000000 0103', length],
    ['value of 1 byte (N12)', '04 00 00000006 00000001 0103', length],
    ['value longer than its PDU (N12)', '04 00 00000008 00000005 0103 aabb', length],
    ['value of 4 GiB (N12)', '04 00 00000008 ffffffff 0103 aabb', length],
    ['rest that holds no value', '04 00 0000000d 00000004 0102 aabb 0000000000', length],
    ['context id of 0 (N11)', '04 00 00000008 00000004 0003 aabb', id],
    ['context id of 254 (N11)', '04 00 00000008 00000004 fe03 aabb', id],
  ])('%s', (_, hex, fault) => expect(framedHex(hex).at(-1)).toBe(fault));

  it('end the reading', () => {
    const { framer, lines } = recorder();
    framer.take(fromHex(`99 ${dcmtkEcho.releaseRequest}`));
    framer.take(fromHex(dcmtkEcho.releaseRequest));
    expect(lines).toEqual(['fault PDU_UNKNOWN 0x99 1']);
  });

  it('the largest that is allowed is taken', () => {
    const { framer, lines } = recorder();
    framer.take(fromHex('0400001000000000000a0102'));
    expect(lines).toEqual(['data']);
  });
});

describe('memory', () => {
  it('grows with what has come, not with what was promised (N2, C24)', () => {
    const { framer } = recorder();
    framer.take(fromHex('010000040000'));
    expect(framer.heldBytes).toBeLessThan(64);
    let received = 0;
    for (const size of [1, 10, 1000, 5000, 50_000, 100_000, 100_000]) {
      framer.take(new Uint8Array(size));
      received += size;
      expect(framer.heldBytes).toBeLessThanOrEqual(Math.max(1024, 3 * received));
    }
    expect(framer.isAtBoundary).toBe(false);
    framer.take(new Uint8Array(0x40000 - received));
    expect(framer.heldBytes).toBe(6);
    expect(framer.isAtBoundary).toBe(true);
  });

  it('is given back when the reading stops', () => {
    const { framer, lines } = recorder();
    framer.take(join(fromHex('010000040000'), new Uint8Array(70_000)));
    framer.stop();
    expect(framer.heldBytes).toBe(6);
    framer.take(new Uint8Array(0x40000));
    expect(lines).toEqual([]);
  });
});
