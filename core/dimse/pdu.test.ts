import { describe, expect, it } from 'vitest';
import { decodePdu } from './pdu-decode.ts';
import { encodeData, encodePdu } from './pdu-encode.ts';
import {
  dcmtkEcho,
  dcmtkIdentity,
  dcmtkRoles,
  fromHex,
  handmadeUser,
  limits,
  toHex,
} from './pdu-fixtures.ts';
import type { AssociateAccept, AssociateRequest, ControlPdu, UpperLayerLimits } from './types.ts';

const plain = (hex: string): string => hex.replace(/\s/g, '');
const decode = (hex: string, within: UpperLayerLimits = limits) => {
  const bytes = fromHex(hex);
  return decodePdu(bytes[0]!, bytes.subarray(6), within);
};
const u16 = (value: number): string => value.toString(16).padStart(4, '0');
const item = (type: string, hex: string): string => `${type}00${u16(plain(hex).length / 2)}${hex}`;
const ascii = (text: string): string => toHex(new TextEncoder().encode(text));
const uidItem = (type: string, uid: string): string => item(type, ascii(uid));

const fixed = `0001 0000 ${ascii('CALLED'.padEnd(16))} ${ascii('ME'.padEnd(16))} ${'00'.repeat(32)}`;
const applicationContext = uidItem('10', '1.2.840.10008.3.1.1.1');
const whole = (type: string, ...items: string[]): string => {
  const body = [fixed, ...items].map(plain).join('');
  return `${type}00${(body.length / 2).toString(16).padStart(8, '0')}${body}`;
};
const context = (id: number, ...items: string[]): string =>
  item('20', `${id.toString(16).padStart(2, '0')}000000${items.join('')}`);
const echoContext = (id: number): string =>
  context(id, uidItem('30', '1.2.840.10008.1.1'), uidItem('40', '1.2.840.10008.1.2'));
const requestOf = (...items: string[]): AssociateRequest => {
  const decoded = decode(whole('01', ...items));
  if (!decoded.ok || decoded.pdu.kind !== 'associate-rq') throw new Error(JSON.stringify(decoded));
  return decoded.pdu;
};

describe('PDUs of DCMTK', () => {
  it.each([
    ['A-ASSOCIATE-RQ', dcmtkEcho.request.replace('00ff00', '000000')],
    ['A-ASSOCIATE-AC', dcmtkEcho.accept],
    ['A-RELEASE-RQ', dcmtkEcho.releaseRequest],
    ['A-RELEASE-RP', dcmtkEcho.releaseReply],
    ['A-ASSOCIATE-RQ with an identity', whole('01', applicationContext, echoContext(1), dcmtkIdentity)],
    ['A-ASSOCIATE-RQ with roles', whole('01', applicationContext, echoContext(1), dcmtkRoles)],
    ['A-ASSOCIATE-RQ with every other item', whole('01', applicationContext, echoContext(1), handmadeUser)],
    // PS3.8 tables 9-21 and 9-26: a reserved byte, result, source, reason; two reserved bytes, source, reason.
    ['A-ASSOCIATE-RJ', '03 00 00000004 00 01 01 07'],
    ['A-ABORT', '07 00 00000004 00 00 02 06'],
  ])('%s is read and written byte for byte', (_, hex) => {
    const decoded = decode(hex);
    expect(decoded.ok && toHex(encodePdu(decoded.pdu))).toBe(plain(hex));
  });

  it('are understood', () => {
    expect(decode('03 00 00000004 00 01 03 02')).toEqual({
      ok: true,
      pdu: { kind: 'associate-rj', result: 1, source: 3, reason: 2 },
    });
    expect(decode('07 00 00000004 00 00 02 01')).toEqual({
      ok: true,
      pdu: { kind: 'abort', source: 2, reason: 1 },
    });
    const text = new TextDecoder();
    const { identity } = requestOf(dcmtkIdentity).user;
    expect(identity).toMatchObject({ type: 2, wantsResponse: true });
    expect(text.decode(identity?.primary)).toBe('user');
    expect(text.decode(identity?.secondary)).toBe('secret');
    expect(requestOf(dcmtkRoles).user.roles).toEqual([
      { sopClassUid: '1.2.840.10008.5.1.4.1.1.9.1.3', scu: false, scp: true },
      { sopClassUid: '1.2.840.10008.5.1.4.1.1.9.5.1', scu: false, scp: true },
    ]);
    expect(requestOf(handmadeUser).user).toEqual({
      maxPduBytes: 0,
      implementationClassUid: '1.2.3',
      implementationVersion: '',
      asyncWindow: { invoked: 5, performed: 10 },
      roles: [],
      extended: [{ sopClassUid: '1.2.840.10008.5.1.4.1.1.2', information: Uint8Array.of(2, 0, 0, 0, 0, 0) }],
      commonExtended: [
        {
          sopClassUid: '1.2.3.4.5',
          serviceClassUid: '1.2.840.10008.4.2',
          relatedSopClassUids: ['1.2.840.10008.5.1.4.1.1.2', '1.2.3.6'],
        },
      ],
      identityResponse: Uint8Array.of(0x6f, 0x6b),
    });
  });

  it('P-DATA-TF is written as DCMTK does, large values without a copy', () => {
    const bytes = fromHex(dcmtkEcho.command).subarray(12);
    const piece = { contextId: 1, isCommand: true, isLast: true, bytes };
    expect(encodeData(piece).map(toHex).join('')).toBe(plain(dcmtkEcho.command));
    const large = new Uint8Array(100_000);
    const [head, value] = encodeData({ contextId: 3, isCommand: false, isLast: false, bytes: large });
    expect(toHex(head!)).toBe('0400000186a6000186a20300');
    expect(value).toBe(large);
  });
});

