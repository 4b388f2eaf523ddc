import { type ComponentType, lazy, Suspense } from 'react';
import { Button } from '../ui/controls.tsx';
import { goTo } from './actions.ts';
import { useApp } from './app-store.ts';
import { useT } from './language.ts';

type ReadingPageModule = { readonly ReadingPage: ComponentType<{ readonly studyKey: string }> };

/** The reading page is loaded when first shown: the list is on screen sooner. */
const modules = import.meta.glob<ReadingPageModule>('../pages/reading/reading-page.tsx');

function Missing(_: { readonly studyKey: string }) {
  const t = useT();
  return <div className="page-empty">{t('app.readingMissing')}</div>;
}

const ReadingPage = lazy(async () => {
  const load = Object.values(modules)[0];
  return { default: load ? (await load()).ReadingPage : Missing };
});

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
