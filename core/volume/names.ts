import type { Attributes } from '../dicom/types.ts';

/** Readable names of volume groups from what tells them apart. One row per divider of `split.ts`. */
const words: Readonly<Record<string, (value: string, a: Attributes) => { zh: string; en: string }>> = {
  FrameType: (value) => ({ zh: value, en: value }),
  EchoTime: (value, a) => {
    const ms = a.EchoTime === undefined ? '' : ` TE ${Number(a.EchoTime.toFixed(2))} ms`;
    return { zh: `回波 ${value}${ms}`, en: `Echo ${value}${ms}` };
  },
  DiffusionBValue: (value) => ({ zh: `b ${value || '?'}`, en: `b ${value || '?'}` }),
  DiffusionGradientOrientation: (value) => ({
    zh: `方向 ${value.replaceAll('\\', ' ')}`,
    en: `dir ${value.replaceAll('\\', ' ')}`,
  }),
  TemporalPosition: (value) => ({ zh: `时相 ${value}`, en: `Phase ${value}` }),
  TriggerTime: (value) => ({ zh: `触发 ${value} ms`, en: `Trigger ${value} ms` }),
  SequenceName: (value) => ({ zh: value, en: value }),
  KVP: (value) => ({ zh: `${value} kV`, en: `${value} kV` }),
  ConvolutionKernel: (value) => ({ zh: value, en: value }),
  AcquisitionNumber: (value) => ({ zh: `采集 ${value}`, en: `Acquisition ${value}` }),
  Repeat: (value) => ({ zh: `重复 ${value}`, en: `Repeat ${value}` }),
};

/** Name of a group in both languages; empty when nothing tells it from others. */
export function groupName(
  labels: readonly (readonly [string, string])[],
  attributes: Attributes,
): { zh: string; en: string } {
  const parts = labels.map(([label, value]) => words[label]?.(value, attributes) ?? { zh: value, en: value });
  return {
    zh: parts
      .map((part) => part.zh)
      .filter(Boolean)
      .join(' · '),
    en: parts
      .map((part) => part.en)
      .filter(Boolean)
      .join(' · '),
  };
}