describe('a refused context', () => {
  const answer = (contexts: AssociateAccept['contexts']): ControlPdu => ({
    kind: 'associate-ac',
    protocolVersion: 1,
    calledAeTitle: 'A',
    callingAeTitle: 'B',
    applicationContext: '1.2.840.10008.3.1.1.1',
    contexts,
    user: requestOf(handmadeUser).user,
  });
  const refused = { id: 5, result: 3, transferSyntax: '' } as const;

  it('is written with a syntax that every peer can read, and read without', () => {
    const hex = toHex(encodePdu(answer([refused])));
    expect(hex).toContain(`2100001905000300${uidItem('40', '1.2.840.10008.1.2')}`);
    expect(decode(hex)).toEqual({ ok: true, pdu: answer([refused]) });
  });

  it.each([
    ['without a syntax', '05000300', 3],
    ['with one that is cut short', '0500040040001155', 4],
    ['with a result that does not exist', '05000900', 2],
  ])('is read %s', (_, hex, result) => {
    const decoded = decode(whole('02', item('21', hex)));
    expect(decoded).toMatchObject({ ok: true, pdu: { contexts: [{ id: 5, result, transferSyntax: '' }] } });
  });

  it.each([
    ['accepted without a syntax', '05000000', { ok: true, pdu: { contexts: [{ transferSyntax: '' }] } }],
    ['accepted with a syntax that lies', '0500000040001155', { ok: false }],
    ['of an even id', '04000000', { ok: false }],
  ])('one %s', (_, hex, expected) => {
    expect(decode(whole('02', item('21', hex)))).toMatchObject(expected);
  });
});

