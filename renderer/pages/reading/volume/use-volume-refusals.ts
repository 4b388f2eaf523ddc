import { problemText } from '../../../../core/terms/terms.ts';
import { leastSlices } from '../../../../core/volume/least-slices.ts';
import { useLanguage } from '../../../app/language.ts';
import type { ReadingSession } from '../session/reading-session.ts';
import { useReading, useWords } from '../use-words.ts';

/** Why the active series has no planes, and why no 3D; undefined where it has them. */
export function useVolumeRefusals(session: ReadingSession): {
  readonly noPlanes: string | undefined;
  readonly noVolume: string | undefined;
} {
  const words = useWords();
  const language = useLanguage();
  const mode = useReading(session, (s) => s.mode);
  const cell = useReading(session, (s) => s.cells[s.mode === 'stack' ? s.active : 0]);
  useReading(session, (s) => s.opened);
  const stack = mode === 'stack' ? session.volumeStackOf(cell) : session.mprStack();
  // What is only too large is offered reduced.
  const isOffered = stack !== undefined && stack.neededReduction() !== null;
  const whyOff = (mode: 'mpr' | '3d'): string | undefined => {
    const refusal = isOffered ? null : stack?.modeRefusal(mode);
    return refusal ? problemText(language, refusal).sentence : undefined;
  };
  const why = whyOff('mpr');
  const noStack = stack ? undefined : words('reading.noPicture');
  const noPlanes = why === undefined ? noStack : words('reading.mprOff', { why });
  const slices = stack?.group.regular?.size[2] ?? leastSlices;
  const noSlab = slices < leastSlices ? words('reading.slabOff') : undefined;
  return { noPlanes, noVolume: noPlanes ?? whyOff('3d') ?? noSlab };
}
