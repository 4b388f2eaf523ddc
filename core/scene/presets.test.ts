import { describe, expect, it } from 'vitest';
import {
  barePart,
  defaultVolumePresetId,
  presetPart,
  volumePreset,
  volumePresets,
  windowPresets,
  windowPresetsOf,
} from './presets.ts';

describe('window presets', () => {
  it('has the reading room’s CT table: key, width, level', () => {
    const rows = windowPresetsOf('CT').map(({ key, en, setting }) =>
      setting.kind === 'window' ? [key, en, setting.width, setting.centre] : [],
    );
    expect(rows.slice(0, 9)).toEqual([
      [1, 'Lung', 1500, -600],
      [2, 'Mediastinum', 350, 40],
      [3, 'Bone', 1500, 300],
      [4, 'Brain', 80, 40],
      [5, 'Abdomen', 400, 50],
      [6, 'Liver', 150, 60],
      [7, 'CTA', 800, 300],
      [8, 'Stroke', 40, 40],
      [9, 'Subdural', 200, 75],
    ]);
    expect(rows.slice(9)).toEqual([
      [undefined, 'Liver, enhanced', 150, 90],
      [undefined, 'Temporal bone', 4000, 700],
      [undefined, 'Spine', 300, 50],
      [undefined, 'PE', 700, 100],
      [undefined, 'Bone detail', 2500, 480],
      [undefined, 'MIP', 700, 150],
      [undefined, 'MinIP', 400, -800],
    ]);
  });
  it('shows PET from 0 SUV on inverted grey', () => {
    const ends = windowPresetsOf('PT').map(({ setting }) =>
      setting.kind === 'window'
        ? [setting.centre - setting.width / 2, setting.centre + setting.width / 2, setting.invert]
        : [],
    );
    expect(ends).toEqual([
      [0, 5, true],
      [0, 7, true],
      [0, 10, true],
      [0, 15, true],
    ]);
  });
  it('shows PET without SUV by multiples of the mean of the body, as many as it has SUV windows', () => {
    const times = windowPresets.activity.flatMap(({ setting }) =>
      setting.kind === 'uptake' ? [setting.times] : [],
    );
    expect(times).toEqual([5, 7, 10, 15]);
  });
  it('gives every modality presets whose keys and ids differ', () => {
    for (const modality of ['CT', 'MR', 'PT', 'CR', 'DX', 'MG', 'US'])
      expect(windowPresetsOf(modality).length).toBeGreaterThan(2);
    const all = Object.values(windowPresets).flat();
    expect(new Set(all.map((p) => p.id)).size).toBe(all.length);
    for (const family of Object.values(windowPresets)) {
      const keys = family.flatMap((p) => ('key' in p && p.key ? [p.key] : []));
      expect(new Set(keys).size).toBe(keys.length);
    }
  });
});

describe('volume presets', () => {
  it('has bone, lung and TOF as the reading room has them', () => {
    const bone = volumePreset('bone')!;
    expect(bone.transfer.opacity.map((p) => [p.value, p.opacity])).toEqual([
      [150, 0],
      [250, 0.2],
      [500, 0.65],
      [1200, 0.85],
    ]);
    expect(bone.transfer.colour.map((p) => [p.value, ...p.colour])).toEqual([
      [150, 0x8c, 0x4a, 0x2f],
      [350, 0xe5, 0xcf, 0xa6],
      [700, 0xf3, 0xe8, 0xcf],
      [1500, 255, 255, 255],
    ]);
    expect(bone.shading).toEqual({ ambient: 0.15, diffuse: 0.85, specular: 0.25, power: 12 });
    expect(volumePreset('lung')!.transfer.opacity.at(-1)).toEqual({ value: -380, opacity: 0 });
    expect(volumePreset('mrVessels')!.transfer.unit).toBe('bodyPercentile');
    expect(volumePreset('mip')!.window).toMatchObject({ width: 700, centre: 150 });
    expect(volumePreset('minip')!.window).toMatchObject({ width: 400, centre: -800 });
    // The room's 800/100 left lungs, and most of a body, black: of a mean over the body's depth that is what air weighs.
    expect(volumePreset('xray')!.window).toMatchObject({ width: 1000, centre: -200 });
  });
  it('shows airways as a MinIP where no mask leaves out the air around them, and all else as it is', () => {
    const airways = barePart(volumePreset('airways')!);
    expect(airways).toMatchObject({ mode: 'minip', presetId: 'airways', shading: null });
    expect(airways.window).toEqual(volumePreset('minip')!.window);
    for (const preset of volumePresets)
      if (preset.id !== 'airways') expect(barePart(preset)).toEqual(presetPart(preset));
  });
  it('keeps every function well formed and every name in both languages', () => {
    expect(volumePresets.length).toBe(14);
    for (const preset of volumePresets) {
      expect(preset.zh.length * preset.en.length).toBeGreaterThan(0);
      for (const points of [preset.transfer.opacity, preset.transfer.colour]) {
        const values = points.map((p) => p.value);
        expect(values).toEqual([...values].sort((a, b) => a - b));
      }
      for (const { opacity } of preset.transfer.opacity) expect(opacity >= 0 && opacity <= 1).toBe(true);
      for (const { colour } of preset.transfer.colour)
        for (const c of colour) expect(c >= 0 && c <= 255 && Number.isInteger(c)).toBe(true);
      expect(presetPart(preset).presetId).toBe(preset.id);
    }
    expect(new Set(volumePresets.map((p) => p.id)).size).toBe(volumePresets.length);
    for (const modality of ['CT', 'MR', 'PT'])
      expect(volumePreset(defaultVolumePresetId(modality))).toBeDefined();
  });
});
