import { lazy, Suspense, useDeferredValue, useEffect, useState } from 'react';
import { Button } from '../ui/controls.tsx';
import { goTo } from './actions.ts';
import { useApp } from './app-store.ts';
import { useT } from './language.ts';
import { lateReading, provideReading, type ReadingPageProps } from './late-reading.ts';
import { PageGuard } from './page-guard.tsx';

async function load() {
  const [{ ReadingPage }, { beginReading, isBusy }] = await Promise.all([
    import('../pages/reading/reading-page.tsx'),
    import('../pages/reading/session/sessions.ts'),
  ]);
  provideReading({ ReadingPage, begin: beginReading, isBusy });
  return { default: ReadingPage };
}

/** The reading page is loaded apart: the list is on screen sooner. */
const LateReadingPage = lazy(load);

/** Fetches the reading page while nobody waits, so that the first study opens at once. */
export function preloadReading(): void {
  requestIdleCallback(() => void load());
}

/**
 * The active study, or where to find one. While the list is on screen, the page of the study that is likely to be opened is
 * drawn here, laid out and painted but unseen, and out of reach of keys, pointer and screen readers. It is not shown before it
 * is known to be right still.
 */
export function ReadingSlot() {
  const t = useT();
  const isReading = useApp((state) => state.page.kind === 'reading');
  const activeKey = useApp((state) => state.activeStudyKey);
  const ahead = useApp((state) => state.ahead);
  const redrawn = useApp((state) => state.redrawn);
  // Drawn in slices: whoever walks through the list does not wait for it.
  const aheadKey = useDeferredValue(ahead?.studyKey ?? null);
  const studyKey = isReading ? activeKey : aheadKey;
  const isShown = isReading && !(ahead?.studyKey === activeKey && !ahead?.isOpened);
  useEffect(() => {
    // Shown by another way than by opening it.
    if (isReading && !isShown && activeKey !== null) lateReading()?.begin(activeKey);
  }, [isReading, isShown, activeKey]);
  return (
    <div className={`slot${isShown ? '' : ' ahead'}`} inert={!isShown} aria-hidden={!isShown}>
      {studyKey !== null && (
        <PageGuard key={`${studyKey} ${redrawn}`} t={t}>
          <ReadingOf studyKey={studyKey} isShown={isShown} />
        </PageGuard>
      )}
      {studyKey === null && isReading && <NoStudy />}
    </div>
  );
}

function NoStudy() {
  const t = useT();
  return (
    <div className="page-empty">
      <h1>{t('app.noStudyOpen')}</h1>
      <p>{t('app.noStudyOpenHint')}</p>
      <Button onClick={() => goTo({ kind: 'studies' })}>{t('app.goToStudies')}</Button>
    </div>
  );
}

function ReadingOf(props: ReadingPageProps) {
  // A lazy page waits behind its spinner for 0.3 s even when its code is here (React's throttle).
  const [Page] = useState(() => lateReading()?.ReadingPage ?? LateReadingPage);
  return (
    <Suspense
      fallback={
        <div className="page-empty">
          <i className="spinner" />
        </div>
      }
    >
      <Page {...props} />
    </Suspense>
  );
}
