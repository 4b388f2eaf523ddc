import { ChevronDown, CircleStop, Download, PanelRight, Plus, Search, X } from 'lucide-react';
import { type RefObject, useEffect, useRef, useState } from 'react';
import { formatListTime, formatMoment, momentOf } from '../../../core/terms/format-date.ts';
import { useApp } from '../../app/app-store.ts';
import { cancelJob, isFinished } from '../../app/jobs.ts';
import { useLanguage, useT } from '../../app/language.ts';
import { Button, Chip, Icon, IconButton, Segmented } from '../../ui/controls.tsx';
import { Menu, type MenuPlace } from '../../ui/menu.tsx';
import type { Period } from './filter.ts';
import { retrieve } from './remote/remote-actions.ts';
import { asksOtherwise, searchRemote, stopSearch, useRemote } from './remote/remote-store.ts';
import { useRetrieval } from './remote/retrieval.tsx';
import { changeFilter, useStudies } from './studies-store.ts';

/** Shown as chips; the others wait behind "More". */
const commonModalities = ['CT', 'MR', 'DR', 'MG', 'US', 'XA'] as const;
const otherModalities = ['CR', 'PT', 'NM', 'RF', 'PX', 'ES', 'OT', 'SC', 'SR', 'SEG', 'RTSTRUCT'] as const;

/** Search, dates, modalities, unread; how many are found; import. */
export function FilterBar({
  search,
  total,
  isSmall,
  isTight,
}: {
  readonly search: RefObject<HTMLInputElement | null>;
  readonly total: number | null;
  readonly isSmall: boolean;
  readonly isTight: boolean;
}) {
  const t = useT();
  const filter = useStudies((state) => state.filter);
  const selected = useStudies((state) => state.selection.keys.size);
  const isRemote = useRemote((state) => state.view !== null);
  const isAsking = useRemote((state) => state.state === 'running');
  const isRemoteStudies = useRemote((state) => state.view?.kind === 'studies');
  const isPartial = useRemote((state) => state.view !== null && state.partial);
  const isKept = useRemote((state) => state.view !== null && state.isKept);
  const words =
    selected > 1
      ? t('studies.selected', { n: selected, total: total ?? 0 })
      : total === null
        ? ''
        : t('studies.count', { n: total });
  return (
    <div className="search">
      <label className="field search-field">
        <Icon of={Search} size={16} />
        <input
          ref={search}
          type="search"
          aria-label={t('studies.search')}
          placeholder={t(isRemoteStudies ? 'remote.searchFor' : 'studies.search')}
          value={filter.query}
          maxLength={200}
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => changeFilter({ query: event.target.value })}
          onKeyDown={(event) => {
            if (event.key === 'Escape') changeFilter({ query: '' });
            if (event.key === 'Enter' && isRemote) void searchRemote();
          }}
        />
        {filter.query && (
          <IconButton
            icon={X}
            iconSize={14}
            className="tiny"
            name={t('studies.clearSearch')}
            onClick={() => changeFilter({ query: '' })}
          />
        )}
      </label>
      <Periods />
      <Modalities isTight={isTight} />
      {isRemote && isAsking && (
        <Button icon={CircleStop} onClick={stopSearch}>
          {t('remote.stop')}
        </Button>
      )}
      {isRemote && !isAsking && (
        <Button icon={Search} onClick={() => void searchRemote()}>
          {t('remote.search')}
        </Button>
      )}
      {!isRemote && (
        <Chip isOn={filter.unreadOnly} onToggle={() => changeFilter({ unreadOnly: !filter.unreadOnly })}>
          <i className="dot" />
          {t('studies.unreadOnly')}
        </Chip>
      )}
      <span className="grow" />
      {(!isSmall || isPartial || isKept) && (
        <span className="cap nowrap" role="status">
          {isPartial && <span className="warn">{t('remote.partial')} </span>}
          {isRemote && <Age />}
          {!isSmall && words}
        </span>
      )}
      {isSmall && isRemoteStudies ? (
        <RetrieveChosen />
      ) : (
        <Button icon={Plus} onClick={() => useApp.setState({ overlay: 'import', importMode: 'import' })}>
          {t('studies.import')}
        </Button>
      )}
      {isSmall && <DrawerButton />}
    </div>
  );
}

/** When an answer that was come back to was given, and to which question where the box says another one. */
function Age() {
  const t = useT();
  const language = useLanguage();
  const now = useStudies((state) => state.filter);
  const { answered, isKept } = useRemote((state) => state);
  if (!answered) return null;
  const moment = momentOf(new Date());
  const isOther = asksOtherwise(answered, now, moment);
  if (!isKept && !isOther) return null;
  const at = momentOf(new Date(answered.atMs));
  const [date = '', clock = ''] = formatMoment(at).split(' ');
  const time = formatListTime(language, date.replaceAll('-', ''), clock, moment);
  const query = answered.filter.query.trim();
  return (
    <span className={isOther ? 'warn' : undefined}>
      {t(!isOther ? 'remote.asOf' : query ? 'remote.asOfOther' : 'remote.asOfFilters', { time, query })}{' '}
    </span>
  );
}

