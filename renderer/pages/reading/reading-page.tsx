import { memo, useCallback, useEffect, useMemo, useState } from 'react';
import type { Language } from '../../../core/terms/term.ts';
import { problemText } from '../../../core/terms/terms.ts';
import type { SeriesPlan } from '../../../core/volume/types.ts';
import { openStudyByKey } from '../../app/actions.ts';
import { useApp } from '../../app/app-store.ts';
import { registerCommands } from '../../app/commands.ts';
import { useLanguage } from '../../app/language.ts';
import type { ReadingPageProps } from '../../app/late-reading.ts';
import { stripeColour } from '../../app/stripes.ts';
import { type ThumbnailState, Thumbnails } from '../../panels/series/thumbnails.tsx';
import { Button } from '../../ui/controls.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Menu, type MenuPlace } from '../../ui/menu.tsx';
import { fusedName } from '../../viewport/corner-texts.ts';
import { SeriesLabelsProvider } from '../../viewport/series-labels.ts';
import { imageNumber } from '../../volumes/image-number.ts';
import type { OpenStack } from '../../volumes/open-stack.ts';
import { contextEntries } from './context-menu.ts';
import { keepMeasured } from './cpr/line-measuring.ts';
import { FilmDialog } from './export/film-dialog.tsx';
import { fusedStack } from './fusion/fusion.ts';
import { BatchDialog } from './mpr/batch-dialog.tsx';
import { shortNames } from './phases/phases.ts';
import { providePage } from './session/page-actions.ts';
import './marks.css';
import './reading.css';
import './side-panel.css';
import './viewport.css';
import './mpr/mpr.css';
import { usePrintedPictures } from './export/print-pictures.tsx';
import { readingCommands } from './reading-commands.ts';
import type { ReadingSession } from './session/reading-session.ts';
import { refusedKeys } from './session/refused-keys.ts';
import { labelsOf } from './session/session-labels.ts';
import { sessionToDraw, warmReading } from './session/sessions.ts';
import { SidePanel } from './side-panel.tsx';
import { ToolBar } from './tool-bar.tsx';
import { useNextAhead } from './use-next-ahead.ts';
import { useReading, useWords } from './use-words.ts';
import { VerdictDetails } from './verdict-group.tsx';
import { ViewportGrid } from './viewport-grid.tsx';
import { ReductionDialog } from './volume/reduction-dialog.tsx';
import { useGpuTrial } from './volume/volume-road.ts';

/** The pictures come first; then the strip can name the road that 3D will take. */
const trialAfterMs = 2000;

// The page's code is fetched ahead, while the list is on screen.
warmReading();

/** Reading one study. What is drawn ahead becomes what is read when it is shown. */
export function ReadingPage({ studyKey, isShown }: ReadingPageProps) {
  const session = useMemo(() => sessionToDraw(studyKey, isShown), [studyKey, isShown]);
  if (!session) return null;
  return (
    <>
      <OpenPage studyKey={studyKey} session={session} />
      {isShown && <WhileShown studyKey={studyKey} session={session} />}
    </>
  );
}

interface PageProps {
  readonly studyKey: string;
  readonly session: ReadingSession;
}

/** All that reaches beyond the page: keys, menus, printing, saving, what is asked for ahead. Not for a page that nobody sees. */
function WhileShown({ studyKey, session }: PageProps) {
  useEffect(() => {
    const commands = readingCommands(session);
    return registerCommands([...commands, ...refusedKeys(session, commands)]);
  }, [session]);
  useEffect(() => keepMeasured(session), [session]);
  useEffect(() => () => void session.flush(), [session]);
  usePrintedPictures(session);
  useNextAhead(studyKey);
  useGpuTrial(trialAfterMs);
  return <PageDialogs session={session} />;
}

/** Thumbnails, tools, viewports, panel. Kept as it is when a page that was drawn ahead is shown. */
const OpenPage = memo(function OpenPage({ studyKey, session }: PageProps) {
  const stripeNumber = useApp((s) => s.openStudies.find((study) => study.studyKey === studyKey)?.stripe ?? 1);
  const stripe = stripeColour(stripeNumber);
  const series = useReading(session, (s) => s.series);
  const opened = useReading(session, (s) => s.opened);
  const labels = useMemo(() => labelsOf({ series, opened }), [series, opened]);
  return (
    <main className="read" data-page="reading">
      <ThumbnailColumn session={session} stripe={stripe} />
      <SeriesLabelsProvider value={labels}>
        <div className="stage">
          <ToolBar session={session} />
          <StudyProblem session={session} />
          <ViewportGrid session={session} stripe={stripe} />
        </div>
        <SidePanel session={session} />
      </SeriesLabelsProvider>
    </main>
  );
});

