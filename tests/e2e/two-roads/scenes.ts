import { presetPart, volumePreset } from '../../../core/scene/presets.ts';
import type { Camera, VolumeScene } from '../../../core/scene/types.ts';

/** How alike the roads' pictures must be: what the issue asks for. */
export const ssimLeast = 0.97;

export function sceneOf(camera: Camera, part: Partial<VolumeScene>, presetId = 'bone'): VolumeScene {
  const preset = volumePreset(presetId);
  if (!preset) throw new Error(presetId);
  return { kind: 'volume', camera, ...presetPart(preset), background: [0, 0, 0], ...part };
}