/** Opens and closes the preview; Esc closes it, unless something nearer to the hand takes the key. */
function DrawerButton() {
  const t = useT();
  const isOpen = useStudies((state) => state.isDrawerOpen);
  const button = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    if (!isOpen) return;
    const close = (event: KeyboardEvent) => {
      const target = event.target instanceof Element ? event.target : null;
      const isTaken = target?.closest('dialog,[role=menu]') || (target as HTMLInputElement | null)?.value;
      if (event.key !== 'Escape' || event.defaultPrevented || isTaken) return;
      useStudies.setState({ isDrawerOpen: false });
      // What had the focus is gone.
      if (target?.closest('.pv')) button.current?.querySelector('button')?.focus();
    };
    window.addEventListener('keydown', close);
    return () => window.removeEventListener('keydown', close);
  }, [isOpen]);
  return (
    <span ref={button}>
      <IconButton
        icon={PanelRight}
        name={t('studies.showPreview')}
        isOn={isOpen}
        onClick={() => useStudies.setState({ isDrawerOpen: !isOpen })}
      />
    </span>
  );
}

/** Where the panel with this button is folded away. */
function RetrieveChosen() {
  const t = useT();
  const { studies, selected } = useRemote();
  const rows = [...selected].map((index) => studies[index]).filter((row) => row !== undefined);
  const job = useRetrieval(rows[0]?.studyInstanceUID ?? '');
  if (job && !isFinished(job)) {
    return (
      <Button icon={X} onClick={() => void cancelJob(job.jobId)}>
        {t('remote.cancel')}
      </Button>
    );
  }
  return (
    <Button icon={Download} disabled={rows.length === 0} onClick={() => void retrieve(rows)}>
      {t('remote.retrieve')}
    </Button>
  );
}

function Periods() {
  const t = useT();
  const { period, from, to } = useStudies((state) => state.filter);
  const choices: { value: Period; label: string }[] = [
    { value: '1', label: t('studies.days1') },
    { value: '3', label: t('studies.days3') },
    { value: '7', label: t('studies.days7') },
    { value: 'all', label: t('studies.daysAll') },
    { value: 'range', label: t('studies.between') },
  ];
  return (
    <>
      <Segmented
        name={t('studies.period')}
        choices={choices}
        value={period}
        onChange={(value) => changeFilter({ period: value })}
      />
      {period === 'range' && (
        <span className="row dates">
          <input
            type="date"
            aria-label={t('studies.from')}
            value={from}
            max={to || undefined}
            onChange={(event) => changeFilter({ from: event.target.value })}
          />
          <span className="off">–</span>
          <input
            type="date"
            aria-label={t('studies.to')}
            value={to}
            min={from || undefined}
            onChange={(event) => changeFilter({ to: event.target.value })}
          />
        </span>
      )}
    </>
  );
}

function Modalities({ isTight }: { readonly isTight: boolean }) {
  const t = useT();
  const { modalities, period } = useStudies((state) => state.filter);
  const [menuAt, setMenuAt] = useState<MenuPlace | null>(null);
  const isRange = period === 'range';
  const chipCount = isTight ? (isRange ? 1 : 3) : isRange ? 4 : commonModalities.length;
  const inChips = commonModalities.slice(0, chipCount);
  const inMenu = [...commonModalities.slice(chipCount), ...otherModalities];
  const toggle = (modality: string) =>
    changeFilter({
      modalities: modalities.includes(modality)
        ? modalities.filter((other) => other !== modality)
        : [...modalities, modality],
    });
  const hidden = inMenu.filter((modality) => modalities.includes(modality));
  return (
    <>
      {inChips.map((modality) => (
        <Chip key={modality} isOn={modalities.includes(modality)} onToggle={() => toggle(modality)}>
          {modality}
        </Chip>
      ))}
      <button
        type="button"
        className={`chip${hidden.length > 0 ? ' on' : ''}`}
        aria-haspopup="menu"
        aria-expanded={menuAt !== null}
        onClick={(event) => {
          const { left, bottom } = event.currentTarget.getBoundingClientRect();
          setMenuAt({ x: left, y: bottom + 4 });
        }}
      >
        {hidden.length > 0 ? hidden.join(' ') : t('studies.moreModalities')}
        <Icon of={ChevronDown} size={12} />
      </button>
      {menuAt && (
        <Menu
          name={t('studies.modalities')}
          at={menuAt}
          onClose={() => setMenuAt(null)}
          entries={inMenu.map((modality) => ({
            id: modality,
            label: modality,
            isChecked: modalities.includes(modality),
            run: () => toggle(modality),
          }))}
        />
      )}
    </>
  );
}