function ThumbnailColumn({ session, stripe }: { readonly session: ReadingSession; readonly stripe: string }) {
  const study = useReading(session, (s) => s.study);
  const series = useReading(session, (s) => s.series);
  const priors = useReading(session, (s) => s.priors);
  const opened = useReading(session, (s) => s.opened);
  const cells = useReading(session, (s) => s.cells);
  const mpr = useReading(session, (s) => s.mpr);
  const mode = useReading(session, (s) => s.mode);
  const language = useLanguage();
  useReading(session, (s) => s.arrivals);
  if (!study) return <nav className="tl-thumbs" />;
  const stateOf = (seriesKey: string): ThumbnailState => {
    const status = opened[seriesKey];
    const cell = cells.find((c) => c.seriesKey === seriesKey);
    const isShown = mode === 'stack' ? cell !== undefined : mpr?.seriesKey === seriesKey;
    const group = (mode !== 'stack' && mpr?.seriesKey === seriesKey ? mpr.group : cell?.group) ?? 0;
    const stack = status?.kind === 'open' ? status.series.stack(group) : undefined;
    const count = Math.max(1, stack?.count ?? 1);
    return {
      arrived: stack ? stack.loader.store.settled / count : 0,
      seen: cell && stack ? imageNumber(stack, cell.k) / count : 0,
      isShown,
      groups: status?.kind === 'open' ? groupNames(status.series.plan, language) : [],
      group,
    };
  };
  return (
    <Thumbnails
      study={study}
      series={series}
      priors={priors}
      stripe={stripe}
      stateOf={stateOf}
      onShow={(seriesKey, group) => {
        if (session.showPhase(group, seriesKey)) return;
        const { mode: now, active } = session.state;
        void session.show(now === 'stack' ? active : 0, seriesKey, group);
      }}
      onOpenPrior={(studyKey) => void openStudyByKey(studyKey)}
    />
  );
}

/** Names of the stacks of a series, what they share left out; a number where the plan has no words. */
const groupNames = (plan: SeriesPlan, language: Language): readonly string[] => {
  const names = plan.groups.map((group) => (language === 'zh-CN' ? group.nameZh : group.nameEn));
  return shortNames(names).map((name, n) => (name === String(n + 1) ? name : `${n + 1} ${name}`.trim()));
};

/** The study could not be opened: what, why, what to do; retry. */
function StudyProblem({ session }: { readonly session: ReadingSession }) {
  const words = useWords();
  const language = useLanguage();
  const problem = useReading(session, (s) => s.problem);
  const isEmpty = useReading(session, (s) => s.study !== null && s.series.length === 0);
  if (isEmpty) return <div className="stage-note">{words('reading.noSeries')}</div>;
  if (!problem) return null;
  const { sentence, advice, code } = problemText(language, problem);
  return (
    <div className="stage-note" role="alert">
      <p>{sentence}</p>
      <p className="dim">{advice}</p>
      <p className="off">{code}</p>
      <Button onClick={() => void session.start()}>{words('reading.retry')}</Button>
    </div>
  );
}

function PageDialogs({ session }: { readonly session: ReadingSession }) {
  const words = useWords();
  const language = useLanguage();
  const [menuAt, setMenuAt] = useState<MenuPlace | null>(null);
  const [explained, setExplained] = useState<OpenStack | null>(null);
  useEffect(
    () =>
      providePage({
        menu: (_session, at) => setMenuAt(at),
        explain: (_session, stack) => setExplained(stack),
      }),
    [],
  );
  const closeMenu = useCallback(() => setMenuAt(null), []);
  const { fusion = null } = session.state.mpr ?? {};
  // Of two series in one picture the one below needs no name.
  const isOver = explained !== null && fusion !== null && explained === fusedStack(session, fusion);
  return (
    <>
      {menuAt && (
        <Menu
          name={words('reading.more')}
          at={menuAt}
          entries={contextEntries(session, language)}
          onClose={closeMenu}
        />
      )}
      {explained && (
        <Dialog
          title={[
            ...(isOver ? [fusedName(explained)] : []),
            words('reading.verdictIs', { verdict: words(`reading.verdict.${explained.group.verdict.kind}`) }),
          ].join(' · ')}
          closeName={words('reading.close')}
          className="verdict-dlg"
          onClose={() => setExplained(null)}
        >
          <VerdictDetails stack={explained} />
        </Dialog>
      )}
      <ReductionDialog session={session} />
      <BatchDialog session={session} />
      <FilmDialog session={session} />
      <UnsafeDialog session={session} />
    </>
  );
}

/** Measuring where the geometry is not sure asks first. */
function UnsafeDialog({ session }: { readonly session: ReadingSession }) {
  const words = useWords();
  const asking = useReading(session, (s) => s.asking);
  if (!asking) return null;
  const refuse = (): void => session.set({ asking: null });
  return (
    <Dialog title={words('reading.verdict')} closeName={words('reading.close')} onClose={refuse}>
      <p className="dlg-text">
        {asking.verdict === 'reduced'
          ? words('reading.measureReduced')
          : words('reading.measureAsk', {
              verdict: words(`reading.verdict.${asking.verdict}` as 'reading.verdict.none'),
            })}
      </p>
      <footer className="dlg-foot">
        <Button onClick={refuse}>{words('reading.cancel')}</Button>
        <Button
          tone="primary"
          onClick={() => {
            session.set({ asking: null, accepted: [...session.state.accepted, asking.seriesKey] });
            asking.proceed();
          }}
        >
          {words('reading.measureAnyway')}
        </Button>
      </footer>
    </Dialog>
  );
}
