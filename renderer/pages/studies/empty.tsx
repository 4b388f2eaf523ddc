import { Disc3, Eye, FolderOpen, type LucideIcon } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { Problem } from '../../../core/base/problem.ts';
import { problemText, type TermKey } from '../../../core/terms/terms.ts';
import { useApp } from '../../app/app-store.ts';
import { startDemo } from '../../app/jobs.ts';
import { useLanguage, useT } from '../../app/language.ts';
import { Button, Icon } from '../../ui/controls.tsx';
import { isNarrowed, type Source } from './filter.ts';
import { clearFilters, useStudies } from './studies-store.ts';

/** The list has nothing: at first start three ways in, under a filter how to widen it. */
export function EmptyList() {
  const t = useT();
  const filter = useStudies((state) => state.filter);
  if (isNarrowed(filter)) {
    return (
      <div className="page-empty over">
        <h1>{t('studies.noMatch')}</h1>
        <p>{t('studies.noMatchHint')}</p>
        <Button onClick={clearFilters}>{t('studies.clearFilters')}</Button>
      </div>
    );
  }
  if (filter.source === 'all') return <FirstStart />;
  const [title, hint] = nothingIn[filter.source];
  return (
    <div className="page-empty over">
      <h1>{t(title)}</h1>
      <p>{t(hint)}</p>
    </div>
  );
}

/** What a source without studies says: what is not there, and how something comes there. */
const nothingIn: Readonly<Record<Exclude<Source, 'all'>, readonly [TermKey, TermKey]>> = {
  today: ['studies.emptyToday', 'studies.emptyTodayHint'],
  received: ['studies.emptyReceived', 'studies.emptyReceivedHint'],
  discs: ['studies.emptyDiscs', 'studies.emptyDiscsHint'],
  places: ['studies.emptyPlaces', 'studies.emptyPlacesHint'],
  starred: ['studies.emptyStarred', 'studies.emptyStarredHint'],
  bin: ['studies.emptyBin', 'studies.emptyBinHint'],
};

function FirstStart() {
  const t = useT();
  const open = (importMode: 'import' | 'open') => useApp.setState({ overlay: 'import', importMode });
  return (
    <div className="page-empty over first">
      <div>
        <Lightbox />
        <h1>{t('studies.empty')}</h1>
        <p>{t('studies.emptyHint')}</p>
        <div className="bigs">
          <Big
            icon={Disc3}
            title={t('studies.emptyImport')}
            hint={t('studies.emptyImportHint')}
            keyLabel="Ctrl O"
            isPrimary
            onClick={() => open('import')}
          />
          <Big
            icon={Eye}
            title={t('studies.emptyDemo')}
            hint={t('studies.emptyDemoHint')}
            onClick={() => void startDemo()}
          />
          <Big
            icon={FolderOpen}
            title={t('studies.emptyOpen')}
            hint={t('studies.emptyOpenHint')}
            onClick={() => open('open')}
          />
        </div>
      </div>
    </div>
  );
}

function Big({
  icon,
  title,
  hint,
  keyLabel,
  isPrimary,
  onClick,
}: {
  readonly icon: LucideIcon;
  readonly title: string;
  readonly hint: string;
  readonly keyLabel?: string;
  readonly isPrimary?: boolean;
  onClick(): void;
}) {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    // The other ways in are a Tab away, not behind the whole page; a hand that is elsewhere stays there.
    if (isPrimary && document.activeElement === document.body) button.current?.focus();
  }, [isPrimary]);
  return (
    <button ref={button} type="button" className={`bigb${isPrimary ? ' p' : ''}`} onClick={onClick}>
      <Icon of={icon} size={24} />
      <span>
        <b>{title}</b>
        <span>{hint}</span>
      </span>
      {keyLabel && <kbd>{keyLabel}</kbd>}
    </button>
  );
}

function Lightbox() {
  return (
    <svg
      width="132"
      height="92"
      viewBox="0 0 132 92"
      fill="none"
      strokeWidth="1.5"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <rect x="1" y="15" width="130" height="76" rx="3" stroke="var(--line-pic)" />
      <path d="M66 15v76" stroke="var(--line-pic)" />
      <circle cx="66" cy="53" r="26" fill="var(--app)" stroke="var(--border)" />
      <path d="M66 27a26 26 0 0 1 0 52c8-7 12-16 12-26s-4-19-12-26z" fill="#FFB020" fillOpacity=".9" />
      <path d="M66 27v52" stroke="var(--border)" />
    </svg>
  );
}

/** The list could not be read: what, what to do, again. */
export function ListFailed({ problem, onRetry }: { readonly problem: Problem; onRetry(): void }) {
  const t = useT();
  const words = problemText(useLanguage(), problem);
  return (
    <div className="page-empty over" role="alert">
      <h1>{t('studies.listFailed')}</h1>
      <p>{words.told}</p>
      <p className="cap">{words.code}</p>
      <Button onClick={onRetry}>{t('app.retry')}</Button>
    </div>
  );
}
