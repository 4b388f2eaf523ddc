import { useEffect, useLayoutEffect, useMemo, useRef } from 'react';
import type { SeriesRow } from '../../../../core/contract/studies.ts';
import { problemText } from '../../../../core/terms/terms.ts';
import { unbroken } from '../../../../core/terms/unbroken.ts';
import { useApp } from '../../../app/app-store.ts';
import { useLanguage } from '../../../app/language.ts';
import { Button } from '../../../ui/controls.tsx';
import { afterFrame } from '../../../viewport/after-frame.ts';
import { AnnotationLayer } from '../../../viewport/annotation-layer.tsx';
import { unlinkedBadge } from '../../../viewport/badges.ts';
import { whereText, whoText } from '../../../viewport/corner-texts.ts';
import { useGestures } from '../../../viewport/gestures.ts';
import { PictureTexts } from '../../../viewport/picture-texts.tsx';
import { stackLetters } from '../../../viewport/stack-letters.ts';
import { StackPainter } from '../../../viewport/stack-painter.ts';
import { stackSurface } from '../../../viewport/stack-surface.ts';
import { useCanvasSize } from '../../../viewport/use-canvas-size.ts';
import { isSameWindow, type WindowState } from '../../../viewport/windowing.ts';
import { imageNumber } from '../../../volumes/image-number.ts';
import type { OpenStack } from '../../../volumes/open-stack.ts';
import { DamageNote, useIsHeldBack } from '../damaged.tsx';
import { isUnlinked } from '../session/link.ts';
import { useMarks } from '../session/numbered-marks.ts';
import { explainVerdict, openMenu } from '../session/page-actions.ts';
import type { ReadingSession } from '../session/reading-session.ts';
import { useFrameArrival } from '../use-arrivals.ts';
import { useReading, useWords } from '../use-words.ts';
import { ReferenceLines } from './reference-lines.tsx';
import { stackGestures } from './stack-gestures.ts';
import { imageSize, stackBadges, stackBar, stackMap, stackShown, stackTaken } from './stack-picture.ts';
import { useCine } from './use-cine.ts';

interface ViewportProps {
  readonly session: ReadingSession;
  readonly index: number;
}

/** One stack of the grid: canvas, marks, texts; answers the pointer. */
export function StackViewport({ session, index }: ViewportProps) {
  const cell = useReading(session, (s) => s.cells[index]);
  const status = useReading(session, (s) => (cell?.seriesKey ? s.opened[cell.seriesKey] : undefined));
  const words = useWords();
  const language = useLanguage();
  const kept = useReading(session, (s) =>
    s.series.find((row) => row.seriesKey === cell?.seriesKey && row.category !== 'image'),
  );
  const stack = session.stackOf(cell);
  if (kept) return <KeptNote session={session} series={kept} />;
  if (!cell?.seriesKey) return <div className="vp-note">{words('reading.emptyCell')}</div>;
  if (status?.kind === 'failed') {
    const { sentence, advice, code } = problemText(language, status.problem);
    return (
      <div className="vp-note" role="alert">
        <p>{sentence}</p>
        <p className="dim">{advice}</p>
        <p className="off">{code}</p>
        <Button
          size="small"
          data-control
          onClick={() => void session.show(index, cell.seriesKey!, cell.group)}
        >
          {words('reading.retry')}
        </Button>
      </div>
    );
  }
  if (!stack) {
    if (status?.kind !== 'open') return <div className="vp-note dim" />;
    const [aside] = status.series.plan.aside;
    const why = aside && problemText(language, aside.reason);
    return (
      <div className="vp-note" role="alert">
        <p>{words('reading.noPicture')}</p>
        {why && <p className="dim">{why.sentence}</p>}
        {why && <p className="off">{why.code}</p>}
      </div>
    );
  }
  return <OpenStackViewport session={session} index={index} stack={stack} />;
}

/** Instead of black: what this series is, and that it is kept though not shown; what is read in place is not kept. */
function KeptNote({ session, series }: { readonly session: ReadingSession; readonly series: SeriesRow }) {
  const words = useWords();
  const isStored = useReading(session, (s) => s.study?.stored ?? false);
  if (series.category === 'image') return null;
  const name = [series.number ?? '', series.description].filter((part) => part !== '').join(' ');
  return (
    <div className="vp-note" data-kept={series.category}>
      <p>
        {words(isStored ? 'reading.kept' : 'reading.notShown', {
          kind: words(`reading.kind.${series.category}`),
        })}
      </p>
      <p className="dim">{words('reading.keptWhy')}</p>
      <p className="off">{[series.modality, name].filter(Boolean).join(' · ')}</p>
    </div>
  );
}

