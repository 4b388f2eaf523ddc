/**
 * Indexes that queries walk through, newest studies first, narrowest first: half the bytes take half the time. Each holds
 * more than its order, so that no row is read before it matches (migrations 0007 and 0008).
 */
export const queryIndexes = {
  studies_for_names: [
    'modalities',
    'name_folded',
    'patient_id',
    'accession',
    'sex',
    'birth_date',
    'study_id',
  ],
  studies_for_texts: ['modalities', 'study_id', 'referring_folded', 'description', 'institution'],
  studies_for_queries: [
    'modalities',
    'name_folded',
    'name_latin',
    'patient_id',
    'accession',
    'description',
    'sex',
    'birth_date',
    'institution',
    'issuer',
    'study_id',
    'referring_folded',
  ],
} as const satisfies Readonly<Record<string, readonly string[]>>;

const order: readonly string[] = ['study_date', 'study_time', 'id'];

/** The index for conditions on studies, which are named `st`; the widest where none has all of their columns. */
export function queryIndexFor(conditions: readonly string[]): string {
  const used = new Set(
    conditions.flatMap((sql) => Array.from(sql.matchAll(/\bst\.(\w+)/g), ([, name]) => name ?? '')),
  );
  const holdsAll = (columns: readonly string[]): boolean =>
    [...used].every((name) => columns.includes(name) || order.includes(name));
  const fits = Object.entries(queryIndexes).find(([, columns]) => holdsAll(columns));
  return fits?.[0] ?? 'studies_for_queries';
}
