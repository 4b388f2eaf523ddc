import { describe, expect, it, vi } from 'vitest';
import type { ScalarField } from '../../core/analysis/types.ts';
import { problem } from '../../core/base/problem.ts';
import { fail, ok } from '../../core/base/result.ts';
import { matrixFromColumns } from '../../core/geometry/matrices.ts';
import { AnalysisClient, type AnalysisWorker, type OperationName } from './client.ts';
import type { AnalysisAnswer, AnalysisRequest, Operation, OperationTable } from './protocol.ts';
import { AnalysisSide } from './worker-side.ts';

vi.mock('../workers/analysis.ts?worker&url', () => ({ default: 'analysis.js' }));

const field: ScalarField = {
  geometry: {
    size: [2, 2, 2],
    patientFromIndex: matrixFromColumns([1, 0, 0], [0, 1, 0], [0, 0, 1], [3, 4, 5]),
  },
  voxels: new Int16Array(new SharedArrayBuffer(16)),
  rescale: { slope: 1, intercept: 0 },
};

const sum: Operation<{ readonly plus: number }, number> = (of, { plus }) =>
  ok([...of.voxels].reduce((total, value) => total + value, plus));
const refuse: Operation<null, number> = () => fail(problem('PATH_GAP', { n: 2 }));
const crash: Operation<null, number> = () => {
  throw new Error('bug');
};
const long: Operation<number, number> = (_of, steps, progress) => {
  for (let n = 0; n < steps; n += 1) if (!progress(n / steps)) return fail(problem('CANCELLED'));
  return ok(steps);
};
const table = { sum, refuse, crash, long } as const satisfies OperationTable;

/** The worker's side in this thread; each message is cloned as between threads, and handled in a later turn. */
class HereWorker implements AnalysisWorker {
  onmessage: AnalysisWorker['onmessage'] = null;
  onerror: AnalysisWorker['onerror'] = null;
  isEnded = false;
  readonly progress: number[] = [];
  private readonly side = new AnalysisSide(table, (answer) => this.tell(answer));

  postMessage(request: AnalysisRequest): void {
    const sent = structuredClone(request);
    setTimeout(() => this.side.handle(sent));
  }
  terminate(): void {
    this.isEnded = true;
  }
  private tell(answer: AnalysisAnswer): void {
    if (answer.kind === 'progress') this.progress.push(answer.done);
    this.onmessage?.({ data: structuredClone(answer) } as MessageEvent<AnalysisAnswer>);
  }
}

function open(): {
  readonly worker: HereWorker;
  run(name: string, input: unknown, signal?: AbortSignal): Promise<unknown>;
  readonly client: AnalysisClient;
} {
  const worker = new HereWorker();
  const client = new AnalysisClient(field, () => worker);
  const run = (name: string, input: unknown, signal?: AbortSignal): Promise<unknown> =>
    client.run(name as OperationName, input as never, signal ? { signal } : {});
  return { worker, client, run };
}

describe('the analysis worker of a volume', () => {
  it('sees the voxels as they are when a request begins', async () => {
    const { run } = open();
    field.voxels.fill(0);
    const asked = run('sum', { plus: 1 });
    field.voxels[3] = 41;
    expect(await asked).toEqual({ ok: true, value: 42 });
    field.voxels[3] = 0;
  });

  it('gives problems as values, and a bug as one', async () => {
    const { run } = open();
    expect(await run('refuse', null)).toEqual(fail(problem('PATH_GAP', { n: 2 })));
    expect(await run('crash', null)).toEqual(fail(problem('INTERNAL')));
    expect(await run('missing', null)).toEqual(fail(problem('INTERNAL')));
    expect(await run('sum', { plus: 2 })).toMatchObject({ ok: true });
  });

  it('tells progress in steps, not each of it', async () => {
    const { run, worker } = open();
    expect(await run('long', 10_000)).toEqual({ ok: true, value: 10_000 });
    expect(worker.progress.length).toBeGreaterThan(40);
    expect(worker.progress.length).toBeLessThan(60);
    expect(worker.progress.every((done, n) => n === 0 || done > worker.progress[n - 1]!)).toBe(true);
  });

  it('stops what is aborted, before and after it began, and goes on with the next', async () => {
    const { run } = open();
    const first = new AbortController();
    const running = run('long', 1e9, first.signal);
    first.abort();
    const next = run('sum', { plus: 7 });
    expect(await running).toBeNull();
    expect(await next).toEqual({ ok: true, value: 7 });
    const over = new AbortController();
    over.abort();
    expect(await run('sum', { plus: 1 }, over.signal)).toBeNull();
  });

  it('ends with the volume: what waits is answered, later requests are a problem', async () => {
    const { run, client, worker } = open();
    const waiting = run('long', 10);
    client.end();
    expect(await waiting).toBeNull();
    expect(worker.isEnded).toBe(true);
    expect(await run('sum', { plus: 1 })).toEqual(fail(problem('INTERNAL')));
  });

  it('tells who waits when the worker cannot be had', async () => {
    const { run, worker } = open();
    const waiting = run('sum', { plus: 1 });
    worker.onerror?.({} as ErrorEvent);
    expect(await waiting).toEqual(fail(problem('INTERNAL')));
  });
});
