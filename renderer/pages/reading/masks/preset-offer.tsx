import { useMemo } from 'react';
import { volumePreset } from '../../../../core/scene/presets.ts';
import { Button } from '../../../ui/controls.tsx';
import type { ReadingSession } from '../session/reading-session.ts';
import { useStackArrivals } from '../use-arrivals.ts';
import { useReading, useWords } from '../use-words.ts';
import { maskMaker } from './mask-maker.ts';
import type { MaskItem } from './mask-state.ts';

/** The layers of the volume on screen. */
export function useOwnLayers(session: ReadingSession): readonly MaskItem[] {
  const layers = useReading(session, (s) => s.masks.layers);
  const seriesKey = useReading(session, (s) => s.mpr?.seriesKey);
  const groupId = session.mprStack()?.group.id;
  return useMemo(
    () => layers.filter((item) => item.seriesKey === seriesKey && item.groupId === groupId),
    [layers, seriesKey, groupId],
  );
}

/** A preset that is at its best with a mask says so, and makes it. */
export function PresetOffer({ session }: { readonly session: ReadingSession }) {
  const words = useWords();
  const wanted = useReading(session, (s) => volumePreset(s.mpr?.presetId ?? '')?.mask);
  const layers = useOwnLayers(session);
  const stack = session.mprStack();
  useStackArrivals(stack);
  const isReady = stack?.isWhole === true;
  const isAirways = wanted === 'airways';
  const nameId = isAirways ? 'airwaysOutside' : 'bones';
  if (!wanted || !isReady || layers.some((layer) => layer.nameId === nameId && layer.visible)) return null;
  const make = (): void => void maskMaker(session).find(isAirways ? 'airways' : 'bones', isAirways);
  return (
    <section className="grp">
      <Button size="small" tone="primary" data-mask-offer onClick={make}>
        {words(isAirways ? 'reading.maskAirwaysNow' : 'reading.maskBoneNow')}
      </Button>
    </section>
  );
}
