import type { StudyRow } from '../../../core/contract/studies.ts';
import { formatInterval, parseDicomDate } from '../../../core/terms/format-date.ts';
import { readingTerms } from '../../../core/terms/reading.ts';
import { type Language, say } from '../../../core/terms/term.ts';

/** Keys are `s.<uid>` or `p<n>.<uid>`. */
const uidOf = ({ studyKey }: Pick<StudyRow, 'studyKey'>): string => studyKey.slice(studyKey.indexOf('.') + 1);

/** A study that is stored and read in place too is one prior, and no prior of itself. */
export function distinctPriors<T extends Pick<StudyRow, 'studyKey'>>(
  study: Pick<StudyRow, 'studyKey'>,
  priors: readonly T[],
): readonly T[] {
  const known = new Set([uidOf(study)]);
  return priors.filter((prior) => {
    const uid = uidOf(prior);
    return !known.has(uid) && known.add(uid);
  });
}

type Dated = Pick<StudyRow, 'studyDate'>;

/** True where another study of the patient was made after this one: it is no prior. */
export const isLater = (other: Dated, study: Dated): boolean =>
  Boolean(parseDicomDate(other.studyDate) && parseDicomDate(study.studyDate)) &&
  other.studyDate.replaceAll('.', '') > study.studyDate.replaceAll('.', '');

/** How another study of the patient lies to this one: before it and by how long, after it, or nobody knows. */
export function relationText(language: Language, other: Dated, study: Dated): string {
  if (!parseDicomDate(other.studyDate) || !parseDicomDate(study.studyDate)) {
    return say(language, readingTerms['reading.undatedStudy']);
  }
  if (isLater(other, study)) {
    const interval = formatInterval(language, study.studyDate, other.studyDate);
    return say(language, readingTerms['reading.laterStudy'], { interval });
  }
  if (!isLater(study, other)) return say(language, readingTerms['reading.sameDayStudy']);
  const interval = formatInterval(language, other.studyDate, study.studyDate);
  return say(language, readingTerms['reading.prior'], { interval });
}
