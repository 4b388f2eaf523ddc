import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dcmtkCommands, hexBytes } from './command-fixtures.ts';
import { decodeCommand, encodeCommand } from './command-set.ts';
import {
  commandElements,
  commandFields,
  commandNameOf,
  commandRules,
  isResponse,
  responseNameOf,
} from './command-table.ts';
import type { Command, CommandName } from './types.ts';

const hexOf = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

const sopClass = { affectedSopClassUid: '1.2.840.10008.5.1.4.1.2.2.1' };
const expected: Readonly<Record<keyof typeof dcmtkCommands, Command>> = {
  echoRequest: {
    name: 'C-ECHO-RQ',
    messageId: 1,
    affectedSopClassUid: '1.2.840.10008.1.1',
    hasDataset: false,
  },
  echoResponse: {
    name: 'C-ECHO-RSP',
    messageIdBeingRespondedTo: 1,
    affectedSopClassUid: '1.2.840.10008.1.1',
    status: 0,
    hasDataset: false,
  },
  storeRequest: {
    name: 'C-STORE-RQ',
    messageId: 1,
    affectedSopClassUid: '1.2.840.10008.5.1.4.1.1.4',
    affectedSopInstanceUid: '1.2.826.0.1.3680043.8.498.1725697665093567298246957839',
    priority: 0,
    hasDataset: true,
  },
  storeResponse: {
    name: 'C-STORE-RSP',
    messageIdBeingRespondedTo: 1,
    affectedSopClassUid: '1.2.840.10008.5.1.4.1.1.4',
    affectedSopInstanceUid: '1.2.826.0.1.3680043.8.498.1725697665093567298246957839',
    status: 0,
    hasDataset: false,
  },
  findRequest: { name: 'C-FIND-RQ', messageId: 1, ...sopClass, priority: 0, hasDataset: true },
  findPending: {
    name: 'C-FIND-RSP',
    messageIdBeingRespondedTo: 1,
    ...sopClass,
    status: 0xff00,
    hasDataset: true,
  },
  moveRequest: {
    name: 'C-MOVE-RQ',
    messageId: 1,
    affectedSopClassUid: '1.2.840.10008.5.1.4.1.2.2.2',
    priority: 0,
    moveDestination: 'NOWHERE',
    hasDataset: true,
  },
  moveResponse: {
    name: 'C-MOVE-RSP',
    messageIdBeingRespondedTo: 1,
    affectedSopClassUid: '1.2.840.10008.5.1.4.1.2.2.2',
    status: 0,
    completedSuboperations: 0,
    failedSuboperations: 0,
    warningSuboperations: 0,
    hasDataset: false,
  },
  getRequest: {
    name: 'C-GET-RQ',
    messageId: 1,
    affectedSopClassUid: '1.2.840.10008.5.1.4.1.2.2.3',
    priority: 0,
    hasDataset: true,
  },
  getResponse: {
    name: 'C-GET-RSP',
    messageIdBeingRespondedTo: 1,
    affectedSopClassUid: '1.2.840.10008.5.1.4.1.2.2.3',
    status: 0,
    completedSuboperations: 0,
    failedSuboperations: 0,
    warningSuboperations: 0,
    hasDataset: false,
  },
};

describe('command sets of DCMTK', () => {
  const names = Object.keys(dcmtkCommands) as (keyof typeof dcmtkCommands)[];
  it.each(names)('%s is read', (name) => {
    expect(decodeCommand(hexBytes(dcmtkCommands[name]))).toEqual({ ok: true, command: expected[name] });
  });

  it.each(names)('%s is written as DCMTK writes it', (name) => {
    // DCMTK says 0001 or 0000 where a data set follows; any value but 0101 does (PS3.7 E.1-1).
    const theirs = dcmtkCommands[name].replace(/0000000802000000(0100|0000)/, '00000008020000000201');
    expect(hexOf(encodeCommand(expected[name]))).toBe(theirs);
  });
});

const uid = fc.stringMatching(/^[1-9](\.[1-9][0-9]{0,5}){1,8}$/).filter((text) => text.length <= 64);
const title = fc.stringMatching(/^[A-Z0-9_]{1,16}$/);
const number16 = fc.integer({ min: 0, max: 0xffff });
const tags = fc.array(fc.integer({ min: 0, max: 0xffffffff }), { minLength: 1, maxLength: 20 });
const arbitraryOf = (vr: string) => (vr === 'US' ? number16 : vr === 'UI' ? uid : vr === 'AT' ? tags : title);

