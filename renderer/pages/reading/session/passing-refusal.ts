import { useApp } from '../../../app/app-store.ts';
import { dismissMessage } from '../../../app/messages.ts';
import type { ReadingSession } from './reading-session.ts';

/**
 * Takes a refusal off the strip as soon as it is no longer true: what it refused has become possible, or is refused for
 * another reason, by what the reader does or by images that arrive.
 */
export function whileRefused(session: ReadingSession, messageId: number, isRefused: () => boolean): void {
  const check = (): void => {
    const isShown = useApp.getState().messages.some(({ id }) => id === messageId);
    if (isShown && isRefused()) return;
    dismissMessage(messageId);
    for (const stop of stops) stop();
  };
  const arrivals = session.shownStack()?.arrivals.subscribe(check);
  const stops = [session.store.subscribe(check), ...(arrivals ? [arrivals] : [])];
}

/** The same of a view that pictures cannot be shown in: it is said of the series in the active viewport. */
export function whileLookedAt(session: ReadingSession, messageId: number): void {
  const looked = (): string => {
    const { mode, active } = session.state;
    const cell = session.activeCell();
    return JSON.stringify([mode, active, cell?.seriesKey, cell?.group]);
  };
  const said = looked();
  whileRefused(session, messageId, () => looked() === said);
}
