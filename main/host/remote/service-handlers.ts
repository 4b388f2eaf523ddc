import type { ServiceHandlers } from '../dimse/service-handler.ts';
import type { Services } from '../services.ts';
import { answerCommitment, takeCommitmentReport } from './serve-commitment.ts';
import { answerFind } from './serve-find.ts';
import { createStep, setStep } from './serve-procedure-steps.ts';
import { answerGet, answerMove } from './serve-retrieve.ts';

/** What peers may ask of the store (service-handler.ts). `use`: the receiver is made before the host is whole. */
export function serviceHandlers(use: () => Services): ServiceHandlers {
  return {
    'C-FIND-RQ': (request, answer) => answerFind(use(), request, answer),
    'C-GET-RQ': (request, answer) => answerGet(use(), request, answer),
    'C-MOVE-RQ': (request, answer) => answerMove(use(), request, answer),
    'N-ACTION-RQ': (request, answer) => answerCommitment(use(), request, answer),
    'N-EVENT-REPORT-RQ': (request, answer) => takeCommitmentReport(use(), request, answer),
    'N-CREATE-RQ': (request, answer) => createStep(use(), request, answer),
    'N-SET-RQ': (request, answer) => setStep(use(), request, answer),
  };
}
