import { useLayoutEffect, useMemo, useRef } from 'react';
import { fixed } from '../../../../core/measure/format.ts';
import { centredOn, halfHeightMm, orbit, pan, roll, zoomAt } from '../../../../core/scene/camera.ts';
import { emptyPicture } from '../../../../core/scene/shows-nothing.ts';
import type { VolumeScene } from '../../../../core/scene/types.ts';
import { problemText } from '../../../../core/terms/terms.ts';
import { leastSlices } from '../../../../core/volume/least-slices.ts';
import { useLanguage } from '../../../app/language.ts';
import type { Drag, GestureTarget } from '../../../viewport/gestures.ts';
import { useGestures } from '../../../viewport/gestures.ts';
import { OrientationCube } from '../../../viewport/orientation-cube.tsx';
import { type CanvasSize, useCanvasSize } from '../../../viewport/use-canvas-size.ts';
import type { OpenStack } from '../../../volumes/open-stack.ts';
import type { ToolPicture } from '../cpr/line-gestures.ts';
import { LinesIn3d } from '../cpr/lines-in-3d.tsx';
import { volumeCursorDrag, volumeLineDrag, volumePicture } from '../cpr/volume-picture.ts';
import { ColourBar } from '../fusion/colour-bar.tsx';
import { useFusedVolume } from '../fusion/use-fused-volume.ts';
import { LoadingBar } from '../loading-bar.tsx';
import { BrushRing, ScissorLayer } from '../masks/brush-ring.tsx';
import { maskBoard } from '../masks/mask-board.ts';
import { closeOutline, hoverBrush, isMaskTool, leaveBrush, volumeMaskDrag } from '../masks/mask-gestures.ts';
import { lacksMask } from '../masks/preset-masks.ts';
import { useMaskLayers, withLayers } from '../masks/use-mask-layers.ts';
import type { MprView } from '../mpr/mpr-view.ts';
import { maximise, press } from '../session/double-click.ts';
import { volumeCells } from '../session/layouts.ts';
import { openMenu } from '../session/page-actions.ts';
import type { ReadingSession } from '../session/reading-session.ts';
import { useStackArrivals } from '../use-arrivals.ts';
import { useReading, useWords } from '../use-words.ts';
import { useCpuRenderer } from './cpu-road.ts';
import { DrawingNote } from './drawing-note.tsx';
import { fittedTo } from './fitted-camera.ts';
import { projectionDrag } from './projection-window.ts';
import { useVolumePicture } from './use-volume-picture.ts';
import { setShift, shiftStepsOf } from './volume-actions.ts';
import { ClipBoxLayer } from './volume-clip.tsx';
import { standardViewIds, standCamera } from './volume-commands.ts';
import { CutLayer } from './volume-cut.tsx';
import { volumeScene } from './volume-look.ts';
import { VolumeTexts } from './volume-texts.tsx';
import { windowIn3d } from './window-in-3d.ts';

interface VolumeProps {
  readonly session: ReadingSession;
}

/** 3D of the series that MPR shows. */
export function VolumeViewport({ session }: VolumeProps) {
  const view = useReading(session, (s) => s.mpr);
  const stack = session.mprStack();
  const words = useWords();
  const language = useLanguage();
  if (!view || !stack) return null;
  const refusal = stack.isColour ? stack.volumeRefusal() : null;
  if (refusal) return <div className="vp-note">{problemText(language, refusal).sentence}</div>;
  if (view.geometry.size[2] < leastSlices) return <div className="vp-note">{words('reading.slabOff')}</div>;
  return <OpenVolumeViewport session={session} view={view} stack={stack} />;
}

function OpenVolumeViewport({
  session,
  view,
  stack: now,
}: VolumeProps & { readonly view: MprView; readonly stack: OpenStack }) {
  // While phases play in the planes, 3D keeps the one it shows.
  const isPlaying = useReading(session, (s) => s.phaseRate !== null);
  const held = useRef(now);
  if (!isPlaying || held.current.plan !== now.plan) held.current = now;
  const stack = held.current;
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const size = useCanvasSize(box);
  useLayoutEffect(() => {
    const fitting = fittedTo(view, size.cssWidth, size.cssHeight);
    if (fitting !== view) session.set({ mpr: fitting });
  }, [session, view, size]);
  useStackArrivals(stack);
  const { geometry, camera, presetId, shift, look } = view;
  // The planes' own changes do not touch the 3D picture.
  const isHu = stack.unit === 'HU';
  const planeWindow = isHu ? null : view.window;
  const isFileInverted = session.isFileInverted(stack, 0);
  const isReady = stack.isWhole;
  const masks = useMaskLayers(session, stack, useCpuRenderer(stack, isReady ? 1 : 0));
  const isBare = useReading(session, (s) => lacksMask(s, stack.group.id));
  const scene = useMemo(() => {
    const window = planeWindow && windowIn3d(stack, planeWindow, presetId, isFileInverted, isReady);
    const drawn = volumeScene({ geometry, camera, presetId, shift, look }, window, isBare);
    return { ...drawn, ...withLayers(masks) };
  }, [geometry, camera, presetId, shift, look, stack, isReady, planeWindow, isFileInverted, masks, isBare]);
  const holder = useRef<HTMLDivElement>(null);
  const fusedCanvas = useRef<HTMLCanvasElement>(null);
  const fused = useFusedVolume(session, view.fusion, fusedCanvas);
  const over = fused?.over ?? null;
  const { road, reduced } = useVolumePicture({
    ...{ session, canvas, holder, stack, size, over },
    scene: isReady ? scene : null,
  });
  const picture = useMemo(
    () => volumePicture(scene, stack, size, () => maskBoard(session).hidden()),
    [session, scene, stack, size],
  );
  const tool = useReading(session, (s) => s.tool);
  useGestures(box, volumeGestures(session, size, scene, picture));
  return (
    <div
      ref={box}
      className={`surface tool-${tool === 'centreline' || isMaskTool(tool) ? tool : 'orbit'}`}
      data-plane="volume"
      data-road={road}
      data-background={look.background}
    >
      <canvas ref={canvas} hidden={road === 'gpu'} />
      <div ref={holder} className="gpu" hidden={road === 'cpu'} />
      {fused?.over && <canvas key={fused.stack.plan.seriesKey} ref={fusedCanvas} className="fused" />}
      {fused?.over && <ColourBar {...fused.look} unit={fused.stack.unit} />}
      <VolumeTexts {...{ session, view, stack, scene, reduced }} fused={fused?.over ? fused.stack : null} />
      <LinesIn3d session={session} camera={camera} size={size} />
      {look.clip && <ClipBoxLayer session={session} view={view} clip={look.clip} size={size} />}
      {look.cut && <CutLayer session={session} view={view} cut={look.cut} size={size} />}
      <ScissorLayer session={session} size={size} />
      <BrushRing
        session={session}
        cell={volumeCells.indexOf('volume')}
        mmPerPx={(2 * halfHeightMm(camera)) / Math.max(1, size.cssHeight)}
      />
      <OrientationCube camera={camera} onFace={(letter) => standCamera(session, letter)} />
      <div className="views" data-control>
        {standardViewIds.map((id) => (
          <button key={id} type="button" data-view={id} onClick={() => standCamera(session, id)}>
            {id}
          </button>
        ))}
      </div>
      {road === 'cpu' && <DrawingNote stack={stack} />}
      {isReady && !over && <EmptyNote scene={scene} stack={stack} />}
      <LoadingBar stack={stack} />
    </div>
  );
}

