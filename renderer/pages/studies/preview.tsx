import { Box, CornerDownLeft, Ellipsis, Save, Star, Undo2 } from 'lucide-react';
import { memo, useEffect, useState } from 'react';
import type { Problem } from '../../../core/base/problem.ts';
import type { CallOutput } from '../../../core/contract/index.ts';
import type { StudyRow } from '../../../core/contract/studies.ts';
import { formatBytes } from '../../../core/terms/format.ts';
import { formatDicomDate, formatDicomTime } from '../../../core/terms/format-date.ts';
import { formatAge, formatLatinName, formatName, formatSex } from '../../../core/terms/format-person.ts';
import { formatNumber } from '../../../core/terms/term.ts';
import { problemText } from '../../../core/terms/terms.ts';
import { useApp } from '../../app/app-store.ts';
import { client } from '../../app/client.ts';
import { useLanguage, useT } from '../../app/language.ts';
import { stripeColour } from '../../app/stripes.ts';
import { distinctPriors } from '../../panels/series/priors.ts';
import { Button, Icon, IconButton } from '../../ui/controls.tsx';
import { FlagList, Priors, ReceiptLine } from './preview-sections.tsx';
import { PreviewSeries } from './preview-series.tsx';
import { StepLine, Versions } from './preview-versions.tsx';
import { useStudies } from './studies-store.ts';
import { keepStudy, readStudies, restoreStudies, setStarred, setWhole } from './study-actions.ts';

export type Shown = CallOutput<'studies.show'>;
type Loaded = { readonly key: string; readonly shown: Shown | null; readonly problem: Problem | null };

const settleMs = 60;
/** Of many selected studies these are named. */
const listedAtMost = 60;

/** Details of a study: asked for a moment after the selection rests, and again when the study changes. */
function useShown(studyKey: string, stamp: string): Loaded | null {
  const [loaded, setLoaded] = useState<Loaded | null>(null);
  // The stamp is part of the question: a change of the row asks again.
  const question = `${studyKey}\n${stamp}`;
  useEffect(() => {
    const key = question.split('\n')[0] ?? '';
    let isStale = false;
    const timer = setTimeout(async () => {
      const result = await client().call('studies.show', { studyKey: key });
      if (isStale) return;
      setLoaded({ key, shown: result.ok ? result.value : null, problem: result.ok ? null : result.problem });
    }, settleMs);
    return () => {
      isStale = true;
      clearTimeout(timer);
    };
  }, [question]);
  return loaded?.key === studyKey ? loaded : null;
}

/** The right panel: the selected study at a glance, and what to do with it. */
export const Preview = memo(function Preview({
  rows,
  onMenu,
}: {
  readonly rows: readonly StudyRow[];
  onMenu(at: { x: number; y: number }): void;
}) {
  const t = useT();
  const [first] = rows;
  if (!first) {
    return (
      <aside className="pv" aria-label={t('studies.preview')}>
        <p className="pv-none">{t('studies.nothingSelected')}</p>
      </aside>
    );
  }
  if (rows.length > 1) return <ManySelected rows={rows} onMenu={onMenu} />;
  return <OneSelected key={first.studyKey} row={first} onMenu={onMenu} />;
});

function OneSelected({
  row,
  onMenu,
}: {
  readonly row: StudyRow;
  onMenu(at: { x: number; y: number }): void;
}) {
  const t = useT();
  const language = useLanguage();
  const stripe = useApp(
    (state) => state.openStudies.find((study) => study.studyKey === row.studyKey)?.stripe,
  );
  const isKept = useStudies((state) => state.keptKeys.has(row.studyKey));
  const loaded = useShown(row.studyKey, `${row.instances} ${row.stored} ${row.arriving}`);
  const problem = loaded?.problem ? problemText(language, loaded.problem) : null;
  return (
    <aside
      className="pv"
      aria-label={t('studies.preview')}
      style={{ '--c': stripe === undefined ? 'transparent' : stripeColour(stripe) }}
    >
      <PreviewHead row={row} />
      <div className="pv-body">
        {!row.stored && !isKept && (
          <div className="sec">
            <div className="note warn">
              <span className="grow">{t('studies.keepWhy')}</span>
              <Button size="small" icon={Save} onClick={() => void keepStudy(row.studyKey)}>
                {t('studies.keep')}
              </Button>
            </div>
          </div>
        )}
        {row.incomplete && <Incomplete studyKey={row.studyKey} />}
        {problem && (
          <div className="sec">
            <div className="note danger" role="alert">
              <span>
                <b>{t('studies.previewFailed')}</b> {problem.told}
              </span>
            </div>
          </div>
        )}
        {loaded?.shown && (
          <>
            <PreviewSeries series={loaded.shown.series} row={row} />
            <Priors row={row} priors={distinctPriors(row, loaded.shown.priors)} />
            <FlagList flags={row.flags} />
            <StepLine studyKey={row.studyKey} />
            {row.stored && <Versions studyKey={row.studyKey} stamp={`${row.instances} ${row.bytes}`} />}
            <ReceiptLine receiptId={loaded.shown.receiptId} />
          </>
        )}
      </div>
      <Actions row={row} onMenu={onMenu} />
    </aside>
  );
}

