import type * as v from 'valibot';
import { deriveCalls } from './derive.ts';
import { importCalls } from './import.ts';
import type { Job } from './jobs.ts';
import { jobsCalls } from './jobs.ts';
import { maskCalls } from './masks.ts';
import { networkCalls, type ReceiverStatus } from './network.ts';
import { readingCalls } from './reading.ts';
import { remoteCalls } from './remote.ts';
import { reportCalls } from './report.ts';
import { appCalls, type Settings, settingsCalls } from './settings.ts';
import { storageCalls } from './storage.ts';
import { studiesCalls } from './studies.ts';

/** The only list of what the host can be asked. Transports, validation and clients are made from it. */
export const calls = {
  ...appCalls,
  ...settingsCalls,
  ...studiesCalls,
  ...readingCalls,
  ...maskCalls,
  ...deriveCalls,
  ...reportCalls,
  ...importCalls,
  ...jobsCalls,
  ...networkCalls,
  ...remoteCalls,
  ...storageCalls,
} as const;

export type CallName = keyof typeof calls;
export type CallInput<N extends CallName> = v.InferInput<(typeof calls)[N]['input']>;
export type CallParsedInput<N extends CallName> = v.InferOutput<(typeof calls)[N]['input']>;
export type CallOutput<N extends CallName> = v.InferOutput<(typeof calls)[N]['output']>;

/** Topics of the one ordered event stream. */
export interface EventPayloads {
  /** A job was made or moved on. */
  readonly job: Job;
  /** Studies changed (added, removed, flags): lists re-query. Empty list = many. */
  readonly studies: { readonly studyKeys: readonly string[] };
  readonly settings: Settings;
  readonly receiver: ReceiverStatus;
}
export type Topic = keyof EventPayloads;
export type HostEvent = {
  [T in Topic]: { readonly seq: number; readonly topic: T; readonly payload: EventPayloads[T] };
}[Topic];

/*
 * Byte routes, served by the host's one fetch handler (all GET unless said):
 *   /thumb/<seriesKey>?size=128[&at=0.5]  PNG of the middle frame, or the one at a part of the stack, in its right window
 *   /pixels/<planId>?frames=4,5,6-9       framed stream: for each frame, u32 LE frame index (of the plan),
 *                                         u32 LE fragment count, u32 LE length per fragment, then the bytes;
 *                                         0xffffffff and below for a file that is gone (frame-faults.ts)
 *   /volume/<planId>?group=<id>           voxels of a group's regular grid (modality values, little endian, i fastest);
 *                                         headers x-candela-scalar-type, x-candela-problems
 *   /picture/<planId>?frame=N[&window=W,C] PNG of one frame of the plan in its own size; header x-candela-problems
 *   /film/<jobId>?format=mp4[&name=]     the film or picture that a `series.film` job made
 *   /report/<reportId>?format=pdf[&name=] the report that `report.vessel` made
 *   /mask/<studyKey>?id=<maskId>         a mask as `masks.save` got it, after its hash was compared
 *   /frame/<instanceKey>?frame=N          JSON summary of decoded frames with their hash (`candela frame`)
 *   /instance/<instanceKey>               the original file, byte for byte
 *   POST /upload/<uploadId>?name=<path>   one file of an upload
 */
