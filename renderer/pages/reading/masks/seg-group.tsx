import type { ReadingSession } from '../reading-session.ts';

export function SegGroup(_props: { readonly session: ReadingSession }) {
  return null;
}
