/** What is accepted from peers, and what is proposed to them, from the table of services. */
import { type TransferSyntax, transferSyntaxes } from '../dicom/tables/transfer-syntaxes.ts';
import type { WantedContext } from './negotiate-types.ts';
import {
  commitmentClass,
  mayBeStorage,
  plainServices,
  type QueryRoot,
  queryClasses,
  type ServiceKind,
  serviceClassOf,
  storageServices,
  verificationClass,
  worklistClass,
} from './service-table.ts';

const explicitLittle = '1.2.840.10008.1.2.1';
const implicitLittle = '1.2.840.10008.1.2';

/** Of commands' own data sets: identifiers, procedure steps. */
export const messageSyntaxes: readonly string[] = [explicitLittle, implicitLittle];

/** Objects that only refer to their pixels (JPIP) come last: they show nothing without the server that they name. */
const rankOf = ({ uid, encapsulated, lossy }: TransferSyntax): number => {
  if (uid === '1.2.840.10008.1.2.4.94' || uid === '1.2.840.10008.1.2.4.95') return 3;
  return encapsulated ? (lossy ? 1 : 0) : 2;
};

/**
 * Of objects, best first: what every tool reads, then lossless before lossy. A peer that wants an object to stay as it
 * is proposes its syntax in a context of its own, where there is nothing to choose.
 */
export const storageSyntaxes: readonly string[] = [
  ...messageSyntaxes,
  ...transferSyntaxes
    .filter(({ uid }) => !messageSyntaxes.includes(uid))
    .map((row) => ({ ...row, rank: rankOf(row) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ uid }) => uid),
];

/** One abstract syntax that is accepted; `transferSyntaxes` best first, roles as the peer may play them. */
export interface AcceptedClass {
  readonly abstractSyntax: string;
  readonly kind: ServiceKind;
  readonly transferSyntaxes: readonly string[];
  readonly peerMayBeScu: boolean;
  readonly peerMayBeScp: boolean;
}

/** The switches of Settings that decide it. */
export interface AcceptorOptions {
  readonly unknownSopClasses: boolean;
  readonly answersQueries: boolean;
  readonly answersCommitment: boolean;
  readonly takesProcedureSteps: boolean;
}

/** Whether and how an abstract syntax is accepted; undefined: not supported (result 3). */
export function acceptedClass(abstractSyntax: string, options: AcceptorOptions): AcceptedClass | undefined {
  const kind: ServiceKind | undefined =
    serviceClassOf(abstractSyntax)?.kind ??
    (options.unknownSopClasses && mayBeStorage(abstractSyntax) ? 'storage' : undefined);
  switch (kind) {
    case 'verification':
      return accepted(abstractSyntax, kind, messageSyntaxes, true, false);
    case 'storage':
      // As SCP a peer takes what it asked for by C-GET.
      return accepted(abstractSyntax, kind, storageSyntaxes, true, options.answersQueries);
    case 'find':
    case 'move':
    case 'get':
      return options.answersQueries
        ? accepted(abstractSyntax, kind, messageSyntaxes, true, false)
        : undefined;
    case 'commitment':
      // As SCP a peer reports on an association of its own what it keeps (PS3.4 J.3.3).
      return accepted(abstractSyntax, kind, messageSyntaxes, options.answersCommitment, true);
    case 'procedureStep':
      return options.takesProcedureSteps
        ? accepted(abstractSyntax, kind, messageSyntaxes, true, false)
        : undefined;
    default:
      return undefined;
  }
}

const accepted = (
  abstractSyntax: string,
  kind: ServiceKind,
  syntaxes: readonly string[],
  peerMayBeScu: boolean,
  peerMayBeScp: boolean,
): AcceptedClass => ({ abstractSyntax, kind, transferSyntaxes: syntaxes, peerMayBeScu, peerMayBeScp });

/** Every class that is accepted with these switches, in the order of the table. */
export const acceptedClasses = (options: AcceptorOptions): readonly AcceptedClass[] =>
  [...plainServices, ...storageServices].flatMap(({ uid }) => acceptedClass(uid, options) ?? []);

const message = (abstractSyntax: string): WantedContext => ({
  abstractSyntax,
  transferSyntaxes: messageSyntaxes,
});

