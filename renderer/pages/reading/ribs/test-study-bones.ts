import { labelFrom } from '../../../../core/analysis/ribs/labels.ts';
import { madeBones } from '../../../../core/analysis/ribs/test-bones.ts';
import { type StudyBones, unnamedBones } from './study-bones.ts';

/** Bones of a series as they were found, and as a reader has named them; for tests. */
export const foundBones: StudyBones = unnamedBones('a', 0, madeBones(4, [1]));

const named = labelFrom(foundBones.bones, { kind: 'vertebra', id: 'vertebra-2', label: 'T4' });
if (!named.ok) throw new Error(named.problem.code);
export const namedBones: StudyBones = { ...foundBones, bones: named.value };
