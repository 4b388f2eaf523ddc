/** Truth tables of the acceptor's answers (PS3.8 section 7.1.1, PS3.7 annex D.3). */
import { describe, expect, it } from 'vitest';
import { negotiate } from './negotiate.ts';
import type { NegotiationRules, ServiceRule } from './negotiate-types.ts';
import { associateRequest } from './propose.ts';
import type { AssociateRequest, ProposedContext, RoleSelection, UserIdentity } from './types.ts';

const implicit = '1.2.840.10008.1.2';
const explicit = '1.2.840.10008.1.2.1';
const jpegLs = '1.2.840.10008.1.2.4.80';
const echo = '1.2.840.10008.1.1';
const ct = '1.2.840.10008.5.1.4.1.1.2';
const find = '1.2.840.10008.5.1.4.1.2.2.1';
const report = '1.2.840.10008.1.20.1';

const services: Readonly<Record<string, ServiceRule>> = {
  [echo]: { transferSyntaxes: [explicit, implicit], peerMayBeScu: true, peerMayBeScp: false },
  [ct]: { transferSyntaxes: [explicit, implicit, jpegLs], peerMayBeScu: true, peerMayBeScp: true },
  [find]: {
    transferSyntaxes: [explicit],
    peerMayBeScu: true,
    peerMayBeScp: false,
    extended: Uint8Array.of(1, 0, 1),
  },
  [report]: { transferSyntaxes: [implicit], peerMayBeScu: false, peerMayBeScp: true },
};
const rules: NegotiationRules = {
  aeTitle: 'CANDELA',
  checkCalledAeTitle: true,
  callingAeTitles: null,
  serviceFor: (uid) => services[uid],
  identity: null,
  maxPduBytes: 262_144,
  implementationClassUid: '1.2.3',
  implementationVersion: 'CANDELA',
};
const side = {
  calledAeTitle: 'CANDELA',
  callingAeTitle: 'CT1',
  maxPduBytes: 16_384,
  implementationClassUid: '9.9',
  implementationVersion: 'CT',
};
const context = (id: number, abstractSyntax: string, ...transferSyntaxes: string[]): ProposedContext => ({
  id,
  abstractSyntax,
  transferSyntaxes,
});
const request = associateRequest(side, [context(1, echo, implicit)]);
const withUser = (user: Partial<AssociateRequest['user']>): AssociateRequest => ({
  ...request,
  user: { ...request.user, ...user },
});

const outcome = (asked: AssociateRequest, change: Partial<NegotiationRules> = {}) => {
  const answer = negotiate(asked, { ...rules, ...change });
  if (!('reject' in answer)) return 'accept';
  const { result, source, reason } = answer.reject;
  return `${result}/${source}/${reason} ${answer.problem.code} ${answer.problem.params?.['aeTitle'] ?? ''}`.trim();
};
const accepted = (asked: AssociateRequest, change: Partial<NegotiationRules> = {}) => {
  const answer = negotiate(asked, { ...rules, ...change });
  if ('reject' in answer) throw new Error(answer.problem.code);
  return answer;
};

describe('who is let in', () => {
  it.each([
    ['our title', 'CANDELA', 'CT1', true, null, 'accept'],
    ['another title (N9)', 'OTHER', 'CT1', true, null, '1/1/7 REFUSED_CALLED_AE OTHER'],
    ['our title in small letters', 'candela', 'CT1', true, null, '1/1/7 REFUSED_CALLED_AE candela'],
    ['another title, unchecked', 'OTHER', 'CT1', false, null, 'accept'],
    ['no title', '', 'CT1', true, null, '1/1/7 REFUSED_CALLED_AE ?'],
    ['no title, unchecked', '', 'CT1', false, null, '1/1/7 REFUSED_CALLED_AE ?'],
    [
      'a title beyond ASCII, unchecked',
      'CAND\u00c9LA',
      'CT1',
      false,
      null,
      '1/1/7 REFUSED_CALLED_AE CAND?LA',
    ],
    [
      '17 characters, unchecked',
      'ABCDEFGHIJKLMNOPQ',
      'CT1',
      false,
      null,
      '1/1/7 REFUSED_CALLED_AE ABCDEFGHIJKLMNOPQ',
    ],
    ['from a listed one', 'CANDELA', 'CT1', true, ['MR1', 'CT1'], 'accept'],
    ['from one that is not listed (N9)', 'CANDELA', 'CT2', true, ['CT1'], '1/1/3 REFUSED_CALLING_AE CT2'],
    ['from nobody', 'CANDELA', '', true, null, '1/1/3 REFUSED_CALLING_AE ?'],
    ['from a control character', 'CANDELA', 'C\u0007T', true, null, '1/1/3 REFUSED_CALLING_AE C?T'],
    ['from a backslash', 'CANDELA', 'C\\T', true, null, '1/1/3 REFUSED_CALLING_AE C\\T'],
    [
      'from 17 characters',
      'CANDELA',
      'ABCDEFGHIJKLMNOPQ',
      true,
      null,
      '1/1/3 REFUSED_CALLING_AE ABCDEFGHIJKLMNOPQ',
    ],
  ] as const)('%s', (_, calledAeTitle, callingAeTitle, checkCalledAeTitle, callingAeTitles, expected) => {
    const asked = { ...request, calledAeTitle, callingAeTitle };
    expect(outcome(asked, { checkCalledAeTitle, callingAeTitles })).toBe(expected);
  });

  it('another application context is refused first (N10)', () => {
    const asked = { ...request, applicationContext: '1.2.3', calledAeTitle: 'OTHER' };
    expect(outcome(asked)).toBe('1/1/2 REFUSED_PROTOCOL');
  });

  it('blanks around our own title do not count', () => {
    expect(outcome(request, { aeTitle: ' CANDELA ' })).toBe('accept');
  });
});

