import * as v from 'valibot';
import { count, nothing, problemSchema, studySource, text } from './common.ts';
import { reads, writes } from './define.ts';

const started = v.object({ jobId: v.string() });

/** Cache rules (reliability.md A9, B9): off by default; never pinned, annotated or younger than seven days. */
export const storageSettingsSchema = v.object({
  rules: v.optional(
    v.object({
      enabled: v.optional(v.boolean(), false),
      /** Move studies to the trash that nobody opened for so many days; null = no such rule. */
      olderThanDays: v.optional(v.nullable(v.pipe(count, v.minValue(7), v.maxValue(36_500))), null),
      /** Keep the store below so many bytes, oldest first; null = no such rule. */
      atMostBytes: v.optional(v.nullable(count), null),
      /** Only studies of these sources; empty = all. */
      sources: v.optional(v.array(studySource), []),
    }),
    {},
  ),
  backupFolder: v.optional(v.nullable(text(4096)), null),
  backupDaily: v.optional(v.boolean(), false),
});
export type StorageSettings = v.InferOutput<typeof storageSettingsSchema>;

export const storageStatus = v.object({
  dataFolder: v.string(),
  diskBytes: count,
  freeBytes: count,
  /** Of objects, index, readers' work, snapshots, trash, cache. */
  used: v.array(
    v.object({
      part: v.picklist([
        'objects',
        'index',
        'readings',
        'trash',
        'backups',
        'cache',
        'incoming',
        'journal',
        'reserve',
      ]),
      bytes: count,
    }),
  ),
  studies: count,
  instances: count,
  pinned: count,
  trashedStudies: count,
  /** Warning below, stop below (B9). */
  warnBelowBytes: count,
  stopBelowBytes: count,
  snapshots: v.array(v.object({ name: v.string(), atMs: v.number(), bytes: count })),
  backups: v.array(
    v.object({
      path: v.string(),
      atMs: v.number(),
      instances: count,
      bytes: count,
      verified: v.boolean(),
      encrypted: v.boolean(),
    }),
  ),
  scrub: v.object({
    /** Objects checked within 90 days, of all. */
    checked: count,
    total: count,
    corrupt: count,
    missing: count,
  }),
});
export type StorageStatus = v.InferOutput<typeof storageStatus>;

/** A store that a restored one took the place of; it lies in the data folder. */
export const keptStore = v.object({
  name: v.string(),
  /** When it was put away. */
  atMs: v.number(),
  bytes: count,
  /** Deleting it was begun. */
  isPartial: v.boolean(),
});
export type KeptStore = v.InferOutput<typeof keptStore>;

export const storageCalls = {
  'storage.status': reads(nothing, storageStatus),
  /** What the rules would move to the trash now. */
  'storage.preview': reads(
    v.strictObject({ storage: storageSettingsSchema }),
    v.object({ studyKeys: v.array(v.string()), bytes: count }),
  ),
  'storage.applyRules': writes(nothing, v.object({ moved: count })),
  'storage.emptyTrash': writes(nothing, v.object({ studies: count, bytes: count })),
  /** Rebuilds the index from the files beside the present one, compares, swaps (B7). */
  'rebuild.start': writes(nothing, started),
  /** Backs up to a folder of its own (B8). */
  'backup.start': writes(v.strictObject({ folder: text(4096), passphrase: v.optional(text(1024)) }), started),
  'backup.verify': writes(
    v.strictObject({ folder: text(4096), passphrase: v.optional(text(1024)) }),
    started,
  ),
  /** Brings objects that are damaged or gone back from a backup. */
  'backup.repair': writes(
    v.strictObject({ folder: text(4096), passphrase: v.optional(text(1024)) }),
    started,
  ),
  /** Into a new data folder, verified. */
  'backup.restore': writes(
    v.strictObject({
      folder: text(4096),
      target: text(4096),
      passphrase: v.optional(text(1024)),
    }),
    started,
  ),
  /**
   * The next start uses a folder that a restore made, and keeps what was in use in the data folder; the program ends
   * after the answer, and starts again by itself where `restarts`.
   */
  'backup.useRestored': writes(
    v.strictObject({ folder: text(4096) }),
    v.object({ keptAs: v.string(), restarts: v.boolean() }),
  ),
  /** What restored stores took the place of; beside the status, as their files have to be counted. */
  'storage.kept': reads(nothing, v.array(keptStore)),
  /** Deletes one of them for good; answers what that frees. */
  'storage.deleteKept': writes(v.strictObject({ name: text(64) }), v.object({ bytes: count })),
  /** The versions of an instance and the notice of a study (issue 10, line 7). */
  'versions.list': reads(
    v.strictObject({ studyKey: text(200) }),
    v.array(
      v.object({
        instanceKey: v.string(),
        sopInstanceUID: v.string(),
        shows: v.boolean(),
        /** newest, or why it was kept beside: transferSyntax, attributes, pixels. */
        difference: v.picklist(['none', 'transferSyntax', 'attributes', 'pixels']),
        transferSyntaxUID: v.string(),
        addedAtMs: v.number(),
        source: v.string(),
        problem: v.nullable(problemSchema),
      }),
    ),
  ),
};
