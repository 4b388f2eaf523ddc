import { describe, expect, it } from 'vitest';
import type { WantedContext } from './negotiate-types.ts';
import { associateRequest, proposeContexts, readAnswer, roleSelections } from './propose.ts';
import type { AnsweredContext, AssociateAccept, ContextResult, RoleSelection } from './types.ts';

const implicit = '1.2.840.10008.1.2';
const explicit = '1.2.840.10008.1.2.1';
const ct = '1.2.840.10008.5.1.4.1.1.2';
const mr = '1.2.840.10008.5.1.4.1.1.4';
const side = {
  calledAeTitle: 'PACS',
  callingAeTitle: 'CANDELA',
  maxPduBytes: 262_144,
  implementationClassUid: '1.2.3',
  implementationVersion: 'CANDELA',
};

describe('proposeContexts', () => {
  it('numbers contexts by odd ids, each distinct one once', () => {
    const wanted = [
      { abstractSyntax: ct, transferSyntaxes: [explicit] },
      { abstractSyntax: ct, transferSyntaxes: [explicit] },
      { abstractSyntax: ct, transferSyntaxes: [implicit, explicit] },
      { abstractSyntax: mr, transferSyntaxes: [explicit] },
    ];
    expect(proposeContexts(wanted)).toEqual([
      [
        { id: 1, abstractSyntax: ct, transferSyntaxes: [explicit] },
        { id: 3, abstractSyntax: ct, transferSyntaxes: [implicit, explicit] },
        { id: 5, abstractSyntax: mr, transferSyntaxes: [explicit] },
      ],
    ]);
  });

  it.each([
    [0, [0]],
    [128, [128]],
    [129, [128, 1]],
    [300, [128, 128, 44]],
  ])('splits %d contexts over associations (L86)', (count, sizes) => {
    const wanted = Array.from(
      { length: count },
      (_, i): WantedContext => ({ abstractSyntax: `1.2.${i}`, transferSyntaxes: [implicit] }),
    );
    const associations = proposeContexts(wanted);
    expect(associations.map((contexts) => contexts.length)).toEqual(sizes);
    for (const contexts of associations) {
      expect(contexts.map(({ id }) => id)).toEqual(contexts.map((_, i) => 2 * i + 1));
    }
    expect(associations.flat().map(({ abstractSyntax }) => abstractSyntax)).toEqual(
      wanted.map(({ abstractSyntax }) => abstractSyntax),
    );
  });

  it('takes a smaller limit, never a larger one', () => {
    const wanted = Array.from({ length: 200 }, (_, i) => ({
      abstractSyntax: `1.2.${i}`,
      transferSyntaxes: [implicit],
    }));
    expect(proposeContexts(wanted, 150).map((contexts) => contexts.length)).toEqual([128, 72]);
    expect(proposeContexts(wanted, 100).map((contexts) => contexts.length)).toEqual([100, 100]);
  });
});

describe('associateRequest', () => {
  it('says the roles of classes that it proposes, and an identity when there is one', () => {
    const roles = roleSelections([
      { abstractSyntax: ct, transferSyntaxes: [implicit], role: { scu: false, scp: true } },
      { abstractSyntax: ct, transferSyntaxes: [explicit], role: { scu: false, scp: true } },
      { abstractSyntax: mr, transferSyntaxes: [implicit], role: { scu: true, scp: true } },
      { abstractSyntax: '1.2.3', transferSyntaxes: [implicit] },
    ]);
    expect(roles).toEqual([
      { sopClassUid: ct, scu: false, scp: true },
      { sopClassUid: mr, scu: true, scp: true },
    ]);
    const identity = {
      type: 1,
      wantsResponse: false,
      primary: Uint8Array.of(65),
      secondary: new Uint8Array(0),
    };
    const contexts = [{ id: 1, abstractSyntax: ct, transferSyntaxes: [implicit] }];
    const request = associateRequest({ ...side, roles, identity }, contexts);
    expect(request.user.roles).toEqual([{ sopClassUid: ct, scu: false, scp: true }]);
    expect(request.user.identity).toBe(identity);
    expect(request).toMatchObject({
      protocolVersion: 1,
      calledAeTitle: 'PACS',
      callingAeTitle: 'CANDELA',
      applicationContext: '1.2.840.10008.3.1.1.1',
      contexts,
    });
    expect(associateRequest(side, contexts).user).not.toHaveProperty('identity');
  });
});

describe('readAnswer', () => {
  const answerTo = (contexts: readonly AnsweredContext[], roles: readonly RoleSelection[] = []) => {
    const { user, ...head } = associateRequest(side, []);
    return { ...head, kind: 'associate-ac', contexts, user: { ...user, roles } } satisfies AssociateAccept;
  };
  const proposed = [
    { id: 1, abstractSyntax: ct, transferSyntaxes: [explicit, implicit] },
    { id: 3, abstractSyntax: mr, transferSyntaxes: [explicit] },
  ];
  const request = associateRequest(side, proposed);

  it('keeps what was accepted, and says of the rest why not', () => {
    const answer = answerTo([
      { id: 1, result: 0, transferSyntax: implicit },
      { id: 3, result: 4, transferSyntax: '' },
      { id: 5, result: 0, transferSyntax: implicit },
    ]);
    expect(readAnswer(request, answer)).toEqual({
      contexts: new Map([
        [
          1,
          {
            id: 1,
            abstractSyntax: ct,
            transferSyntax: implicit,
            requestorIsScu: true,
            requestorIsScp: false,
          },
        ],
      ]),
      refused: [{ id: 3, abstractSyntax: mr, result: 4 }],
    });
  });

  it.each<[string, AnsweredContext[], ContextResult]>([
    ['not answered', [], 2],
    ['accepted in a syntax that was not proposed', [{ id: 3, result: 0, transferSyntax: implicit }], 1],
    ['accepted without a syntax', [{ id: 3, result: 0, transferSyntax: '' }], 1],
    ['refused', [{ id: 3, result: 3, transferSyntax: '' }], 3],
  ])('a context that is %s is refused', (_, contexts, result) => {
    const { refused } = readAnswer(associateRequest(side, [proposed[1]!]), answerTo(contexts));
    expect(refused).toEqual([{ id: 3, abstractSyntax: mr, result }]);
  });

  const role = (scu: boolean, scp: boolean) => [{ sopClassUid: ct, scu, scp }];
  it.each([
    ['neither side says anything', [], [], true, false],
    ['only the answer says something', [], role(false, true), true, false],
    ['the peer does not answer (L86: role refused)', role(false, true), [], true, false],
    ['asked and given', role(false, true), role(false, true), false, true],
    ['asked and refused', role(false, true), role(false, false), false, false],
    ['both asked, one given', role(true, true), role(true, false), true, false],
    ['more given than asked', role(false, true), role(true, true), false, true],
  ])('roles: %s', (_, asked, given, requestorIsScu, requestorIsScp) => {
    const { contexts } = readAnswer(
      associateRequest({ ...side, roles: asked }, proposed),
      answerTo([{ id: 1, result: 0, transferSyntax: explicit }], given),
    );
    expect(contexts.get(1)).toMatchObject({ requestorIsScu, requestorIsScp });
  });
});