describe('what peers pad and leave out', () => {
  it('AE titles and UIDs lose blanks and NULs around them', () => {
    const hex = whole('01', applicationContext).replace(
      ascii('CALLED'.padEnd(16)),
      ascii('  CAL LED\0\0\0\0\0\0\0'),
    );
    expect(decode(hex)).toMatchObject({ ok: true, pdu: { calledAeTitle: 'CAL LED' } });
    const padded = context(1, item('30', `${ascii('1.2.3')}00`), item('40', ascii('1.2.4 ')));
    expect(requestOf(padded).contexts).toEqual([
      { id: 1, abstractSyntax: '1.2.3', transferSyntaxes: ['1.2.4'] },
    ]);
  });

  it('AE titles of other bytes come as one character a byte', () => {
    const hex = plain(whole('01')).replace(ascii('ME'.padEnd(16)), `c3c4${ascii(' '.repeat(14))}`);
    expect(decode(hex)).toMatchObject({ ok: true, pdu: { callingAeTitle: '\u00c3\u00c4' } });
  });

  it.each([
    ['of 65 digits', '1'.repeat(65)],
    ['of 66 digits', '1'.repeat(66)],
    ['with letters', '1.2.x'],
    ['that is a path', '../../etc'],
    ['that is empty', ''],
  ])('a UID %s is no UID', (_, uid) => {
    expect(requestOf(context(1, uidItem('30', uid))).contexts[0]?.abstractSyntax).toBe('');
  });

  it('a UID of 64 digits is one, padded or not', () => {
    const uid = '1'.repeat(64);
    for (const padding of ['', '\0']) {
      expect(requestOf(context(1, uidItem('30', uid + padding))).contexts[0]?.abstractSyntax).toBe(uid);
    }
  });

  it('an identity of a name alone has an empty passcode', () => {
    const { identity } = requestOf(item('50', item('58', '01000001750000'))).user;
    expect(identity).toEqual({
      type: 1,
      wantsResponse: false,
      primary: Uint8Array.of(0x75),
      secondary: new Uint8Array(0),
    });
  });

  it('items and sub-items that are unknown are skipped', () => {
    const odd = item('99', 'ffff');
    const request = requestOf(
      odd,
      applicationContext,
      context(1, odd, uidItem('30', '1.2'), uidItem('40', '1.3')),
      item('50', `${odd}${item('51', '00001000')}`),
    );
    expect(request).toMatchObject({
      applicationContext: '1.2.840.10008.3.1.1.1',
      contexts: [{ abstractSyntax: '1.2', transferSyntaxes: ['1.3'] }],
      user: { maxPduBytes: 4096 },
    });
  });

  it('without user information a peer takes what every implementation takes', () => {
    expect(requestOf().user.maxPduBytes).toBe(16_384);
    expect(requestOf().applicationContext).toBe('');
  });
});

describe('user information that lies is left out (N20)', () => {
  const user = (...items: string[]) => requestOf(item('50', items.join(''))).user;
  it.each([
    ['maximum length of 3 bytes', item('51', '000010')],
    ['window of 2 bytes', item('53', '0001')],
    ['role whose UID is longer than the item', item('54', '00ff312e32 0101')],
    ['role without its two bytes', item('54', `0003${ascii('1.2')}01`)],
    ['role without anything', item('54', '')],
    ['role of what is no UID', item('54', `0003${ascii('abc')}0101`)],
    ['extended negotiation whose UID is longer than the item', item('56', '00ff312e32')],
    ['common extended negotiation without a class', item('57', '')],
    ['common extended negotiation without a service', item('57', `0003${ascii('1.2')}`)],
    ['common extended negotiation without a list', item('57', `0003${ascii('1.2')}0003${ascii('1.3')}`)],
    [
      'common extended negotiation whose list lies',
      item('57', `0003${ascii('1.2')}0003${ascii('1.3')}000400ff312e`),
    ],
    ['identity without anything', item('58', '')],
    ['identity whose name is longer than the item', item('58', '0101ffff75')],
    ['identity whose passcode is longer than the item', item('58', '0201000175ffff70')],
    ['identity response that is longer than the item', item('59', '00ff')],
  ])('%s', (_, hex) => expect(user(plain(hex))).toEqual(requestOf().user));

  it('the first of a class counts, and no more than the limits allow', () => {
    const role = (uid: string, scp: string) => item('54', `${u16(uid.length)}${ascii(uid)}01${scp}`);
    expect(user(role('1.2', '00'), role('1.2', '01')).roles).toEqual([
      { sopClassUid: '1.2', scu: true, scp: false },
    ]);
    const many = Array.from({ length: 1000 }, (_, i) => role(`1.${i}`, '01'));
    expect(user(...many).roles).toHaveLength(limits.maxContexts);
    const related = Array.from({ length: 300 }, (_, i) => `0005${ascii(`1.${i + 100}`)}`).join('');
    const common = item('57', `0003${ascii('1.2')}0003${ascii('1.3')}${u16(related.length / 2)}${related}`);
    expect(user(common).commonExtended[0]?.relatedSopClassUids).toHaveLength(limits.maxSyntaxesPerContext);
  });
});

