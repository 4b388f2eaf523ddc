import { openReadable } from './open-database.ts';

export interface IndexedObject {
  readonly fileSha256: string;
  readonly sizeBytes: number;
}

export interface IndexContent {
  readonly schema: number;
  readonly instances: number;
  readonly objects: readonly IndexedObject[];
}

/** Every object that an index at `path` names, each once. Throws what SQLite throws. */
export function indexContent(path: string): IndexContent {
  const db = openReadable(path);
  try {
    const objects = db
      .prepare(
        `SELECT DISTINCT file_sha256 AS fileSha256, size_bytes AS sizeBytes FROM instances
         WHERE scope = 's' AND file_sha256 IS NOT NULL ORDER BY file_sha256`,
      )
      .all() as IndexedObject[];
    const schema = Number(db.pragma('user_version', { simple: true }));
    return { schema, instances: objects.length, objects };
  } finally {
    db.close();
  }
}
