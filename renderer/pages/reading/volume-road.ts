import { useApp } from '../../app/app-store.ts';

/** Which renderer draws 3D. */
export type Road = 'gpu' | 'cpu';

/** As the person set it, else as the trial on this machine went; CPU until it has gone well. */
export function roadOf(settings: ReturnType<typeof useApp.getState>['settings']): Road {
  if (settings.renderer !== 'auto') return settings.renderer;
  return settings.gpuTrial?.road ?? 'cpu';
}

export const useRoad = (): Road => useApp((s) => roadOf(s.settings));
