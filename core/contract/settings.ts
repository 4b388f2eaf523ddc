import * as v from 'valibot';
import { count, nothing, problemSchema, text } from './common.ts';
import { reads, writes } from './define.ts';
import { networkSettingsSchema, remoteNode } from './network-settings.ts';
import { ownPresetsSchema } from './own-presets.ts';
import { storageSettingsSchema } from './storage.ts';

/** Everything a person can set, with its default; kept by the host, never in browser storage. */
export const settingsSchema = v.object({
  language: v.optional(v.picklist(['system', 'zh-CN', 'en']), 'system'),
  theme: v.optional(v.picklist(['dark', 'light']), 'dark'),
  /** Where 3D is drawn: decided by the GPU trial, or forced. */
  renderer: v.optional(v.picklist(['auto', 'gpu', 'cpu']), 'auto'),
  /** Result of the last trial on this machine. */
  gpuTrial: v.optional(
    v.nullable(
      v.object({
        road: v.picklist(['gpu', 'cpu']),
        device: text(300),
        reason: text(300),
        atMs: v.number(),
        /** Until the trial's picture was there. */
        tookMs: v.optional(v.number()),
      }),
    ),
    null,
  ),
  invertWindowDrag: v.optional(v.boolean(), false),
  privacy: v.optional(v.boolean(), false),
  pictureTexts: v.optional(v.picklist(['all', 'few', 'none']), 'all'),
  lastPage: v.optional(text(200), 'studies'),
  openStudies: v.optional(v.array(text(200)), []),
  /** The one of them that is on screen; empty for none. */
  activeStudy: v.optional(text(200), ''),
  /** Those of them whose tabs opening others does not close. */
  keptStudies: v.optional(v.array(text(200)), []),
  /** Last layout and window per modality: free-form JSON of the page, capped. */
  reading: v.optional(v.record(text(64), text(4096)), {}),
  /** Presets of 3D that a person made. */
  ownPresets: v.optional(ownPresetsSchema, []),
  studiesTable: v.optional(v.record(text(64), text(4096)), {}),
  network: v.optional(networkSettingsSchema, {}),
  /** Other stations; changed by `nodes.save` and `nodes.delete`. */
  nodes: v.optional(v.pipe(v.array(remoteNode), v.maxLength(200)), []),
  storage: v.optional(storageSettingsSchema, {}),
});
export type Settings = v.InferOutput<typeof settingsSchema>;

export const settingsCalls = {
  'settings.get': reads(nothing, settingsSchema),
  /** Merges the given keys; answers the whole. */
  'settings.set': writes(v.strictObject({ changes: v.partial(settingsSchema) }), settingsSchema),
};

export const appCalls = {
  'app.info': reads(
    nothing,
    v.object({
      version: v.string(),
      shell: v.picklist(['electron', 'browser', 'cli']),
      dataFolder: v.string(),
      nodeVersion: v.string(),
      platform: v.string(),
      systemLanguage: v.string(),
      freeBytes: count,
      cores: count,
      memoryBytes: count,
    }),
  ),
  /** Ends Candela with its receiver; the answer comes before the end. */
  'app.quit': writes(nothing, nothing),
  'app.doctor': reads(
    nothing,
    v.array(
      v.object({
        id: v.string(),
        state: v.picklist(['ok', 'warn', 'bad']),
        zh: v.string(),
        en: v.string(),
        adviceZh: v.string(),
        adviceEn: v.string(),
      }),
    ),
  ),
  'audit.list': reads(
    v.strictObject({ offset: count, limit: v.pipe(count, v.maxValue(1000)) }),
    v.object({
      total: count,
      rows: v.array(
        v.object({
          seq: count,
          atMs: v.number(),
          event: v.string(),
          outcome: v.string(),
          detail: v.string(),
        }),
      ),
      intact: v.boolean(),
      problem: v.nullable(problemSchema),
    }),
  ),
};
