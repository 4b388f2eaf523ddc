import { describe, expect, it } from 'vitest';
import { matrixFromColumns } from '../../../../core/geometry/matrices.ts';
import type { VolumeGeometry } from '../../../../core/geometry/types.ts';
import { fitCamera } from '../../../../core/scene/camera.ts';
import { windowLevel } from '../../../../core/scene/window-presets.ts';
import type { MprView } from '../mpr/mpr-view.ts';
import type { ReadingSession } from '../session/reading-session.ts';
import { projectionDrag, shownWindow } from './projection-window.ts';
import { startLook, volumeScene } from './volume-look.ts';

const geometry: VolumeGeometry = {
  size: [100, 80, 40],
  patientFromIndex: matrixFromColumns([0.4, 0, 0.1], [0, 0.8, 0], [-0.3, 0, 2.5], [-30, 12, 400]),
};
const camera = fitCamera(geometry, 'A');
const held = { ctrl: false, shift: false, alt: false };

/** A session with one view; `scene` is what it shows now. */
function viewing(
  presetId: string,
  scalarType = 'int16',
  planeWindow: ReturnType<typeof windowLevel> | null = null,
) {
  const view = { geometry, camera, presetId, shift: 0, look: startLook };
  const session = {
    mprStack: () => ({ group: { scalarType } }),
    state: { mpr: view as unknown as MprView },
    set(part: { mpr: MprView }) {
      session.state.mpr = part.mpr;
    },
  };
  return {
    session: session as unknown as ReadingSession,
    scene: () => volumeScene(session.state.mpr, planeWindow),
  };
}

describe('the window of a projection', () => {
  it('is dragged as in planes: right is wider, up is a higher level, a pixel is a 256th of the width', () => {
    const { session, scene } = viewing('mip');
    expect(shownWindow(scene())).toMatchObject({ width: 700, centre: 150 });
    const drag = projectionDrag(session, scene())!;
    drag.move(64, 0, 0, 0, held);
    expect(shownWindow(scene())).toMatchObject({ width: 700 * 1.25, centre: 150 });
    drag.move(0, -64, 0, 0, held);
    // 64 pixels of a window that is 875 wide by now, to the whole HU.
    expect(shownWindow(scene())).toMatchObject({ width: 875, centre: Math.round(150 + 875 / 4) });
    expect(drag.note?.()).toBe('W 875  L 369');
    // A second drag goes on from there.
    projectionDrag(session, scene())!.move(-64, 0, 0, 0, held);
    expect(shownWindow(scene())).toMatchObject({ width: 875 * 0.75, centre: 369 });
  });
  it('does not stand still under a slow hand', () => {
    const { session, scene } = viewing('mip');
    const drag = projectionDrag(session, scene())!;
    for (let n = 0; n < 40; n += 1) drag.move(0, -0.1, 0, 0, held);
    expect(shownWindow(scene())?.centre).toBe(Math.round(150 + (4 * 700) / 256));
  });
  it('follows fractions where values are no whole numbers', () => {
    const { session, scene } = viewing('mip', 'float32', windowLevel(5, 2.5));
    projectionDrag(session, scene())!.move(0, -64, 0, 0, held);
    expect(shownWindow(scene())?.centre).toBeCloseTo(2.5 + 5 / 4, 9);
  });
  it('is none of a composite', () => {
    const { session, scene } = viewing('bone');
    expect(shownWindow(scene())).toBeNull();
    expect(projectionDrag(session, scene())).toBeNull();
  });
});
