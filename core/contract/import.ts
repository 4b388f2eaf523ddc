import * as v from 'valibot';
import { count, nothing, text } from './common.ts';
import { reads, writes } from './define.ts';

const started = v.object({ jobId: v.string() });

export const importCalls = {
  /** Imports (or opens in place) files and folders that the host can reach. */
  'import.start': writes(
    v.strictObject({
      paths: v.pipe(v.array(text(4096)), v.minLength(1), v.maxLength(100_000)),
      mode: v.picklist(['import', 'open']),
    }),
    started,
  ),
  /** For files a browser window was given: make an upload, POST each file to `/upload/<id>?name=…`, then finish. */
  'import.beginUpload': writes(v.strictObject({ title: text(255) }), v.object({ uploadId: v.string() })),
  'import.finishUpload': writes(
    v.strictObject({ uploadId: text(64), mode: v.picklist(['import', 'open']) }),
    started,
  ),
  'import.dropUpload': writes(v.strictObject({ uploadId: text(64) }), nothing),
  /** Stores what was opened in place. */
  'import.keep': writes(v.strictObject({ studyKey: text(200) }), started),
  'import.closePlace': writes(v.strictObject({ place: text(64) }), nothing),
  'demo.start': writes(nothing, started),
  'verify.start': writes(nothing, started),
  /** Folders, discs and sticks of this machine, for the choose-a-folder dialog of the browser shell. */
  'media.browse': reads(
    v.strictObject({ path: v.nullable(text(4096)) }),
    v.object({
      path: v.nullable(v.string()),
      parent: v.nullable(v.string()),
      entries: v.array(
        v.object({
          name: v.string(),
          path: v.string(),
          kind: v.picklist(['folder', 'file', 'disc', 'stick', 'disk', 'network', 'home']),
          sizeBytes: count,
          /** Of disks and sticks, where the system tells. */
          freeBytes: v.optional(count),
        }),
      ),
    }),
  ),
};
