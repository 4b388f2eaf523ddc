import { lazy, Suspense, useState } from 'react';
import { Button } from '../ui/controls.tsx';
import { goTo } from './actions.ts';
import { useApp } from './app-store.ts';
import { useT } from './language.ts';
import { lateReading, provideReading } from './late-reading.ts';

async function load() {
  const [{ ReadingPage }, { isBusy, sessionFor }] = await Promise.all([
    import('../pages/reading/reading-page.tsx'),
    import('../pages/reading/session/sessions.ts'),
  ]);
  provideReading({ ReadingPage, begin: (studyKey) => void sessionFor(studyKey), isBusy });
  return { default: ReadingPage };
}

/** The reading page is loaded apart: the list is on screen sooner. */
const LateReadingPage = lazy(load);

/** Fetches the reading page while nobody waits, so that the first study opens at once. */
export function preloadReading(): void {
  requestIdleCallback(() => void load());
}

/** The active study, or where to find one. */
export function ReadingSlot() {
  const t = useT();
  const studyKey = useApp((state) => state.activeStudyKey);
  // A lazy page waits behind its spinner for 0.3 s even when its code is here (React's throttle).
  const [Page] = useState(() => lateReading()?.ReadingPage ?? LateReadingPage);
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
      <Page key={studyKey} studyKey={studyKey} />
    </Suspense>
  );
}
