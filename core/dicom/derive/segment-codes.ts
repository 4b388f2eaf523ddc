/** What a segment is, as DICOM codes (SNOMED CT; PS3.16 CID 7150 and 7151 and what they include). */
export interface CodedConcept {
  readonly value: string;
  readonly scheme: string;
  readonly meaning: string;
}

export interface SegmentCodes {
  readonly category: CodedConcept;
  readonly type: CodedConcept;
}

const sct = (value: string, meaning: string): CodedConcept => ({ value, scheme: 'SCT', meaning });

const anatomy = sct('123037004', 'Anatomical Structure');
const tissue = sct('85756007', 'Tissue');
const thing = sct('260787004', 'Physical object');
const abnormal = sct('49755003', 'Morphologically Abnormal Structure');

/** By the id of `core/terms/mask.ts`. */
const codesByName = {
  body: { category: anatomy, type: sct('38266002', 'Entire Body') },
  table: { category: thing, type: { value: 'TABLE', scheme: '99CANDELA', meaning: 'Patient support' } },
  bones: { category: anatomy, type: sct('272673000', 'Bone') },
  lungs: { category: anatomy, type: sct('39607008', 'Lung') },
  airways: { category: anatomy, type: sct('89187006', 'Airway structure') },
  vessels: { category: anatomy, type: sct('59820001', 'Blood Vessel') },
  aorta: { category: anatomy, type: sct('15825003', 'Aorta') },
  heart: { category: anatomy, type: sct('80891009', 'Heart') },
  liver: { category: anatomy, type: sct('10200004', 'Liver') },
  spleen: { category: anatomy, type: sct('78961009', 'Spleen') },
  kidney: { category: anatomy, type: sct('64033007', 'Kidney') },
  lesion: { category: abnormal, type: sct('52988006', 'Lesion') },
  nodule: { category: abnormal, type: sct('27925004', 'Nodule') },
  calcification: { category: abnormal, type: sct('36222008', 'Calcification') },
  implant: { category: thing, type: sct('40388003', 'Implant') },
  region: { category: tissue, type: tissue },
} as const satisfies Readonly<Record<string, SegmentCodes>>;

export type SegmentNameId = keyof typeof codesByName;

/** The codes of a name of the table; those of any tissue for a name of one's own. */
export const segmentCodes = (nameId: string | null): SegmentCodes =>
  (codesByName as Readonly<Record<string, SegmentCodes>>)[nameId ?? 'region'] ?? codesByName.region;

/** The name whose type has this code; null for none of ours. */
export function segmentNameOf(type: CodedConcept | undefined): SegmentNameId | null {
  if (!type) return null;
  const names = Object.keys(codesByName) as SegmentNameId[];
  return (
    names.find((name) => {
      const own: CodedConcept = codesByName[name].type;
      return own.value === type.value && own.scheme === type.scheme;
    }) ?? null
  );
}
