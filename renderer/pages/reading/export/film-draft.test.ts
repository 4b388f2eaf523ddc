import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { calls } from '../../../../core/contract/index.ts';
import { matrixFromColumns } from '../../../../core/geometry/matrices.ts';
import type { VolumeGeometry } from '../../../../core/geometry/types.ts';
import { voiWindow } from '../../../../core/pixels/voi.ts';
import { sceneFromJson } from '../../../../core/scene/scene-json.ts';
import type { VolumeScene } from '../../../../core/scene/types.ts';
import { startMprView } from '../mpr/mpr-view.ts';
import { exportCall, filmFaults, pictureSize, startFilm } from './film-draft.ts';

const size = { cssWidth: 641, cssHeight: 420, width: 1283, height: 841, ratio: 2 };
const geometry: VolumeGeometry = {
  size: [500, 400, 260],
  patientFromIndex: matrixFromColumns([0.8, 0, 0], [0, 0.8, 0], [0, 0, 2.5], [-200, -160, -320]),
};
const window = { voi: voiWindow(40, 400), isInverted: false, presetId: null };
const view = startMprView('s.1', 0, geometry, window, 'CT');
const film = startFilm(size);

const callOf = (draft: Parameters<typeof exportCall>[1], of = view) => {
  const call = exportCall(of, draft, 'g', null);
  if (!call) throw new Error('no call');
  const scene = sceneFromJson(JSON.parse(call.scene));
  if (!scene.ok) throw new Error(scene.problem.code);
  expect(v.safeParse(calls['series.film'].input, call).success).toBe(true);
  return { call, scene: scene.value };
};

describe('a film', () => {
  it('begins in the even size of the viewport and turns the camera of the screen', () => {
    const { call, scene } = callOf(film);
    expect(call).toMatchObject({ width: 1282, height: 840, frames: 90, seconds: 6, format: 'mp4' });
    expect((scene as VolumeScene).camera).toEqual(view.camera);
  });

  it('has the second series of 3D as the host takes it', () => {
    const layer = { series: '1.2.9', group: 'p', map: 'hot', opacity: 0.6, low: 0, high: 9 } as const;
    const named = { seriesKey: 's.2', groupId: 'p' };
    const call = exportCall(view, film, 'g', null, { name: 'Se 2 PT', layer, named });
    expect(v.safeParse(calls['series.film'].input, call).success).toBe(true);
    expect(call?.fused).toEqual(named);
    const scene = sceneFromJson(JSON.parse(call!.scene));
    expect(scene).toMatchObject({ ok: true, value: { kind: 'volume', fusion: layer } });
    expect(callOf(film).call).not.toHaveProperty('fused');
  });

  it('is refused where the host would refuse it', () => {
    for (const [part, fault] of [
      [{ frames: 0 }, 'frames'],
      [{ frames: 1801 }, 'frames'],
      [{ seconds: 0 }, 'seconds'],
      [{ seconds: Number.NaN }, 'seconds'],
      [{ width: 101 }, 'width'],
      [{ height: 4098 }, 'height'],
    ] as const) {
      const wrong = { ...film, ...part };
      expect([...filmFaults(wrong)]).toEqual([fault]);
      expect(exportCall(view, wrong, 'g', null)).toBeNull();
    }
    // Only videos need squares of four pixels.
    expect(filmFaults({ ...film, width: 101, format: 'avi' }).size).toBe(0);
  });
});

describe('a picture in a chosen size', () => {
  const draft = { kind: 'picture', of: 'volume', size, width: 2566, texts: 'all', hasMarks: true } as const;

  it('has the shape of its viewport, and of 3D keeps the camera', () => {
    expect(pictureSize(draft)).toEqual({ width: 2566, height: 1682 });
    const { call, scene } = callOf(draft);
    expect(call).toMatchObject({ width: 2566, height: 1682, format: 'png' });
    expect((scene as VolumeScene).camera).toEqual(view.camera);
  });

  it('is a whole number of pixels, no smaller than can be seen and no larger than is drawn', () => {
    for (const width of [8193, 0, 20, 100.5, Number.NaN]) {
      expect(pictureSize({ ...draft, width })).toBeNull();
      expect(exportCall(view, { ...draft, width }, 'g', null)).toBeNull();
    }
    expect(exportCall(view, { ...draft, width: 8192 }, 'g', null)).toMatchObject({
      width: 8192,
      height: 5370,
    });
    // The page itself draws planes.
    expect(pictureSize({ ...draft, of: 'coronal', width: 8192 })).toEqual({ width: 8192, height: 5370 });
    expect(pictureSize({ ...draft, of: 'coronal', width: 8193 })).toBeNull();
    expect(exportCall(view, { ...draft, of: 'coronal', width: 641 }, 'g', null)).toBeNull();
  });
});