/** Why a 3D picture is black. */
function EmptyNote({ scene, stack }: { readonly scene: VolumeScene; readonly stack: OpenStack }) {
  const language = useLanguage();
  const range = stack.range.range();
  const found = range && emptyPicture(scene, range);
  if (!found) return null;
  const { sentence, advice } = problemText(language, found);
  return (
    <div className="vp-note through">
      <p>{sentence}</p>
      <p>{advice}</p>
    </div>
  );
}

const turnRadPerPx = Math.PI / 400;

/**
 * Trackball about the middle of the picture: left turns, Shift rolls, middle pans, wheel zooms at the pointer, right moves
 * the preset along the values, and the window of a projection. Ctrl and a click bring what is seen there to the middle.
 */
function volumeGestures(
  session: ReadingSession,
  size: Pick<CanvasSize, 'cssWidth' | 'cssHeight'>,
  scene: VolumeScene,
  picture: ToolPicture,
): GestureTarget {
  const change = (part: (view: MprView) => Partial<MprView>): void => {
    const { mpr } = session.state;
    if (mpr) session.set({ mpr: { ...mpr, ...part(mpr) } });
  };
  const index = volumeCells.indexOf('volume');
  const turn: Drag = {
    move(dx, dy, _x, _y, held) {
      change((view) => {
        const about = view.camera.focalPoint;
        if (held.shift) return { camera: roll(view.camera, about, dx * turnRadPerPx) };
        return { camera: orbit(view.camera, about, dx * turnRadPerPx, dy * turnRadPerPx) };
      });
    },
  };
  const mmPerPx = (view: MprView): number => (2 * halfHeightMm(view.camera)) / Math.max(1, size.cssHeight);
  const move: Drag = {
    move(dx, dy) {
      change((view) => ({ camera: pan(view.camera, dx * mmPerPx(view), dy * mmPerPx(view)) }));
    },
  };
  const centring = (x: number, y: number): Drag => ({
    ...turn,
    end(moved, cancelled) {
      const at = moved || cancelled ? null : picture.patientAt(x, y);
      if (at) change((view) => ({ camera: centredOn(view.camera, at) }));
    },
  });
  const shift: Drag = {
    move(dx, dy) {
      const { mpr } = session.state;
      if (mpr) setShift(session, mpr.shift + (dx - dy) * shiftStepsOf(session).perPx);
    },
    note: () =>
      `${fixed(session.state.mpr?.shift ?? 0, shiftStepsOf(session).digits)} ${session.mprStack()?.unit ?? ''}`.trim(),
  };
  return {
    activate: (again) => press(session, index, again),
    release: () => session.hold(false),
    start(button, x, y, held) {
      const { tool } = session.state;
      if (button !== 'left') return button === 'middle' ? move : (projectionDrag(session, scene) ?? shift);
      if (isMaskTool(tool)) return volumeMaskDrag(session, scene, size, x, y, turn);
      if (tool === 'centreline') return volumeLineDrag(session, picture, [x, y], held, turn);
      return held.ctrl ? centring(x, y) : volumeCursorDrag(session, picture, [x, y], turn);
    },
    wheel(steps, x, y) {
      const [right, down] = [x - size.cssWidth / 2, y - size.cssHeight / 2];
      change((view) => {
        const mm = mmPerPx(view);
        return { camera: zoomAt(view.camera, 1.1 ** -steps, right * mm, down * mm) };
      });
    },
    hover: (x, y) => hoverBrush(session, index, x, y),
    leave: () => leaveBrush(session),
    doubleClick: () => {
      if (closeOutline(session, scene, size)) return;
      if (!isMaskTool(session.state.tool)) maximise(session);
    },
    menu: (x, y) => openMenu(session, { x, y }),
  };
}