export const echoContexts = (): readonly WantedContext[] => [message(verificationClass)];
export const findContexts = (root: QueryRoot): readonly WantedContext[] => [message(queryClasses[root].find)];
export const moveContexts = (root: QueryRoot): readonly WantedContext[] => [message(queryClasses[root].move)];
export const worklistContexts = (): readonly WantedContext[] => [message(worklistClass)];
/** To ask for commitment, and to take the report on the same association. */
export const commitmentContexts = (): readonly WantedContext[] => [message(commitmentClass)];
/** To report on an association of our own that objects are kept (PS3.4 J.3.3). */
export const commitmentReportContexts = (): readonly WantedContext[] => [
  { ...message(commitmentClass), role: { scu: false, scp: true } },
];

/** Syntaxes that we can turn into uncompressed pixels, so that a peer that lacks them can be served. */
const decodable: ReadonlySet<string> = new Set(
  transferSyntaxes.filter(({ status }) => status === 'supported').map(({ uid }) => uid),
);

export interface ObjectSyntax {
  readonly sopClassUid: string;
  readonly transferSyntaxUid: string;
}

/**
 * Contexts to send objects: each syntax that they are stored in by itself, so that bytes stay as they are wherever the
 * peer takes them (L86), then the plain syntaxes as a way out. May be more than the 128 of one association.
 */
export function sendContexts(objects: readonly ObjectSyntax[]): readonly WantedContext[] {
  const syntaxesByClass = new Map<string, Set<string>>();
  for (const { sopClassUid, transferSyntaxUid } of objects) {
    const syntaxes = syntaxesByClass.get(sopClassUid) ?? new Set<string>();
    syntaxesByClass.set(sopClassUid, syntaxes.add(transferSyntaxUid));
  }
  return [...syntaxesByClass].flatMap(([abstractSyntax, syntaxes]) => {
    const stored = [...syntaxes];
    const contexts = stored.map((uid): WantedContext => ({ abstractSyntax, transferSyntaxes: [uid] }));
    const wayOut = messageSyntaxes.filter((uid) => !syntaxes.has(uid));
    const isNeeded = !syntaxes.has(implicitLittle) && stored.some((uid) => decodable.has(uid));
    return isNeeded ? [...contexts, { abstractSyntax, transferSyntaxes: wayOut }] : contexts;
  });
}

/** Classes that hospitals hold most of, for C-GET where it is not known what will come. */
const usualClasses: readonly string[] =
  `2 4 1 1.1 7 6.1 3.1 12.1 12.2 1.2 128 20 2.1 4.1 88.67 11.1 88.59 88.11 88.22 88.33 104.1
66.4 481.1 481.2 481.3 481.5 66.1 13.1.3 13.1.1 12.1.1 7.1 7.2 7.3 7.4 77.1.1 77.1.4
77.1.5.1 77.1.5.4 77.1.1.1 6 3 5 130 4.3 1.1.1 1.2.1 1.3 11.2 66 67 30 88.34 9.1.1 9.1.2
88.50 88.65 2.2 4.4 128.1 4.2`
    .split(/\s/)
    .map((tail) => `1.2.840.10008.5.1.4.1.1.${tail}`);
/** Of those the first ones, each also compressed as archives usually keep it. */
const usualCompressed = 12;
const usualCompression: readonly string[] = [
  '1.2.840.10008.1.2.4.70',
  '1.2.840.10008.1.2.4.90',
  '1.2.840.10008.1.2.4.80',
  '1.2.840.10008.1.2.5',
  '1.2.840.10008.1.2.4.50',
];
/** All others, those that we decode first. */
const everyCompression = storageSyntaxes
  .filter((uid) => !messageSyntaxes.includes(uid))
  .sort((a, b) => Number(decodable.has(b)) - Number(decodable.has(a)));
const largestAssociation = 128;

/**
 * Contexts for C-GET: the query's own, then every class that may come, with us as SCP, plain and compressed apart, so
 * that an archive can send what it has (L86). `sopClassUids`: what is known to come; empty = not known. At most 128.
 */
export function getContexts(root: QueryRoot, sopClassUids: readonly string[] = []): readonly WantedContext[] {
  const role = { scu: false, scp: true };
  const storage = (abstractSyntax: string, syntaxes: readonly string[]): WantedContext => ({
    abstractSyntax,
    transferSyntaxes: syntaxes,
    role,
  });
  const known = [...new Set(sopClassUids)];
  const classes = known.length > 0 ? known : usualClasses;
  const plain = classes.map((uid) => storage(uid, messageSyntaxes));
  const compressed =
    known.length > 0
      ? everyCompression.flatMap((syntax) => known.map((uid) => storage(uid, [syntax])))
      : usualClasses
          .slice(0, usualCompressed)
          .flatMap((uid) => usualCompression.map((syntax) => storage(uid, [syntax])));
  return [message(queryClasses[root].get), ...plain, ...compressed].slice(0, largestAssociation);
}
