import type { ComponentType } from 'react';

export interface LateReading {
  readonly ReadingPage: ComponentType<{ readonly studyKey: string }>;
  /** Asks the host for what a study is opened with, before its page is drawn. */
  readonly begin: (studyKey: string) => void;
  /** True where something was begun and is not finished: a line, an outline, a search, a film. */
  readonly isBusy: (studyKey: string) => boolean;
}

/** The reading page's code, which is loaded apart: null while it is not here. */
let loaded: LateReading | null = null;

export function provideReading(reading: LateReading): void {
  loaded = reading;
}

export const lateReading = (): LateReading | null => loaded;
