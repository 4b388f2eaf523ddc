/** Identifiers of C-MOVE and C-GET, both ways (PS3.4 C.4.2, C.4.3). */
import type { Dataset } from '../dicom/dataset.ts';
import { element, type Dataset as WriteDataset } from '../dicom/write/element.ts';
import { encodeMessageDataset, readMessageDataset, textsAt } from './query-dataset.ts';
import { levelsOf, type QueryLevel, tags, uniqueKeyOf } from './query-keys.ts';
import { levelOf, type ParsedRequest, refused } from './query-request.ts';
import type { QueryRoot } from './service-table.ts';
import { statuses } from './status-codes.ts';
import type { Command } from './types.ts';

/** What to retrieve: everything below the deepest list. `patientId` is needed by the patient root only. */
export interface RetrieveKeys {
  readonly patientId?: string;
  readonly studyUids?: readonly string[];
  readonly seriesUids?: readonly string[];
  readonly instanceUids?: readonly string[];
}

export interface RetrieveRequest {
  readonly root: QueryRoot;
  readonly level: QueryLevel;
  readonly patientId: string;
  readonly studyUids: readonly string[];
  readonly seriesUids: readonly string[];
  readonly instanceUids: readonly string[];
}

const maxUids = 100_000;
/** Identifiers stay below what small peers take; longer lists are for several requests. */
export const maxUidsPerRequest = 500;

const levelOfKeys = (keys: RetrieveKeys): QueryLevel => {
  if (keys.instanceUids !== undefined) return 'IMAGE';
  if (keys.seriesUids !== undefined) return 'SERIES';
  return keys.studyUids !== undefined ? 'STUDY' : 'PATIENT';
};

const tagOfLevel = (level: QueryLevel): number => uniqueKeyOf(level).tag;

/** The identifier of a retrieval, at the level of its deepest list. */
export function retrieveDataset(root: QueryRoot, keys: RetrieveKeys): WriteDataset {
  const level = levelOfKeys(keys);
  const lists: Readonly<Record<QueryLevel, readonly string[] | undefined>> = {
    PATIENT: keys.patientId === undefined ? undefined : [keys.patientId],
    STUDY: keys.studyUids,
    SERIES: keys.seriesUids,
    IMAGE: keys.instanceUids,
  };
  const given = levelsOf(root).filter((name) => (lists[name]?.length ?? 0) > 0);
  return [
    element(tags.QueryRetrieveLevel, 'CS', level),
    ...given.map((name) => element(tagOfLevel(name), name === 'PATIENT' ? 'LO' : 'UI', lists[name]!)),
  ];
}

/** Bytes of that identifier; a patient ID may need UTF-8. */
export const encodeRetrieve = (root: QueryRoot, keys: RetrieveKeys, transferSyntaxUid: string): Uint8Array =>
  encodeMessageDataset(
    retrieveDataset(root, keys),
    transferSyntaxUid,
    /^[ -~]*$/.test(keys.patientId ?? '') ? '' : 'ISO_IR 192',
  );

const uidsAt = (dataset: Dataset, level: QueryLevel): readonly string[] =>
  textsAt(dataset, tagOfLevel(level)).filter((uid) => uid !== '');

/**
 * Reads the identifier of a C-MOVE or C-GET. Refused (0xA900) without the unique key of its level, and with keys that
 * are no UIDs: wildcards have no place in a retrieval. Unique keys above the level narrow it when they are given.
 */
export function parseRetrieveIdentifier(
  bytes: Uint8Array,
  transferSyntaxUid: string,
  root: QueryRoot,
): ParsedRequest<RetrieveRequest> {
  const read = readMessageDataset(bytes, transferSyntaxUid);
  if (!read.ok) return { ok: false, refusal: refused(tags.QueryRetrieveLevel, statuses.cannotUnderstand) };
  const dataset = read.value;
  const level = levelOf(dataset, root);
  if (level === undefined) return { ok: false, refusal: refused(tags.QueryRetrieveLevel) };
  const patients = uidsAt(dataset, 'PATIENT');
  const lists = {
    STUDY: uidsAt(dataset, 'STUDY'),
    SERIES: uidsAt(dataset, 'SERIES'),
    IMAGE: uidsAt(dataset, 'IMAGE'),
  };
  const own = level === 'PATIENT' ? patients : lists[level];
  if (own.length === 0 || patients.length > 1) {
    return { ok: false, refusal: refused(tagOfLevel(own.length === 0 ? level : 'PATIENT')) };
  }
  for (const [name, uids] of Object.entries(lists) as [keyof typeof lists, readonly string[]][]) {
    const isSound = uids.length <= maxUids && uids.every((uid) => /^[0-9.]{1,64}$/.test(uid));
    if (!isSound) return { ok: false, refusal: refused(tagOfLevel(name)) };
  }
  return {
    ok: true,
    request: {
      root,
      level,
      patientId: patients[0] ?? '',
      studyUids: lists.STUDY,
      seriesUids: lists.SERIES,
      instanceUids: lists.IMAGE,
    },
  };
}

/** Sub-operations of a C-MOVE or C-GET. */
export interface Suboperations {
  readonly remaining: number;
  readonly completed: number;
  readonly failed: number;
  readonly warning: number;
}

/** Final status from the counts (PS3.4 C.4.2.3.1): all failed is a failure, some is a warning. */
export function finalRetrieveStatus({ completed, failed, warning }: Suboperations): number {
  if (failed === 0 && warning === 0) return statuses.success;
  return completed === 0 && warning === 0
    ? statuses.outOfResourcesSuboperations
    : statuses.someSuboperationsFailed;
}

/** A value of UI has a 16-bit length in explicit VR (PS3.5 7.1.2): so many UIDs of 64 characters fit. */
const maxUidsInValue = 1000;

/**
 * Failed SOP Instance UID List (0008,0058) of a final response, when there are failures. Of more than 1,000 only the
 * first are named; the counts of the command have them all.
 */
export const failedUidsDataset = (uids: readonly string[]): WriteDataset => [
  element(0x00080058, 'UI', uids.slice(0, maxUidsInValue)),
];

export const readFailedUids = (dataset: Dataset): readonly string[] => textsAt(dataset, 0x00080058);

/** Counts of a response. Absent ones are zero: final responses need not repeat what remains. */
export const suboperationsOf = (command: Command): Suboperations => ({
  remaining: command.remainingSuboperations ?? 0,
  completed: command.completedSuboperations ?? 0,
  failed: command.failedSuboperations ?? 0,
  warning: command.warningSuboperations ?? 0,
});
