import { useMemo, useState } from 'react';
import { contourShape } from '../../../../core/analysis/lumen/contour-shape.ts';
import type { LumenContour } from '../../../../core/analysis/types.ts';
import { edgeLetters } from '../../../../core/geometry/orientation.ts';
import type { Plane } from '../../../../core/geometry/types.ts';
import { fixed } from '../../../../core/measure/format.ts';
import type { Frame } from '../../../../core/render/types.ts';
import type { SliceScene } from '../../../../core/scene/types.ts';
import { AnnotationLayer } from '../../../viewport/annotation-layer.tsx';
import { useGestures } from '../../../viewport/gestures.ts';
import { MaskLayer } from '../../../viewport/mask-layer.tsx';
import { windowSetting } from '../../../viewport/windowing.ts';
import type { ShownLayers } from '../masks/mask-work.ts';
import { useMaskLayers, withPlaneLayers } from '../masks/use-mask-layers.ts';
import { type PlacedPlane, patientAt } from '../mpr/mpr-picture.ts';
import { mprSurface } from '../mpr/mpr-surface.ts';
import { cprCells } from '../session/layouts.ts';
import { useMarks } from '../session/numbered-marks.ts';
import type { ReadingSession } from '../session/reading-session.ts';
import { ProbeLine } from '../stack/stack-viewport.tsx';
import { useReading, useWords } from '../use-words.ts';
import { useVolumeCanvas } from '../volume/use-volume-canvas.ts';
import { contourDrag } from './contour-drag.ts';
import { calliper, contourAt, contourPath } from './contour-tool.ts';
import { cprGestures } from './cpr-gestures.ts';
import { CprTexts } from './cpr-texts.tsx';
import { isTouchingAt, measuredNow } from './lesions.ts';
import { placeSection, planeAtCursor, sectionScene } from './section-plane.ts';
import { WaitingNote } from './start-note.tsx';
import { useCurved } from './use-curved.ts';
import { type ShownLine, useShownLine } from './use-line.ts';

/** The section perpendicular to the line at the cursor, with the lumen's contour. */
export function SectionViewport({ session }: { readonly session: ReadingSession }) {
  const shown = useShownLine(session);
  const sampled = shown?.sampled;
  const cursorMm = shown?.cursorMm ?? 0;
  const isAlong = shown?.cpr.isAlong ?? false;
  const turnDeg = isAlong ? (shown?.cpr.turnDeg ?? 0) : 0;
  const plane = useMemo(() => {
    if (!sampled) return undefined;
    return planeAtCursor(sampled, cursorMm, { isAlong, turnDeg });
  }, [sampled, cursorMm, isAlong, turnDeg]);
  return shown && plane ? (
    <OpenSection session={session} shown={shown} plane={plane} />
  ) : (
    <div className="surface">
      <WaitingNote what="reading.section" />
    </div>
  );
}

function useSectionScene(
  shown: ShownLine,
  placed: PlacedPlane,
  isFileInverted: boolean,
  masks: ShownLayers | null,
): SliceScene {
  const { view } = shown;
  return useMemo(
    () => ({
      ...sectionScene(placed, view, windowSetting(view.window, isFileInverted)),
      ...withPlaneLayers(masks),
    }),
    [placed, view, isFileInverted, masks],
  );
}

