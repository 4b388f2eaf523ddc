import { CalendarDays, Disc3, Download, FolderOpen, List, type LucideIcon, Star, Trash2 } from 'lucide-react';
import { formatNumber } from '../../../core/terms/term.ts';
import type { TermKey } from '../../../core/terms/terms.ts';
import { useApp } from '../../app/app-store.ts';
import { useT } from '../../app/language.ts';
import { Button, Icon } from '../../ui/controls.tsx';
import type { Source } from './filter.ts';
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
      <MediaCard />
    </nav>
  );
}

function SourceLink({ row }: { readonly row: SourceRow }) {
  const t = useT();
  const isOn = useStudies((state) => state.filter.source === row.source);
  const count = useStudies((state) => state.counts?.[row.count]);
  return (
    <button
      type="button"
      className={`src-row${isOn ? ' on' : ''}`}
      aria-current={isOn ? 'true' : undefined}
      onClick={() => showSource(row.source)}
    >
      <Icon of={row.icon} />
      <span className="cut">{t(row.term)}</span>
      <b>{count === undefined ? '' : formatNumber(count)}</b>
    </button>
  );
}

/** Discs and sticks: how to bring one in. The dialog lists those of this machine. */
function MediaCard() {
  const t = useT();
  const open = (importMode: 'import' | 'open') => useApp.setState({ overlay: 'import', importMode });
  return (
    <div className="media-foot">
      <div className="cap">{t('studies.media')}</div>
      <div className="media">
        <div className="t">
          <Icon of={Disc3} />
          <span className="grow cut">{t('studies.discs')}</span>
        </div>
        <p>{t('studies.mediaNoneHint')}</p>
        <div className="row acts2">
          <Button size="small" onClick={() => open('import')}>
            {t('studies.import')}
          </Button>
          <Button size="small" onClick={() => open('open')}>
            {t('import.readNowShort')}
          </Button>
        </div>
      </div>
    </div>
  );
}
