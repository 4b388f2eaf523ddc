import { problem } from '../../../core/base/problem.ts';
import { fail, ok } from '../../../core/base/result.ts';
import { normalise } from '../../../core/geometry/matrices.ts';
import { orthonormalPlane } from '../../../core/geometry/planes.ts';
import { type Plane, patientPoint, patientVector, type Vec3 } from '../../../core/geometry/types.ts';
import type { Handlers } from '../handler.ts';
import { indexOf } from '../services.ts';
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

export const deriveHandlers: Handlers<'series.reformat'> = {
  async 'series.reformat'(services, input) {
    const plane = planeOf(input.center, input.right, input.down);
    if (!plane) return fail(problem('INPUT_INVALID', { name: 'down', value: input.down.join(',') }));
    const index = await indexOf(services, input.seriesKey);
    const content = (await index?.call('series', { seriesKey: input.seriesKey })) ?? null;
    if (!content) return fail(problem('NOT_FOUND'));
    const cached = services.plans.make(content);
    const group = cached.plan.groups.find(({ id }) => id === input.groupId);
    if (!group) return fail(problem('NOT_FOUND'));
    const title = (input.name ?? cached.plan.common.SeriesDescription ?? 'MPR').slice(0, 255);
    const work = reformatJob(services, { cached, group, plane, asked: input });
    return ok({ jobId: await services.jobs.start('import', title, { title }, work) });
  },
};
