import type { Attributes } from '../dicom/types.ts';
import { isBare, isNotRescaled, isScaled } from './alike.ts';
import type { Name } from './distinct-names.ts';
import { energyKev } from './dividers.ts';
import type { FrameEntry } from './frames.ts';
import type { SplitGroup, SplitLabel } from './split.ts';

const both = (text: string): Name => ({ zh: text, en: text });
const number = (value: number | null, digits = 2): string =>
  value === null ? '?' : String(Number(value.toFixed(digits)));

/** Names of groups whose frames lack the number that those of their siblings have. */
const without: Readonly<Partial<Record<SplitLabel['divider'], Name>>> = {
  Segment: { zh: '无分割号', en: 'No segment' },
  Energy: { zh: '无能级', en: 'No energy' },
  EchoNumbers: { zh: '无回波号', en: 'No echo number' },
  DiffusionBValue: { zh: '无 b 值', en: 'No b-value' },
  CardiacPhase: { zh: '无心动周期', en: 'No cardiac phase' },
  RespiratoryPhase: { zh: '无呼吸周期', en: 'No respiratory phase' },
  TriggerTime: { zh: '无触发时间', en: 'No trigger time' },
  InversionTime: { zh: '无 TI', en: 'No TI' },
  FlipAngle: { zh: '无翻转角', en: 'No flip angle' },
  KVP: { zh: '无 kV', en: 'No kV' },
  SliceThickness: { zh: '无层厚', en: 'No thickness' },
  Percent: { zh: '无百分比', en: 'No percentage' },
  SeriesNumber: { zh: '无序列号', en: 'No series number' },
  TemporalPosition: { zh: '无时间点', en: 'No time' },
  AcquisitionNumber: { zh: '无采集号', en: 'No acquisition number' },
};

/** Readable names of volume groups from what tells them apart. One row per divider. */
const words: Readonly<Record<SplitLabel['divider'], (label: SplitLabel, a: Attributes) => Name>> = {
  Segment: ({ number: nth }) => ({ zh: `分割 ${number(nth, 0)}`, en: `Segment ${number(nth, 0)}` }),
  Energy: ({ number: kev }) => both(`${number(kev, 0)} keV`),
  EnergyWindow: ({ number: nth }) => ({
    zh: `能窗 ${number(nth, 0)}`,
    en: `Energy window ${number(nth, 0)}`,
  }),
  ImageType: ({ text }) => both(text),
  EchoTime: ({ number: ms, ordinal }, a) => {
    const nth = a.EchoNumbers ?? ordinal + 1;
    const time = ms === null ? '' : ` TE ${number(ms)} ms`;
    return { zh: `回波 ${nth}${time}`, en: `Echo ${nth}${time}` };
  },
  EchoNumbers: ({ number: nth }) => ({ zh: `回波 ${number(nth, 0)}`, en: `Echo ${number(nth, 0)}` }),
  DiffusionBValue: ({ number: value }) => both(`b ${number(value, 0)}`),
  DiffusionGradientOrientation: ({ text, ordinal }) => {
    if (text === '') return both('');
    // Of all directions: Philips writes it among them, with none.
    if (text === '0\\0\\0') return typeWords['TRACE']!;
    return { zh: `方向 ${ordinal + 1}`, en: `direction ${ordinal + 1}` };
  },
  TemporalPosition: ({ number: nth }) => ({ zh: `时间点 ${number(nth, 0)}`, en: `Time ${number(nth, 0)}` }),
  RRInterval: ({ number: nth }) => ({
    zh: `R-R 间期 ${number(nth, 0)}`,
    en: `R-R interval ${number(nth, 0)}`,
  }),
  CardiacPhase: ({ number: percent }) => ({
    zh: `心动周期 ${number(percent, 0)}%`,
    en: `Cardiac phase ${number(percent, 0)}%`,
  }),
  RespiratoryPhase: ({ number: percent }) => ({
    zh: `呼吸周期 ${number(percent, 0)}%`,
    en: `Respiratory phase ${number(percent, 0)}%`,
  }),
  TriggerTime: ({ number: ms, ordinal }) => ({
    zh: `期相 ${ordinal + 1} · ${number(ms, 0)} ms`,
    en: `Phase ${ordinal + 1} · ${number(ms, 0)} ms`,
  }),
  InversionTime: ({ number: ms }) => both(`TI ${number(ms)} ms`),
  FlipAngle: ({ number: degrees }) => ({
    zh: `翻转角 ${number(degrees)}°`,
    en: `Flip angle ${number(degrees)}°`,
  }),
  SequenceName: ({ text }) => (text === '' ? { zh: '无序列名', en: 'No sequence name' } : both(text)),
  KVP: ({ number: kv }) => both(`${number(kv, 0)} kV`),
  ConvolutionKernel: ({ text }) =>
    text === '' ? { zh: '无卷积核', en: 'No kernel' } : both(text.replaceAll('\\', ' ')),
  SliceThickness: ({ number: mm }) => ({ zh: `层厚 ${number(mm)} mm`, en: `Thickness ${number(mm)} mm` }),
  AcquisitionNumber: ({ number: nth }) => ({
    zh: `采集 ${number(nth, 0)}`,
    en: `Acquisition ${number(nth, 0)}`,
  }),
  AcquisitionTime: ({ ordinal }) => ({ zh: `时间点 ${ordinal + 1}`, en: `Time ${ordinal + 1}` }),
  Percent: ({ number: percent }) => both(`${number(percent)}%`),
  SeriesDescription: ({ text }) => (text === '' ? { zh: '无描述', en: 'No description' } : both(text)),
  SeriesNumber: ({ number: nth }) => ({ zh: `序列 ${number(nth, 0)}`, en: `Series ${number(nth, 0)}` }),
  FrameReferenceTime: ({ ordinal, number: ms }) => {
    const time = ms === null ? '' : ` · ${number(ms / 1000, 1)} s`;
    return { zh: `时间点 ${ordinal + 1}${time}`, en: `Time ${ordinal + 1}${time}` };
  },
  ImageIndex: ({ ordinal }) => ({ zh: `时间点 ${ordinal + 1}`, en: `Time ${ordinal + 1}` }),
  ImageComments: ({ text }) =>
    text === '' ? { zh: '无备注', en: 'No comment' } : both(text.replace(/\s+/g, ' ').trim().slice(0, 40)),
  Field: ({ number: nth }) => ({ zh: `视野 ${number(nth, 0)}`, en: `Field ${number(nth, 0)}` }),
  Velocity: ({ text }) => velocityName(text.split('\\').map(Number)),
  Label: ({ text }) => labelWords[text] ?? both(text),
  Repeat: ({ ordinal }) => ({ zh: `重复 ${ordinal + 1}`, en: `Repeat ${ordinal + 1}` }),
};

