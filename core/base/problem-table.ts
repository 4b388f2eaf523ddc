import { boneProblems } from './problems/bone-problems.ts';
import { cprProblems } from './problems/cpr-problems.ts';
import { frameProblems } from './problems/frame-problems.ts';
import { keyProblems } from './problems/key-problems.ts';
import { maskProblems } from './problems/mask-problems.ts';
import { messageProblems } from './problems/message-problems.ts';
import { networkProblems } from './problems/network-problems.ts';
import { nodeProblems } from './problems/node-problems.ts';
import { operationProblems } from './problems/operation-problems.ts';
import { pathProblems } from './problems/path-problems.ts';
import { pictureProblems } from './problems/picture-problems.ts';
import { remoteProblems } from './problems/remote-problems.ts';
import { reportProblems } from './problems/report-problems.ts';
import { storageProblems } from './problems/storage-problems.ts';
import { structureProblems } from './problems/structure-problems.ts';
import { volumeProblems } from './problems/volume-problems.ts';
import { webProblems } from './problems/web-problems.ts';

export type { Fault, ProblemRow } from './problems/problem-row.ts';

/** Every problem code, with whose fault it is and what a person is told, in both languages. One row per code. */
export const problemTable = {
  ...structureProblems,
  ...pictureProblems,
  ...frameProblems,
  ...operationProblems,
  ...messageProblems,
  ...networkProblems,
  ...keyProblems,
  ...maskProblems,
  ...pathProblems,
  ...cprProblems,
  ...boneProblems,
  ...reportProblems,
  ...storageProblems,
  ...nodeProblems,
  ...volumeProblems,
  ...webProblems,
  ...remoteProblems,
} as const;

export type ProblemCode = keyof typeof problemTable;
