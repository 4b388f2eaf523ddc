import type { WindowLevel } from './types.ts';

/** Window presets of the reading room, section 1: the one place that names them. */
export interface WindowPreset {
  readonly id: string;
  /** Number key; absent = menu only. */
  readonly key?: number;
  readonly zh: string;
  readonly en: string;
  readonly setting:
    | { readonly kind: 'window'; readonly width: number; readonly centre: number; readonly invert?: boolean }
    | { readonly kind: 'asSent' /** The file's window of this number, from 0. */; readonly index: number }
    | { readonly kind: 'percentile'; readonly low: number; readonly high: number }
    | { readonly kind: 'scaleWidth'; readonly factor: number }
    | {
        readonly kind: 'uptake' /** From 0 to so many times the mean of the body. */;
        readonly times: number;
      };
}

const ct = (
  id: string,
  key: number | undefined,
  zh: string,
  en: string,
  width: number,
  centre: number,
): WindowPreset => ({
  id: `ct.${id}`,
  ...(key !== undefined && { key }),
  zh,
  en,
  setting: { kind: 'window', width, centre },
});

const suv = (key: number, most: number): WindowPreset => ({
  id: `pet.suv${most}`,
  key,
  zh: `SUV 0–${most}`,
  en: `SUV 0–${most}`,
  setting: { kind: 'window', width: most, centre: most / 2, invert: true },
});

/** Spread evenly, a tracer has SUV 1: where no SUV is known, multiples of the body's mean stand for it. */
const uptake = (key: number, times: number): WindowPreset => ({
  id: `pet.uptake${times}`,
  key,
  zh: `体均值 × ${times}`,
  en: `Mean × ${times}`,
  setting: { kind: 'uptake', times },
});

const asSent = (family: string, key: number): WindowPreset => ({
  id: `${family}.sent${key}`,
  key,
  zh: key === 1 ? '原始窗' : `原始窗 ${key}`,
  en: key === 1 ? 'As sent' : `As sent ${key}`,
  setting: { kind: 'asSent', index: key - 1 },
});

export const windowPresets = {
  CT: [
    ct('lung', 1, '肺', 'Lung', 1500, -600),
    ct('mediastinum', 2, '纵隔', 'Mediastinum', 350, 40),
    ct('bone', 3, '骨', 'Bone', 1500, 300),
    ct('brain', 4, '脑', 'Brain', 80, 40),
    ct('abdomen', 5, '腹部', 'Abdomen', 400, 50),
    ct('liver', 6, '肝', 'Liver', 150, 60),
    ct('cta', 7, '血管', 'CTA', 800, 300),
    ct('stroke', 8, '卒中', 'Stroke', 40, 40),
    ct('subdural', 9, '硬膜下', 'Subdural', 200, 75),
    ct('liverEnhanced', undefined, '肝（增强）', 'Liver, enhanced', 150, 90),
    ct('temporalBone', undefined, '颞骨', 'Temporal bone', 4000, 700),
    ct('spine', undefined, '脊柱', 'Spine', 300, 50),
    ct('pulmonaryEmbolism', undefined, '肺动脉', 'PE', 700, 100),
    ct('boneDetail', undefined, '骨细节', 'Bone detail', 2500, 480),
    ct('mip', undefined, 'MIP', 'MIP', 700, 150),
    ct('minip', undefined, 'MinIP', 'MinIP', 400, -800),
  ],
  MR: [
    asSent('mr', 1),
    {
      id: 'mr.series',
      key: 2,
      zh: '序列 P2–P98',
      en: 'Series P2–P98',
      setting: { kind: 'percentile', low: 2, high: 98 },
    },
    {
      id: 'mr.narrow',
      key: 3,
      zh: '窗宽 ×0.7',
      en: 'Width ×0.7',
      setting: { kind: 'scaleWidth', factor: 0.7 },
    },
    {
      id: 'mr.wide',
      key: 4,
      zh: '窗宽 ×1.4',
      en: 'Width ×1.4',
      setting: { kind: 'scaleWidth', factor: 1.4 },
    },
  ],
  PT: [suv(1, 5), suv(2, 7), suv(3, 10), suv(4, 15)],
  activity: [uptake(1, 5), uptake(2, 7), uptake(3, 10), uptake(4, 15), { ...asSent('pet', 1), key: 5 }],
  projectionXray: [
    asSent('xray', 1),
    asSent('xray', 2),
    asSent('xray', 3),
    {
      id: 'xray.auto',
      key: 4,
      zh: '自动',
      en: 'Automatic',
      setting: { kind: 'percentile', low: 0.5, high: 99.5 },
    },
  ],
} as const satisfies Record<string, readonly WindowPreset[]>;

/** Presets of a modality (PS3.3 C.7.3.1.1.1 code); those of MR where it has none of its own. */
export function windowPresetsOf(modality: string): readonly WindowPreset[] {
  if (modality === 'CT') return windowPresets.CT;
  if (modality === 'PT') return windowPresets.PT;
  if (['CR', 'DX', 'MG', 'DR', 'RF', 'XA'].includes(modality)) return windowPresets.projectionXray;
  return windowPresets.MR;
}

export const windowLevel = (width: number, centre: number, invert = false): WindowLevel => ({
  kind: 'window',
  function: 'LINEAR',
  centre,
  width,
  invert,
});
