import { useMemo } from 'react';
import { contourShape } from '../../../../core/analysis/lumen/contour-shape.ts';
import { pieceStates } from '../../../../core/analysis/types.ts';
import { fixed } from '../../../../core/measure/format.ts';
import { AnnotationLayer } from '../../../viewport/annotation-layer.tsx';
import { useGestures } from '../../../viewport/gestures.ts';
import { MaskLayer } from '../../../viewport/mask-layer.tsx';
import { windowSetting } from '../../../viewport/windowing.ts';
import { cprCells } from '../session/layouts.ts';
import { useMarks } from '../session/numbered-marks.ts';
import type { ReadingSession } from '../session/reading-session.ts';
import { ProbeLine } from '../stack/stack-viewport.tsx';
import { useReading, useWords } from '../use-words.ts';
import { useVolumeCanvas } from '../volume/use-volume-canvas.ts';
import { contourAt } from './contour-tool.ts';
import { cprGestures } from './cpr-gestures.ts';
import { CprTexts } from './cpr-texts.tsx';
import { curveSurface } from './curve-surface.ts';
import { shownLesion } from './lesions.ts';
import { isBadPiece } from './line-drawing.ts';
import { useMaskedScene } from './masked-scene.ts';
import { StartNote, WaitingNote } from './start-note.tsx';
import { archLetters, type StraightPicture, straightPicture } from './straight-picture.ts';
import { xOfMm } from './strip-map.ts';
import { useCurved } from './use-curved.ts';
import { type ShownLine, useShownLine } from './use-line.ts';

/** The straightened picture: the line from left to right, true to length, over its profile. */
export function StraightViewport({ session }: { readonly session: ReadingSession }) {
  const shown = useShownLine(session);
  const isAlone = useReading(session, (s) => s.vessel.view.picture === 'straightened');
  if (shown) return <OpenStraight session={session} shown={shown} />;
  if (isAlone) return <StartNote session={session} />;
  return (
    <div className="surface">
      <WaitingNote what="reading.cprTitle.straightened" />
    </div>
  );
}

function OpenStraight({ session, shown }: { readonly session: ReadingSession; readonly shown: ShownLine }) {
  const { view, stack, line, sampled, cpr, cursorMm } = shown;
  const { box, canvas, size, version, renderer } = useVolumeCanvas(stack);
  const tool = useReading(session, (s) => s.tool);
  const annotations = useMarks(session);
  const isFileInverted = session.isFileInverted(stack, 0);
  const { turnDeg, slabMm, projection } = cpr;
  const place = cpr.places.straight;
  const look = useMemo(() => ({ turnDeg, slabMm, projection }), [turnDeg, slabMm, projection]);
  const picture = useMemo(
    () => straightPicture(sampled, look, place, size, windowSetting(view.window, isFileInverted)),
    [sampled, look, place, size, view.window, isFileInverted],
  );
  const masked = useMaskedScene(session, stack, renderer, size.width > 0 ? picture.scene : null);
  useCurved(canvas, renderer, 'straight', masked.scene, true, version, masked.onFrame);
  const surface = useMemo(
    () => curveSurface(stack, line.line.id, picture, turnDeg, size),
    [stack, line.line.id, picture, turnDeg, size],
  );
  useGestures(
    box,
    cprGestures({
      session,
      cell: 'straight',
      stack,
      size,
      mmPerPx: picture.mmPerPx,
      surface: () => surface,
      patientAt: picture.patientAt,
      picture,
    }),
    picture,
  );
  return (
    <div ref={box} className={`surface tool-${tool} cpr-surface`} data-plane="straight">
      <canvas ref={canvas} />
      {masked.layers && <MaskLayer frame={masked.labelled} layers={masked.layers} />}
      {size.width > 0 && (
        <StraightMarks
          session={session}
          shown={shown}
          picture={picture}
          width={size.cssWidth}
          height={size.cssHeight}
        />
      )}
      <AnnotationLayer
        items={annotations.items}
        selectedId={annotations.selectedId}
        surface={surface}
        width={size.cssWidth}
        height={size.cssHeight}
      />
      <StraightTexts session={session} shown={shown} heightPx={size.cssHeight} mmPerPx={picture.mmPerPx} />
      <span className="sr-only" data-cursor-mm={fixed(cursorMm, 1)} />
    </div>
  );
}

