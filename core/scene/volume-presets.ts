import type { Rgb, Shading, TransferFunction, VolumeMode, VolumeScene, WindowLevel } from './types.ts';
import { windowLevel } from './window-presets.ts';

/** Volume-rendering presets of the reading room, section 4. Ambient, diffuse, specular, power of its light: */
export const standardShading: Shading = { ambient: 0.15, diffuse: 0.85, specular: 0.25, power: 12 };

export interface VolumePreset {
  readonly id: string;
  readonly zh: string;
  readonly en: string;
  readonly mode: VolumeMode;
  readonly transfer: TransferFunction;
  readonly shading: Shading | null;
  readonly window: WindowLevel;
  /** Modalities it is offered for first. */
  readonly modalities: readonly string[];
  /** Needs a mask (airways, vessels without bone) to be at its best. */
  readonly mask?: 'airways' | 'boneRemoved';
}

const rgb = (hex: string): Rgb => {
  const n = Number.parseInt(hex.slice(1), 16);
  return [n >> 16, (n >> 8) & 255, n & 255];
};

type Row = readonly (readonly [number, number])[];
type ColourRow = readonly (readonly [number, string])[];

const transfer = (unit: TransferFunction['unit'], opacity: Row, colour: ColourRow): TransferFunction => ({
  unit,
  opacity: opacity.map(([value, o]) => ({ value, opacity: o })),
  colour: colour.map(([value, hex]) => ({ value, colour: rgb(hex) })),
});

const grey = windowLevel(700, 150);

const shaded = (
  id: string,
  zh: string,
  en: string,
  opacity: Row,
  colour: ColourRow,
  extra: Partial<VolumePreset> & { readonly unit?: TransferFunction['unit'] } = {},
): VolumePreset => {
  const { unit = 'modality', ...rest } = extra;
  return {
    id,
    zh,
    en,
    mode: 'composite',
    transfer: transfer(unit, opacity, colour),
    shading: standardShading,
    window: grey,
    modalities: ['CT'],
    ...rest,
  };
};

/** A projection keeps a transfer function too, so that switching to `composite` shows something. */
const projection = (
  id: string,
  zh: string,
  en: string,
  mode: VolumeMode,
  window: WindowLevel,
): VolumePreset => ({
  ...shaded(
    id,
    zh,
    en,
    [
      [150, 0],
      [250, 0.2],
      [1200, 0.85],
    ],
    [
      [150, '#8C4A2F'],
      [1500, '#FFFFFF'],
    ],
  ),
  mode,
  shading: null,
  window,
  modalities: ['CT', 'MR', 'PT'],
});

/** Above the air: how much of it a field of view holds must not darken the patient. */
const mr = { unit: 'bodyPercentile', modalities: ['MR'] } as const;

