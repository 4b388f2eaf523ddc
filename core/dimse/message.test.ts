import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dcmtkCommands, hexBytes } from './command-fixtures.ts';
import { encodeCommand } from './command-set.ts';
import { MessageReader, maxCommandBytes } from './message-reader.ts';
import { fragmentBytes, MessageSplitter, splitMessage } from './message-writer.ts';
import type { Command, MessageEvent, PdvPiece } from './types.ts';

const echo: Command = {
  name: 'C-ECHO-RQ',
  messageId: 1,
  affectedSopClassUid: '1.2.840.10008.1.1',
  hasDataset: false,
};
const store: Command = {
  name: 'C-STORE-RQ',
  messageId: 2,
  affectedSopClassUid: '1.2.840.10008.5.1.4.1.1.2',
  affectedSopInstanceUid: '1.2.3',
  hasDataset: true,
};
const counted = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => (i * 7) & 0xff);
const take = (reader: MessageReader, pieces: readonly PdvPiece[]): MessageEvent[] =>
  pieces.flatMap((piece) => reader.take(piece));

/** What came, with the data set's pieces joined. */
function summary(events: readonly MessageEvent[]): unknown[] {
  const rows: unknown[] = [];
  let dataset: number[] = [];
  for (const event of events) {
    if (event.kind === 'dataset') dataset.push(...event.bytes);
    else if (event.kind === 'datasetEnd') {
      rows.push({ contextId: event.contextId, dataset });
      dataset = [];
    } else rows.push(event);
  }
  return rows;
}

/** Cuts pieces further, as a socket does, without changing what they say. */
const cut = (pieces: readonly PdvPiece[], sizes: readonly number[]): PdvPiece[] => {
  let n = 0;
  return pieces.flatMap((piece) => {
    const parts: PdvPiece[] = [];
    let at = 0;
    do {
      const size = sizes[n++ % sizes.length] ?? 1;
      const end = Math.min(piece.bytes.length, at + size);
      const isLast = piece.isLast && end === piece.bytes.length;
      parts.push({ ...piece, isLast, bytes: piece.bytes.subarray(at, end) });
      at = end;
    } while (at < piece.bytes.length);
    return parts;
  });
};

describe('splitMessage', () => {
  it('keeps every PDV within the PDU, and only the last fragment says so', () => {
    const pieces = splitMessage(3, store, [counted(10_001), counted(1)], 4096);
    expect(pieces.every(({ contextId, bytes }) => contextId === 3 && bytes.length + 6 <= 4096)).toBe(true);
    expect(pieces.map(({ isCommand, isLast, bytes }) => [isCommand, isLast, bytes.length])).toEqual([
      [true, true, encodeCommand(store).length],
      [false, false, 4090],
      [false, false, 4090],
      [false, true, 1822],
    ]);
  });

  it('cuts a command too when the peer takes very little', () => {
    const pieces = splitMessage(1, echo, null, 32);
    expect(pieces.length).toBe(3);
    expect(take(new MessageReader(), pieces)).toEqual([{ kind: 'command', contextId: 1, command: echo }]);
  });

  it('ends an empty data set, and refuses to contradict the command', () => {
    expect(splitMessage(1, store, [], 0).at(-1)).toMatchObject({ isLast: true, bytes: new Uint8Array(0) });
    expect(() => splitMessage(1, store, null, 0)).toThrow();
    expect(() => splitMessage(1, echo, [], 0)).toThrow();
  });

  it('uses even fragments of at most 256 KiB', () => {
    expect(fragmentBytes(0)).toBe(262_138);
    expect(fragmentBytes(1 << 30)).toBe(262_138);
    expect(fragmentBytes(16_385)).toBe(16_378);
    expect(fragmentBytes(7)).toBe(2);
  });

  it('does not copy what lies in one piece', () => {
    const bytes = counted(10_000);
    const pieces = new MessageSplitter(1, 4096).data(bytes);
    expect(pieces.map((piece) => [piece.bytes.buffer === bytes.buffer, piece.bytes.byteOffset])).toEqual([
      [true, 0],
      [true, 4090],
    ]);
  });
});

