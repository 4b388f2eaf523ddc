import type { Attributes } from '../dicom/types.ts';
import { formatLatinName, formatName } from '../terms/format-person.ts';
import type { ReportHead } from './types.ts';

/** The head of a report from the attributes that a series' images have in common (L97: of the pixels' own data set). */
export function reportHead(attributes: Attributes): ReportHead {
  const name = attributes.PatientName;
  return {
    name: name ? formatName(name) : '',
    nameLatin: name ? formatLatinName(name, '') : '',
    patientId: attributes.PatientID ?? '',
    birthDate: attributes.PatientBirthDate ?? '',
    sex: attributes.PatientSex ?? '',
    age: attributes.PatientAge ?? '',
    studyDate: attributes.StudyDate ?? '',
    studyTime: attributes.StudyTime ?? '',
    institution: attributes.InstitutionName ?? '',
    study: attributes.StudyDescription ?? '',
    accessionNumber: attributes.AccessionNumber ?? '',
    modality: attributes.Modality ?? '',
    seriesNumber: attributes.SeriesNumber === undefined ? '' : String(attributes.SeriesNumber),
    series: attributes.SeriesDescription ?? '',
  };
}