function OpenStackViewport({ session, index, stack }: ViewportProps & { readonly stack: OpenStack }) {
  const cell = useReading(session, (s) => s.cells[index])!;
  const tool = useReading(session, (s) => s.tool);
  const annotations = useMarks(session);
  // The first window of a stack that brings none follows the values as they arrive.
  useReading(session, (s) => (cell.window ? 0 : s.arrivals));
  const arrival = useFrameArrival(stack, cell.k);
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const painter = useRef<StackPainter | null>(null);
  const size = useCanvasSize(box);
  const info = stack.info(cell.k);
  const state = stack.loader.store.state(cell.k);
  const isHeldBack = useIsHeldBack(stack.plan, cell.k);
  const image = state.kind === 'ready' && !isHeldBack ? state.image : null;
  const isFileInverted = session.isFileInverted(stack, cell.k);
  const window = useSteadyWindow(session.windowOf(cell));
  useCine(session, index, stack, cell.cine);

  // The arrival count stands for the frame's state, which lives outside React.
  const surface = useMemo(
    () =>
      size.width > 0 && arrival >= 0 ? stackSurface(stack, cell.k, stackMap(stack, cell, size), size) : null,
    [stack, cell, size, arrival],
  );
  useGestures(box, stackGestures({ session, index, stack, size, surface: () => surface, openMenu }), surface);
  useEffect(() => stack.loader.focus(cell.k), [stack, cell.k]);

  useLayoutEffect(() => {
    const element = canvas.current;
    if (!element || size.width === 0) return;
    if (element.width !== size.width) element.width = size.width;
    if (element.height !== size.height) element.height = size.height;
    painter.current ??= new StackPainter(element);
    if (!image || !info || !window) {
      painter.current.clear();
      delete element.dataset['painted'];
      return;
    }
    const { aspect } = imageSize(stack, cell.k);
    painter.current.paint({ image, info, view: cell.view, aspect, window, isFileInverted });
    element.dataset['painted'] = String(imageNumber(stack, cell.k));
    element.dataset['series'] = stack.plan.seriesKey;
    if (stack.loader.isHeld) afterFrame(() => stack.loader.release());
  }, [size, image, info, window, isFileInverted, cell.view, cell.k, stack]);

  return (
    <div ref={box} className={`surface tool-${tool}`} data-cell={index}>
      <canvas ref={canvas} />
      <AnnotationLayer
        items={annotations.items}
        selectedId={annotations.selectedId}
        surface={surface}
        width={size.cssWidth}
        height={size.cssHeight}
      />
      <ReferenceLines session={session} index={index} stack={stack} size={size} />
      <StackTexts session={session} index={index} stack={stack} size={size} />
      <BeyondNote session={session} index={index} />
      <FrameNote session={session} index={index} stack={stack} />
      <DamageNote plan={stack.plan} k={cell.k} />
    </div>
  );
}

/** The same object for the same window: a new one means painting again. */
function useSteadyWindow(window: WindowState | undefined): WindowState | undefined {
  const kept = useRef(window);
  if (!window || !kept.current || !isSameWindow(kept.current, window)) kept.current = window;
  return kept.current;
}

/** Linked scrolling has gone where this stack has no image. */
function BeyondNote({ session, index }: ViewportProps) {
  const isBeyond = useReading(session, (s) => s.beyond.includes(index));
  const words = useWords();
  return isBeyond ? <div className="vp-beyond">{words('reading.noImageHere')}</div> : null;
}

/** Why there is no picture for this frame: still coming, or what went wrong. Never black or stale in silence. */
function FrameNote({ session, index, stack }: ViewportProps & { readonly stack: OpenStack }) {
  const k = useReading(session, (s) => s.cells[index]?.k ?? 0);
  useFrameArrival(stack, k);
  const words = useWords();
  const language = useLanguage();
  const state = stack.loader.store.state(k);
  if (state.kind === 'ready') return null;
  if (state.kind === 'waiting')
    return (
      <div className="vp-wait">
        <i className="spinner" />
      </div>
    );
  const { sentence, advice, code } = problemText(language, state.problem);
  return (
    <div className="vp-note over" role="alert">
      <p>{sentence}</p>
      <p className="dim">{advice}</p>
      <p className="off">{code}</p>
      <Button size="small" data-control onClick={() => stack.loader.retry()}>
        {words('reading.retry')}
      </Button>
    </div>
  );
}

function StackTexts({
  session,
  index,
  stack,
  size,
}: ViewportProps & { readonly stack: OpenStack; readonly size: ReturnType<typeof useCanvasSize> }) {
  const cell = useReading(session, (s) => s.cells[index])!;
  useReading(session, (s) => (cell.window ? 0 : s.arrivals));
  useFrameArrival(stack, cell.k);
  const isApart = useReading(
    session,
    (s) => s.isLinked && isUnlinked(s.cells, s.active, index, (other) => session.stackOf(other)),
  );
  const words = useWords();
  const language = useLanguage();
  const privacy = useApp((s) => s.settings.privacy);
  const amount = useApp((s) => s.settings.pictureTexts);
  const info = stack.info(cell.k);
  if (!info) return null;
  const charsetGuess = stack.plan.charsetGuess !== undefined;
  const groupName = language === 'zh-CN' ? stack.group.nameZh : stack.group.nameEn;
  return (
    <PictureTexts
      amount={amount}
      who={whoText(language, info.attributes, { charsetGuess, privacy })}
      where={[...whereText(language, info.attributes), groupName].filter(Boolean)}
      shown={stackShown(words, stack, cell, session.windowOf(cell), size)}
      taken={stackTaken(language, stack, cell.k)}
      badges={[...stackBadges(stack, cell), ...(isApart ? [unlinkedBadge] : [])]}
      letters={stackLetters(info.attributes, cell.view.turn)}
      bar={stackBar(stack, cell, size)}
      onExplain={() => explainVerdict(session, stack)}
    >
      <ProbeLine session={session} index={index} />
    </PictureTexts>
  );
}

/** The value under the pointer and what must be known of it; a line of its own so that moving the pointer redraws nothing else. */
export function ProbeLine({ session, index, note = '' }: ViewportProps & { readonly note?: string }) {
  const text = useReading(session, (s) => (s.probe?.cell === index ? s.probe.text : ''));
  return text === '' ? null : (
    <span className="probe">{`${unbroken([text, note].filter(Boolean).join(' · '))}\n`}</span>
  );
}
