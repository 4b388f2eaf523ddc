import { orbit } from '../../../../core/scene/camera.ts';
import { type FlyLine, flyCamera, usualFlyLook } from '../../../../core/scene/fly.ts';
import type { Camera } from '../../../../core/scene/types.ts';
import type { FlyWork } from './fly-player.ts';

/** On the line at `atMm`, turned in place as the hand has turned it; null for a line without a course. */
export function cameraOf(
  line: FlyLine,
  atMm: number,
  { isBack, yawRad, pitchRad }: Pick<FlyWork, 'isBack' | 'yawRad' | 'pitchRad'>,
): Camera | null {
  const ahead = flyCamera(line, atMm, { ...usualFlyLook, isBack });
  if (!ahead || (yawRad === 0 && pitchRad === 0)) return ahead;
  return orbit(orbit(ahead, ahead.position, yawRad, 0), ahead.position, 0, pitchRad);
}
