import { type RefObject, useRef } from 'react';
import type { CpuRenderer } from '../../../../core/render/coordinator.ts';
import { type CanvasSize, useCanvasSize } from '../../../viewport/use-canvas-size.ts';
import type { OpenStack } from '../../../volumes/open-stack.ts';
import { useStackArrivals } from '../use-arrivals.ts';
import { useCpuRenderer } from './cpu-road.ts';

/** A place on the page for one picture of a volume, and what draws it. */
export interface VolumeCanvas {
  /** The viewport that the canvas fills. */
  readonly box: RefObject<HTMLDivElement | null>;
  readonly canvas: RefObject<HTMLCanvasElement | null>;
  readonly size: CanvasSize;
  /** Counts the arrivals of slices: the picture is drawn again with each. */
  readonly version: number;
  /** Null until there is a volume. */
  readonly renderer: CpuRenderer | null;
}

export function useVolumeCanvas(stack: OpenStack): VolumeCanvas {
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const size = useCanvasSize(box);
  const version = useStackArrivals(stack);
  const renderer = useCpuRenderer(stack, version);
  return { box, canvas, size, version, renderer };
}
