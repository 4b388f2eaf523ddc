import type { StudySource } from '../../../core/contract/common.ts';
import type { SeriesRow, StudyRow } from '../../../core/contract/studies.ts';

/** Made-up studies, the same for the same number. */

const people = [
  ['王^秀兰', 'WANG XIULAN', 'F', 58],
  ['陈^建国', 'CHEN JIANGUO', 'M', 67],
  ['刘^洋', 'LIU YANG', 'M', 34],
  ['张^桂英', 'ZHANG GUIYING', 'F', 72],
  ['赵^志强', 'ZHAO ZHIQIANG', 'M', 49],
  ['孙^丽华', 'SUN LIHUA', 'F', 45],
  ['周^敏', 'ZHOU MIN', 'F', 39],
  ['欧阳^文静', 'OUYANG WENJING', 'F', 27],
  ['吴^海涛', 'WU HAITAO', 'M', 61],
  ['郑^晓梅', 'ZHENG XIAOMEI', 'F', 53],
  ['马^建军', 'MA JIANJUN', 'M', 70],
  ['古丽娜尔·艾山', 'GULINAR AISHAN', 'F', 36],
] as const;
const exams = [
  ['CT', '胸部平扫 1.0 mm', 4, 412],
  ['MR', '头颅平扫 + DWI', 9, 638],
  ['DR', '胸部正位', 2, 2],
  ['CT', '冠状动脉 CTA', 6, 1284],
  ['CT', '全腹部增强 三期', 5, 968],
  ['MG', '双乳 RCC LCC RMLO LMLO', 4, 4],
  ['MR', '腰椎平扫', 5, 126],
  ['US', '甲状腺及颈部淋巴结', 1, 38],
  ['PT', '全身 PET/CT FDG', 7, 1194],
  ['XA', '冠状动脉造影', 12, 1140],
] as const;
const sources: readonly StudySource[] = ['received', 'received', 'disc', 'folder', 'archive', 'upload'];

const pad = (n: number, width: number) => String(n).padStart(width, '0');
const at = <T>(list: readonly T[], i: number): T => list[i % list.length] as T;

function dayBefore(now: Date, days: number): string {
  const date = new Date(now.getFullYear(), now.getMonth(), now.getDate() - days);
  return `${date.getFullYear()}${pad(date.getMonth() + 1, 2)}${pad(date.getDate(), 2)}`;
}

export function makeStudy(i: number, now: Date): StudyRow {
  const [ideographic, latin, sex, age] = at(people, i * 7 + (i >> 4));
  const [modality, description, series, instances] = at(exams, i);
  const minutes = 9 * 60 + 12 - (i % 36) * 7;
  return {
    studyKey: `s.1.2.840.${i}`,
    studyInstanceUID: `1.2.840.${i}`,
    patientName: { alphabetic: latin.replace(' ', '^'), ideographic },
    nameLatin: latin,
    charsetGuess: i % 40 === 6,
    patientId: pad((i * 3921) % 1_000_000, 6),
    sex,
    birthDate: `${2026 - age}0417`,
    age: `${pad(age, 3)}Y`,
    studyDate: dayBefore(now, Math.floor(i / 18)),
    studyTime: `${pad(Math.floor(minutes / 60), 2)}${pad(minutes % 60, 2)}00`,
    modalities: modality === 'PT' ? ['PT', 'CT'] : [modality],
    description,
    accessionNumber: `${modality}261121-${pad(i, 4)}`,
    institution: '云岭市第一人民医院',
    series,
    instances,
    frames: instances,
    bytes: instances * 528_000,
    source: at(sources, i),
    unread: i < 10 && i !== 7,
    starred: i === 3 || i === 14,
    demo: i === 12,
    stored: true,
    incomplete: false,
    arriving: i === 8,
    flags: i === 1 ? [{ code: 'NO_PREAMBLE' }, { code: 'TS_GUESSED' }] : [],
    addedAtMs: now.getTime() - i * 60_000,
    deletedAtMs: null,
  };
}

const words = ['定位像', '肺窗 1.0 mm', '纵隔窗 1.0 mm', '骨窗 1.0 mm', '冠状位 MPR', '矢状位 MPR'];

export function makeSeries(study: StudyRow): SeriesRow[] {
  return Array.from({ length: study.series }, (_, i): SeriesRow => {
    const isScout = i === 0 && study.series > 2;
    return {
      seriesKey: `${study.studyKey}/${i + 1}`,
      seriesInstanceUID: `${study.studyInstanceUID}.${i + 1}`,
      number: i + 1,
      description: at(words, i),
      modality: study.modalities[0] ?? '',
      bodyPart: 'CHEST',
      instances: isScout ? 2 : Math.max(1, Math.floor(study.instances / study.series)),
      frames: isScout ? 2 : Math.max(1, Math.floor(study.instances / study.series)),
      sliceThicknessMm: isScout ? null : 1,
      rows: 512,
      columns: 512,
      category: 'image',
      verdict: isScout ? 'none' : i === 3 ? 'approximate' : i === 4 ? 'resampled' : 'exact',
      flags: [],
    };
  });
}
