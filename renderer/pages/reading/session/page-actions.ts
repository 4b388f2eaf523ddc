import type { MenuPlace } from '../../../ui/menu.tsx';
import type { OpenStack } from '../../../volumes/open-stack.ts';
import type { ReadingSession } from './reading-session.ts';

/** Things that a viewport asks of the page around it; the page listens while it is shown. */
export type OpenMenu = (session: ReadingSession, at: MenuPlace) => void;

export interface PageActions {
  menu(session: ReadingSession, at: MenuPlace): void;
  explain(session: ReadingSession, stack: OpenStack): void;
}

let page: PageActions | null = null;

/** The page that is shown now; answers the function that takes it back. */
export function providePage(actions: PageActions): () => void {
  page = actions;
  return () => {
    if (page === actions) page = null;
  };
}

export const openMenu: OpenMenu = (session, at) => page?.menu(session, at);
export const explainVerdict = (session: ReadingSession, stack: OpenStack): void =>
  page?.explain(session, stack);

export const newMeasurementId = (): string => crypto.randomUUID();
