/** The acceptor's side of an association's negotiation: a request and rules go in, the answer comes out. */
import { isAeTitle } from '../base/ae-title.ts';
import { problem } from '../base/problem.ts';
import type {
  IdentityRule,
  NegotiatedContext,
  Negotiation,
  NegotiationRules,
  ServiceRule,
} from './negotiate-types.ts';
import { dicomApplicationContext } from './pdu-types.ts';
import { rejections } from './reason-codes.ts';
import type {
  AnsweredContext,
  AssociateRequest,
  ExtendedNegotiation,
  ProposedContext,
  RoleSelection,
  UserIdentity,
  UserInformation,
} from './types.ts';

/** As it may be shown: a peer's bytes are never trusted to be text. */
const shown = (title: string): string => title.replace(/[^ -~]/g, '?') || '?';

type Refusal = Extract<Negotiation, { readonly reject: unknown }>;

/** N9, N10 and N20: the first reason to turn the requestor away, or null. */
function refusalOf(request: AssociateRequest, rules: NegotiationRules): Refusal | null {
  const { calledAeTitle: called, callingAeTitle: calling } = request;
  if (request.applicationContext !== dicomApplicationContext) {
    return { reject: rejections.applicationContext, problem: problem('REFUSED_PROTOCOL') };
  }
  if (!isAeTitle(called) || (rules.checkCalledAeTitle && called !== rules.aeTitle.trim())) {
    const why = problem('REFUSED_CALLED_AE', { aeTitle: shown(called) });
    return { reject: rejections.calledAeTitle, problem: why };
  }
  const isListed = rules.callingAeTitles === null || rules.callingAeTitles.includes(calling);
  if (!isAeTitle(calling) || !isListed) {
    const why = problem('REFUSED_CALLING_AE', { aeTitle: shown(calling) });
    return { reject: rejections.callingAeTitle, problem: why };
  }
  if (rules.identity !== null && !isKnownUser(request.user.identity, rules.identity)) {
    const why = problem('REFUSED_IDENTITY', { aeTitle: shown(calling) });
    return { reject: rejections.noReason, problem: why };
  }
  return null;
}

/** Compares every byte whatever the first ones are, so that time tells nothing of a passcode. */
function areEqual(left: Uint8Array, right: Uint8Array): boolean {
  let difference = left.length ^ right.length;
  for (let i = 0; i < left.length; i++) difference |= left[i]! ^ (right[i] ?? 0);
  return difference === 0;
}

function isKnownUser(identity: UserIdentity | undefined, rule: IdentityRule): boolean {
  if (identity === undefined) return !rule.isRequired;
  return rule.users.some(({ name, passcode }) => {
    const isSameKind = identity.type === (passcode === null ? 1 : 2);
    const isPasscode = areEqual(identity.secondary, passcode ?? new Uint8Array(0));
    return areEqual(identity.primary, name) && isPasscode && isSameKind;
  });
}

interface Roles {
  readonly scu: boolean;
  readonly scp: boolean;
}

/** What the requestor is allowed of what it asks for; without asking it is SCU. */
function rolesFor(rule: ServiceRule, asked: RoleSelection | undefined): Roles {
  const { scu, scp } = asked ?? { scu: true, scp: false };
  return { scu: scu && rule.peerMayBeScu, scp: scp && rule.peerMayBeScp };
}

function answerContext(
  proposed: ProposedContext,
  rule: ServiceRule | undefined,
  roles: Roles,
): AnsweredContext {
  const refuse = (result: AnsweredContext['result']) => ({ id: proposed.id, result, transferSyntax: '' });
  if (rule === undefined) return refuse(3);
  if (!roles.scu && !roles.scp) return refuse(1);
  const offered = new Set(proposed.transferSyntaxes);
  const chosen = rule.transferSyntaxes.find((uid) => offered.has(uid));
  return chosen === undefined ? refuse(4) : { id: proposed.id, result: 0, transferSyntax: chosen };
}

/** 0 is "any number". */
const smallerWindow = (left: number, right: number): number =>
  left === 0 || right === 0 ? left + right : Math.min(left, right);

function extendedFor(asked: ExtendedNegotiation, rule: ServiceRule | undefined): ExtendedNegotiation | null {
  const most = rule?.extended;
  if (most === undefined) return null;
  // Bytes that we do not know are answered with 0: not supported.
  const information = asked.information.map((value, i) => Math.min(value, most[i] ?? 0));
  return { sopClassUid: asked.sopClassUid, information };
}

function answerUser(asked: UserInformation, rules: NegotiationRules): UserInformation {
  const ours = rules.asyncWindow ?? { invoked: 1, performed: 1 };
  return {
    maxPduBytes: rules.maxPduBytes,
    implementationClassUid: rules.implementationClassUid,
    implementationVersion: rules.implementationVersion,
    ...(asked.asyncWindow && {
      asyncWindow: {
        invoked: smallerWindow(asked.asyncWindow.invoked, ours.invoked),
        performed: smallerWindow(asked.asyncWindow.performed, ours.performed),
      },
    }),
    roles: asked.roles.flatMap((role) => {
      const rule = rules.serviceFor(role.sopClassUid);
      return rule === undefined ? [] : [{ sopClassUid: role.sopClassUid, ...rolesFor(rule, role) }];
    }),
    extended: asked.extended.flatMap(
      (entry) => extendedFor(entry, rules.serviceFor(entry.sopClassUid)) ?? [],
    ),
    commonExtended: [],
    // Names and passcodes have an empty response (PS3.7 table D.3-15); it says that the identity was taken.
    ...(rules.identity !== null &&
      asked.identity?.wantsResponse === true && { identityResponse: new Uint8Array(0) }),
  };
}

/**
 * Answers an association request (PS3.8 section 7.1.1, PS3.7 annex D.3). An association is accepted even when none of
 * its contexts is: the requestor then sees for each why not. The peer's address is the shell's to check.
 */
export function negotiate(request: AssociateRequest, rules: NegotiationRules): Negotiation {
  const refusal = refusalOf(request, rules);
  if (refusal !== null) return refusal;
  const { serviceFor } = rules;
  const asked = new Map(request.user.roles.map((role) => [role.sopClassUid, role]));
  const contexts = new Map<number, NegotiatedContext>();
  const answers: AnsweredContext[] = [];
  for (const proposed of request.contexts) {
    const { id, abstractSyntax } = proposed;
    const rule = serviceFor(abstractSyntax);
    const roles = rule === undefined ? { scu: false, scp: false } : rolesFor(rule, asked.get(abstractSyntax));
    const answer = answerContext(proposed, rule, roles);
    answers.push(answer);
    if (answer.result !== 0) continue;
    const { transferSyntax } = answer;
    contexts.set(id, {
      id,
      abstractSyntax,
      transferSyntax,
      requestorIsScu: roles.scu,
      requestorIsScp: roles.scp,
    });
  }
  return {
    accept: {
      kind: 'associate-ac',
      protocolVersion: 1,
      // Both come back as they were sent (PS3.8 table 9-17).
      calledAeTitle: request.calledAeTitle,
      callingAeTitle: request.callingAeTitle,
      applicationContext: dicomApplicationContext,
      contexts: answers,
      user: answerUser(request.user, rules),
    },
    contexts,
  };
}