/** Words of ImageType, FrameType and ComplexImageComponent that readers know; others stand as they are. */
const typeWords: Readonly<Record<string, Name>> = {
  M: { zh: '幅度', en: 'Magnitude' },
  MAGNITUDE: { zh: '幅度', en: 'Magnitude' },
  P: { zh: '相位', en: 'Phase map' },
  PHASE: { zh: '相位', en: 'Phase map' },
  'PHASE MAP': { zh: '相位', en: 'Phase map' },
  R: { zh: '实部', en: 'Real' },
  REAL: { zh: '实部', en: 'Real' },
  I: { zh: '虚部', en: 'Imaginary' },
  IMAGINARY: { zh: '虚部', en: 'Imaginary' },
  W: { zh: '水', en: 'Water' },
  WATER: { zh: '水', en: 'Water' },
  F: { zh: '脂肪', en: 'Fat' },
  FAT: { zh: '脂肪', en: 'Fat' },
  IP: { zh: '同相位', en: 'In phase' },
  IN_PHASE: { zh: '同相位', en: 'In phase' },
  OP: { zh: '反相位', en: 'Opposed phase' },
  OPP_PHASE: { zh: '反相位', en: 'Opposed phase' },
  OUT_PHASE: { zh: '反相位', en: 'Opposed phase' },
  FF: { zh: '脂肪分数', en: 'Fat fraction' },
  ADC: { zh: 'ADC', en: 'ADC' },
  FA: { zh: 'FA', en: 'FA' },
  TRACEW: { zh: '迹加权', en: 'Trace' },
  TRACE: { zh: '迹加权', en: 'Trace' },
  DIFFUSION: { zh: '扩散', en: 'Diffusion' },
  LOCALIZER: { zh: '定位像', en: 'Localiser' },
  ORIGINAL: { zh: '原始', en: 'original' },
  DERIVED: { zh: '派生', en: 'derived' },
};