describe('MessageReader', () => {
  it('reads what DCMTK sent', () => {
    const reader = new MessageReader();
    const events = reader.take({
      contextId: 1,
      isCommand: true,
      isLast: true,
      bytes: hexBytes(dcmtkCommands.echoRequest),
    });
    expect(events).toEqual([{ kind: 'command', contextId: 1, command: echo }]);
    expect(reader.isInMessage).toBe(false);
  });

  it('gives the same messages however they are cut', () => {
    const message = fc.record({
      contextId: fc.integer({ min: 0, max: 127 }).map((n) => n * 2 + 1),
      dataset: fc.option(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 4 }), { nil: null }),
      maxPduBytes: fc.integer({ min: 8, max: 400 }),
    });
    const sizes = fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(fc.array(message, { maxLength: 5 }), sizes, (messages, cuts) => {
        const pieces = messages.flatMap(({ contextId, dataset, maxPduBytes }) =>
          splitMessage(contextId, dataset === null ? echo : store, dataset, maxPduBytes),
        );
        const wanted = messages.flatMap(({ contextId, dataset }) => {
          const command = { kind: 'command', contextId, command: dataset === null ? echo : store };
          if (dataset === null) return [command];
          return [command, { contextId, dataset: dataset.flatMap((bytes) => [...bytes]) }];
        });
        expect(summary(take(new MessageReader(), cut(pieces, cuts)))).toEqual(wanted);
      }),
      { numRuns: 200 },
    );
  });

  it('passes a data set through without copying', () => {
    const reader = new MessageReader();
    const bytes = counted(100);
    take(reader, splitMessage(1, store, [], 0).slice(0, 1));
    expect(reader.isInMessage).toBe(true);
    const [event] = reader.take({ contextId: 1, isCommand: false, isLast: false, bytes });
    expect(event).toEqual({ kind: 'dataset', contextId: 1, bytes });
    expect(event?.kind === 'dataset' && event.bytes).toBe(bytes);
  });

  it('keeps command fragments when the bytes they came in are used again', () => {
    const reader = new MessageReader();
    const shared = new Uint8Array(32);
    const events = splitMessage(1, echo, null, 22).flatMap((piece) => {
      shared.fill(0xee);
      shared.set(piece.bytes);
      return reader.take({ ...piece, bytes: shared.subarray(0, piece.bytes.length) });
    });
    expect(events).toEqual([{ kind: 'command', contextId: 1, command: echo }]);
  });

  const [commandPiece, dataPiece] = splitMessage(1, store, [counted(4)], 0) as [PdvPiece, PdvPiece];
  const half = { ...commandPiece, isLast: false, bytes: commandPiece.bytes.subarray(0, 10) };
  it.each([
    ['a data set without a command', [dataPiece]],
    ['a second command in a data set', [commandPiece, commandPiece]],
    ['a data set in a command', [half, dataPiece]],
    ['a command of another context in a command', [half, { ...commandPiece, contextId: 3 }]],
    ['a data set of another context', [commandPiece, { ...dataPiece, contextId: 3 }]],
    ['a data set after an echo', [...splitMessage(1, echo, null, 0), dataPiece]],
  ])('breaks off on %s, and stays silent then', (_, pieces) => {
    const reader = new MessageReader();
    const events = take(reader, pieces);
    const { contextId } = pieces.at(-1)!;
    expect(events.at(-1)).toEqual({ kind: 'invalid', contextId, problem: { code: 'MESSAGE_UNEXPECTED' } });
    expect(take(reader, splitMessage(1, echo, null, 0))).toEqual([]);
    expect(reader.isInMessage).toBe(false);
  });

  it('breaks off on a command above 64 KiB, in one piece or in many', () => {
    const broken = [
      { kind: 'invalid', contextId: 1, problem: { code: 'COMMAND_TOO_LARGE', params: { limit: '64 KiB' } } },
    ];
    const bytes = new Uint8Array(maxCommandBytes + 1);
    expect(new MessageReader().take({ contextId: 1, isCommand: true, isLast: true, bytes })).toEqual(broken);
    const reader = new MessageReader();
    const piece = { contextId: 1, isCommand: true, isLast: false, bytes: new Uint8Array(1024) };
    expect(take(reader, new Array<PdvPiece>(100).fill(piece))).toEqual(broken);
  });

  it('breaks off on a command that cannot be trusted', () => {
    const bytes = hexBytes(dcmtkCommands.echoRequest).subarray(0, 60);
    expect(new MessageReader().take({ contextId: 1, isCommand: true, isLast: true, bytes })).toMatchObject([
      { kind: 'invalid', problem: { code: 'COMMAND_INVALID' } },
    ]);
  });

  it('answers a command that lies about its content, skips its data set and goes on', () => {
    const { affectedSopInstanceUid: _, ...nameless } = store;
    const reader = new MessageReader();
    const events = take(reader, cut(splitMessage(5, nameless, [counted(5000)], 1000), [300]));
    expect(events).toEqual([
      {
        kind: 'invalid',
        contextId: 5,
        problem: { code: 'COMMAND_INVALID', params: { element: '(0000,1000)' } },
        answer: expect.objectContaining({ name: 'C-STORE-RSP', status: 0x0117 }),
      },
    ]);
    expect(take(reader, splitMessage(1, echo, null, 0))).toHaveLength(1);
  });

  it('goes on after a lie without a data set', () => {
    const { affectedSopClassUid: _, ...nameless } = echo;
    const reader = new MessageReader();
    expect(take(reader, splitMessage(1, nameless, null, 0))).toMatchObject([
      { kind: 'invalid', answer: { name: 'C-ECHO-RSP', status: 0x0118 } },
    ]);
    expect(take(reader, splitMessage(1, echo, null, 0))).toHaveLength(1);
  });
});
