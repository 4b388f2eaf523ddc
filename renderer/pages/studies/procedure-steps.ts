import { useEffect } from 'react';
import { create } from 'zustand';
import type { CallOutput } from '../../../core/contract/index.ts';
import { formatDicomDate, formatDicomTime } from '../../../core/terms/format-date.ts';
import type { Language } from '../../../core/terms/term.ts';
import { t } from '../../../core/terms/terms.ts';
import { client } from '../../app/client.ts';

export type ProcedureStep = CallOutput<'procedureSteps.list'>[number];

interface StepState {
  readonly byStudy: ReadonlyMap<string, ProcedureStep>;
}

/** The newest performed procedure step of each study that has one. */
export const useSteps = create<StepState>()(() => ({ byStudy: new Map() }));

/** Read at first and a moment after studies change. */
export function useProcedureSteps(): void {
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const read = async () => {
      timer = undefined;
      const result = await client().call('procedureSteps.list', {});
      if (result.ok) useSteps.setState({ byStudy: newestByStudy(result.value) });
    };
    void read();
    const end = client().subscribe('studies', () => {
      timer ??= setTimeout(() => void read(), settleMs);
    });
    return () => {
      clearTimeout(timer);
      end();
    };
  }, []);
}
const settleMs = 500;

/** The list comes newest first: what is there already stays. */
export function newestByStudy(steps: readonly ProcedureStep[]): ReadonlyMap<string, ProcedureStep> {
  const byStudy = new Map<string, ProcedureStep>();
  for (const step of steps) {
    const { localStudyKey } = step;
    if (localStudyKey !== null && !byStudy.has(localStudyKey)) byStudy.set(localStudyKey, step);
  }
  return byStudy;
}

const whenOf = (moment: string): string =>
  `${formatDicomDate(moment.slice(0, 8))} ${formatDicomTime(moment.slice(8))}`.trim();

/** Which step, on which device, from when to when: as far as the device told. */
export function stepWords(language: Language, step: ProcedureStep): string[] {
  const { description, procedureStepId, stationAeTitle, startedAt, endedAt } = step;
  const name = [description, procedureStepId].filter(Boolean).join(' · ');
  return [
    name && t(language, 'steps.step', { name }),
    stationAeTitle && t(language, 'steps.station', { name: stationAeTitle }),
    startedAt && t(language, 'steps.began', { when: whenOf(startedAt) }),
    endedAt && t(language, 'steps.ended', { when: whenOf(endedAt) }),
  ].filter((words) => words !== '');
}
