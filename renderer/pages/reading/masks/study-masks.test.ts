import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isSameMask, maskOf } from '../../../../core/analysis/mask/mask.ts';
import { problem } from '../../../../core/base/problem.ts';
import { fail, ok } from '../../../../core/base/result.ts';
import { type KeptSteps, StudyMasks } from './study-masks.ts';

const size = [40, 30, 20] as const;

/** A host that keeps masks as the real one does, and notes what it is asked. */
function hostOf() {
  const files = new Map<string, Uint8Array>();
  const log: string[] = [];
  let isFull = false;
  const call = async (name: string, input: Record<string, unknown>) => {
    log.push(name);
    if (name === 'masks.list') {
      const masks = [...files].map(([maskId, bytes]) => ({ maskId, sizeBytes: bytes.length }));
      return ok({ masks });
    }
    if (name === 'masks.save') {
      if (isFull) return fail(problem('DISK_FULL'));
      const bytes = new Uint8Array(Buffer.from(String(input['piece']), 'base64'));
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      if (sha256 !== input['sha256'] || bytes.length !== input['sizeBytes'])
        return fail(problem('MASK_DAMAGED'));
      files.set(String(input['maskId']), bytes);
      return ok({ isWhole: true });
    }
    for (const id of input['maskIds'] as string[]) files.delete(id);
    return ok({});
  };
  const fetchBytes = async (path: string): Promise<Response> => {
    const bytes = files.get(new URLSearchParams(path.split('?')[1]).get('id') ?? '');
    return bytes ? new Response(new Uint8Array(bytes)) : new Response(null, { status: 404 });
  };
  const client = { call, fetchBytes } as unknown as ConstructorParameters<typeof StudyMasks>[0];
  const fill = (): void => {
    isFull = true;
  };
  return { files, log, client, fill };
}

const step = (...names: string[]) =>
  ({ masks: { layers: names.map((voxelsId) => ({ voxelsId })) } }) as unknown as KeptSteps['now'];

describe('the voxels of a study', () => {
  const first = maskOf(size, (i) => i < 20);
  const second = maskOf(size, (i, j) => i < 20 && j !== 7);

  it('are at the host before the state that names them, and come back bit for bit', async () => {
    const host = hostOf();
    const masks = new StudyMasks(host.client, 's.1');
    const a = masks.voxels.add(first);
    const b = masks.voxels.add(second, a);
    expect([step(), step(a), step('gone')].map((now) => masks.hasUnsaved(now))).toEqual([false, true, false]);
    expect(await masks.saveFor({ now: step(b), past: [step(a)], future: [] })).toEqual(ok(null));
    expect(masks.hasUnsaved(step(a, b))).toBe(false);
    expect([...host.files.keys()].sort()).toEqual([a, b].sort());
    const again = new StudyMasks(host.client, 's.1');
    await again.begin({ now: step(b), past: [step(a)], future: [] });
    expect(await again.fetch(b)).toBeNull();
    expect(isSameMask(again.voxels.maskOf(b)!, second)).toBe(true);
    // Nothing is sent twice.
    host.log.length = 0;
    await again.saveFor({ now: step(b), past: [step(a)], future: [] });
    expect(host.log).toEqual([]);
  });

  it('that nothing names any more go, also at the host', async () => {
    const host = hostOf();
    const masks = new StudyMasks(host.client, 's.1');
    const a = masks.voxels.add(first);
    const b = masks.voxels.add(second);
    await masks.saveFor({ now: step(a, b), past: [], future: [] });
    await masks.tidy({ now: step(b), past: [], future: [] });
    expect([...host.files.keys()]).toEqual([b]);
    expect([a, b].map((id) => masks.voxels.has(id))).toEqual([false, true]);
  });

  it('that are lost cut off the steps that need them, and say so', async () => {
    const host = hostOf();
    const masks = new StudyMasks(host.client, 's.1');
    const a = masks.voxels.add(first);
    await masks.saveFor({ now: step(a), past: [], future: [] });
    const again = new StudyMasks(host.client, 's.1');
    const kept = await again.begin({
      now: step(a),
      past: [step(), step('lost'), step(a)],
      future: [step(a), step('lost'), step()],
    });
    expect(kept.past).toEqual([step(a)]);
    expect(kept.future).toEqual([step(a)]);
    expect((await again.fetch('lost'))?.code).toBe('MASK_DAMAGED');
  });

  it('are told of when the disk is full: the state is not kept without them', async () => {
    const host = hostOf();
    const masks = new StudyMasks(host.client, 's.1');
    host.fill();
    const saved = await masks.saveFor({ now: step(masks.voxels.add(first)), past: [], future: [] });
    expect(saved.ok ? 'ok' : saved.problem.code).toBe('DISK_FULL');
  });
});
