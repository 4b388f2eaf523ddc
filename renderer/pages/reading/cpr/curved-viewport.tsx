import { useMemo } from 'react';
import { edgeLetters, orientationLetters } from '../../../../core/geometry/orientation.ts';
import { patientVector } from '../../../../core/geometry/types.ts';
import { fixed } from '../../../../core/measure/format.ts';
import { AnnotationLayer } from '../../../viewport/annotation-layer.tsx';
import { useGestures } from '../../../viewport/gestures.ts';
import { MaskLayer } from '../../../viewport/mask-layer.tsx';
import { windowSetting } from '../../../viewport/windowing.ts';
import { FlyViewport } from '../fly/fly-viewport.tsx';
import { cprCells } from '../session/layouts.ts';
import { useMarks } from '../session/numbered-marks.ts';
import type { ReadingSession } from '../session/reading-session.ts';
import { ProbeLine } from '../stack/stack-viewport.tsx';
import { useReading, useWords } from '../use-words.ts';
import { useVolumeCanvas } from '../volume/use-volume-canvas.ts';
import { cprGestures } from './cpr-gestures.ts';
import { CprTexts } from './cpr-texts.tsx';
import { curveSurface } from './curve-surface.ts';
import { type SheetPicture, sheetPicture } from './curved-sheet.ts';
import { shownLesion } from './lesions.ts';
import { useMaskedScene } from './masked-scene.ts';
import { SheetViewport } from './sheet-viewport.tsx';
import { StartNote } from './start-note.tsx';
import { slabText } from './straight-viewport.tsx';
import { useCurved } from './use-curved.ts';
import { type ShownLine, useShownLine } from './use-line.ts';

/** The stretched or projected picture: the vessel in its surroundings, turned about its axis. */
export function CurvedViewport({ session }: { readonly session: ReadingSession }) {
  const shown = useShownLine(session);
  if (!shown) return <StartNote session={session} />;
  if (shown.cpr.picture === 'sheet') return <SheetViewport session={session} />;
  if (shown.cpr.picture === 'fly') return <FlyViewport session={session} shown={shown} />;
  return <OpenCurved session={session} shown={shown} />;
}

function OpenCurved({ session, shown }: { readonly session: ReadingSession; readonly shown: ShownLine }) {
  const { view, stack, line, sampled, cpr, cursorMm } = shown;
  const { box, canvas, size, version, renderer } = useVolumeCanvas(stack);
  const tool = useReading(session, (s) => s.tool);
  const annotations = useMarks(session);
  const isFileInverted = session.isFileInverted(stack, 0);
  const mode = cpr.picture === 'stretched' ? 'stretched' : 'projected';
  const { turnDeg, slabMm, projection } = cpr;
  const place = cpr.places.curved;
  const { sectionMm } = line;
  // Only a projected picture follows the cursor: to the part of the line that it is on.
  const focusMm = mode === 'projected' ? cursorMm : 0;
  const look = useMemo(() => ({ turnDeg, slabMm, projection }), [turnDeg, slabMm, projection]);
  const around = useMemo(() => ({ sectionMm, focusMm }), [sectionMm, focusMm]);
  const picture = useMemo(() => {
    if (size.width === 0) return null;
    const window = windowSetting(view.window, isFileInverted);
    return sheetPicture(sampled, mode, look, place, size, window, around);
  }, [sampled, mode, look, place, size, view.window, isFileInverted, around]);
  const masked = useMaskedScene(session, stack, renderer, picture?.scene ?? null);
  useCurved(canvas, renderer, 'curved', masked.scene, false, version, masked.onFrame);
  const surface = useMemo(
    () => picture && curveSurface(stack, line.line.id, picture, turnDeg, size),
    [stack, line.line.id, picture, turnDeg, size],
  );
  useGestures(
    box,
    cprGestures({
      session,
      cell: 'curved',
      stack,
      size,
      mmPerPx: picture?.mmPerPx ?? 1,
      surface: () => surface,
      patientAt: (x, y) => picture?.patientAt(x, y) ?? null,
      picture,
    }),
    picture,
  );
  return (
    <div ref={box} className={`surface tool-${tool} cpr-surface`} data-plane="curved" data-picture={mode}>
      <canvas ref={canvas} />
      {masked.layers && <MaskLayer frame={masked.labelled} layers={masked.layers} />}
      {picture && <CurvedMarks session={session} shown={shown} picture={picture} />}
      <AnnotationLayer
        items={annotations.items}
        selectedId={annotations.selectedId}
        surface={surface}
        width={size.cssWidth}
        height={size.cssHeight}
      />
      {picture && <CurvedTexts session={session} shown={shown} picture={picture} heightPx={size.cssHeight} />}
    </div>
  );
}

