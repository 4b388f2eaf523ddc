import { useStore } from 'zustand';
import { type ReadingTerm, readingTerms } from '../../../core/terms/reading.ts';
import type { TermParams } from '../../../core/terms/term.ts';
import { useT } from '../../app/language.ts';
import type { ReadingSession } from './session/reading-session.ts';
import type { ReadingState } from './session/reading-state.ts';

/** The page's own words in the present language. */
export function useWords(): (key: ReadingTerm, params?: TermParams) => string {
  const t = useT();
  return (key, params) => t(readingTerms[key], params);
}

/** A part of the session's state; the component redraws when that part changes. */
export const useReading = <T>(session: ReadingSession, select: (state: ReadingState) => T): T =>
  useStore(session.store, select);
