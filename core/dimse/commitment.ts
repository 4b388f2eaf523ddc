/** Storage commitment: what is asked and what is reported, as SCU and as SCP (PS3.4 annex J). */
import { problem } from '../base/problem.ts';
import { fail, ok, type Result } from '../base/result.ts';
import type { Dataset } from '../dicom/dataset.ts';
import { tagText } from '../dicom/flags.ts';
import { element, type Dataset as WriteDataset } from '../dicom/write/element.ts';
import { encodeMessageDataset, itemsAt, numberAt, readMessageDataset, textAt } from './query-dataset.ts';
import { statuses } from './status-codes.ts';

const tags = {
  RetrieveAETitle: 0x00080054,
  ReferencedSOPClassUID: 0x00081150,
  ReferencedSOPInstanceUID: 0x00081155,
  TransactionUID: 0x00081195,
  FailureReason: 0x00081197,
  FailedSOPSequence: 0x00081198,
  ReferencedSOPSequence: 0x00081199,
} as const;

export interface ReferencedSop {
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
}

export interface FailedSop extends ReferencedSop {
  /** PS3.3 C.14.1.1: one of `failureReasons`, or another status. */
  readonly reason: number;
}

/** Why an object is not kept (PS3.3 C.14.1.1). */
export const failureReasons = {
  processingFailure: statuses.processingFailure,
  noSuchInstance: statuses.noSuchSopInstance,
  resourceLimitation: statuses.resourceLimitation,
  classNotSupported: statuses.sopClassNotSupported,
  classInstanceConflict: statuses.classInstanceConflict,
  duplicateTransaction: 0x0131,
} as const;

/** N-ACTION: objects that are to be kept. */
export interface CommitmentRequest {
  readonly transactionUid: string;
  readonly references: readonly ReferencedSop[];
}

/** N-EVENT-REPORT: what became of them. */
export interface CommitmentReport {
  readonly transactionUid: string;
  readonly committed: readonly ReferencedSop[];
  readonly failed: readonly FailedSop[];
}

/** Most objects that one transaction of ours names; what comes from peers is bounded by its bytes. */
export const maxReferencesPerTransaction = 1000;

const referenceItem = ({ sopClassUid, sopInstanceUid }: ReferencedSop): WriteDataset => [
  element(tags.ReferencedSOPClassUID, 'UI', sopClassUid),
  element(tags.ReferencedSOPInstanceUID, 'UI', sopInstanceUid),
];

export const encodeCommitmentRequest = (request: CommitmentRequest, transferSyntaxUid: string): Uint8Array =>
  encodeMessageDataset(
    [
      element(tags.TransactionUID, 'UI', request.transactionUid),
      element(tags.ReferencedSOPSequence, 'SQ', request.references.map(referenceItem)),
    ],
    transferSyntaxUid,
    '',
  );

/** `aeTitle`: from where the objects can be retrieved. Sequences without items are left out (PS3.4 J.3.3.1). */
export function encodeCommitmentReport(
  report: CommitmentReport,
  aeTitle: string,
  transferSyntaxUid: string,
): Uint8Array {
  const { transactionUid, committed, failed } = report;
  const failedItems = failed.map((item) => [
    ...referenceItem(item),
    element(tags.FailureReason, 'US', item.reason),
  ]);
  const dataset: WriteDataset = [
    element(tags.RetrieveAETitle, 'AE', aeTitle),
    element(tags.TransactionUID, 'UI', transactionUid),
    ...(failed.length > 0 ? [element(tags.FailedSOPSequence, 'SQ', failedItems)] : []),
    ...(committed.length > 0
      ? [element(tags.ReferencedSOPSequence, 'SQ', committed.map(referenceItem))]
      : []),
  ];
  return encodeMessageDataset(dataset, transferSyntaxUid, '');
}

const readReference = (item: Dataset): ReferencedSop => ({
  sopClassUid: textAt(item, tags.ReferencedSOPClassUID),
  sopInstanceUid: textAt(item, tags.ReferencedSOPInstanceUID),
});

const isUid = (text: string): boolean => /^[0-9.]{1,64}$/.test(text);
const isReference = ({ sopClassUid, sopInstanceUid }: ReferencedSop): boolean =>
  isUid(sopClassUid) && isUid(sopInstanceUid);

const invalid = (tag: number) => fail(problem('COMMAND_INVALID', { element: tagText(tag) }));

/** Reads the data set of an N-ACTION; fails without a transaction UID or without sound references. */
export function readCommitmentRequest(
  bytes: Uint8Array,
  transferSyntaxUid: string,
): Result<CommitmentRequest> {
  const read = readMessageDataset(bytes, transferSyntaxUid);
  if (!read.ok) return read;
  const transactionUid = textAt(read.value, tags.TransactionUID);
  if (!isUid(transactionUid)) return invalid(tags.TransactionUID);
  const references = itemsAt(read.value, tags.ReferencedSOPSequence).map(readReference);
  if (references.length === 0 || !references.every(isReference)) return invalid(tags.ReferencedSOPSequence);
  return ok({ transactionUid, references });
}

/**
 * Reads the data set of an N-EVENT-REPORT. References that are none are left out: what is not reported as kept counts
 * as not kept.
 */
export function readCommitmentReport(bytes: Uint8Array, transferSyntaxUid: string): Result<CommitmentReport> {
  const read = readMessageDataset(bytes, transferSyntaxUid);
  if (!read.ok) return read;
  const transactionUid = textAt(read.value, tags.TransactionUID);
  if (!isUid(transactionUid)) return invalid(tags.TransactionUID);
  const committed = itemsAt(read.value, tags.ReferencedSOPSequence).map(readReference).filter(isReference);
  const failed = itemsAt(read.value, tags.FailedSOPSequence)
    .map(
      (item): FailedSop => ({
        ...readReference(item),
        reason: numberAt(item, tags.FailureReason) ?? failureReasons.processingFailure,
      }),
    )
    .filter(isReference);
  return ok({ transactionUid, committed, failed });
}
