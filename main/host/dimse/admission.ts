import { problem } from '../../../core/base/problem.ts';
import { candelaImplementation } from '../../../core/dicom/write/encode.ts';
import { negotiate } from '../../../core/dimse/negotiate.ts';
import type { IdentityRule, NegotiationRules } from '../../../core/dimse/negotiate-types.ts';
import { rejections } from '../../../core/dimse/reason-codes.ts';
import { acceptedClass } from '../../../core/dimse/services.ts';
import type { AssociateRequest } from '../../../core/dimse/types.ts';
import type { AllowList } from './allow-list.ts';
import type { Admission } from './association-types.ts';
import type { AskedIdentity, KnownPeer, ReceiverConfig } from './receiver-protocol.ts';
import type { RequestContext } from './service-handler.ts';

/** Associations at this moment: of everybody, and of the address that asks. */
export interface Crowd {
  readonly all: number;
  readonly ofAddress: number;
}

/** Whether a request is taken, and what for: limits first, then who it is, then what it wants. */
export async function admit(
  request: AssociateRequest,
  address: string,
  config: ReceiverConfig,
  crowd: () => Crowd,
  lists: { readonly allowed: AllowList | null; readonly known: AllowList<KnownPeer> },
): Promise<Admission> {
  const { associations, associationsPerAddress } = config.limits;
  const isFull = (): boolean => crowd().all >= associations || crowd().ofAddress >= associationsPerAddress;
  const full: Admission = { reject: rejections.tooMany, problem: problem('ASSOC_LIMIT') };
  if (isFull()) return full;
  const stranger = lists.allowed && (await lists.allowed.check(request.callingAeTitle, address));
  if (stranger) return { reject: rejections.callingAeTitle, problem: stranger };
  const known = await lists.known.at(request.callingAeTitle, address);
  if (isFull()) return full;
  const asked = askedOf(lists.known.named(request.callingAeTitle), known, config.identity);
  const negotiated = negotiate(request, rulesFor(config, asked));
  if ('reject' in negotiated) return negotiated;
  const contexts = new Map<number, RequestContext>();
  for (const { id, abstractSyntax, transferSyntax, requestorIsScp } of negotiated.contexts.values()) {
    contexts.set(id, { contextId: id, abstractSyntax, transferSyntax, peerIsScp: requestorIsScp });
  }
  return { accept: negotiated.accept, contexts, isKnown: known.length > 0 };
}

/**
 * Users of a station are asked of whoever gives its title, from any address; only who also has its address may go
 * without one that is asked of all.
 */
export function askedOf(
  named: readonly KnownPeer[],
  known: readonly KnownPeer[],
  ofAll: AskedIdentity | null,
): AskedIdentity | null {
  const own = named.flatMap(({ asks }) => asks ?? []);
  if (own.length > 0) return { users: own.flatMap(({ users }) => users) };
  const isFreed = known.length > 0 && known.every(({ asks }) => asks === null);
  return isFreed ? null : ofAll;
}

function identityRule(asked: AskedIdentity | null): IdentityRule | null {
  if (!asked) return null;
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
  const users = asked.users.map(({ name, passcode }) => ({
    name: bytes(name),
    passcode: passcode === null ? null : bytes(passcode),
  }));
  return { isRequired: true, users };
}

const rulesFor = (config: ReceiverConfig, asked: AskedIdentity | null): NegotiationRules => ({
  aeTitle: config.aeTitle,
  checkCalledAeTitle: config.checkCalledAeTitle,
  callingAeTitles: null,
  serviceFor: (abstractSyntax) => acceptedClass(abstractSyntax, config),
  identity: identityRule(asked),
  maxPduBytes: Math.min(config.limits.offeredPduBytes, config.limits.maxPduBytes),
  implementationClassUid: candelaImplementation.classUid,
  implementationVersion: candelaImplementation.versionName,
});