export const volumePresets: readonly VolumePreset[] = [
  shaded(
    'bone',
    '骨骼',
    'Bone',
    [
      [150, 0],
      [250, 0.2],
      [500, 0.65],
      [1200, 0.85],
    ],
    [
      [150, '#8C4A2F'],
      [350, '#E5CFA6'],
      [700, '#F3E8CF'],
      [1500, '#FFFFFF'],
    ],
  ),
  shaded(
    'boneCta',
    '骨与血管',
    'Bone + CTA',
    [
      [130, 0],
      [180, 0.25],
      [300, 0.6],
      [600, 0.75],
      [1500, 0.85],
    ],
    [
      [130, '#6E1008'],
      [220, '#C8321E'],
      [400, '#F0A070'],
      [650, '#F2E6CE'],
      [1500, '#FFFFFF'],
    ],
  ),
  shaded(
    'vessels',
    '血管',
    'Vessels',
    [
      [120, 0],
      [170, 0.45],
      [260, 0.75],
      [500, 0.85],
    ],
    [
      [120, '#7A120C'],
      [200, '#D2402A'],
      [350, '#FFC9A0'],
      [600, '#FFF2E6'],
    ],
    { mask: 'boneRemoved' },
  ),
  shaded(
    'heart',
    '心脏',
    'Heart',
    [
      [-50, 0],
      [100, 0.2],
      [180, 0.5],
      [280, 0.8],
    ],
    [
      [-50, '#7A3B22'],
      [100, '#C86F4A'],
      [180, '#F2B89A'],
      [280, '#B01818'],
      [500, '#F5E9E0'],
    ],
  ),
  shaded(
    'muscle',
    '软组织',
    'Muscle',
    [
      [-150, 0],
      [0, 0.08],
      [80, 0.35],
      [220, 0.65],
      [450, 0.8],
    ],
    [
      [-150, '#8C4026'],
      [40, '#B4533C'],
      [200, '#E8B48C'],
      [450, '#FFF0F0'],
    ],
  ),
  shaded(
    'skin',
    '皮肤',
    'Skin',
    [
      [-500, 0],
      [-300, 0.45],
      [-150, 0.85],
      [100, 0.9],
    ],
    [
      [-500, '#C98A66'],
      [-150, '#E8B79A'],
      [100, '#F6D8C6'],
    ],
  ),
  shaded(
    'lung',
    '肺',
    'Lung',
    [
      [-960, 0],
      [-930, 0.02],
      [-850, 0.1],
      [-650, 0.06],
      [-450, 0.02],
      [-380, 0],
    ],
    [
      [-1000, '#2F4A6E'],
      [-850, '#7FB2E5'],
      [-650, '#F2C49B'],
      [-450, '#D96A4E'],
    ],
  ),
  shaded(
    'airways',
    '气道',
    'Airways',
    [
      [-1000, 0.25],
      [-930, 0.25],
      [-900, 0],
    ],
    [
      [-1000, '#9AD0FF'],
      [-900, '#FFFFFF'],
    ],
    { mask: 'airways' },
  ),
  shaded(
    'implant',
    '金属',
    'Implant',
    [
      [2000, 0],
      [2600, 0.85],
      [3071, 1],
    ],
    [
      [2000, '#7FA9D6'],
      [3071, '#FFFFFF'],
    ],
  ),
  projection('mip', 'MIP', 'MIP', 'mip', windowLevel(700, 150)),
  projection('minip', 'MinIP', 'MinIP', 'minip', windowLevel(400, -800)),
  // As a radiograph: lungs (means of -600 HU with the chest's wall) dark grey, the spine below white.
  projection('xray', '平均 X 线', 'Mean X-ray', 'mean', windowLevel(1000, -200)),
  shaded(
    'mrVessels',
    'MR 血管 TOF',
    'MR vessels TOF',
    [
      [92, 0],
      [95, 0.35],
      [98.5, 0.7],
      [99.8, 0.9],
    ],
    [
      [92, '#7A120C'],
      [98.5, '#FFD9B0'],
    ],
    mr,
  ),
  shaded(
    'mrSoftTissue',
    'MR 软组织',
    'MR soft tissue',
    [
      [0, 0],
      [10, 0.1],
      [50, 0.4],
      [90, 0.7],
    ],
    [
      [0, '#6B3A28'],
      [40, '#C98A66'],
      [75, '#E8B79A'],
      [97, '#FFFFFF'],
    ],
    mr,
  ),
];

export const volumePreset = (id: string): VolumePreset | undefined => volumePresets.find((p) => p.id === id);

/** What a modality's 3D opens with. */
export const defaultVolumePresetId = (modality: string): string =>
  modality === 'CT' ? 'bone' : modality === 'MR' ? 'mrSoftTissue' : 'mip';

/**
 * The same where a preset's mask is not there. The air around the patient would hide the airways: they are shown as a MinIP,
 * which keeps to the body.
 */
export function barePart(preset: VolumePreset): PresetPart {
  const part = presetPart(preset);
  const minip = preset.mask === 'airways' && volumePreset('minip');
  return minip ? { ...part, mode: 'minip', shading: null, window: minip.window } : part;
}

/** The parts of a scene that a preset decides. */
export type PresetPart = Pick<
  VolumeScene,
  'mode' | 'presetId' | 'transfer' | 'shiftHu' | 'shading' | 'window'
>;

export const presetPart = (preset: VolumePreset): PresetPart => ({
  mode: preset.mode,
  presetId: preset.id,
  transfer: preset.transfer,
  shiftHu: 0,
  shading: preset.shading,
  window: preset.window,
});
