/** Names of masks and segments in both languages, with the colours they begin with. `terms ← base`. */
import type { Term, TermTable } from './term.ts';

export interface MaskName extends Term {
  /** Also of `core/dicom/derive/segment-codes.ts`: what DICOM calls it. */
  readonly id: string;
  /** r, g, b each 0…255. */
  readonly colour: readonly [number, number, number];
}

/** In the order of a menu. */
export const maskNames: readonly MaskName[] = [
  { id: 'body', zh: '人体', en: 'Body', colour: [205, 150, 120] },
  { id: 'table', zh: '检查床', en: 'Table', colour: [120, 130, 145] },
  { id: 'bones', zh: '骨骼', en: 'Bones', colour: [238, 221, 170] },
  { id: 'vessels', zh: '血管', en: 'Vessels', colour: [214, 64, 52] },
  { id: 'aorta', zh: '主动脉', en: 'Aorta', colour: [196, 48, 70] },
  { id: 'heart', zh: '心脏', en: 'Heart', colour: [176, 70, 84] },
  { id: 'lungs', zh: '肺', en: 'Lungs', colour: [118, 186, 214] },
  { id: 'airways', zh: '气道', en: 'Airways', colour: [110, 214, 190] },
  { id: 'liver', zh: '肝', en: 'Liver', colour: [170, 92, 62] },
  { id: 'spleen', zh: '脾', en: 'Spleen', colour: [150, 84, 132] },
  { id: 'kidney', zh: '肾', en: 'Kidney', colour: [196, 122, 66] },
  { id: 'lesion', zh: '病灶', en: 'Lesion', colour: [250, 196, 44] },
  { id: 'nodule', zh: '结节', en: 'Nodule', colour: [244, 214, 92] },
  { id: 'calcification', zh: '钙化', en: 'Calcification', colour: [240, 240, 232] },
  { id: 'implant', zh: '植入物', en: 'Implant', colour: [140, 200, 255] },
  { id: 'region', zh: '区域', en: 'Region', colour: [112, 204, 96] },
];

export const maskName = (id: string | null): MaskName | undefined => maskNames.find((name) => name.id === id);

/** The names as a table of terms, for whatever looks at all words. */
export const maskNameTerms: TermTable = Object.fromEntries(
  maskNames.map(({ id, zh, en }) => [`mask.${id}`, { zh, en }]),
);
