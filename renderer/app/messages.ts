import type { Problem } from '../../core/base/problem.ts';
import { boneProblems } from '../../core/base/problems/bone-problems.ts';
import { cprProblems } from '../../core/base/problems/cpr-problems.ts';
import { maskProblems } from '../../core/base/problems/mask-problems.ts';
import { pathProblems } from '../../core/base/problems/path-problems.ts';
import type { ProblemRow } from '../../core/base/problems/problem-row.ts';
import type { Language, Term, TermParams } from '../../core/terms/term.ts';
import { problemText, type TermKey, t } from '../../core/terms/terms.ts';
import { type Message, type Said, useApp } from './app-store.ts';

let nextId = 1;
const lifetimeMs = 8_000;
const shownAtMost = 3;

/** What goes wrong when a hand works on pictures. */
const handProblems: Readonly<Record<string, ProblemRow>> = {
  ...boneProblems,
  ...cprProblems,
  ...maskProblems,
  ...pathProblems,
};

const said = (words: Said | undefined): string | undefined =>
  typeof words === 'function' ? words('en') : words;
const isSame = (a: Omit<Message, 'id'>, b: Omit<Message, 'id'>): boolean =>
  said(a.text) === said(b.text) && said(a.detail) === said(b.detail);

/** The study whose pictures are on screen; null on other pages. */
function studyOnScreen(): string | null {
  const { page, activeStudyKey } = useApp.getState();
  return page.kind === 'reading' ? activeStudyKey : null;
}

/**
 * Shows a message in the strip; those without an action or worry leave by themselves. What is said again takes the
 * place of what was said before; what comes late of another study than the one on screen is not said over its pictures.
 * Answers its id.
 */
export function showMessage(message: Omit<Message, 'id'>): number {
  const id = nextId++;
  const onScreen = studyOnScreen();
  if (message.ofStudy !== undefined && onScreen !== null && onScreen !== message.ofStudy) return id;
  useApp.setState((state) => {
    const others = state.messages.filter((shown) => !isSame(shown, message));
    return { messages: [...others, { ...message, id }].slice(-shownAtMost) };
  });
  const isLong = message.action !== undefined || message.tone === 'warn';
  if (message.tone !== 'danger') setTimeout(() => dismissMessage(id), isLong ? lifetimeMs * 1.5 : lifetimeMs);
  return id;
}

/** The one to be told where there is room for one: the newest, but what went wrong stays before what went well. */
export const mostUrgent = (messages: readonly Message[]): Message | undefined =>
  messages.findLast(({ tone }) => tone === 'danger') ?? messages.at(-1);

export function dismissMessage(id: number): void {
  useApp.setState((state) => ({ messages: state.messages.filter((message) => message.id !== id) }));
}

/** What was said of a study does not stand over the pictures of the next. */
export function dismissOfStudy(): void {
  useApp.setState((state) => ({ messages: state.messages.filter(({ ofStudy }) => ofStudy === undefined) }));
}

/** A term that is put into words when it is shown: a message may outlive a change of language. */
export const words =
  (key: TermKey | Term, params?: TermParams) =>
  (language: Language): string =>
    t(language, key, params);

/**
 * Tells a person about a problem: what, what to do, code. What they can put right with the next click in a
 * picture is amber and leaves by itself or with the study; the rest stays until it is closed.
 */
export const showProblem = (problem: Problem, action?: Message['action']): number =>
  tell(problem, handProblems[problem.code]?.fault === 'user', action);

/** The same of what the pictures on screen cannot be shown as: nothing went wrong, so it leaves with them, too. */
export const showRefusal = (problem: Problem): number => tell(problem, true);

function tell(problem: Problem, isOfPictures: boolean, action?: Message['action']): number {
  const ofStudy = isOfPictures ? studyOnScreen() : null;
  return showMessage({
    tone: isOfPictures ? 'warn' : 'danger',
    ...(ofStudy !== null && { ofStudy }),
    text: (language) => problemText(language, problem).sentence,
    detail: (language) => {
      const { sentence, advice, code } = problemText(language, problem);
      return [advice, code === sentence ? '' : code].filter(Boolean).join(' ');
    },
    ...(action && { action }),
  });
}