describe('user identity', () => {
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
  const identity = (type: number, name: string, passcode = ''): UserIdentity => ({
    type,
    wantsResponse: true,
    primary: bytes(name),
    secondary: bytes(passcode),
  });
  const users = [
    { name: bytes('anna'), passcode: null },
    { name: bytes('bert'), passcode: bytes('secret') },
  ];
  const refused = '1/2/1 REFUSED_IDENTITY CT1';
  it.each([
    ['none, not needed', undefined, false, 'accept'],
    ['none, needed', undefined, true, refused],
    ['a name', identity(1, 'anna'), true, 'accept'],
    ['a name with a passcode that nobody gave', identity(2, 'anna', 'x'), true, refused],
    ['an unknown name, though not needed', identity(1, 'carl'), false, refused],
    ['a name that begins alike', identity(1, 'ann'), true, refused],
    ['a name and its passcode', identity(2, 'bert', 'secret'), true, 'accept'],
    ['a name and another passcode', identity(2, 'bert', 'secres'), true, refused],
    ['a name and a longer passcode', identity(2, 'bert', 'secrets'), true, refused],
    ['a name without its passcode', identity(1, 'bert'), true, refused],
    ['a Kerberos ticket', identity(3, 'anna'), true, refused],
    ['64 KiB of passcode (N20)', identity(2, 'bert', 'x'.repeat(65_535)), true, refused],
  ] as const)('%s', (_, given, isRequired, expected) => {
    const asked = given === undefined ? request : withUser({ identity: given });
    expect(outcome(asked, { identity: { isRequired, users } })).toBe(expected);
  });

  it('is answered only where it is looked at and an answer is wanted', () => {
    const asked = withUser({ identity: identity(1, 'anna') });
    const rule = { isRequired: true, users };
    const response = (given: AssociateRequest, change: Partial<NegotiationRules>) =>
      accepted(given, change).accept.user.identityResponse;
    expect(response(asked, { identity: rule })).toEqual(new Uint8Array(0));
    expect(response(asked, {})).toBeUndefined();
    const quiet = withUser({ identity: { ...identity(1, 'anna'), wantsResponse: false } });
    expect(response(quiet, { identity: rule })).toBeUndefined();
  });
});

describe('presentation contexts', () => {
  it.each([
    ['the acceptor prefers', echo, [implicit, explicit], 0, explicit],
    ['only the second choice is offered', echo, [implicit], 0, implicit],
    ['one syntax alone', ct, [jpegLs], 0, jpegLs],
    ['an unknown abstract syntax', '1.2.3', [implicit], 3, ''],
    ['an abstract syntax that is no UID', '', [implicit], 3, ''],
    ['no syntax that we know', echo, [jpegLs, '1.2.3'], 4, ''],
    ['no syntax at all', echo, [], 4, ''],
    ['a syntax that is no UID', echo, [''], 4, ''],
    ['the requestor as SCU of what has SCPs only', report, [implicit], 1, ''],
  ])('%s', (_, abstractSyntax, offered, result, transferSyntax) => {
    const { accept, contexts } = accepted(associateRequest(side, [context(5, abstractSyntax, ...offered)]));
    expect(accept.contexts).toEqual([{ id: 5, result, transferSyntax }]);
    expect([...contexts.keys()]).toEqual(result === 0 ? [5] : []);
  });

  it('are each answered, in their order, and one class may have several', () => {
    const { accept, contexts } = accepted(
      associateRequest(side, [
        context(1, ct, jpegLs),
        context(9, '1.2.3', implicit),
        context(3, ct, implicit),
      ]),
    );
    expect(accept.contexts.map(({ id, result }) => `${id}:${result}`)).toEqual(['1:0', '9:3', '3:0']);
    expect(contexts.get(3)).toEqual({
      id: 3,
      abstractSyntax: ct,
      transferSyntax: implicit,
      requestorIsScu: true,
      requestorIsScp: false,
    });
    expect(contexts.get(1)?.transferSyntax).toBe(jpegLs);
  });
});