function CurvedTexts({
  session,
  shown,
  picture,
  heightPx,
}: {
  readonly session: ReadingSession;
  readonly shown: ShownLine;
  readonly picture: SheetPicture;
  readonly heightPx: number;
}) {
  const words = useWords();
  const { view, stack, cpr } = shown;
  const isProjected = picture.kind === 'projected';
  const { right, down } = picture;
  // A stretched sheet has one direction across; along it the direction changes.
  const letters = down
    ? edgeLetters(right, down)
    : { left: opposite(right), right: orientationLetters(right), top: '', bottom: '' };
  return (
    <CprTexts
      session={session}
      view={view}
      stack={stack}
      title={words(isProjected ? 'reading.cprTitle.projected' : 'reading.cprTitle.stretched')}
      shown={[words(isProjected ? 'reading.notToScale' : 'reading.trueLength')]}
      taken={[words('reading.turnText', { deg: fixed(cpr.turnDeg, 0) }), slabText(words, cpr)]}
      letters={letters}
      mmPerPx={isProjected ? null : picture.mmPerPx}
      heightPx={heightPx}
    >
      <ProbeLine session={session} index={cprCells.indexOf('curved')} />
    </CprTexts>
  );
}

const opposite = ([x, y, z]: SheetPicture['right']): string => orientationLetters(patientVector(-x, -y, -z));

/** Course, ends, cursor and lesion over the picture. */
function CurvedMarks({
  session,
  shown,
  picture,
}: {
  readonly session: ReadingSession;
  readonly shown: ShownLine;
  readonly picture: SheetPicture;
}) {
  const words = useWords();
  const { line, sampled, cursorMm } = shown;
  const measured = useReading(session, (s) => s.vesselWork.measured[line.line.id]);
  const lesion = shownLesion(line, measured);
  const start = picture.spotOfS(0);
  const end = picture.spotOfS(sampled.lengthMm);
  const at = picture.spotOfS(cursorMm);
  const [before, after] = [picture.spotOfS(cursorMm - 1), picture.spotOfS(cursorMm + 1)];
  const long = Math.hypot(after.x - before.x, after.y - before.y) || 1;
  const half = Math.min(40, line.sectionMm / 2 / picture.mmPerPx);
  const [nx, ny] = [(-(after.y - before.y) / long) * half, ((after.x - before.x) / long) * half];
  const label = lesion && picture.spotOfS(lesion.stenosis.s);
  return (
    <svg className="marks cl full" aria-hidden="true">
      <path className="clh" d={picture.tracePath} />
      <path className="cl-near" d={picture.tracePath} />
      <path className="cursor-halo" d={`M${at.x - nx} ${at.y - ny}L${at.x + nx} ${at.y + ny}`} />
      <path className="cursor" d={`M${at.x - nx} ${at.y - ny}L${at.x + nx} ${at.y + ny}`} />
      <circle className="cl-cursor" cx={at.x} cy={at.y} r={4.5} data-cursor />
      <text className="cl-end" x={start.x - 10} y={start.y + 4} textAnchor="end">
        {words('reading.lineStart')}
      </text>
      <text className="cl-end" x={end.x + 10} y={end.y + 4}>
        {words('reading.lineEnd')}
      </text>
      {lesion && label && (
        <g className="lesion-label">
          <path className="lead" d={`M${label.x + 12} ${label.y - 4}L${label.x + 66} ${label.y - 26}`} />
          <text className="mt" x={label.x + 70} y={label.y - 30}>
            {words('reading.lesionLabel', {
              n: lesion.number,
              percent: fixed(lesion.stenosis.percentDiameter, 0),
            })}
          </text>
          <text className="mt plain" x={label.x + 70} y={label.y - 14}>
            {words('reading.fromStart', { mm: fixed(lesion.stenosis.s, 0) })}
          </text>
        </g>
      )}
    </svg>
  );
}