function OpenSection({
  session,
  shown,
  plane,
}: {
  readonly session: ReadingSession;
  readonly shown: ShownLine;
  readonly plane: Plane;
}) {
  const { stack, line, cpr, cursorMm } = shown;
  const { box, canvas, size, version, renderer } = useVolumeCanvas(stack);
  const tool = useReading(session, (s) => s.tool);
  const annotations = useMarks(session);
  const measured = useReading(session, (s) => s.vesselWork.measured[line.line.id]);
  const place = cpr.places.section;
  const placed = useMemo(
    () => placeSection(plane, place, line.sectionMm, size),
    [plane, place, line.sectionMm, size],
  );
  const masks = useMaskLayers(session, stack, renderer);
  const [labelled, setLabelled] = useState<Frame | null>(null);
  const scene = useSectionScene(shown, placed, session.isFileInverted(stack, 0), masks);
  useCurved(
    canvas,
    renderer,
    'section',
    size.width > 0 ? scene : null,
    false,
    version,
    masks ? setLabelled : undefined,
  );
  const surface = useMemo(() => mprSurface(stack, placed, 0, 0.5), [stack, placed]);
  const contour = cpr.isAlong ? null : contourAt(line, measured, cursorMm);
  const isInDoubt = contour !== null && isTouchingAt(measuredNow(line, measured), contour.sMm);
  useGestures(
    box,
    cprGestures({
      session,
      cell: 'section',
      stack,
      size,
      mmPerPx: placed.mmPerPx,
      surface: () => surface,
      patientAt: (x, y) => patientAt(placed, x, y),
      picture: null,
      take: (x, y) => contourDrag(session, contour, placed, x, y),
    }),
    placed,
  );
  return (
    <div ref={box} className={`surface tool-${tool}`} data-plane="section">
      <canvas ref={canvas} />
      {masks && <MaskLayer frame={labelled} layers={masks.planeLayers} />}
      {contour && size.width > 0 && <ContourLayer contour={contour} placed={placed} isInDoubt={isInDoubt} />}
      <AnnotationLayer
        items={annotations.items}
        selectedId={annotations.selectedId}
        surface={surface}
        width={size.cssWidth}
        height={size.cssHeight}
      />
      <SectionTexts {...{ session, shown, contour, placed, isInDoubt }} />
    </div>
  );
}

function ContourLayer({
  contour,
  placed,
  isInDoubt,
}: {
  readonly contour: LumenContour;
  readonly placed: PlacedPlane;
  readonly isInDoubt: boolean;
}) {
  const kind = [contour.edited && 'edited', isInDoubt && 'doubt'].filter(Boolean).join(' ');
  const d = contourPath(contour, placed);
  const { minAngleRad, maxAngleRad } = contourShape(contour);
  const [least, most] = [minAngleRad, maxAngleRad].map((angle) => calliper(contour, angle, placed));
  const { cssWidth, cssHeight } = placed.size;
  return (
    <svg className="marks lumen" width={cssWidth} height={cssHeight} aria-hidden="true" data-contour>
      <path className="mh" d={d} />
      <path className={`m contour ${kind}`} d={d} />
      {most && <Width ends={most} isDashed={false} />}
      {least && <Width ends={least} isDashed />}
    </svg>
  );
}

type Ends = ReturnType<typeof calliper>;

const Width = ({ ends: [a, b], isDashed }: { readonly ends: Ends; readonly isDashed: boolean }) => (
  <line className={isDashed ? 'width least' : 'width'} x1={a.x} y1={a.y} x2={b.x} y2={b.y} />
);

function SectionTexts({
  session,
  shown,
  contour,
  placed,
  isInDoubt,
}: {
  readonly session: ReadingSession;
  readonly shown: ShownLine;
  readonly contour: LumenContour | null;
  readonly placed: PlacedPlane;
  readonly isInDoubt: boolean;
}) {
  const words = useWords();
  const { view, stack, cursorMm } = shown;
  const shape = contour && contourShape(contour);
  const lines = shape
    ? [
        words('reading.sectionDiameters', {
          min: fixed(shape.minDiameterMm, 1),
          max: fixed(shape.maxDiameterMm, 1),
        }),
        words('reading.sectionMean', { mm: fixed(shape.meanDiameterMm, 1) }),
        words('reading.sectionByArea', { mm: fixed(shape.equivalentDiameterMm, 1) }),
        `${fixed(shape.areaMm2, shape.areaMm2 < 100 ? 1 : 0)} mm²`,
        ...(contour.edited ? [words('reading.contourEdited')] : []),
        ...(isInDoubt ? [words('reading.touching')] : []),
      ]
    : [];
  return (
    <>
      <CprTexts
        session={session}
        view={view}
        stack={stack}
        title={words(shown.cpr.isAlong ? 'reading.sectionAlong' : 'reading.section')}
        shown={[]}
        taken={[words('reading.sectionAt', { mm: fixed(cursorMm, 1) })]}
        letters={edgeLetters(placed.plane.right, placed.plane.down)}
        mmPerPx={placed.mmPerPx}
        heightPx={placed.size.cssHeight}
      >
        <ProbeLine session={session} index={cprCells.indexOf('section')} />
      </CprTexts>
      {lines.length > 0 && <div className="tx section-numbers">{lines.join('\n')}</div>}
    </>
  );
}
