/** Who has to do something about a problem. */
export type Fault = 'user' | 'file' | 'peer' | 'environment' | 'program';

/** What a person is told: a sentence and a next step in both languages; `{name}` is a place for a parameter. */
export interface ProblemRow {
  readonly fault: Fault;
  readonly zh: string;
  readonly en: string;
  readonly adviceZh: string;
  readonly adviceEn: string;
}
