import type { ReadingSession } from '../reading-session.ts';
import { useReading, useWords } from '../use-words.ts';

/** Before there is a line: what to do. */
export function StartNote({ session }: { readonly session: ReadingSession }) {
  const words = useWords();
  const { pending, busy } = useReading(session, (s) => s.vesselWork);
  const isBegun = useReading(session, (s) => s.vessel.lines.some(({ line }) => line.controls.length === 1));
  const text = busy
    ? words('reading.findingPath')
    : isBegun || pending
      ? words('reading.clickEnd')
      : words('reading.clickStart');
  return <div className="vp-note cpr-start">{text}</div>;
}