const anyCommand: fc.Arbitrary<Command> = fc
  .constantFrom(...(Object.keys(commandFields) as CommandName[]))
  .chain((name) => {
    const rule = commandRules[name];
    const values = Object.fromEntries(commandElements.map(({ key, vr }) => [key, arbitraryOf(vr)]));
    const hasDataset = rule.dataset === undefined ? fc.boolean() : fc.constant(rule.dataset);
    const present = fc.record(values, { requiredKeys: [...rule.needs] }) as fc.Arbitrary<Partial<Command>>;
    return present.chain((some) => hasDataset.map((has): Command => ({ ...some, name, hasDataset: has })));
  });

describe('encoding and decoding', () => {
  it('are each other’s inverse for every kind of command', () => {
    fc.assert(
      fc.property(anyCommand, (command) => {
        expect(decodeCommand(encodeCommand(command))).toEqual({ ok: true, command });
      }),
      { numRuns: 300 },
    );
  });

  it('never throw, whatever the bytes', () => {
    const start = Array.from(hexBytes(dcmtkCommands.storeRequest));
    const change = fc.record({ at: fc.nat(start.length - 1), value: fc.integer({ min: 0, max: 255 }) });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 4 }), fc.nat(start.length), (changes, cut) => {
        const bytes = Uint8Array.from(start);
        for (const { at, value } of changes) bytes[at] = value;
        const decoded = decodeCommand(bytes.subarray(0, cut));
        // What is answered can be sent.
        if (!decoded.ok && decoded.answer !== undefined) {
          expect(decodeCommand(encodeCommand(decoded.answer)).ok).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('know the field of every command and its response', () => {
    for (const name of Object.keys(commandFields) as CommandName[]) {
      expect(commandNameOf(commandFields[name])).toBe(name);
      if (isResponse(name)) expect(responseNameOf(name)).toBeUndefined();
    }
    expect(responseNameOf('N-ACTION-RQ')).toBe('N-ACTION-RSP');
    expect(responseNameOf('C-CANCEL-RQ')).toBeUndefined();
  });
});

/** Elements by hand: tag, then the value's bytes as hex. */
const commandBytes = (...elements: readonly (readonly [tag: number, hex: string])[]): Uint8Array => {
  const hex = (value: number, bytes: number): string =>
    Array.from({ length: bytes }, (_, i) => ((value >>> (8 * i)) & 0xff).toString(16).padStart(2, '0')).join(
      '',
    );
  const text = elements.map(([tag, value]) => `0000${hex(tag, 2)}${hex(value.length / 2, 4)}${value}`);
  return hexBytes(text.join(''));
};
const verification = '312e322e3834302e31303030382e312e3100';
const echo = [
  [0x0002, verification],
  [0x0100, '3000'],
  [0x0110, '0700'],
  [0x0800, '0101'],
] as const;
const without = (tag: number) => echo.filter(([own]) => own !== tag);
const instead = (tag: number, hex: string) =>
  echo.map((row) => (row[0] === tag ? ([tag, hex] as const) : row));

describe('lies about structure end the association', () => {
  it.each([
    ['a group length beyond the end', commandBytes([0, 'ff000000'], ...echo), '(0000,0000)'],
    ['a group length that cuts a value', commandBytes([0, '11000000'], ...echo), '(0000,0002)'],
    ['a group length that leaves the command out', commandBytes([0, '1a000000'], ...echo), '(0000,0100)'],
    ['a group length of two bytes', commandBytes([0, '1100'], ...echo), '(0000,0000)'],
    ['a value longer than the rest', commandBytes(...echo).subarray(0, 30), '(0000,0002)'],
    ['a cut header', commandBytes(...echo).subarray(0, 29), '(0000,0002)'],
    ['a value of odd length', commandBytes([0x0002, '31']), '(0000,0002)'],
    ['an element twice', commandBytes([0x0002, verification], ...echo), '(0000,0002)'],
    ['elements out of order', commandBytes([0x0110, '0700'], ...echo), '(0000,0002)'],
    ['another group', hexBytes('0800050000000000'), '(0000,0000)'],
    ['another group after ours', hexBytes('00000200000000000800050000000000'), '(0000,0002)'],
    ['a command field that does not exist', commandBytes(...instead(0x0100, '7700')), '(0000,0100)'],
    ['a command field of four bytes', commandBytes(...instead(0x0100, '30000000')), '(0000,0100)'],
    ['no command field', commandBytes(...without(0x0100)), '(0000,0100)'],
    ['no data set type', commandBytes(...without(0x0800)), '(0000,0800)'],
    ['no message id', commandBytes(...without(0x0110)), '(0000,0110)'],
    ['no bytes at all', commandBytes(), '(0000,0100)'],
    ['a response without a status', commandBytes(...instead(0x0100, '3080')), '(0000,0120)'],
  ])('%s', (_, bytes, element) => {
    const decoded = decodeCommand(bytes);
    expect(decoded).toEqual({
      ok: false,
      problem: { code: 'COMMAND_INVALID', params: { element } },
      datasetFollows: false,
    });
  });

  it('passes over what Orthanc 1.10 puts behind the command of a C-GET-RSP', () => {
    const bytes = hexBytes(
      '00000000040000006a000000000002001c000000312e322e3834302e31303030382e352e312e342e312e322e322e3300' +
        '000000010200000010800000200102000000010000000008020000000101000000090200000000c0000021100200' +
        '0000000000002210020000000100000023100200000000000800000004000000' +
        '0a0000000800580002000000' +
        '3331',
    );
    expect(decodeCommand(bytes)).toMatchObject({
      ok: true,
      command: { name: 'C-GET-RSP', status: 0xc000, failedSuboperations: 1, hasDataset: false },
    });
  });

  it('takes a command without group length and with retired elements', () => {
    const command = {
      name: 'C-ECHO-RQ',
      affectedSopClassUid: '1.2.840.10008.1.1',
      messageId: 7,
      hasDataset: false,
    };
    expect(decodeCommand(commandBytes(...echo))).toEqual({ ok: true, command });
    expect(decodeCommand(commandBytes([0x0001, '00000000'], ...echo))).toEqual({ ok: true, command });
  });
});

describe('lies about content are answered', () => {
  const refusal = (bytes: Uint8Array) => {
    const decoded = decodeCommand(bytes);
    if (decoded.ok || decoded.answer === undefined) throw new Error('not refused with an answer');
    return decoded;
  };
  const instance = '312e3200';
  const request = (field: string, hasDataset: boolean, ...more: (readonly [number, string])[]) =>
    commandBytes(
      ...[
        [0x0100, field] as const,
        [0x0110, '0700'] as const,
        [0x0800, hasDataset ? '0201' : '0101'] as const,
        ...more,
      ].sort((a, b) => a[0] - b[0]),
    );

  it.each([
    ['no SOP class', request('3000', false), 0x0118, '(0000,0002)'],
    ['a SOP class of blanks', request('3000', false, [0x0002, '2020']), 0x0118, '(0000,0002)'],
    ['no SOP instance', request('0100', true, [0x0002, verification]), 0x0117, '(0000,1000)'],
    ['no requested class', request('2001', true, [0x1001, instance]), 0x0118, '(0000,0003)'],
    ['no requested instance', request('2001', true, [0x0003, instance]), 0x0117, '(0000,1001)'],
    ['no move destination', request('2100', true, [0x0002, verification]), 0x0115, '(0000,0600)'],
    [
      'no event type',
      request('0001', true, [0x0002, verification], [0x1000, instance]),
      0x0113,
      '(0000,1002)',
    ],
    ['no action type', request('3001', true, [0x0003, instance], [0x1001, instance]), 0x0123, '(0000,1008)'],
    [
      'a store without data set',
      request('0100', false, [0x0002, verification], [0x1000, instance]),
      0x0212,
      '(0000,0800)',
    ],
    ['an echo with data set', request('3000', true, [0x0002, verification]), 0x0212, '(0000,0800)'],
    [
      'a number of four bytes',
      request('3000', false, [0x0002, verification], [0x0700, '00000000']),
      0x0115,
      '(0000,0700)',
    ],
    [
      'tags of six bytes',
      request('3000', false, [0x0002, verification], [0x1005, '000000000000']),
      0x0115,
      '(0000,1005)',
    ],
    ['a text of 5,000 bytes', request('3000', false, [0x0002, '31'.repeat(5000)]), 0x0115, '(0000,0002)'],
  ])('%s', (_, bytes, status, element) => {
    const { answer, problem } = refusal(bytes);
    expect(answer).toMatchObject({ messageIdBeingRespondedTo: 7, status, hasDataset: false });
    expect(problem).toEqual({ code: 'COMMAND_INVALID', params: { element } });
  });

  it('says whether a data set is to be skipped, and sends no text back that is no UID', () => {
    const bytes = request('0100', true, [0x0002, '2e2e2f2e2e2f'], [0x0700, '00000000'], [0x1000, instance]);
    const { answer, datasetFollows } = refusal(bytes);
    expect(datasetFollows).toBe(true);
    expect(answer).toEqual({
      name: 'C-STORE-RSP',
      messageIdBeingRespondedTo: 7,
      affectedSopInstanceUid: '1.2',
      status: 0x0115,
      errorComment: 'Element (0000,0700) is missing or invalid',
      hasDataset: false,
    });
  });
});
