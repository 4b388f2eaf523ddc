import { describe, expect, it } from 'vitest';
import type { OwnPreset } from '../../../../core/contract/own-presets.ts';
import { matrixFromColumns } from '../../../../core/geometry/matrices.ts';
import { fitCamera } from '../../../../core/scene/camera.ts';
import { volumePreset } from '../../../../core/scene/presets.ts';
import { sceneFromJson, sceneToJson } from '../../../../core/scene/scene-json.ts';
import { readSettings } from '../../../../main/host/settings/settings.ts';
import { cardOf, isWorthKeeping, ownPresetShown, withOwnPreset } from './own-presets.ts';
import { startLook, volumeScene } from './volume-look.ts';

const own: OwnPreset = {
  id: 'one',
  name: '颈动脉 carotid',
  presetId: 'vessels',
  shift: 35,
  transfer: {
    unit: 'modality',
    opacity: [
      { value: 140, opacity: 0 },
      { value: 210.5, opacity: 0.625 },
    ],
    colour: [{ value: 140, colour: [120, 18, 12] }],
  },
};
const seen = { presetId: 'vessels', shift: 35, look: { ...startLook, transfer: own.transfer } };

describe("a preset of one's own", () => {
  it('is kept over a restart; a list that cannot be read is an empty one, and nothing else is lost', () => {
    expect(readSettings(JSON.stringify({ ownPresets: [own], theme: 'light' })).ownPresets).toEqual([own]);
    const broken = { ...own, transfer: { ...own.transfer, opacity: [{ value: 1, opacity: 2 }] } };
    const read = readSettings(JSON.stringify({ ownPresets: [broken], theme: 'light' }));
    expect([read.ownPresets, read.theme]).toEqual([[], 'light']);
  });
  it('is the one on screen by its values', () => {
    expect(ownPresetShown([own], seen)).toBe(own);
    expect(ownPresetShown([own], { ...seen, shift: 36 })).toBeUndefined();
    expect(ownPresetShown([own], { ...seen, presetId: 'bone' })).toBeUndefined();
    expect(ownPresetShown([own], { ...seen, look: startLook })).toBeUndefined();
    // Only moved: the function itself is the delivered one.
    const moved = {
      ...own,
      transfer: structuredClone(volumePreset('vessels')!.transfer) as OwnPreset['transfer'],
    };
    expect(ownPresetShown([moved], { ...seen, look: startLook })).toBe(moved);
  });
  it('can be made of what is neither delivered nor kept, and of no projection', () => {
    const worth = (presetId: string, shift: number, transfer = startLook.transfer): boolean =>
      isWorthKeeping([own], { presetId, shift, look: { ...startLook, transfer } });
    expect([worth('bone', 0), worth('mip', 40), worth('vessels', 35, own.transfer)]).toEqual([
      false,
      false,
      false,
    ]);
    expect([worth('bone', 40), worth('bone', 0, own.transfer)]).toEqual([true, true]);
  });
  it('takes the place of one of the same name', () => {
    const other = { ...own, id: 'two', name: 'Bone' };
    const again = { ...own, id: 'three', name: '颈动脉 CAROTID' };
    expect(withOwnPreset([own, other], again)).toEqual([again, other]);
    expect(withOwnPreset([own], other)).toEqual([own, other]);
  });
  it('has a card where its first preset is known', () => {
    expect(cardOf(own)).toMatchObject({ id: 'one', zh: own.name, en: own.name, transfer: own.transfer });
    expect(cardOf({ ...own, presetId: 'gone' })).toBeNull();
  });
  it('is in the scene by value: no list is needed to draw it', () => {
    const geometry = {
      size: [100, 80, 40],
      patientFromIndex: matrixFromColumns([0.4, 0, 0.1], [0, 0.8, 0], [-0.3, 0, 2.5], [-30, 12, 400]),
    } as const;
    const scene = volumeScene({ ...seen, geometry, camera: fitCamera(geometry, 'A') }, null);
    expect([scene.transfer, scene.shiftHu]).toEqual([own.transfer, 35]);
    const read = sceneFromJson(JSON.parse(JSON.stringify(sceneToJson(scene))));
    expect(read.ok && read.value).toEqual(scene);
  });
});
