import { moved } from '../../../../core/geometry/matrices.ts';
import type { Projection } from '../../../../core/scene/types.ts';
import { type ReadingTerm, readingTerms } from '../../../../core/terms/reading.ts';
import { type Language, say } from '../../../../core/terms/term.ts';
import { chordLabel } from '../../../app/chord.ts';
import type { Command } from '../../../app/commands.ts';
import { runCommand } from '../../../app/commands.ts';
import type { MenuEntry, MenuItem } from '../../../ui/menu.tsx';
import { phaseRateMost, playPhases, stepPhase, stopPhases } from '../phases/phase-player.ts';
import { phaseGroups } from '../phases/phases.ts';
import { volumeCells } from '../session/layouts.ts';
import type { ReadingSession } from '../session/reading-session.ts';
import { activePlane, setInterpolation, setSlab, setSlabApart } from '../volume/volume-actions.ts';
import {
  applyMpr,
  fitPlanes,
  interpolations,
  type MprView,
  placeCross,
  resetAxes,
  setFree,
} from './mpr-view.ts';

/** Thickness that a projection starts with, total mm. */
export const usualSlabMm: Readonly<Record<Projection, number>> = { none: 0, mip: 10, minip: 5, mean: 5 };
export const projections: readonly Projection[] = ['none', 'mip', 'minip', 'mean'];

/** Another projection, with the thickness there is, else its usual one. */
export function setProjection(session: ReadingSession, projection: Projection): void {
  const slabMm = session.state.mpr?.state.planes[activePlane(session)].slabMm ?? 0;
  setSlab(session, projection === 'none' ? 0 : slabMm || usualSlabMm[projection], projection);
}

