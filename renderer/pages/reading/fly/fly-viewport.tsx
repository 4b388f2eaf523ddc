import { useMemo, useRef } from 'react';
import { useStore } from 'zustand';
import { fixed } from '../../../../core/measure/format.ts';
import { flyTransfer } from '../../../../core/scene/fly.ts';
import type { Camera, Shading, VolumeScene } from '../../../../core/scene/types.ts';
import { type GestureTarget, useGestures } from '../../../viewport/gestures.ts';
import { OrientationCube } from '../../../viewport/orientation-cube.tsx';
import { useCanvasSize } from '../../../viewport/use-canvas-size.ts';
import { windowSetting } from '../../../viewport/windowing.ts';
import { CprTexts } from '../cpr/cpr-texts.tsx';
import { fieldOf } from '../cpr/line-client.ts';
import type { ShownLine } from '../cpr/use-line.ts';
import { LoadingBar } from '../loading-bar.tsx';
import { cprCells } from '../session/layouts.ts';
import { openMenu } from '../session/page-actions.ts';
import type { ReadingSession } from '../session/reading-session.ts';
import { useStackArrivals } from '../use-arrivals.ts';
import { useWords } from '../use-words.ts';
import { useVolumePicture } from '../volume/use-volume-picture.ts';
import { FlyBar } from './fly-bar.tsx';
import { cameraOf } from './fly-camera.ts';
import { type FlyLumen, flyLumen } from './fly-lumen.ts';
import { type FlyPlayer, flyPlayer } from './fly-player.ts';
import './fly.css';

/** Fine enough for a wall of a millimetre; while it flies the pace counts. */
const stepsMm = { rest: 0.4, flying: 0.8 } as const;
/** A lamp at the eye: folds show by their shading, and what is turned away is still seen. */
const lamp: Shading = { ambient: 0.12, diffuse: 0.74, specular: 0.12, power: 16 };

/** The view from inside the line's lumen: what a camera sees that flies along it. */
export function FlyViewport({
  session,
  shown,
}: {
  readonly session: ReadingSession;
  readonly shown: ShownLine;
}) {
  const { stack, sampled, line, view, cursorMm } = shown;
  const words = useWords();
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const holder = useRef<HTMLDivElement>(null);
  const size = useCanvasSize(box);
  useStackArrivals(stack);
  const player = flyPlayer(session);
  const work = useStore(player.work);
  const isReady = stack.isWhole;
  const { kind } = line.line;
  const isHu = stack.unit === 'HU';
  const lumen = useMemo(() => {
    const volume = isReady ? stack.volume() : undefined;
    const beside = isHu ? null : (stack.range.percentile(50) ?? 0);
    return volume ? flyLumen(fieldOf(volume), sampled, kind, beside) : null;
  }, [isReady, isHu, stack, sampled, kind]);
  const atMm = work.atMm ?? cursorMm;
  const { isBack, yawRad, pitchRad } = work;
  const pace = work.isPlaying ? 'flying' : 'rest';
  const camera = useMemo(
    () => cameraOf(shown.sampled, atMm, { isBack, yawRad, pitchRad }),
    [shown.sampled, atMm, isBack, yawRad, pitchRad],
  );
  const isFileInverted = session.isFileInverted(stack, 0);
  const window = useMemo(() => windowSetting(view.window, isFileInverted), [view.window, isFileInverted]);
  const scene = useMemo(
    () => (lumen && camera ? sceneOf(lumen, camera, window, stepsMm[pace]) : null),
    [lumen, camera, window, pace],
  );
  const { road } = useVolumePicture({ session, canvas, holder, stack, size, scene });
  useGestures(box, flyGestures(session, player));
  const mm = fixed(atMm, 1);
  return (
    <div
      ref={box}
      className="surface fly"
      data-plane="curved"
      data-picture="fly"
      data-road={road}
      data-fly-mm={mm}
    >
      <canvas ref={canvas} hidden={road === 'gpu'} />
      <div ref={holder} className="gpu" hidden={road === 'cpu'} />
      {camera && <OrientationCube camera={camera} />}
      <CprTexts
        session={session}
        view={view}
        stack={stack}
        title={words('reading.fly')}
        shown={[
          words('reading.flyLens'),
          ...(lumen
            ? [words('reading.flyWall', { value: `${fixed(lumen.threshold, 0)} ${stack.unit}`.trim() })]
            : []),
        ]}
        taken={[words('reading.flyAt', { mm, total: fixed(sampled.lengthMm, 1) })]}
        letters={null}
        mmPerPx={null}
        heightPx={size.cssHeight}
        isOnCard={road === 'gpu'}
      />
      {lumen?.isFaint && <p className="fly-faint">{words('reading.flyFaint')}</p>}
      <FlyBar player={player} atMm={atMm} lengthMm={sampled.lengthMm} />
      <LoadingBar stack={stack} />
    </div>
  );
}

const sceneOf = (
  lumen: FlyLumen,
  camera: Camera,
  window: VolumeScene['window'],
  stepMm: number,
): VolumeScene => ({
  kind: 'volume',
  camera,
  mode: 'composite',
  presetId: 'fly',
  transfer: flyTransfer(lumen.kind, lumen.threshold),
  shiftHu: 0,
  shading: lamp,
  window,
  background: [0, 0, 0],
  stepMm,
});

const turnRadPerPx = Math.PI / 500;

/** A drag looks around: what is seen goes with the hand. The wheel goes along the line. */
function flyGestures(session: ReadingSession, player: FlyPlayer): GestureTarget {
  const index = cprCells.indexOf('curved');
  return {
    activate() {
      if (session.state.active !== index) session.set({ active: index });
    },
    start: () => ({ move: (dx, dy) => player.lookAround(-dx * turnRadPerPx, -dy * turnRadPerPx) }),
    wheel: (steps, _x, _y, held) => player.step(-steps * (held.shift ? 5 : 1)),
    hover: () => undefined,
    leave: () => undefined,
    doubleClick: () => session.set({ isMaximised: !session.state.isMaximised }),
    menu: (x, y) => openMenu(session, { x, y }),
  };
}
