import type { Problem } from '../../core/base/problem.ts';
import type { Language, Term, TermParams } from '../../core/terms/term.ts';
import { problemText, type TermKey, t } from '../../core/terms/terms.ts';
import { type Message, useApp } from './app-store.ts';

let nextId = 1;
const lifetimeMs = 8_000;
const shownAtMost = 3;

/** Shows a message in the strip; those without an action or worry leave by themselves. Answers its id. */
export function showMessage(message: Omit<Message, 'id'>): number {
  const id = nextId++;
  useApp.setState((state) => ({ messages: [...state.messages, { ...message, id }].slice(-shownAtMost) }));
  if (message.tone !== 'danger')
    setTimeout(() => dismissMessage(id), message.action ? lifetimeMs * 1.5 : lifetimeMs);
  return id;
}

export function dismissMessage(id: number): void {
  useApp.setState((state) => ({ messages: state.messages.filter((message) => message.id !== id) }));
}

/** A term that is put into words when it is shown: a message may outlive a change of language. */
export const words =
  (key: TermKey | Term, params?: TermParams) =>
  (language: Language): string =>
    t(language, key, params);

/** Tells a person about a problem: what, what to do, code. */
export function showProblem(problem: Problem, action?: Message['action']): number {
  return showMessage({
    tone: 'danger',
    text: (language) => problemText(language, problem).sentence,
    detail: (language) => {
      const { sentence, advice, code } = problemText(language, problem);
      return [advice, code === sentence ? '' : code].filter(Boolean).join(' ');
    },
    ...(action && { action }),
  });
}
