import type { StudySource } from '../../../core/contract/common.ts';
import type { AddBatch, AddedInstance } from './add-instances.ts';
import type { Decision } from './versions.ts';

/**
 * Lines of the provenance log: what a new index cannot know from the objects alone (reliability.md B1, B7). In the
 * order of the transactions that they tell of.
 */
export type ProvenanceEvent =
  | {
      readonly event: 'add';
      readonly atMs: number;
      readonly source: StudySource;
      readonly label: string;
      readonly receiptId: string | null;
      readonly demo: boolean;
      readonly files: readonly ProvenanceFile[];
    }
  | {
      readonly event: 'mark';
      readonly atMs: number;
      readonly mark: 'unread' | 'starred';
      readonly value: boolean;
      readonly studies: readonly string[];
    }
  | {
      readonly event: 'trash' | 'restore' | 'purge';
      readonly atMs: number;
      readonly studies: readonly string[];
    }
  | { readonly event: 'version'; readonly atMs: number; readonly decisions: readonly Decision[] }
  | { readonly event: 'settings'; readonly atMs: number; readonly text: string };

/** SHA-256 of the file and of its data set, both base64url, and the file's size. */
export type ProvenanceFile = readonly [string, string, number];

export const packHash = (hex: string): string => Buffer.from(hex, 'hex').toString('base64url');
export const unpackHash = (text: string): string => Buffer.from(text, 'base64url').toString('hex');

/** What of a batch became new rows; null when nothing did. */
export function addEvent(batch: AddBatch, added: readonly AddedInstance[]): ProvenanceEvent | null {
  const files = batch.items.flatMap((item, at): ProvenanceFile[] =>
    added[at]?.outcome === 'stored' && item.fileSha256 !== null
      ? [[packHash(item.fileSha256), packHash(item.datasetSha256), item.sizeBytes]]
      : [],
  );
  if (batch.scope !== 's' || files.length === 0) return null;
  const { nowMs: atMs, sourceKind: source, sourceLabel: label, receiptId, demo } = batch;
  return { event: 'add', atMs, source, label, receiptId, demo, files };
}

/** Null for a line that is torn or is none of ours. */
export function parseProvenance(line: string): ProvenanceEvent | null {
  try {
    const value: unknown = JSON.parse(line);
    const isEvent = typeof value === 'object' && value !== null && 'event' in value && 'atMs' in value;
    return isEvent ? (value as ProvenanceEvent) : null;
  } catch {
    return null;
  }
}
