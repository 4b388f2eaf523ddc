import { useEffect, useRef } from 'react';
import type { Fusion } from '../../../../core/scene/fusion.ts';
import type { SliceScene } from '../../../../core/scene/types.ts';
import type { OpenStack } from '../../../volumes/open-stack.ts';
import type { ReadingSession } from '../session/reading-session.ts';
import { useStackArrivals } from '../use-arrivals.ts';
import { useReading } from '../use-words.ts';
import { useCpuRenderer } from '../volume/cpu-road.ts';
import { DrawingNote } from '../volume/drawing-note.tsx';
import { ColourBar } from './colour-bar.tsx';
import { fusedFrame } from './fused-picture.ts';
import { canFuse, fusedStack, fusionRange } from './fusion.ts';
import { paintFused } from './paint-fused.ts';

interface FusedProps {
  readonly session: ReadingSession;
  readonly fusion: Fusion;
  readonly channel: string;
  /** The plane under it: the second series is resampled in the same place and size. */
  readonly scene: SliceScene;
}

/** A second series over a plane, drawn by its own renderer; nothing until it is open, or where the frames differ. */
export function FusedLayer(props: FusedProps) {
  const { session, fusion } = props;
  useReading(session, (s) => s.opened);
  useEffect(() => void session.open(fusion.seriesKey), [session, fusion.seriesKey]);
  const stack = fusedStack(session, fusion);
  return stack && canFuse(session.mprStack(), stack) ? <FusedCanvas {...props} stack={stack} /> : null;
}

function FusedCanvas({ fusion, channel, scene, stack }: FusedProps & { readonly stack: OpenStack }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const version = useStackArrivals(stack);
  const renderer = useCpuRenderer(stack, version);
  const newest = useRef(0);
  const { map, opacity } = fusion;
  const { low, high } = fusionRange(fusion, stack);
  useEffect(() => stack.loader.focus(stack.count >> 1), [stack]);
  useEffect(() => {
    if (!renderer || version < 0) return;
    newest.current += 1;
    const number = newest.current;
    fusedFrame(renderer, scene, channel)
      .then((frame) => {
        if (!frame || number !== newest.current || !canvas.current) return;
        paintFused(canvas.current, scene, frame, { map, opacity, low, high }, 'slice');
        canvas.current.dataset['fused'] = String(number);
      })
      // A renderer that has ended answers with an error; its successor draws the same scene.
      .catch(() => undefined);
  }, [renderer, scene, channel, map, opacity, low, high, version]);
  return (
    <>
      <canvas ref={canvas} className="fused" />
      <ColourBar map={map} low={low} high={high} unit={stack.unit} />
      <DrawingNote stack={stack} />
    </>
  );
}
