/** Names of vertebrae and ribs in both languages, and what is said about counting them. `terms ← base`. */
import type { Term, TermTable } from './term.ts';

const regions: readonly (readonly [letter: string, count: number, zh: string])[] = [
  ['C', 7, '颈椎'],
  ['T', 13, '胸椎'],
  ['L', 6, '腰椎'],
  ['S', 5, '骶椎'],
];

const vertebraRows: readonly (readonly [string, Term])[] = regions.flatMap(([letter, count, zh]) =>
  Array.from({ length: count }, (_, n): readonly [string, Term] => [
    `bone.vertebra.${letter}${n + 1}`,
    { zh: `第 ${n + 1} ${zh}`, en: `Vertebra ${letter}${n + 1}` },
  ]),
);

const sides = [
  ['left', '左', 'Left'],
  ['right', '右', 'Right'],
] as const;

const ribRows: readonly (readonly [string, Term])[] = sides.flatMap(([side, zh, en]) =>
  Array.from({ length: 13 }, (_, n): readonly [string, Term] => [
    `bone.rib.${side}.${n + 1}`,
    { zh: `${zh}第 ${n + 1} 肋`, en: `${en} rib ${n + 1}` },
  ]),
);

/** What a rib sheet says of itself; `{mark}` is L8, R8, T5. */
export const boneSentences = {
  'bone.anchor.ask': {
    zh: '点击一个椎骨或一根肋骨，指定其名称',
    en: 'Click a vertebra or a rib and name it',
  },
  'bone.missing': { zh: '未找到：{mark}', en: 'Not found: {mark}' },
  'bone.outside': { zh: '图像未包含其所在部位：{mark}', en: 'Beyond the images beside the spine: {mark}' },
  'bone.extra': { zh: '没有对应编号的肋骨：{n} 根', en: '{n} {n|rib|ribs} without a number' },
  'bone.doubled': { zh: '编号重复：{mark}', en: 'Number given twice: {mark}' },
  'bone.weak': { zh: '有间断或错位，请核对：{mark}', en: 'Gap or step, please check: {mark}' },
  'bone.cut': { zh: '超出图像范围：{mark}', en: 'Leaves the images: {mark}' },
  'bone.unnamed': { zh: '未命名', en: 'No name' },
} as const satisfies TermTable;

const names = new Map([...vertebraRows, ...ribRows]);

/** Of a label such as T7; null has the words for "no name". */
export const vertebraTerm = (label: string | null): Term =>
  names.get(`bone.vertebra.${label}`) ?? boneSentences['bone.unnamed'];

export const ribTerm = (side: 'left' | 'right', number: number | null): Term =>
  names.get(`bone.rib.${side}.${number}`) ?? boneSentences['bone.unnamed'];

/** All of them, for whatever looks at all words. */
export const boneTerms: TermTable = { ...Object.fromEntries(names), ...boneSentences };
