import { createHash } from 'node:crypto';
import type { Problem } from '../../../core/base/problem.ts';
import { personNameText } from '../../../core/dicom/person-name.ts';
import type { Attributes, PersonName, Scan } from '../../../core/dicom/types.ts';
import { foldedGroups } from '../../../core/dimse/query-matching.ts';
import { hasCjk, latinOfName, nameTokens, pinyinSyllables, spaced } from './search-tokens.ts';

/** Texts in the index are cut here (reliability.md C3). */
const cut = (text: string | undefined): string => (text ?? '').trim().slice(0, 1024);

/** UIDs as the standard has them make the key; anything else is hashed, so that a key is always plain. */
export function keyOfUid(scope: string, uid: string, repeat: number): string {
  const plain = /^[0-9.]{1,64}$/.test(uid)
    ? uid
    : `x${createHash('sha256').update(uid).digest('hex').slice(0, 32)}`;
  return `${scope}.${plain}${repeat > 1 ? `~${repeat}` : ''}`;
}

/** One spelling per name: without case, empty components at the end and doubled spaces. */
export function nameKey(name: PersonName | undefined): string {
  const group = name?.alphabetic || name?.ideographic || '';
  return cut(group)
    .replace(/[\s^]+$/u, '')
    .replaceAll(/\s+/gu, ' ')
    .toUpperCase();
}

export interface PatientValues {
  readonly patientId: string;
  readonly issuer: string;
  readonly nameKey: string;
  readonly birthDate: string;
}

export const patientValues = (a: Attributes): PatientValues => ({
  patientId: cut(a.PatientID),
  issuer: cut(a.IssuerOfPatientID),
  nameKey: nameKey(a.PatientName),
  birthDate: cut(a.PatientBirthDate),
});

/** Two descriptions of a patient that nothing keeps apart; a missing value contradicts nothing. */
export function samePatient(a: PatientValues, b: PatientValues): boolean {
  const agrees = (x: string, y: string): boolean => x === y || x === '' || y === '';
  return (
    a.patientId === b.patientId &&
    agrees(a.issuer, b.issuer) &&
    agrees(a.nameKey, b.nameKey) &&
    agrees(a.birthDate, b.birthDate)
  );
}

const dateParts = (text: string): [number, number, number] | null => {
  const match = /^(\d{4})(\d{2})(\d{2})$/.exec(text);
  return match ? [Number(match[1]), Number(match[2]), Number(match[3])] : null;
};

/** As in the file (AS, PS3.5 6.2), else whole years between birth and study; empty if unknown. */
export function ageOf(a: Attributes): string {
  const stated = cut(a.PatientAge);
  if (/^\d{1,3}[DWMY]$/.test(stated)) return stated.padStart(4, '0');
  const birth = dateParts(cut(a.PatientBirthDate));
  const study = dateParts(cut(a.StudyDate));
  if (!birth || !study) return '';
  const before = study[1] < birth[1] || (study[1] === birth[1] && study[2] < birth[2]);
  const years = study[0] - birth[0] - (before ? 1 : 0);
  return years >= 0 && years < 150 ? `${String(years).padStart(3, '0')}Y` : '';
}

/** For sorting only: an AS value in days; −1 when unknown. */
export function ageInDays(age: string): number {
  const match = /^(\d{3})([DWMY])$/.exec(age);
  if (!match) return -1;
  const unit = { D: 1, W: 7, M: 30, Y: 365 }[match[2] as 'D' | 'W' | 'M' | 'Y'];
  return Number(match[1]) * unit;
}

/** What queries compare names by (`matchesName`). */
export const nameFolded = (alphabetic: string, ideographic: string | null, phonetic: string | null): string =>
  foldedGroups({ alphabetic, ideographic: ideographic ?? '', phonetic: phonetic ?? '' });

/** Study ID and referring physician: the name as in a file, and as queries compare it. */
export function referralValues(a: Attributes) {
  const { alphabetic = '', ideographic = '', phonetic = '' } = a.ReferringPhysicianName ?? {};
  const groups = [cut(alphabetic), cut(ideographic), cut(phonetic)] as const;
  return {
    studyId: cut(a.StudyID),
    referringPhysician: personNameText({
      alphabetic: groups[0],
      ideographic: groups[1],
      phonetic: groups[2],
    }),
    referringFolded: nameFolded(...groups),
  };
}

