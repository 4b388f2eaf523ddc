import { describe, expect, it } from 'vitest';
import { dot, matrixFromColumns } from '../../../../core/geometry/matrices.ts';
import type { VolumeGeometry } from '../../../../core/geometry/types.ts';
import { fitCamera, orbit } from '../../../../core/scene/camera.ts';
import { wholeClipBox } from '../../../../core/scene/clip-box.ts';
import { facingCut, tiltedCut, turnedOver } from '../../../../core/scene/cut-plane.ts';
import { sceneFromJson, sceneToJson } from '../../../../core/scene/scene-json.ts';
import { startLook, type VolumeLook, volumeScene } from '../volume/volume-look.ts';
import { NotKept } from './kept-checks.ts';
import { lookOf } from './kept-look.ts';

const geometry: VolumeGeometry = {
  size: [100, 80, 40],
  patientFromIndex: matrixFromColumns([0.4, 0, 0.1], [0, 0.8, 0], [-0.3, 0, 2.5], [-30, 12, 400]),
};
const front = fitCamera(geometry, 'A');
const camera = orbit(front, front.focalPoint, 0.4, 0.3);
const cut = turnedOver(tiltedCut(facingCut(camera), 'down', 0.3));
const box = { ...wholeClipBox(geometry), lo: [10, -0.5, -0.5] as const };
const look: VolumeLook = { ...startLook, clip: box, cut, windowWidth: 900, depthCue: true };

describe('how 3D looked', () => {
  it('comes back with its clip box and clip plane; looks kept before there was one have none', () => {
    expect(lookOf(JSON.parse(JSON.stringify(look)))).toEqual(look);
    const { cut: _, windowWidth: __, ...before } = look;
    expect(lookOf(before)).toEqual({ ...look, cut: null, windowWidth: null });
  });
  it.each([
    ['no direction', { ...cut, normal: [0, 0, 0] }],
    ['a direction in it that is not', { ...cut, right: cut.normal }],
    ['no numbers', { ...cut, origin: [0, 'x', 0] }],
  ])('is refused where its plane has %s', (_, wrong) => {
    expect(() => lookOf({ ...look, cut: wrong })).toThrow(NotKept);
  });
  it('is in the scene that is drawn and saved: the plane beside the face of the box that was moved', () => {
    const scene = volumeScene({ geometry, camera, presetId: 'bone', shift: 0, look }, null);
    expect(scene.clipPlanes).toHaveLength(2);
    expect(dot(scene.clipPlanes![1]!.normal, cut.normal)).toBeCloseTo(1, 12);
    const read = sceneFromJson(JSON.parse(JSON.stringify(sceneToJson(scene))));
    expect(read.ok && read.value).toEqual(scene);
  });
});
