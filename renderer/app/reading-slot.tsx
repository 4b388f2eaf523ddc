import { lazy, Suspense } from 'react';
import { Button } from '../ui/controls.tsx';
import { goTo } from './actions.ts';
import { useApp } from './app-store.ts';
import { useT } from './language.ts';

const load = () => import('../pages/reading/reading-page.tsx');

/** The reading page is loaded apart: the list is on screen sooner. */
const ReadingPage = lazy(async () => ({ default: (await load()).ReadingPage }));

/** Fetches the reading page while nobody waits, so that the first study opens at once. */
export function preloadReading(): void {
  requestIdleCallback(() => void load());
}

/** The active study, or where to find one. */
export function ReadingSlot() {
  const t = useT();
  const studyKey = useApp((state) => state.activeStudyKey);
  if (studyKey === null) {
    return (
      <div className="page-empty">
        <h1>{t('app.noStudyOpen')}</h1>
        <p>{t('app.noStudyOpenHint')}</p>
        <Button onClick={() => goTo({ kind: 'studies' })}>{t('app.goToStudies')}</Button>
      </div>
    );
  }
  return (
    <Suspense
      fallback={
        <div className="page-empty">
          <i className="spinner" />
        </div>
      }
    >
      <ReadingPage key={studyKey} studyKey={studyKey} />
    </Suspense>
  );
}
