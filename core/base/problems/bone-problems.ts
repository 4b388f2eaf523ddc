import type { ProblemRow } from './problem-row.ts';

/** Problems of finding and naming vertebrae and ribs. */
export const boneProblems = {
  BONE_NAME_UNKNOWN: {
    fault: 'user',
    zh: '没有名为“{name}”的椎骨或肋骨。',
    en: 'No vertebra or rib is named "{name}".',
    adviceZh: '椎骨用 C1–C7、T1–T13、L1–L6、S1–S5，肋骨用 1–13。',
    adviceEn: 'Vertebrae are C1 to C7, T1 to T13, L1 to L6, S1 to S5; ribs are 1 to 13.',
  },
  BONE_NOT_THERE: {
    fault: 'user',
    zh: '此处没有已找到的椎骨或肋骨。',
    en: 'No vertebra or rib was found at that place.',
    adviceZh: '请点在椎体或肋骨上；漏掉的可以手动添加。',
    adviceEn: 'Click on a vertebral body or a rib; what was missed can be added by hand.',
  },
  RIB_WITHOUT_LEVEL: {
    fault: 'user',
    zh: '此肋骨没有对应的椎骨，不能由它推算其他编号。',
    en: 'This rib belongs to no vertebra that was found; nothing can be counted from it.',
    adviceZh: '请改用一个椎骨，或另一根肋骨。',
    adviceEn: 'Name a vertebra or another rib instead.',
  },
  BONES_TOO_COARSE: {
    fault: 'file',
    zh: '图像间距 {mm} mm，过大，无法可靠地区分椎骨和肋骨。',
    en: 'Images {mm} mm apart are too coarse to tell vertebrae and ribs apart.',
    adviceZh: '请改用间距不大于 4.5 mm 的序列；也可手动画线。',
    adviceEn: 'Use a series of at most 4.5 mm; lines can be drawn by hand.',
  },
  SPINE_NOT_FOUND: {
    fault: 'file',
    zh: '未找到脊柱：图像中没有足够长的椎管。',
    en: 'No spine was found: the images hold no vertebral canal that is long enough.',
    adviceZh: '需要包含脊柱、数值为 HU 的 CT；也可手动画线。',
    adviceEn: 'CT in HU that holds the spine is needed; lines can be drawn by hand.',
  },
} as const satisfies Record<string, ProblemRow>;
