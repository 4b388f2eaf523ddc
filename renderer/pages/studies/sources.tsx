import {
  CalendarDays,
  Disc3,
  Download,
  FolderOpen,
  List,
  type LucideIcon,
  Star,
  Trash2,
  Usb,
} from 'lucide-react';
import { useEffect, useState } from 'react';
import type { CallOutput } from '../../../core/contract/index.ts';
import { formatNumber } from '../../../core/terms/term.ts';
import type { TermKey } from '../../../core/terms/terms.ts';
import { useApp } from '../../app/app-store.ts';
import { client } from '../../app/client.ts';
import { useT } from '../../app/language.ts';
import { showProblem } from '../../app/messages.ts';
import { Button, Icon } from '../../ui/controls.tsx';
import type { Source } from './filter.ts';
import { RemoteSources } from './remote/remote-sources.tsx';
import { showRemote, useRemote } from './remote/remote-store.ts';
import { showSource, useStudies } from './studies-store.ts';

type CountName = 'all' | 'today' | 'received' | 'media' | 'places' | 'starred' | 'trash';
interface SourceRow {
  readonly source: Source;
  readonly term: TermKey;
  readonly icon: LucideIcon;
  readonly count: CountName;
}

const sources: readonly SourceRow[] = [
  { source: 'all', term: 'studies.all', icon: List, count: 'all' },
  { source: 'today', term: 'studies.today', icon: CalendarDays, count: 'today' },
  { source: 'received', term: 'studies.received', icon: Download, count: 'received' },
  { source: 'discs', term: 'studies.discs', icon: Disc3, count: 'media' },
  { source: 'places', term: 'studies.places', icon: FolderOpen, count: 'places' },
];
const organised: readonly SourceRow[] = [
  { source: 'starred', term: 'studies.starred', icon: Star, count: 'starred' },
  { source: 'bin', term: 'studies.bin', icon: Trash2, count: 'trash' },
];

/** The left column: where the list looks, with how many are there, and the media. */
export function Sources() {
  const t = useT();
  return (
    <nav className="src" aria-label={t('studies.source')}>
      <div className="cap">{t('studies.source')}</div>
      {sources.map((row) => (
        <SourceLink key={row.source} row={row} />
      ))}
      <div className="cap">{t('studies.organise')}</div>
      {organised.map((row) => (
        <SourceLink key={row.source} row={row} />
      ))}
      <RemoteSources />
      <MediaCards />
    </nav>
  );
}

function SourceLink({ row }: { readonly row: SourceRow }) {
  const t = useT();
  const isOurs = useRemote((state) => state.view === null);
  const isOn = useStudies((state) => state.filter.source === row.source) && isOurs;
  const count = useStudies((state) => state.counts?.[row.count]);
  return (
    <button
      type="button"
      className={`src-row${isOn ? ' on' : ''}`}
      aria-current={isOn ? 'true' : undefined}
      onClick={() => {
        showRemote(null);
        showSource(row.source);
      }}
    >
      <Icon of={row.icon} />
      <span className="cut">{t(row.term)}</span>
      <b>{count === undefined ? '' : formatNumber(count)}</b>
    </button>
  );
}

type Medium = CallOutput<'media.browse'>['entries'][number];
const cardsAtMost = 2;
const lookAgainMs = 15_000;

/** Discs and sticks that are in now; looked for again now and then, and when the window is come back to. */
function useMedia(): readonly Medium[] {
  const [media, setMedia] = useState<readonly Medium[]>([]);
  useEffect(() => {
    const look = async () => {
      if (document.hidden) return;
      const result = await client().call('media.browse', { path: null });
      const found = result.ok ? result.value.entries : [];
      setMedia(found.filter((entry) => entry.kind === 'disc' || entry.kind === 'stick'));
    };
    void look();
    const timer = setInterval(() => void look(), lookAgainMs);
    window.addEventListener('focus', look);
    return () => {
      clearInterval(timer);
      window.removeEventListener('focus', look);
    };
  }, []);
  return media;
}

const startFrom = async (path: string, mode: 'import' | 'open') => {
  const result = await client().call('import.start', { paths: [path], mode });
  if (!result.ok) showProblem(result.problem);
};

/** A card for each medium that is in; without one, how to bring something in. */
function MediaCards() {
  const t = useT();
  const media = useMedia();
  const open = (importMode: 'import' | 'open') => useApp.setState({ overlay: 'import', importMode });
  return (
    <div className="media-foot">
      <div className="cap">{t('studies.media')}</div>
      {media.slice(0, cardsAtMost).map((medium) => (
        <MediaCard
          key={medium.path}
          icon={medium.kind === 'disc' ? Disc3 : Usb}
          title={medium.name}
          words={medium.path}
          isPrimary
          onBegin={(mode) => void startFrom(medium.path, mode)}
        />
      ))}
      {media.length === 0 && (
        <MediaCard
          icon={Disc3}
          title={t('studies.mediaNone')}
          words={t('studies.mediaNoneHint')}
          onBegin={open}
        />
      )}
    </div>
  );
}

function MediaCard({
  icon,
  title,
  words,
  isPrimary,
  onBegin,
}: {
  readonly icon: LucideIcon;
  readonly title: string;
  readonly words: string;
  readonly isPrimary?: boolean;
  onBegin(mode: 'import' | 'open'): void;
}) {
  const t = useT();
  return (
    <div className="media">
      <div className="t">
        <Icon of={icon} />
        <span className="grow cut">{title}</span>
      </div>
      <p>{words}</p>
      <div className="row acts2">
        <Button size="small" tone={isPrimary ? 'primary' : 'plain'} onClick={() => onBegin('import')}>
          {t(isPrimary ? 'import.import' : 'studies.import')}
        </Button>
        <Button size="small" onClick={() => onBegin('open')}>
          {t('import.readNowShort')}
        </Button>
      </div>
    </div>
  );
}