/** Commands of the planes, each with its key; off where no planes are shown. */
export function mprCommands(session: ReadingSession): readonly Command[] {
  const hasPlanes = (): boolean => session.state.mode !== 'stack' && session.state.mpr !== null;
  const change = (next: (view: MprView) => MprView) => (): void => {
    const { mpr } = session.state;
    if (mpr) session.set({ mpr: next(mpr) });
  };
  const command = (id: string, term: ReadingTerm, key: string | null, run: () => void): Command => ({
    id: `reading.${id}`,
    term: readingTerms[term],
    group: readingTerms['reading.groupMpr'],
    keys: key === null ? [] : [key],
    enabled: hasPlanes,
    run,
  });
  const turn = (degrees: number): (() => void) =>
    change((v) =>
      applyMpr(v, { kind: 'rotate', plane: activePlane(session), angleRad: (degrees * Math.PI) / 180 }),
    );
  const axes = (to: 'anatomical' | 'acquisition'): (() => void) => change((v) => resetAxes(v, to));
  const cross = (right: number, down: number): (() => void) =>
    change((v) => {
      const plane = v.state.planes[activePlane(session)];
      const { stepMm, centre } = v.state;
      return placeCross(v, moved(moved(centre, plane.right, right * stepMm), plane.down, down * stepMm));
    });
  const nextProjection = (): void => {
    const now = session.state.mpr?.state.planes[activePlane(session)].projection ?? 'none';
    setProjection(session, projections[(projections.indexOf(now) + 1) % projections.length]!);
  };
  const nextInterpolation = (): void => {
    const now = session.state.mpr?.interpolation ?? 'linear';
    setInterpolation(session, interpolations[(interpolations.indexOf(now) + 1) % interpolations.length]!);
  };
  const hasPhases = (): boolean => {
    const stack = session.mprStack();
    return hasPlanes() && stack !== undefined && phaseGroups(stack.plan, stack.groupIndex).length > 1;
  };
  const isPlaying = (): boolean => hasPlanes() && session.state.phaseRate !== null;
  const faster = (by: number): void => {
    const { phaseRate } = session.state;
    if (phaseRate)
      session.set({ phaseRate: Math.min(phaseRateMost, Math.max(1, Math.round(phaseRate * by))) });
  };
  const phases = (id: string, term: ReadingTerm, key: string, run: () => void): Command => ({
    ...command(id, term, key, run),
    enabled: hasPhases,
  });
  return [
    phases('playPhases', 'reading.playPhases', 'KeyC', () => {
      if (isPlaying()) stopPhases(session);
      else playPhases(session);
    }),
    phases('nextPhase', 'reading.nextPhase', 'ArrowRight', () => stepPhase(session, 1)),
    phases('previousPhase', 'reading.previousPhase', 'ArrowLeft', () => stepPhase(session, -1)),
    {
      ...command('phasesSlower', 'reading.cineSlower', 'BracketLeft', () => faster(0.8)),
      enabled: isPlaying,
    },
    {
      ...command('phasesFaster', 'reading.cineFaster', 'BracketRight', () => faster(1.25)),
      enabled: isPlaying,
    },
    {
      ...command('fitPlanes', 'reading.fitPlanes', 'KeyF', change(fitPlanes)),
      // In 3D the key looks from the feet.
      enabled: () => hasPlanes() && volumeCells[session.state.active] !== 'volume',
    },
    command('turnBack', 'reading.turnLinesBack', 'Comma', turn(-1)),
    command('turn', 'reading.turnLines', 'Period', turn(1)),
    command('turnBack10', 'reading.turnLinesBack10', 'Shift+Comma', turn(-10)),
    command('turn10', 'reading.turnLines10', 'Shift+Period', turn(10)),
    command('crossLeft', 'reading.crossLeft', 'Ctrl+ArrowLeft', cross(-1, 0)),
    command('crossRight', 'reading.crossRight', 'Ctrl+ArrowRight', cross(1, 0)),
    command('crossUp', 'reading.crossUp', 'Ctrl+ArrowUp', cross(0, -1)),
    command('crossDown', 'reading.crossDown', 'Ctrl+ArrowDown', cross(0, 1)),
    command('free', 'reading.toggleFree', 'Shift+KeyO', () =>
      change((v) => setFree(v, !v.isFree, activePlane(session)))(),
    ),
    command('anatomical', 'reading.anatomicalAxes', 'Shift+KeyA', axes('anatomical')),
    command('acquisition', 'reading.acquisitionAxes', 'Shift+KeyQ', axes('acquisition')),
    command('interpolation', 'reading.nextInterpolation', 'Shift+KeyI', nextInterpolation),
    command('slabMode', 'reading.slabMode', 'Shift+KeyS', nextProjection),
    command('slabScope', 'reading.slabScope', 'Shift+KeyG', () =>
      setSlabApart(session, !session.state.mpr?.isSlabApart),
    ),
  ];
}

/** The planes' part of the viewport menu. */
export function mprEntries(session: ReadingSession, language: Language): readonly MenuEntry[] {
  const { mpr, mode } = session.state;
  if (mode === 'stack' || !mpr) return [];
  const item = (id: string, term: ReadingTerm, chord: string): MenuItem => ({
    id,
    label: say(language, readingTerms[term]),
    keyLabel: chordLabel(chord),
    run: () => void runCommand(`reading.${id}`),
  });
  return [
    ...interpolations.map(
      (name): MenuItem => ({
        id: `interpolation.${name}`,
        label: say(language, readingTerms['reading.interpolationIs'], {
          name: say(language, readingTerms[`reading.${name}`]),
        }),
        ...(name === 'nearest' && { keyLabel: chordLabel('Shift+KeyI') }),
        isChosen: name === mpr.interpolation,
        run: () => setInterpolation(session, name),
      }),
    ),
    'line',
    { ...item('free', 'reading.freeAngles', 'Shift+KeyO'), isChosen: mpr.isFree },
    item('anatomical', 'reading.anatomicalAxes', 'Shift+KeyA'),
    item('acquisition', 'reading.acquisitionAxes', 'Shift+KeyQ'),
    ...(volumeCells[session.state.active] === 'volume'
      ? []
      : [item('fitPlanes', 'reading.fitPlanes', 'KeyF')]),
    item('crosshairCentre', 'reading.crosshairCentre', 'Shift+KeyX'),
    'line',
  ];
}
