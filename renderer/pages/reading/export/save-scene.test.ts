import { expect, it } from 'vitest';
import { matrixFromColumns } from '../../../../core/geometry/matrices.ts';
import { voiWindow } from '../../../../core/pixels/voi.ts';
import { wholeClipBox } from '../../../../core/scene/clip-box.ts';
import { facingCut } from '../../../../core/scene/cut-plane.ts';
import { sceneFromJson, sceneToJson } from '../../../../core/scene/scene-json.ts';
import { startMprView } from '../mpr/mpr-view.ts';
import type { ReadingSession } from '../session/reading-session.ts';
import { sceneOnScreen } from './save-scene.ts';

const geometry = {
  size: [100, 80, 40],
  patientFromIndex: matrixFromColumns([0.4, 0, 0.1], [0, 0.8, 0], [-0.3, 0, 2.5], [-30, 12, 400]),
} as const;
const window = { voi: voiWindow(40, 400), isInverted: false, presetId: null };
const view = startMprView('s', 0, geometry, window, 'CT');
const transfer = { unit: 'modality', opacity: [{ value: 90, opacity: 0.3 }], colour: [] } as const;

it('holds all that 3D shows, and can be read again', () => {
  const clip = { ...wholeClipBox(geometry), lo: [10, -0.5, -0.5] as const };
  const own = { clip, cut: facingCut(view.camera), background: 'white', depthCue: true } as const;
  const mpr = {
    ...view,
    shift: 35,
    look: {
      ...view.look,
      ...own,
      transfer: { ...transfer, colour: [{ value: 90, colour: [9, 8, 7] as const }] },
    },
  };
  const session = {
    state: { mpr, masks: { layers: [], showsRemoved: false } },
    mprStack: () => ({ unit: 'HU', group: { id: 'g0' } }),
    isFileInverted: () => false,
  } as unknown as ReadingSession;
  const scene = sceneOnScreen(session);
  expect(scene).toMatchObject({
    ...{ camera: view.camera, presetId: 'bone', transfer: mpr.look.transfer, shiftHu: 35, isHu: true },
    ...{ background: [255, 255, 255], clipPlanes: [{}, {}] },
  });
  expect(scene?.depthCue).toBeGreaterThan(0);
  const read = sceneFromJson(JSON.parse(JSON.stringify(sceneToJson(scene!))));
  expect(read.ok && read.value).toEqual(scene);
});
