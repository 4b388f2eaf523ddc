import { Spline } from 'lucide-react';
import type { ReadingTerm } from '../../../../core/terms/reading.ts';
import { runCommand } from '../../../app/commands.ts';
import { Button } from '../../../ui/controls.tsx';
import type { ReadingSession } from '../session/reading-session.ts';
import { useReading, useWords } from '../use-words.ts';

/** What comes into a viewport with the first line. */
export function WaitingNote({ what }: { readonly what: ReadingTerm }) {
  const words = useWords();
  return <div className="vp-note cpr-wait">{words('reading.afterLine', { what: words(what) })}</div>;
}

/** Before there is a line: what to do, and the tool for it where another is in hand. */
export function StartNote({ session }: { readonly session: ReadingSession }) {
  const words = useWords();
  const { pending, busy } = useReading(session, (s) => s.vesselWork);
  const isBegun = useReading(session, (s) => s.vessel.lines.some(({ line }) => line.controls.length === 1));
  const text = busy
    ? words('reading.findingPath')
    : isBegun || pending
      ? words('reading.clickEnd')
      : words('reading.clickStart');
  const hasTool = useReading(session, (s) => s.tool === 'centreline');
  return (
    <div className="vp-note cpr-start">
      <p>{text}</p>
      {!hasTool && (
        <Button icon={Spline} data-control onClick={() => void runCommand('reading.tool.centreline')}>
          {words('reading.centreline')}
        </Button>
      )}
    </div>
  );
}
