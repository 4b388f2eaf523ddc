import type { Problem } from '../base/problem.ts';
import { problemTable } from '../base/problem-table.ts';
import { appTerms } from './app.ts';
import { auditTerms } from './audit.ts';
import { formatBytes } from './format.ts';
import { jobsTerms } from './jobs.ts';
import { networkTerms } from './network.ts';
import { nodeTerms } from './nodes.ts';
import { printTerms } from './print.ts';
import { receiptKindTerms } from './receipt-kinds.ts';
import { remoteTerms } from './remote.ts';
import { settingsTerms } from './settings.ts';
import { storageTerms } from './storage.ts';
import { studiesTerms } from './studies.ts';
import { fill, inOne, type Language, say, type Term, type TermParams } from './term.ts';
import { tlsReason } from './tls-reasons.ts';

/** Every term of the frame and the pages, by key. A page with a table of its own may pass its terms directly. */
export const terms = {
  ...appTerms,
  ...studiesTerms,
  ...jobsTerms,
  ...settingsTerms,
  ...auditTerms,
  ...networkTerms,
  ...nodeTerms,
  ...remoteTerms,
  ...storageTerms,
  ...printTerms,
  ...receiptKindTerms,
} as const;
export type TermKey = keyof typeof terms;

/** The words of a key, or of a term itself, in a language. */
export function t(language: Language, key: TermKey | Term, params?: TermParams): string {
  return say(language, typeof key === 'string' ? terms[key] : key, params);
}

export interface ProblemText {
  readonly code: string;
  readonly sentence: string;
  readonly advice: string;
  /** Both. */
  readonly told: string;
}

/** Parameters that are named as bytes, as a person reads sizes. */
const withSizes = (params: TermParams = {}): TermParams =>
  Object.fromEntries(
    Object.entries(params).map(([name, value]) => [
      name,
      name.endsWith('Bytes') && typeof value === 'number' ? formatBytes(value) : value,
    ]),
  );

/** Hundredths of a millimetre, where a sentence is about them: 2.04 mm that are told as 2 contradict nothing. */
const withHundredths = ({ code }: Problem, params: TermParams): TermParams =>
  code.startsWith('GEOMETRY_') || code === 'VOLUME_REDUCED'
    ? Object.fromEntries(
        Object.entries(params).map(([name, value]) => [
          name,
          typeof value === 'number' && !Number.isInteger(value) ? String(Number(value.toFixed(2))) : value,
        ]),
      )
    : params;

/** Reasons that libraries give by name, in words. */
function withReason({ code, params }: Problem, language: Language): TermParams | undefined {
  const reason = params?.['reason'];
  const term = code.startsWith('TLS_') && typeof reason === 'string' ? tlsReason(reason) : undefined;
  return term ? { ...params, reason: say(language, term) } : params;
}

/** What to tell a person about a problem: sentence, advice, code. A code without words yet shows itself. */
export function problemText(language: Language, problem: Problem): ProblemText {
  const row = problemTable[problem.code];
  const chinese = language === 'zh-CN';
  // A problem told without its parameters (a count by code) has nothing to put there.
  const words = (template: string) =>
    fill(template, withHundredths(problem, withSizes(withReason(problem, language)))).replace(
      /\{\w+\}/g,
      '…',
    );
  const sentence = words(chinese ? row.zh : row.en) || problem.code;
  const advice = words(chinese ? row.adviceZh : row.adviceEn);
  return { code: problem.code, sentence, advice, told: inOne(language, [sentence, advice]) };
}
