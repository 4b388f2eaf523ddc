import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { calls } from '../../../core/contract/index.ts';
import { matrixFromColumns } from '../../../core/geometry/matrices.ts';
import type { VolumeGeometry } from '../../../core/geometry/types.ts';
import { voiWindow } from '../../../core/pixels/voi.ts';
import { windowLevel } from '../../../core/scene/presets.ts';
import { sceneFromJson } from '../../../core/scene/scene-json.ts';
import type { SliceScene, VolumeScene } from '../../../core/scene/types.ts';
import { exportCall, filmFaults, pictureSize, startFilm } from './film-draft.ts';
import { placePlane } from './mpr-picture.ts';
import { applyMpr, startMprView } from './mpr-view.ts';

const size = { cssWidth: 641, cssHeight: 420, width: 1283, height: 841, ratio: 2 };
const geometry: VolumeGeometry = {
  size: [500, 400, 260],
  patientFromIndex: matrixFromColumns([0.8, 0, 0], [0, 0.8, 0], [0, 0, 2.5], [-200, -160, -320]),
};
const window = { voi: voiWindow(40, 400), isInverted: false, presetId: null };
const view = startMprView('s.1', 0, geometry, window, 'CT', 'cubic');
const windows = { planes: windowLevel(400, 40), volume: null };
const film = startFilm(size);

const callOf = (draft: Parameters<typeof exportCall>[1], of = view) => {
  const call = exportCall(of, draft, 'g', windows);
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
      expect(exportCall(view, wrong, 'g', windows)).toBeNull();
    }
    // Only videos need squares of four pixels.
    expect(filmFaults({ ...film, width: 101, format: 'avi' }).size).toBe(0);
  });
});

describe('a picture in a chosen size', () => {
  it.each([1, 2] as const)('%i× shows of a plane what the screen shows', (times) => {
    const { call, scene } = callOf({ kind: 'picture', of: 'coronal', size, times });
    const slice = scene as SliceScene;
    const placed = placePlane(view, 'coronal', size);
    expect([call.width, call.height]).toEqual([1283 * times, 841 * times]);
    expect(slice.width * slice.spacingMm).toBeCloseTo(1283 * (placed.mmPerPx / 2), 9);
    expect(slice.plane.origin).toEqual(placed.plane.origin);
    expect(slice.interpolation).toBe('cubic');
  });

  it('is never cubic in a slab, and of 3D keeps the camera', () => {
    const slab = applyMpr(applyMpr(view, { kind: 'slab', plane: 'axial', slabMm: 5 }), {
      kind: 'projection',
      plane: 'axial',
      projection: 'mip',
    });
    expect(callOf({ kind: 'picture', of: 'axial', size, times: 1 }, slab).scene).toMatchObject({
      projection: 'mip',
      slabMm: 5,
      interpolation: 'linear',
    });
    const { scene } = callOf({ kind: 'picture', of: 'volume', size, times: 2 });
    expect((scene as VolumeScene).camera).toEqual(view.camera);
  });

  it('is no larger than the host draws', () => {
    const draft = { kind: 'picture', of: 'volume', size, times: 4 } as const;
    expect(pictureSize(draft, 4)).toBeNull();
    expect(exportCall(view, draft, 'g', windows)).toBeNull();
  });
});
