import type { ScalarField } from '../../core/analysis/types.ts';
import { problem } from '../../core/base/problem.ts';
import type { AnalysisAnswer, AnalysisRequest, Operation, OperationTable } from './protocol.ts';

/** Progress is told in steps of this share: more would only fill the page's queue. */
const progressStep = 0.02;

/** The worker's half: holds one volume, runs what it is asked, and looks at the stop cell as it goes. */
export class AnalysisSide {
  private readonly operations: OperationTable;
  private readonly post: (answer: AnalysisAnswer) => void;
  private field: ScalarField | null = null;
  private stopped: Int32Array = new Int32Array(1);

  constructor(operations: OperationTable, post: (answer: AnalysisAnswer) => void) {
    this.operations = operations;
    this.post = post;
  }

  handle(request: AnalysisRequest): void {
    if (request.kind === 'open') {
      this.field = request.field;
      this.stopped = request.stopped;
      return;
    }
    const { id, name, input } = request;
    if (this.isStopped(id)) {
      this.post({ kind: 'stopped', id });
      return;
    }
    try {
      this.run(id, name, input);
    } catch {
      this.post({ kind: 'problem', id, problem: problem('INTERNAL') });
    }
  }

  private run(id: number, name: string, input: unknown): void {
    const operation = this.operations[name] as Operation<unknown, unknown> | undefined;
    if (!operation || !this.field) throw new Error(`analysis: no ${this.field ? name : 'volume'}`);
    let told = 0;
    const result = operation(this.field, input, (done) => {
      if (done - told >= progressStep) {
        told = done;
        this.post({ kind: 'progress', id, done });
      }
      return !this.isStopped(id);
    });
    if (this.isStopped(id)) this.post({ kind: 'stopped', id });
    else if (result.ok) this.post({ kind: 'done', id, value: result.value });
    else this.post({ kind: 'problem', id, problem: result.problem });
  }

  private isStopped(id: number): boolean {
    return Atomics.load(this.stopped, id % this.stopped.length) === id;
  }
}
