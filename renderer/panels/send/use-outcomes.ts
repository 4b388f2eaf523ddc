import { useEffect, useState } from 'react';
import type { CallOutput } from '../../../core/contract/index.ts';
import { client } from '../../app/client.ts';
import { showProblem } from '../../app/messages.ts';

export type Outcomes = CallOutput<'remote.outcomes'>;
export type OutcomeFilter = 'all' | 'failed';

/** Of one call. */
const pageMost = 1000;
/** More lines nobody pastes anywhere. */
const copyMost = 100_000;
/** From here on their reasons are told together, too. */
const manyFailures = 4;

/** Failures come first: those alone are the first `failed` rows. */
const shownOf = ({ total, failed }: Outcomes, filter: OutcomeFilter): number =>
  filter === 'failed' ? failed : total;

/** The first `limit` outcomes that pass the filter, and how many there are; read again when the job moves on. */
export function useOutcomes(jobId: string, limit: number, filter: OutcomeFilter, stamp: string) {
  const [outcomes, setOutcomes] = useState<Outcomes | null>(null);
  const question = `${jobId}\n${limit}\n${stamp}`;
  useEffect(() => {
    let isStale = false;
    const [id = '', most = ''] = question.split('\n');
    void read(id, Number(most)).then((found) => {
      if (!isStale && found) setOutcomes(found);
    });
    return () => {
      isStale = true;
    };
  }, [question]);
  if (!outcomes) return null;
  const count = shownOf(outcomes, filter);
  return { ...outcomes, count, rows: outcomes.rows.slice(0, count) };
}

/** All failures of a job that is over, where they are many; none while they fit on the screen. */
export function useManyFailures(jobId: string, failed: number): Outcomes['rows'] {
  const [rows, setRows] = useState<Outcomes['rows']>([]);
  const question = failed >= manyFailures ? `${jobId}\n${failed}` : '';
  useEffect(() => {
    let isStale = false;
    const [id = ''] = question.split('\n');
    if (id === '') setRows([]);
    else
      void allOutcomes(id, 'failed').then((found) => {
        if (!isStale && found) setRows(found);
      });
    return () => {
      isStale = true;
    };
  }, [question]);
  return rows;
}

/** All outcomes that pass the filter, for copying. */
export async function allOutcomes(jobId: string, filter: OutcomeFilter): Promise<Outcomes['rows'] | null> {
  const found = await read(jobId, copyMost);
  return found ? found.rows.slice(0, shownOf(found, filter)) : null;
}

/** The first `most` outcomes, page by page; null when they cannot be read, which is told. */
async function read(jobId: string, most: number): Promise<Outcomes | null> {
  const rows: Outcomes['rows'] = [];
  for (;;) {
    const limit = Math.min(pageMost, most - rows.length);
    const result = await client().call('remote.outcomes', { jobId, offset: rows.length, limit });
    if (!result.ok) {
      showProblem(result.problem);
      return null;
    }
    rows.push(...result.value.rows);
    const isAll = result.value.rows.length === 0 || rows.length >= Math.min(result.value.total, most);
    if (isAll) return { ...result.value, rows };
  }
}
