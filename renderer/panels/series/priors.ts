import type { StudyRow } from '../../../core/contract/studies.ts';

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
