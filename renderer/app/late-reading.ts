import type { ComponentType } from 'react';

export interface ReadingPageProps {
  readonly studyKey: string;
  /** False: drawn ahead, unseen. */
  readonly isShown: boolean;
}

export interface LateReading {
  readonly ReadingPage: ComponentType<ReadingPageProps>;
  /**
   * Asks the host for what a study is opened with, before its page is drawn. A promise where its page was drawn ahead: it
   * is shown once that is found to be right still, or given up.
   */
  readonly begin: (studyKey: string) => Promise<void> | null;
  /** True where something was begun and is not finished: a line, an outline, a search, a film. */
  readonly isBusy: (studyKey: string) => boolean;
}

/** The reading page's code, which is loaded apart: null while it is not here. */
let loaded: LateReading | null = null;

export function provideReading(reading: LateReading): void {
  loaded = reading;
}

export const lateReading = (): LateReading | null => loaded;
