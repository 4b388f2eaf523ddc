/** The requestor's side of an association's negotiation. */
import type { NegotiatedContext, ReadAnswer, WantedContext } from './negotiate-types.ts';
import { dicomApplicationContext } from './pdu-types.ts';
import type {
  AssociateAccept,
  AssociateRequest,
  ExtendedNegotiation,
  ProposedContext,
  RoleSelection,
  UserIdentity,
} from './types.ts';

/** Odd ids from 1 to 255. */
const contextsPerAssociation = 128;

/**
 * Numbers the contexts that are wanted, each distinct one once, in as many associations as they need. At least one list
 * comes back, which is empty when nothing is wanted.
 */
export function proposeContexts(
  wanted: readonly WantedContext[],
  most: number = contextsPerAssociation,
): ProposedContext[][] {
  const distinct = new Map(
    wanted.map((context) => [[context.abstractSyntax, ...context.transferSyntaxes].join(' '), context]),
  );
  const associations: ProposedContext[][] = [[]];
  for (const { abstractSyntax, transferSyntaxes } of distinct.values()) {
    let contexts = associations.at(-1)!;
    if (contexts.length === Math.min(most, contextsPerAssociation)) {
      contexts = [];
      associations.push(contexts);
    }
    contexts.push({ id: 2 * contexts.length + 1, abstractSyntax, transferSyntaxes });
  }
  return associations;
}

/** The roles that have to be said: those other than SCU alone. Once for each class. */
export function roleSelections(wanted: readonly WantedContext[]): RoleSelection[] {
  const roles = new Map<string, RoleSelection>();
  for (const { abstractSyntax, role } of wanted) {
    if (role !== undefined) roles.set(abstractSyntax, { sopClassUid: abstractSyntax, ...role });
  }
  return [...roles.values()];
}

/** What a requestor says of itself. */
export interface RequestorSide {
  readonly calledAeTitle: string;
  readonly callingAeTitle: string;
  readonly maxPduBytes: number;
  readonly implementationClassUid: string;
  readonly implementationVersion: string;
  /** Those of classes without a context in the association are left out. */
  readonly roles?: readonly RoleSelection[];
  readonly extended?: readonly ExtendedNegotiation[];
  readonly identity?: UserIdentity;
}

export function associateRequest(
  side: RequestorSide,
  contexts: readonly ProposedContext[],
): AssociateRequest {
  const classes = new Set(contexts.map(({ abstractSyntax }) => abstractSyntax));
  return {
    kind: 'associate-rq',
    protocolVersion: 1,
    calledAeTitle: side.calledAeTitle,
    callingAeTitle: side.callingAeTitle,
    applicationContext: dicomApplicationContext,
    contexts,
    user: {
      maxPduBytes: side.maxPduBytes,
      implementationClassUid: side.implementationClassUid,
      implementationVersion: side.implementationVersion,
      roles: (side.roles ?? []).filter(({ sopClassUid }) => classes.has(sopClassUid)),
      extended: side.extended ?? [],
      commonExtended: [],
      ...(side.identity && { identity: side.identity }),
    },
  };
}

/** A role is had when it was asked for and given; without an answer only the default is left (PS3.7 D.3.3.4). */
function roleOf(request: AssociateRequest, answer: AssociateAccept, abstractSyntax: string) {
  const isOfClass = ({ sopClassUid }: RoleSelection) => sopClassUid === abstractSyntax;
  const asked = request.user.roles.find(isOfClass);
  const given = answer.user.roles.find(isOfClass);
  if (asked === undefined || given === undefined) return { requestorIsScu: true, requestorIsScp: false };
  return { requestorIsScu: asked.scu && given.scu, requestorIsScp: asked.scp && given.scp };
}

/** Holds an answer against its request. Contexts that nobody asked for are passed over. */
export function readAnswer(request: AssociateRequest, answer: AssociateAccept): ReadAnswer {
  const answers = new Map(answer.contexts.map((context) => [context.id, context]));
  const contexts = new Map<number, NegotiatedContext>();
  const refused: ReadAnswer['refused'][number][] = [];
  for (const { id, abstractSyntax, transferSyntaxes } of request.contexts) {
    // Not answered at all: no reason (2) is what there is to say.
    const { result, transferSyntax } = answers.get(id) ?? { result: 2, transferSyntax: '' };
    if (result !== 0) {
      refused.push({ id, abstractSyntax, result });
    } else if (!transferSyntaxes.includes(transferSyntax)) {
      refused.push({ id, abstractSyntax, result: 1 });
    } else {
      contexts.set(id, { id, abstractSyntax, transferSyntax, ...roleOf(request, answer, abstractSyntax) });
    }
  }
  return { contexts, refused };
}