function StraightTexts({
  session,
  shown,
  heightPx,
  mmPerPx,
}: {
  readonly session: ReadingSession;
  readonly shown: ShownLine;
  readonly heightPx: number;
  readonly mmPerPx: number;
}) {
  const words = useWords();
  const { view, stack, cpr, sampled } = shown;
  return (
    <CprTexts
      session={session}
      view={view}
      stack={stack}
      title={`${words(sampled.isUpright ? 'reading.panoramic' : 'reading.cprTitle.straightened')} · ${words('reading.trueLength')}`}
      shown={[]}
      taken={[words('reading.turnText', { deg: fixed(cpr.turnDeg, 0) }), slabText(words, cpr)]}
      letters={archLetters(sampled, cpr.turnDeg)}
      mmPerPx={mmPerPx}
      heightPx={heightPx}
      isStrip={heightPx < 320}
    >
      <ProbeLine session={session} index={cprCells.indexOf('straight')} />
    </CprTexts>
  );
}

export function slabText(
  words: ReturnType<typeof useWords>,
  { slabMm, projection }: ShownLine['cpr'],
): string {
  const mm = fixed(slabMm, 0);
  return slabMm > 0
    ? words('reading.cprSlabMode', { mode: words(`reading.${projection}`), mm })
    : words('reading.cprSlab', { mm });
}

/** Course, cursor, lesion, references, red pieces and folds over the straightened picture. */
function StraightMarks({
  session,
  shown,
  picture,
  width,
  height,
}: {
  readonly session: ReadingSession;
  readonly shown: ShownLine;
  readonly picture: StraightPicture;
  readonly width: number;
  readonly height: number;
}) {
  const words = useWords();
  const { line, sampled, cursorMm } = shown;
  const measured = useReading(session, (s) => s.vesselWork.measured[line.line.id]);
  const lesion = shownLesion(line, measured);
  const { strip } = picture;
  const middle = picture.spotOfS(0).y;
  const [from, to] = [xOfMm(strip, 0), xOfMm(strip, sampled.lengthMm)];
  const x = xOfMm(strip, cursorMm);
  const contour = contourAt(line, measured, cursorMm);
  const half = contour ? contourShape(contour).equivalentDiameterMm / 2 / picture.mmPerPx : 0;
  return (
    <svg className="marks cl" width={width} height={height} aria-hidden="true">
      <defs>
        <pattern
          id="cpr-hatch"
          width="6"
          height="6"
          patternUnits="userSpaceOnUse"
          patternTransform="rotate(45)"
        >
          <path d="M0 0V6" className="hatch" />
        </pattern>
      </defs>
      {picture.folds !== '' && <path className="folds" d={picture.folds} fill="url(#cpr-hatch)" />}
      <path className="cl-far" d={`M${from} ${middle}H${to}`} />
      <path className="cl-near bad" d={badPath(shown, picture, middle)} />
      {/* The edges of an arch say R and L. */}
      {!sampled.isUpright && (
        <>
          <text className="cl-end" x={Math.max(4, from - 8)} y={middle + 4} textAnchor="end">
            {words('reading.lineStart')}
          </text>
          <text className="cl-end" x={Math.min(width - 4, to + 8)} y={middle + 4}>
            {words('reading.lineEnd')}
          </text>
        </>
      )}
      {[lesion?.proximalMm, lesion?.distalMm].map(
        (mm) =>
          mm != null && (
            <path
              key={mm}
              className="reference"
              d={`M${xOfMm(strip, mm)} ${middle - height / 4}V${middle + height / 4}`}
            />
          ),
      )}
      <path className="cursor-halo" d={`M${x} 0V${height}`} />
      <path
        className="cursor"
        d={`M${x} 0V${middle - half - 4}M${x} ${middle + half + 4}V${height}`}
        data-cursor
      />
      {half > 0 && (
        <>
          <path
            className="diameter"
            d={`M${x} ${middle - half}V${middle + half}M${x - 5} ${middle - half}H${x + 5}M${x - 5} ${middle + half}H${x + 5}`}
          />
          <text className="mt" x={x + 9} y={Math.max(14, middle - half - 10)}>
            {fixed(2 * half * picture.mmPerPx, 1)} mm
          </text>
        </>
      )}
    </svg>
  );
}

/** Where the line follows no lumen. */
function badPath({ sampled }: ShownLine, { strip }: StraightPicture, middle: number): string {
  let path = '';
  for (let n = 1; n < sampled.count; n += 1) {
    if (!isBadPiece(pieceStates[sampled.states[n] ?? 0] ?? 'drawn')) continue;
    path += `M${xOfMm(strip, (n - 1) * sampled.stepMm).toFixed(1)} ${middle}H${xOfMm(strip, n * sampled.stepMm).toFixed(1)}`;
  }
  return path;
}