/** The columns of a study row that come from the file. */
export function studyValues(scan: Scan) {
  const a = scan.attributes;
  const name = a.PatientName ?? { alphabetic: '' };
  const shown = cut(name.ideographic || name.alphabetic)
    .replaceAll('^', ' ')
    .trim();
  const age = ageOf(a);
  const names = {
    nameAlphabetic: cut(name.alphabetic),
    nameIdeographic: name.ideographic ? cut(name.ideographic) : null,
    namePhonetic: name.phonetic ? cut(name.phonetic) : null,
  };
  return {
    patientId: cut(a.PatientID),
    issuer: cut(a.IssuerOfPatientID),
    ...names,
    nameFolded: nameFolded(names.nameAlphabetic, names.nameIdeographic, names.namePhonetic),
    ...referralValues(a),
    nameLatin: cut(latinOfName(name)),
    nameSort: (hasCjk(shown) ? pinyinSyllables(shown).join(' ') || shown : shown).toLowerCase(),
    charsetGuess: scan.charsetGuess ? 1 : 0,
    sex: cut(a.PatientSex),
    birthDate: cut(a.PatientBirthDate),
    age,
    ageDays: ageInDays(age),
    studyDate: cut(a.StudyDate),
    studyTime: cut(a.StudyTime),
    description: cut(a.StudyDescription),
    accession: cut(a.AccessionNumber),
    institution: cut(a.InstitutionName),
  };
}

/** The three columns of the full-text index for one study. */
export function searchValues(study: {
  nameAlphabetic: string;
  nameIdeographic: string | null;
  namePhonetic: string | null;
  patientId: string;
  accession: string;
  studyDate: string;
  description: string;
  seriesTexts: readonly string[];
}): { names: string; ids: string; words: string } {
  return {
    names: nameTokens([
      study.nameIdeographic ?? undefined,
      study.nameAlphabetic,
      study.namePhonetic ?? undefined,
    ]),
    ids: `${study.patientId} ${study.accession} ${study.studyDate}`,
    words: spaced([study.description, ...study.seriesTexts].join(' ').slice(0, 8192)),
  };
}

const listText = (values: readonly number[] | undefined): string | null =>
  values === undefined ? null : values.join('\\').slice(0, 256);

/** The columns of an instance row that come from the file. */
export function instanceValues(scan: Scan) {
  const a = scan.attributes;
  const { pixel } = scan;
  const first = pixel.kind === 'encapsulated' ? pixel.frames[0]?.[0] : undefined;
  const range = pixel.kind === 'native' ? pixel.range : first;
  const length =
    pixel.kind === 'encapsulated'
      ? pixel.frames.reduce((sum, frame) => sum + frame.reduce((bytes, part) => bytes + part.length, 0), 0)
      : range?.length;
  const frameValues = { ...a, ...scan.sharedFrame, ...scan.perFrame?.[0] };
  return {
    sopClass: cut(a.SOPClassUID),
    instanceNumber: whole(a.InstanceNumber),
    transferSyntax: cut(scan.transferSyntaxUID),
    deflated: scan.deflated ? 1 : 0,
    datasetOffset: scan.datasetOffset,
    pixelKind: pixel.kind,
    pixelOffset: range?.offset ?? null,
    pixelLength: length ?? null,
    pixelRows: whole(a.Rows),
    pixelColumns: whole(a.Columns),
    frames: pixel.kind === 'none' ? 0 : Math.max(1, whole(a.NumberOfFrames) ?? 1),
    position: listText(frameValues.ImagePositionPatient),
    orientation: listText(frameValues.ImageOrientationPatient),
    pixelSpacing: listText(frameValues.PixelSpacing),
    sliceThicknessMm: real(frameValues.SliceThickness),
    frameOfReference: a.FrameOfReferenceUID ? cut(a.FrameOfReferenceUID) : null,
  };
}

export function seriesValues(scan: Scan) {
  const a = scan.attributes;
  return {
    number: whole(a.SeriesNumber),
    description: cut(a.SeriesDescription) || cut(a.ProtocolName),
    modality: cut(a.Modality),
    bodyPart: cut(a.BodyPartExamined),
  };
}

function whole(value: number | undefined): number | null {
  return value !== undefined && Number.isSafeInteger(Math.trunc(value)) ? Math.trunc(value) : null;
}
function real(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}

/** At most 20 flags, one per code, as JSON. */
export function mergeFlags(json: string, more: readonly Problem[]): string {
  if (more.length === 0) return json;
  const flags = JSON.parse(json) as Problem[];
  for (const flag of more) {
    if (flags.length >= 20) break;
    if (!flags.some((known) => known.code === flag.code)) flags.push(flag);
  }
  return JSON.stringify(flags);
}
