import { useEffect } from 'react';
import { flushSync } from 'react-dom';
import type { SeriesRow } from '../../../../core/contract/studies.ts';
import { momentOf } from '../../../../core/terms/format-date.ts';
import { printTerms } from '../../../../core/terms/print.ts';
import { readingTerms } from '../../../../core/terms/reading.ts';
import { useApp } from '../../../app/app-store.ts';
import type { Command } from '../../../app/commands.ts';
import { printNoted, providePrint, type Sheet } from '../../../app/print.tsx';
import type { ReadingSession } from '../session/reading-session.ts';
import { picturesOf } from './picture-png.ts';
import { PictureSheet } from './print-sheet.tsx';

type Part = 'layout' | 'viewport';
/** What printing means until the browser has asked for it: without a command of ours, all that is shown. */
let part: Part = 'layout';

/** A page has finer dots than a screen: texts and marks use them. */
const leastRatio = 2;
/** More than a printer shows on a page, and than a browser keeps willingly. */
const mostPixels = 24_000_000;

function ratioOf(frame: HTMLElement): number {
  const { width, height } = frame.getBoundingClientRect();
  return Math.min(
    Math.max(leastRatio, devicePixelRatio),
    Math.sqrt(mostPixels / Math.max(1, width * height)),
  );
}

/** The parts of the stage that are pictures, as they lie. */
function viewportsOf(session: ReadingSession, stage: HTMLElement): readonly HTMLElement[] {
  const all = [...stage.querySelectorAll<HTMLElement>('.vp, .profile-cell')];
  const active = all.filter((box) => box.dataset['viewport'] === String(session.state.active));
  return part === 'viewport' && active.length > 0 ? active : all;
}

/** Paper has no key that brings hidden texts back: letters, scale bar and whose it is are always on it. */
function withAllTexts<T>(draw: () => T): T {
  const { settings } = useApp.getState();
  if (settings.pictureTexts === 'all') return draw();
  // Between two pictures of the screen: nobody sees it, and it is not kept.
  flushSync(() => useApp.setState({ settings: { ...settings, pictureTexts: 'all' } }));
  try {
    return draw();
  } finally {
    flushSync(() => useApp.setState({ settings }));
  }
}

function shownSeries(session: ReadingSession, viewports: readonly HTMLElement[]): readonly SeriesRow[] {
  const { mode, cells, mpr, series } = session.state;
  const keys =
    mode === 'stack'
      ? viewports.map((box) => cells[Number(box.dataset['viewport'])]?.seriesKey)
      : [mpr?.seriesKey, mpr?.fusion?.seriesKey];
  return series.filter(({ seriesKey }) => keys.includes(seriesKey));
}

function sheetOf(session: ReadingSession): Sheet | null {
  const stage = document.querySelector<HTMLElement>('.vps');
  const { study } = session.state;
  if (!stage || !study) return null;
  const viewports = viewportsOf(session, stage);
  const [only] = viewports;
  if (!only) return null;
  const frame = viewports.length === 1 ? only : stage;
  const page = (
    <PictureSheet
      picture={withAllTexts(() => picturesOf(frame, viewports, ratioOf(frame)))}
      study={study}
      series={shownSeries(session, viewports)}
      isPrivate={useApp.getState().settings.privacy}
      now={momentOf(new Date())}
    />
  );
  return { page, of: { what: 'pictures', studyKey: study.studyKey } };
}

/** While the page is shown, printing prints its pictures. */
export const usePrintedPictures = (session: ReadingSession): void =>
  useEffect(() => providePrint(() => sheetOf(session)), [session]);

async function printPart(session: ReadingSession, wanted: Part): Promise<void> {
  const { study } = session.state;
  if (!study) return;
  part = wanted;
  await printNoted({ what: 'pictures', studyKey: study.studyKey });
  part = 'layout';
}

export function printCommands(session: ReadingSession): readonly Command[] {
  const hasStudy = (): boolean => session.state.study !== null;
  const group = readingTerms['reading.groupExport'];
  return [
    {
      id: 'reading.print',
      term: printTerms['print.layout'],
      group,
      keys: ['Ctrl+KeyP'],
      enabled: hasStudy,
      run: () => void printPart(session, 'layout'),
    },
    {
      id: 'reading.printViewport',
      term: printTerms['print.viewport'],
      group,
      enabled: hasStudy,
      run: () => void printPart(session, 'viewport'),
    },
  ];
}
