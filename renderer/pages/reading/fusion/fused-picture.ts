import type { CpuRenderer } from '../../../../core/render/coordinator.ts';
import { overlayScene } from '../../../../core/render/fused.ts';
import type { Frame } from '../../../../core/render/types.ts';
import { fuseValues } from '../../../../core/scene/fusion.ts';
import type { SliceScene } from '../../../../core/scene/types.ts';

/** Values at both ends of the colours, and the colours between them. */
export interface FusedColours {
  readonly low: number;
  readonly high: number;
  /** As `fusionTable` of core/scene/fusion.ts. */
  readonly table: Uint32Array;
}

/** The values of a second series where a plane of the first lies. */
export const fusedFrame = (
  renderer: CpuRenderer,
  scene: SliceScene,
  channel: string,
): Promise<Frame | null> => renderer.slice(overlayScene(scene), { channel, quality: 'moving', values: true });

/** Its colours, clear where it has no data; null for a frame without values. */
export function fusedPicture(frame: Frame, { low, high, table }: FusedColours): ImageData | null {
  if (!frame.values) return null;
  const pixels = new Uint32Array(frame.width * frame.height);
  fuseValues(frame.values, low, high, table, pixels);
  return new ImageData(new Uint8ClampedArray(pixels.buffer), frame.width, frame.height);
}