/** Until more comes, or a reader says that nothing is missing. */
function Incomplete({ studyKey }: { readonly studyKey: string }) {
  const t = useT();
  return (
    <div className="sec">
      <div className="note warn">
        <span className="grow">{t('studies.incompleteWhy')}</span>
        <Button size="small" onClick={() => void setWhole([studyKey])}>
          {t('studies.incompleteDismiss')}
        </Button>
      </div>
    </div>
  );
}

function PreviewHead({ row }: { readonly row: StudyRow }) {
  const t = useT();
  const language = useLanguage();
  const latin = formatLatinName(row.patientName, row.nameLatin);
  const who = [
    row.patientId,
    formatSex(language, row.sex),
    formatAge(language, row.age),
    formatDicomDate(row.birthDate),
  ];
  const when = [formatDicomDate(row.studyDate), formatDicomTime(row.studyTime)].filter(Boolean).join(' ');
  return (
    <div className="hd">
      <div className="row pv-name">
        <span className="big cut selectable">
          {formatName(row.patientName) || t('studies.noName')}
          {row.charsetGuess && (
            <span className="warn" data-tip={t('studies.nameDoubtWhy')}>
              {' '}
              ?
            </span>
          )}
        </span>
        <span className="dim cut">{latin}</span>
        <span className="grow" />
        {row.stored && (
          <IconButton
            icon={Star}
            name={t(row.starred ? 'studies.unstar' : 'studies.star')}
            className={row.starred ? 'starred' : ''}
            onClick={() => void setStarred([row.studyKey], !row.starred)}
          />
        )}
      </div>
      <div className="dim pv-line selectable">{who.filter(Boolean).join(' · ')}</div>
      <div className="pv-what selectable">
        {[row.modalities.join(' '), row.description].filter(Boolean).join(' ')}
      </div>
      <div className="dim pv-line selectable">
        {[when, row.institution].filter(Boolean).join(' · ')}
        {row.accessionNumber && <div>{t('studies.accession', { id: row.accessionNumber })}</div>}
      </div>
    </div>
  );
}

/** Opens the menu of what is selected at its own place. */
function MoreButton({ onMenu }: { onMenu(at: { x: number; y: number }): void }) {
  const t = useT();
  return (
    <IconButton
      icon={Ellipsis}
      name={t('app.more')}
      className="boxed"
      aria-haspopup="menu"
      onClick={(event) => {
        const { left, top } = event.currentTarget.getBoundingClientRect();
        onMenu({ x: left, y: top });
      }}
    />
  );
}

function Actions({ row, onMenu }: { readonly row: StudyRow; onMenu(at: { x: number; y: number }): void }) {
  const t = useT();
  const more = <MoreButton onMenu={onMenu} />;
  if (row.deletedAtMs !== null) {
    return (
      <div className="acts two">
        <Button tone="primary" icon={Undo2} onClick={() => void restoreStudies([row.studyKey])}>
          {t('studies.restore')}
        </Button>
        {more}
      </div>
    );
  }
  return (
    <div className="acts">
      <Button tone="primary" onClick={() => readStudies([row])}>
        {t('studies.read')}
        <kbd>
          <Icon of={CornerDownLeft} size={12} />
        </kbd>
      </Button>
      <Button icon={Box} onClick={() => readStudies([row], '3d')}>
        {t('studies.read3d')}
      </Button>
      {more}
    </div>
  );
}

function ManySelected({
  rows,
  onMenu,
}: {
  readonly rows: readonly StudyRow[];
  onMenu(at: { x: number; y: number }): void;
}) {
  const t = useT();
  // Of a long selection only a part is loaded: its number is known, its totals are not.
  const count = Math.max(
    rows.length,
    useStudies((state) => state.selection.keys.size),
  );
  const total = (of: (row: StudyRow) => number) => rows.reduce((sum, row) => sum + of(row), 0);
  const patients = new Set(rows.map((row) => `${row.patientId} ${formatName(row.patientName)}`)).size;
  return (
    <aside className="pv" aria-label={t('studies.preview')}>
      <div className="hd">
        <div className="big">{t('studies.manySelected', { n: count })}</div>
        {rows.length === count && (
          <div className="dim pv-line">
            {t('studies.manyTotals', {
              patients,
              images: total((row) => row.frames),
              size: formatBytes(total((row) => row.bytes)),
            })}
          </div>
        )}
      </div>
      <ul className="pv-body pv-many">
        {rows.slice(0, listedAtMost).map((row) => (
          <li key={row.studyKey}>
            <b className="cut">{formatName(row.patientName) || row.patientId || t('studies.noName')}</b>
            <span className="dim cut">
              {[row.modalities.join(' '), row.description].filter(Boolean).join(' ')}
            </span>
            <span className="off">{formatDicomDate(row.studyDate)}</span>
          </li>
        ))}
        {count > listedAtMost && <li className="off">+ {formatNumber(count - listedAtMost)}</li>}
      </ul>
      <div className="acts two">
        <Button tone="primary" onClick={() => readStudies(rows)}>
          {t('studies.read')}
        </Button>
        <MoreButton onMenu={onMenu} />
      </div>
    </aside>
  );
}
