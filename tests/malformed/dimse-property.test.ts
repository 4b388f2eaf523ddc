/** Z2: framer and state machine under random sequences. `CANDELA_FUZZ_CASES` runs more of them. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MessageReader, maxCommandBytes } from '../../core/dimse/message-reader.ts';
import { decodePdu } from '../../core/dimse/pdu-decode.ts';
import { encodePdu } from '../../core/dimse/pdu-encode.ts';
import { fromHex, limits } from '../../core/dimse/pdu-fixtures.ts';
import type {
  AssociateAccept,
  AssociateRequest,
  ControlPdu,
  UserInformation,
} from '../../core/dimse/types.ts';
import { UpperLayer } from '../../core/dimse/upper-layer.ts';
import { fuzzUpperLayer } from './dimse-fuzz.ts';

const cases = Number(process.env['CANDELA_FUZZ_CASES'] ?? 10_000);

describe('sequences of PDUs', () => {
  it('have the same actions for any split, throw nothing, and hold at most 4 × what came', () => {
    const report = fuzzUpperLayer({ cases });
    expect(report.cases).toBe(cases);
    // A fuzz that never gets anywhere proves nothing: every state is reached.
    expect(report.visits.filter((count) => count === 0)).toEqual([]);
    expect(report.messages).toBeGreaterThan(cases);
  }, 3_600_000);
});

const uid = fc
  .array(fc.integer({ min: 0, max: 99_999 }), { minLength: 1, maxLength: 9 })
  .map((parts) => parts.join('.'));
const title = fc.stringMatching(/^[!-[\]-~]{1,16}$/);
const bytes = (most: number) => fc.uint8Array({ maxLength: most });
const u16 = fc.integer({ min: 0, max: 0xffff });
const byClass = { selector: (entry: { sopClassUid: string }) => entry.sopClassUid };

const user: fc.Arbitrary<UserInformation> = fc.record(
  {
    maxPduBytes: fc.integer({ min: 0, max: 0xffffffff }),
    implementationClassUid: uid,
    implementationVersion: title,
    roles: fc.uniqueArray(fc.record({ sopClassUid: uid, scu: fc.boolean(), scp: fc.boolean() }), {
      ...byClass,
      maxLength: 4,
    }),
    extended: fc.uniqueArray(fc.record({ sopClassUid: uid, information: bytes(8) }), {
      ...byClass,
      maxLength: 3,
    }),
    commonExtended: fc.uniqueArray(
      fc.record({
        sopClassUid: uid,
        serviceClassUid: uid,
        relatedSopClassUids: fc.array(uid, { maxLength: 4 }),
      }),
      { ...byClass, maxLength: 3 },
    ),
    asyncWindow: fc.record({ invoked: u16, performed: u16 }),
    identity: fc.record({
      type: fc.integer({ min: 0, max: 255 }),
      wantsResponse: fc.boolean(),
      primary: bytes(40),
      secondary: bytes(40),
    }),
    identityResponse: bytes(20),
  },
  {
    requiredKeys: [
      'maxPduBytes',
      'implementationClassUid',
      'implementationVersion',
      'roles',
      'extended',
      'commonExtended',
    ],
  },
);
const head = {
  protocolVersion: u16,
  calledAeTitle: title,
  callingAeTitle: title,
  applicationContext: uid,
  user,
};
const id = fc.integer({ min: 0, max: 127 }).map((i) => 2 * i + 1);
const byId = { selector: (entry: { id: number }) => entry.id, maxLength: 6 };
const request: fc.Arbitrary<AssociateRequest> = fc.record({
  kind: fc.constant('associate-rq' as const),
  ...head,
  contexts: fc.uniqueArray(
    fc.record({ id, abstractSyntax: uid, transferSyntaxes: fc.array(uid, { maxLength: 5 }) }),
    byId,
  ),
});
const accept: fc.Arbitrary<AssociateAccept> = fc.record({
  kind: fc.constant('associate-ac' as const),
  ...head,
  contexts: fc.uniqueArray(
    fc.oneof(
      fc.record({ id, result: fc.constant(0 as const), transferSyntax: uid }),
      fc.record({ id, result: fc.constantFrom(1 as const, 2, 3, 4), transferSyntax: fc.constant('') }),
    ),
    byId,
  ),
});
const byte = fc.integer({ min: 0, max: 255 });
const short: fc.Arbitrary<ControlPdu> = fc.oneof(
  fc.record({ kind: fc.constant('associate-rj' as const), result: byte, source: byte, reason: byte }),
  fc.record({ kind: fc.constant('abort' as const), source: byte, reason: byte }),
  fc.constantFrom({ kind: 'release-rq' as const }, { kind: 'release-rp' as const }),
);

describe('PDUs', () => {
  it('come back as they were written', () => {
    fc.assert(
      fc.property(fc.oneof(request, accept, short), (pdu) => {
        const written = encodePdu(pdu);
        expect(decodePdu(written[0]!, written.subarray(6), limits)).toEqual({ ok: true, pdu });
      }),
      { numRuns: 2000, seed: 10 },
    );
  });

  it('with any bytes changed end as a PDU or a fault', () => {
    const change = fc.array(fc.tuple(fc.double({ min: 0, max: 0.999, noNaN: true }), byte), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(
        fc.oneof(request, accept),
        change,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (pdu, changes, cut) => {
          const written = encodePdu(pdu);
          const body = written.slice(6);
          for (const [place, value] of changes) body[Math.floor(place * body.length)] = value;
          const decoded = decodePdu(written[0]!, body.subarray(0, Math.ceil(cut * body.length)), limits);
          if (!decoded.ok) expect(decoded.fault.problem.code).toBe('PDU_INVALID');
        },
      ),
      { numRuns: 3000, seed: 11 },
    );
  });
});

it('a command in fragments of one byte is held in memory of its own size (C24)', () => {
  const reader = new MessageReader();
  const bytes = Uint8Array.of(0);
  for (let i = 0; i < maxCommandBytes; i++) {
    expect(reader.take({ contextId: 1, isCommand: true, isLast: false, bytes })).toEqual([]);
    if (reader.heldBytes > Math.max(256, 2 * (i + 1))) throw new Error(`${reader.heldBytes} of ${i + 1}`);
  }
  const events = reader.take({ contextId: 1, isCommand: true, isLast: false, bytes });
  expect(events).toMatchObject([{ kind: 'invalid', problem: { code: 'COMMAND_TOO_LARGE' } }]);
  expect(reader.heldBytes).toBe(0);
});

describe('memory kept of a request (N8, C24: at most 4 × its bytes)', () => {
  const collect = (): void => {
    setFlagsFromString('--expose-gc');
    const gc = runInNewContext('gc') as () => void;
    gc();
    gc();
  };
  const item = (type: number, body: readonly number[]): number[] => [
    type,
    0,
    body.length >> 8,
    body.length & 0xff,
    ...body,
  ];
  const ascii = (text: string): number[] => Array.from(text, (char) => char.charCodeAt(0));
  const fixed = fromHex(`0001 0000 ${'41'.repeat(32)} ${'00'.repeat(32)}`);
  const applicationContext = item(0x10, ascii('1.2.840.10008.3.1.1.1'));
  const requestOf = (...items: number[][]): Uint8Array => {
    const body = [...fixed, ...applicationContext, ...items.flat()];
    const size = [24, 16, 8, 0].map((shift) => (body.length >>> shift) & 0xff);
    return Uint8Array.from([1, 0, ...size, ...body]);
  };
  const contexts = (syntax: (context: number, i: number) => string): number[][] =>
    Array.from({ length: 128 }, (_, context) =>
      item(0x20, [
        2 * context + 1,
        0,
        0,
        0,
        ...item(0x30, ascii('1.2.840.10008.1.1')),
        ...Array.from({ length: 64 }, (_, i) => item(0x40, ascii(syntax(context, i)))).flat(),
      ]),
    );
  const roles = (body: (i: number) => number[]): number[] =>
    item(0x50, Array.from({ length: 4600 }, (_, i) => item(0x54, body(i))).flat());

  it.each<[string, Uint8Array, string]>([
    [
      '128 contexts × 64 syntaxes',
      requestOf(...contexts((_, i) => `1.2.840.10008.1.2.4.${i}`)),
      'associationRequested',
    ],
    [
      '128 × 64 syntaxes of 4 digits, all distinct',
      requestOf(...contexts((c, i) => `${1000 + 64 * c + i}`)),
      'associationRequested',
    ],
    [
      '128 × 64 syntaxes that are no UIDs',
      requestOf(...contexts((c, i) => `x${64 * c + i}`)),
      'associationRequested',
    ],
    ['4,600 roles', requestOf(roles((i) => [0, 6, ...ascii(`1.${1000 + i}`), 1, 1])), 'associationRequested'],
    [
      '13,800 lying sub-items',
      requestOf(...[1, 2, 3].map(() => roles(() => [0xff, 0xff, 1, 1]))),
      'associationRequested',
    ],
    [
      '65 syntaxes',
      requestOf(item(0x20, [1, 0, 0, 0, ...Array.from({ length: 65 }, () => item(0x40, [49])).flat()])),
      'refused',
    ],
  ])('%s', (_, bytes, expected) => {
    const count = 20;
    const kept: unknown[] = [];
    const receive = (): UpperLayer => {
      const layer = new UpperLayer('acceptor', limits);
      layer.step({ kind: 'transportOpened' });
      const actions = layer.step({ kind: 'transportBytes', bytes });
      expect(actions.map(({ kind }) => kind)).toContain(expected);
      kept.push(layer, actions);
      return layer;
    };
    receive();
    collect();
    const before = process.memoryUsage();
    for (let i = 0; i < count; i++) receive();
    collect();
    const after = process.memoryUsage();
    const used = after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers;
    // Every association has objects of its own, however short its request is.
    expect(used / count).toBeLessThan(4 * bytes.length + 32_768);
    expect(kept.length).toBe(2 * (count + 1));
  });
});
