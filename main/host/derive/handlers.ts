import * as v from 'valibot';
import { problem } from '../../../core/base/problem.ts';
import { fail, ok, type Result } from '../../../core/base/result.ts';
import { type CallParsedInput, calls } from '../../../core/contract/index.ts';
import { normalise } from '../../../core/geometry/matrices.ts';
import { orthonormalPlane } from '../../../core/geometry/planes.ts';
import { type Plane, patientPoint, patientVector, type Vec3 } from '../../../core/geometry/types.ts';
import { isSameFrame } from '../../../core/scene/fusion.ts';
import { sceneFromJson } from '../../../core/scene/scene-json.ts';
import type { Scene } from '../../../core/scene/types.ts';
import { findChromium } from '../browser/find-browser.ts';
import { filmJob } from '../film/film-job.ts';
import type { Handlers } from '../handler.ts';
import type { Services } from '../services.ts';
import type { JobInput } from '../store/job-rows.ts';
import { findGroup, type NamedGroup } from './group-volume.ts';
import { reformatJob } from './reformat-job.ts';

/** Sine of the smallest angle between right and down that still says where down is. */
const leastSine = 1e-3;

function planeOf(center: Vec3, right: Vec3, down: Vec3): Plane | null {
  if (!(Math.hypot(...right) > 0 && Math.hypot(...down) > 0)) return null;
  const [r, d] = [normalise(patientVector(...right)), normalise(patientVector(...down))];
  const cosine = r[0] * d[0] + r[1] * d[1] + r[2] * d[2];
  if (1 - cosine * cosine < leastSine * leastSine) return null;
  return orthonormalPlane(patientPoint(...center), r, d);
}

function sceneOf(json: string): Scene | null {
  try {
    const scene = sceneFromJson(JSON.parse(json));
    return scene.ok ? scene.value : null;
  } catch {
    return null;
  }
}

/** The volume group of a scene's fusion layer; null without. Problems: INPUT_INVALID, NOT_FOUND, FUSION_OTHER_FRAME. */
async function secondOf(
  services: Services,
  scene: Scene,
  fused: CallParsedInput<'series.film'>['fused'],
  first: NamedGroup,
): Promise<Result<NamedGroup | null>> {
  const layer = scene.kind === 'curved' ? undefined : scene.fusion;
  if (!layer !== !fused)
    return fail(problem('INPUT_INVALID', { name: 'fused', value: fused?.groupId ?? '' }));
  if (!fused) return ok(null);
  const found = await findGroup(services, fused.seriesKey, fused.groupId);
  if (!found.ok) return found;
  return isSameFrame(first.cached.plan, found.value.cached.plan)
    ? found
    : fail(problem('FUSION_OTHER_FRAME'));
}

/** Enough to do it again. */
const kept = (call: DeriveCall, title: string, asked: unknown): JobInput => ({ call, title, asked });

/** Null where the job derived nothing. Problems: those of the call. */
export function retryDerived(
  services: Services,
  { call, asked }: JobInput,
): Promise<Result<{ jobId: string }>> | null {
  if (call === undefined) return null;
  const input = v.safeParse(calls[call].input, asked);
  if (!input.success) return Promise.resolve(fail(problem('NOT_FOUND')));
  return call === 'series.film'
    ? deriveHandlers[call](services, input.output as CallParsedInput<'series.film'>)
    : deriveHandlers[call](services, input.output as CallParsedInput<'series.reformat'>);
}

type DeriveCall = 'series.reformat' | 'series.film';

/** Pixels along a side of a film. */
const mostFilmSide = 4096;

export const deriveHandlers: Handlers<'series.reformat' | 'series.film'> = {
  async 'series.reformat'(services, input) {
    const plane = planeOf(input.center, input.right, input.down);
    if (!plane) return fail(problem('INPUT_INVALID', { name: 'down', value: input.down.join(',') }));
    const found = await findGroup(services, input.seriesKey, input.groupId);
    if (!found.ok) return found;
    const { cached, group } = found.value;
    const title = (input.name ?? cached.plan.common.SeriesDescription ?? 'MPR').slice(0, 255);
    const work = reformatJob(services, { cached, group, plane, asked: input });
    return ok({
      jobId: await services.jobs.start('import', title, kept('series.reformat', title, input), work),
    });
  },

  async 'series.film'(services, input) {
    const { format, width, height } = input;
    const scene = sceneOf(input.scene);
    if (!scene || (scene.kind !== 'volume' && format !== 'png'))
      return fail(problem('INPUT_INVALID', { name: 'scene', value: scene?.kind ?? '' }));
    const isVideo = format === 'mp4' || format === 'webm';
    // Video codecs keep colours for squares of four pixels.
    const isOdd = isVideo && (width % 2 === 1 || height % 2 === 1);
    if (isOdd || (format !== 'png' && Math.max(width, height) > mostFilmSide))
      return fail(problem('INPUT_INVALID', { name: 'size', value: `${width}×${height}` }));
    if (isVideo && findChromium() === null) return fail(problem('VIDEO_ENCODER_MISSING', { format }));
    const found = await findGroup(services, input.seriesKey, input.groupId);
    if (!found.ok) return found;
    const second = await secondOf(services, scene, input.fused, found.value);
    if (!second.ok) return second;
    const description = found.value.cached.plan.common.SeriesDescription ?? '3D';
    const title = `${description.slice(0, 200)} · ${format === 'dcm' ? 'DICOM' : format.toUpperCase()}`;
    const work = filmJob(services, { named: found.value, second: second.value, scene, asked: input });
    const kind = format === 'dcm' ? 'import' : 'film';
    return ok({ jobId: await services.jobs.start(kind, title, kept('series.film', title, input), work) });
  },
};