describe('roles (PS3.7 table D.3-9)', () => {
  const role = (scu: boolean, scp: boolean) => ({ scu, scp });
  const both = role(true, true);
  it.each([
    // What is asked, what the rule allows, what is answered, whether the context is accepted.
    [role(true, false), both, role(true, false), 0],
    [role(false, true), both, role(false, true), 0],
    [both, both, both, 0],
    [role(false, false), both, role(false, false), 1],
    [role(true, false), role(true, false), role(true, false), 0],
    [role(false, true), role(true, false), role(false, false), 1],
    [both, role(true, false), role(true, false), 0],
    [role(true, false), role(false, true), role(false, false), 1],
    [role(false, true), role(false, true), role(false, true), 0],
    [both, role(false, true), role(false, true), 0],
    [both, role(false, false), role(false, false), 1],
  ])('asked %o, allowed %o: %o', (asked, allowed, given, result) => {
    const roles: RoleSelection[] = [{ sopClassUid: ct, ...asked }];
    const serviceFor = () => ({
      transferSyntaxes: [implicit],
      peerMayBeScu: allowed.scu,
      peerMayBeScp: allowed.scp,
    });
    const { accept, contexts } = accepted(associateRequest({ ...side, roles }, [context(1, ct, implicit)]), {
      serviceFor,
    });
    expect(accept.user.roles).toEqual([{ sopClassUid: ct, ...given }]);
    expect(accept.contexts[0]?.result).toBe(result);
    if (result === 0) {
      expect(contexts.get(1)).toMatchObject({ requestorIsScu: given.scu, requestorIsScp: given.scp });
    }
  });

  it('of classes that are not served are not answered', () => {
    const roles = [{ sopClassUid: '1.2.3', scu: true, scp: true }];
    expect(accepted(withUser({ roles })).accept.user.roles).toEqual([]);
  });
});

describe('asynchronous operations (N19)', () => {
  it.each([
    ['not asked for', undefined, undefined, undefined],
    ['one each way is all we do', [5, 3], undefined, [1, 1]],
    ['any number', [0, 0], undefined, [1, 1]],
    ['65535', [65_535, 65_535], undefined, [1, 1]],
    ['as many as we allow', [8, 8], [4, 2], [4, 2]],
    ['fewer than we allow', [2, 1], [4, 2], [2, 1]],
    ['any number against a limit', [0, 0], [4, 2], [4, 2]],
    ['a number where we set no limit', [7, 9], [0, 0], [7, 9]],
    ['any number on both sides', [0, 0], [0, 0], [0, 0]],
  ])('%s', (_, asked, allowed, expected) => {
    const pair = (numbers: number[] | undefined) =>
      numbers && { invoked: numbers[0]!, performed: numbers[1]! };
    const window = pair(asked);
    const ours = pair(allowed);
    const { accept } = accepted(window ? withUser({ asyncWindow: window }) : request, {
      ...(ours && { asyncWindow: ours }),
    });
    expect(accept.user.asyncWindow).toEqual(pair(expected));
  });
});

describe('extended negotiation', () => {
  it.each([
    ['is answered with what we support of it', find, [1, 1, 1], [1, 0, 1]],
    ['never promises more than was asked', find, [0, 0, 0], [0, 0, 0]],
    ['has 0 for bytes that we do not know', find, [1, 1, 1, 1, 1], [1, 0, 1, 0, 0]],
    ['is cut where the request ends', find, [1], [1]],
    ['is not answered of classes without any', echo, [1], undefined],
    ['is not answered of classes that are not served', '1.2.3', [1], undefined],
  ])('%s', (_, sopClassUid, asked, expected) => {
    const extended = [{ sopClassUid, information: Uint8Array.from(asked) }];
    const answer = accepted(withUser({ extended })).accept.user.extended;
    expect(answer).toEqual(
      expected === undefined ? [] : [{ sopClassUid, information: Uint8Array.from(expected) }],
    );
  });
});

it('an answer names us, and the titles as they came', () => {
  expect(accepted(request).accept).toMatchObject({
    kind: 'associate-ac',
    protocolVersion: 1,
    calledAeTitle: 'CANDELA',
    callingAeTitle: 'CT1',
    applicationContext: '1.2.840.10008.3.1.1.1',
    user: { maxPduBytes: 262_144, implementationClassUid: '1.2.3', implementationVersion: 'CANDELA' },
  });
});
