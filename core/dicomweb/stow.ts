/** What a STOW-RS server says of each object (PS3.18 10.5.3, table I.2-2). */
import { type WebDataset, webElement, webNumber, webText } from './json-read.ts';

export interface StoredObject {
  readonly sopInstanceUID: string;
  readonly sopClassUID: string;
  readonly state: 'done' | 'warning' | 'failed';
  /** Failure or warning reason, a DIMSE status (PS3.18 I.2.2); null = none was given. */
  readonly status: number | null;
}

const failedSopSequence = 0x00081198;
const referencedSopSequence = 0x00081199;
const otherFailuresSequence = 0x0008119a;
const failureReason = 0x00081197;
const warningReason = 0x00081196;

/** Objects that the answer names, failures first. */
export function storedObjects(answer: WebDataset): StoredObject[] {
  const failed = itemsOf(answer, failedSopSequence).map((item) => objectOf(item, 'failed'));
  const stored = itemsOf(answer, referencedSopSequence).map((item) =>
    objectOf(item, webNumber(item, warningReason) === null ? 'done' : 'warning'),
  );
  return [...failed, ...stored];
}

/** Reasons of failures that name no object. */
export const otherFailures = (answer: WebDataset): number[] =>
  itemsOf(answer, otherFailuresSequence).map((item) => webNumber(item, failureReason) ?? 0x0110);

const itemsOf = (dataset: WebDataset, tag: number): readonly WebDataset[] =>
  webElement(dataset, tag)?.items ?? [];

const objectOf = (item: WebDataset, state: StoredObject['state']): StoredObject => ({
  sopInstanceUID: webText(item, 0x00081155),
  sopClassUID: webText(item, 0x00081150),
  state,
  status: webNumber(item, state === 'failed' ? failureReason : warningReason),
});
