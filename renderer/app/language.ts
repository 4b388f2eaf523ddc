import type { Language, Term, TermParams } from '../../core/terms/term.ts';
import { type TermKey, t } from '../../core/terms/terms.ts';
import { unbroken } from '../../core/terms/unbroken.ts';
import { useApp } from './app-store.ts';

export type Say = (key: TermKey | Term, params?: TermParams) => string;

/** One function per language, so that memoised parts do not redraw without need. */
const sayers: Readonly<Record<Language, Say>> = {
  'zh-CN': (key, params) => unbroken(t('zh-CN', key, params)),
  en: (key, params) => unbroken(t('en', key, params)),
};

/** The words of the present language: `t('studies.import')`, or `t({ zh, en }, params)` for a table of one's own. */
export const useT = (): Say => sayers[useApp((state) => state.language)];

export const useLanguage = (): Language => useApp((state) => state.language);

/** The same outside React (messages, commands). */
export const currentT = (): Say => sayers[useApp.getState().language];
