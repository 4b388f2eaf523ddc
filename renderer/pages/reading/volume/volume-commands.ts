import { volumeCentre } from '../../../../core/geometry/planes.ts';
import { type StandardView, standAt } from '../../../../core/scene/camera.ts';
import { readingTerms } from '../../../../core/terms/reading.ts';
import type { Command } from '../../../app/commands.ts';
import { onWholeSlice } from '../mpr/mpr-slices.ts';
import { placeCross } from '../mpr/mpr-view.ts';
import { volumeCells } from '../session/layouts.ts';
import type { ReadingSession } from '../session/reading-session.ts';
import { setLens, toggleClip, toggleCut, toggleDepthCue } from './volume-actions.ts';

export const standardViewIds: readonly StandardView[] = ['A', 'P', 'L', 'R', 'H', 'F'];

export function standCamera(session: ReadingSession, view: StandardView): void {
  const { mpr } = session.state;
  if (mpr) session.set({ mpr: { ...mpr, camera: standAt(mpr.camera, view) } });
}

/** Commands of the 3D viewport; its letters come before the page's own while it is the active one. */
export function volumeCommands(session: ReadingSession): readonly Command[] {
  const isVolume = (): boolean =>
    session.state.mode !== 'stack' && volumeCells[session.state.active] === 'volume';
  const views = standardViewIds.map(
    (view): Command => ({
      id: `reading.view${view}`,
      term: readingTerms[`reading.view.${view}`],
      group: readingTerms['reading.group3d'],
      keys: [`Key${view}`],
      enabled: isVolume,
      run: () => standCamera(session, view),
    }),
  );
  return [
    ...views,
    {
      id: 'reading.clipBox',
      term: readingTerms['reading.clipBox'],
      group: readingTerms['reading.group3d'],
      keys: ['Shift+KeyB'],
      enabled: () => session.state.mode !== 'stack',
      run: () => toggleClip(session),
    },
    {
      id: 'reading.cutPlane',
      term: readingTerms['reading.cutPlane'],
      group: readingTerms['reading.group3d'],
      enabled: () => session.state.mode !== 'stack',
      run: () => toggleCut(session),
    },
    {
      id: 'reading.depthCue',
      term: readingTerms['reading.depthCue'],
      group: readingTerms['reading.group3d'],
      enabled: () => session.state.mode !== 'stack',
      run: () => toggleDepthCue(session),
    },
    {
      id: 'reading.lens',
      term: readingTerms['reading.lens'],
      group: readingTerms['reading.group3d'],
      keys: ['Shift+KeyP'],
      enabled: () => session.state.mode !== 'stack',
      run: () => {
        const kind = session.state.mpr?.camera.lens.kind;
        setLens(session, kind === 'perspective' ? 'orthographic' : 'perspective');
      },
    },
    {
      id: 'reading.crosshairCentre',
      term: readingTerms['reading.crosshairCentre'],
      group: readingTerms['reading.group3d'],
      keys: ['Shift+KeyX'],
      enabled: () => session.state.mode !== 'stack' && session.state.mpr !== null,
      run: () => {
        const { mpr } = session.state;
        if (!mpr) return;
        const middle = { ...mpr, state: { ...mpr.state, centre: volumeCentre(mpr.geometry) } };
        const { centre } = onWholeSlice(middle, session.mprStack()?.group.displayReversed);
        session.set({ mpr: placeCross(mpr, centre) });
      },
    },
  ];
}