describe('faults', () => {
  const invalid = (where: string) => ({
    problem: { code: 'PDU_INVALID', params: { where } },
    abortReason: 6,
  });
  it.each([
    ['request cut short', '01 00 00000043 '.concat('00'.repeat(67)), 'A-ASSOCIATE-RQ length'],
    ['answer cut short', '02 00 00000000', 'A-ASSOCIATE-AC length'],
    ['item that is longer than the PDU', whole('01', '10 00 0100 31'), 'A-ASSOCIATE-RQ item-length'],
    ['item without its length', whole('01', '10 00 00'), 'A-ASSOCIATE-RQ item-length'],
    ['context of 3 bytes', whole('01', item('20', '010000')), 'A-ASSOCIATE-RQ presentation-context'],
    [
      'context whose sub-item lies',
      whole('01', context(1, '300000ff31')),
      'A-ASSOCIATE-RQ presentation-context',
    ],
    ['context id 0 (N11)', whole('01', echoContext(0)), 'A-ASSOCIATE-RQ presentation-context-id'],
    ['context id 2 (N11)', whole('01', echoContext(2)), 'A-ASSOCIATE-RQ presentation-context-id'],
    [
      'context id twice (N11)',
      whole('01', echoContext(7), echoContext(7)),
      'A-ASSOCIATE-RQ presentation-context-id',
    ],
    ['rejection of 3 bytes', '03 00 00000003 000101', 'A-ASSOCIATE-RJ length'],
    ['abort of 5 bytes', '07 00 00000005 0000000000', 'A-ABORT length'],
    ['release request of no bytes', '05 00 00000000', 'A-RELEASE-RQ length'],
  ])('%s', (_, hex, where) => {
    expect(decode(plain(hex))).toEqual({ ok: false, fault: invalid(where) });
  });

  it('a request beyond the limits is rejected for good: local-limit-exceeded', () => {
    const rejection = { kind: 'associate-rj', result: 1, source: 3, reason: 2 };
    const few = { ...limits, maxContexts: 2, maxSyntaxesPerContext: 1 };
    expect(decode(whole('01', echoContext(1), echoContext(3)), few)).toMatchObject({ ok: true });
    expect(decode(whole('01', echoContext(1), echoContext(3), echoContext(5)), few)).toEqual({
      ok: false,
      fault: { ...invalid('A-ASSOCIATE-RQ too-many-contexts'), rejection },
    });
    const two = context(1, uidItem('40', '1.2'), uidItem('40', '1.3'));
    expect(decode(whole('01', two), few)).toEqual({
      ok: false,
      fault: { ...invalid('A-ASSOCIATE-RQ too-many-syntaxes'), rejection },
    });
  });

  it('user information that cannot be followed rejects the request: no reason', () => {
    expect(decode(whole('01', item('50', '51000004')))).toEqual({
      ok: false,
      fault: {
        ...invalid('A-ASSOCIATE-RQ user-information'),
        rejection: { kind: 'associate-rj', result: 1, source: 2, reason: 1 },
      },
    });
  });
});

describe('writing', () => {
  const request = requestOf(handmadeUser);
  it('cuts titles at 16 characters, and has one byte a character', () => {
    const hex = toHex(
      encodePdu({ ...request, calledAeTitle: 'ABCDEFGHIJKLMNOPQ', callingAeTitle: '\u4e2d' }),
    );
    expect(hex).toContain(`${ascii('ABCDEFGHIJKLMNOP')}${ascii('?'.padEnd(16))}`);
  });

  it('has every character of one byte', () => {
    expect(toHex(encodePdu({ ...request, calledAeTitle: '\u00ff\u0100' }))).toContain(`ff3f${ascii('    ')}`);
  });

  it('takes items of 65,535 bytes, and throws at longer ones', () => {
    const withInformation = (size: number): Uint8Array => {
      const extended = [{ sopClassUid: '1.2.3.4', information: new Uint8Array(size) }];
      return encodePdu({ ...request, user: { ...requestOf().user, extended } });
    };
    // Around it: 2 + 7 bytes of the class, and the item's own header; 8 of the maximum length, 4 of an empty class.
    const most = 65_535 - 9 - 4 - 8 - 4;
    expect(decode(toHex(withInformation(most)))).toMatchObject({
      ok: true,
      pdu: { user: { extended: [{ information: { length: most } }] } },
    });
    expect(() => withInformation(most + 1)).toThrow('65535');
  });
});
