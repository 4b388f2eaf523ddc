import { useEffect } from 'react';
import { problem } from '../../../../core/base/problem.ts';
import type { Settings } from '../../../../core/contract/settings.ts';
import { useApp } from '../../../app/app-store.ts';
import { showProblem } from '../../../app/messages.ts';
import { changeSettings } from '../../../app/settings-sync.ts';
import { tryGpu } from '../../../vtk/gpu-trial.ts';

/** Which renderer draws 3D. */
export type Road = 'gpu' | 'cpu';

/** As the person set it, else as the trial on this machine went; CPU until it has gone well. */
export function roadOf(settings: Pick<Settings, 'renderer' | 'gpuTrial'>): Road {
  if (settings.renderer !== 'auto') return settings.renderer;
  return settings.gpuTrial?.road ?? 'cpu';
}

export const useRoad = (): Road => useApp((s) => roadOf(s.settings));

const dayMs = 24 * 3600 * 1000;

/** Whether the card must be tried: never yet, or a week ago, as drivers change; one that was lost comes back sooner. */
export function needsTrial(trial: Settings['gpuTrial'], nowMs: number): boolean {
  return !trial || nowMs - trial.atMs > (trial.reason === 'GPU_LOST' ? 1 : 7) * dayMs;
}

/** Tries the GPU when it must be: before the first 3D picture, or `afterMs` when there is time. */
export function useGpuTrial(afterMs = 0): void {
  const trial = useApp((s) => s.settings.gpuTrial);
  const isNeeded = needsTrial(trial, Date.now());
  useEffect(() => {
    if (!isNeeded) return;
    const tryIt = (): void => changeSettings({ gpuTrial: tryGpu(Date.now()) });
    if (afterMs === 0) return tryIt();
    const timer = setTimeout(tryIt, afterMs);
    return () => clearTimeout(timer);
  }, [isNeeded, afterMs]);
}

/** The graphics context went away: the same picture goes on by the CPU, and says so. */
export function giveUpGpu(): void {
  const { gpuTrial } = useApp.getState().settings;
  const device = gpuTrial?.device ?? '';
  changeSettings({
    renderer: 'auto',
    gpuTrial: { road: 'cpu', device, reason: 'GPU_LOST', atMs: Date.now() },
  });
  showProblem(problem('GPU_LOST'));
}
