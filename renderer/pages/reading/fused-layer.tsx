import { useEffect, useLayoutEffect, useMemo, useRef } from 'react';
import { formatValue } from '../../../core/measure/format.ts';
import type { Frame } from '../../../core/render/types.ts';
import {
  type ColourMap,
  type Fusion,
  fuseValues,
  fusionTable,
  mapColour,
} from '../../../core/scene/fusion.ts';
import type { SliceScene } from '../../../core/scene/types.ts';
import type { OpenStack } from '../../volumes/open-stack.ts';
import { useCpuRenderer } from './cpu-road.ts';
import { canFuse, fusedStack, fusionRange } from './fusion.ts';
import type { ReadingSession } from './reading-session.ts';
import { useStackArrivals } from './use-arrivals.ts';
import { useReading } from './use-words.ts';

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
  const table = useMemo(() => fusionTable(fusion), [fusion]);
  const { low, high } = fusionRange(fusion, stack);
  useEffect(() => stack.loader.focus(stack.count >> 1), [stack]);
  useLayoutEffect(() => {
    const element = canvas.current;
    if (!element || (element.width === scene.width && element.height === scene.height)) return;
    element.width = scene.width;
    element.height = scene.height;
  }, [scene]);
  useEffect(() => {
    if (!renderer || version < 0) return;
    newest.current += 1;
    const number = newest.current;
    const window = { kind: 'window', function: 'LINEAR_EXACT', centre: 0, width: 1, invert: false } as const;
    renderer
      .slice({ ...scene, interpolation: 'linear', window }, { channel, quality: 'moving', values: true })
      .then((frame) => {
        if (!frame || number !== newest.current || !canvas.current) return;
        paintOver(canvas.current, frame, low, high, table);
        canvas.current.dataset['fused'] = String(number);
      })
      // A renderer that has ended answers with an error; its successor draws the same scene.
      .catch(() => undefined);
  }, [renderer, scene, channel, table, low, high, version]);
  return (
    <>
      <canvas ref={canvas} className="fused" />
      <ColourBar map={fusion.map} low={low} high={high} unit={stack.unit} />
    </>
  );
}

function paintOver(
  canvas: HTMLCanvasElement,
  frame: Frame,
  low: number,
  high: number,
  table: Uint32Array,
): void {
  const context = canvas.getContext('2d');
  if (!context || !frame.values) return;
  const pixels = new Uint32Array(frame.width * frame.height);
  fuseValues(frame.values, low, high, table, pixels);
  const picture = new ImageData(new Uint8ClampedArray(pixels.buffer), frame.width, frame.height);
  if (frame.width === canvas.width && frame.height === canvas.height) {
    context.putImageData(picture, 0, 0);
    return;
  }
  const small = new OffscreenCanvas(frame.width, frame.height);
  small.getContext('2d')?.putImageData(picture, 0, 0);
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.drawImage(small, 0, 0, canvas.width, canvas.height);
}

const barPx = 96;
const barShares = Array.from({ length: 65 }, (_, n) => n / 64);

/** A bar is read roughly: no digits after the point from 100 on. */
const barText = (value: number, unit: string): string =>
  formatValue(Math.abs(value) >= 100 ? Math.round(value) : value, unit);

/** What the colours stand for: a colour map always has its bar. */
function ColourBar({
  map,
  low,
  high,
  unit,
}: {
  readonly map: ColourMap;
  readonly low: number;
  readonly high: number;
  readonly unit: string;
}) {
  return (
    <div className="colour-bar">
      <span>{barText(high, unit)}</span>
      <svg viewBox={`0 0 10 ${barPx}`} preserveAspectRatio="none" aria-hidden="true">
        {barShares.map((share) => {
          const [r, g, b] = mapColour(map, share).map((c) => Math.round(c * 255));
          return (
            <rect
              key={share}
              y={(1 - share) * (barPx - 2)}
              width={10}
              height={2}
              fill={`rgb(${r} ${g} ${b})`}
            />
          );
        })}
      </svg>
      <span>{barText(low, unit)}</span>
    </div>
  );
}