/** Of arterial spin labelling (PS3.3 C.8.13.5.14). */
const labelWords: Readonly<Record<string, Name>> = {
  '': { zh: '无标记说明', en: 'Label unknown' },
  LABEL: { zh: '标记', en: 'Label' },
  CONTROL: { zh: '对照', en: 'Control' },
  M_ZERO_SCAN: { zh: 'M0', en: 'M0' },
};

/** The patient's axis nearest to the direction in which flow is encoded. */
function velocityName(direction: readonly number[]): Name {
  if (direction.length !== 3) return both('');
  const sizes = direction.map(Math.abs);
  const axis = sizes.indexOf(Math.max(...sizes));
  const [zh, en] = [
    ['左右向流速', 'Flow R-L'],
    ['前后向流速', 'Flow A-P'],
    ['头足向流速', 'Flow F-H'],
  ][axis] as [string, string];
  return { zh, en };
}

/** Words that say nothing to a reader. */
const silentWords: ReadonlySet<string> = new Set(['', 'NONE', 'PRIMARY', 'SECONDARY']);

const labelsOf = ({ labels }: SplitGroup): string =>
  JSON.stringify(labels.map(({ divider, number: value, text }) => [divider, value, text]));

/** Its values are as stored, while those of a group that nothing else tells it from are worth something. */
function isStoredAmongScaled(split: SplitGroup, all: readonly SplitGroup[], first: FrameEntry): boolean {
  if (all.length < 2) return false;
  if (isNotRescaled(first)) return all.some(({ frames }) => !isNotRescaled(frames[0]!));
  const own = labelsOf(split);
  const type = knownTypes(first.attributes)?.en;
  const isOther = (group: SplitGroup): boolean => {
    const other = group.frames[0]!;
    return isScaled(other) && knownTypes(other.attributes)?.en === type && labelsOf(group) === own;
  };
  return isBare(first) && all.some(isOther);
}

/** Name of a group in both languages; empty when nothing tells it from others. */
export function groupName(split: SplitGroup, all: readonly SplitGroup[], first: FrameEntry): Name {
  const { attributes } = first;
  if (split.isUnplaced) return { zh: '位置不明', en: 'Without position' };
  if (isStoredAmongScaled(split, all, first)) return { zh: '未换算', en: 'Not rescaled' };
  if (split.scattered === 'orientation' && all.length > 1)
    return { zh: '多个方向', en: 'Several orientations' };
  const parts = split.labels.map((label) => {
    if (label.divider === 'ImageType') return typeName(label, all, energyKev(attributes));
    const lacking = label.number === null ? without[label.divider] : undefined;
    return lacking ?? words[label.divider](label, attributes);
  });
  return {
    zh: parts
      .map((name) => name.zh)
      .filter(Boolean)
      .join(' · '),
    en: parts
      .map((name) => name.en)
      .filter(Boolean)
      .join(' · '),
  };
}

/** Words of an image's type that readers know and that set it off from plain pictures; null for none. */
export function knownTypes({ FrameType, ImageType, ComplexImageComponent = '' }: Attributes): Name | null {
  const told = new Set([...(FrameType ?? ImageType ?? []), ComplexImageComponent]);
  const names = [...told].flatMap((word) => (word === 'ORIGINAL' ? [] : (typeWords[word] ?? [])));
  return names.length === 0
    ? null
    : { zh: joined(names.map(({ zh }) => zh)), en: joined(names.map(({ en }) => en)) };
}

/** Two words of a file may be one to a reader. */
const joined = (texts: readonly string[]): string => [...new Set(texts)].filter(Boolean).join(' ');

/** Only the words of the type that not every sibling has. */
function typeName(label: SplitLabel, all: readonly SplitGroup[], kev: number | undefined): Name {
  const others = all.flatMap(({ labels }) => labels.filter((own) => own.divider === 'ImageType'));
  const shared = (word: string): boolean => others.every((own) => own.text.split('\\').includes(word));
  const own = [...new Set(label.text.split('\\'))].filter((word) => !silentWords.has(word) && !shared(word));
  const names = own
    .filter((word) => kev === undefined || !/keV/i.test(word))
    .map((word) => typeWords[word] ?? both(word));
  return { zh: joined(names.map((name) => name.zh)), en: joined(names.map((name) => name.en)) };
}
