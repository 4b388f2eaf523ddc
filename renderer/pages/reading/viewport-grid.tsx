import { type DragEvent, useState } from 'react';
import { readingTerms } from '../../../core/terms/reading.ts';
import { useT } from '../../app/language.ts';
import { seriesDragType } from '../../panels/series/thumbnails.tsx';
import { CprGrid } from './cpr/cpr-grid.tsx';
import { VolumeDamage } from './damaged.tsx';
import { MprViewport } from './mpr/mpr-viewport.tsx';
import { RibsGrid } from './ribs/ribs-grid.tsx';
import { volumeCells } from './session/layouts.ts';
import type { ReadingSession } from './session/reading-session.ts';
import { StackViewport } from './stack/stack-viewport.tsx';
import { useReading } from './use-words.ts';
import { VolumeViewport } from './volume/volume-viewport.tsx';

interface GridProps {
  readonly session: ReadingSession;
  /** CSS colour of the patient. */
  readonly stripe: string;
}

/** The viewports, touching each other with a 1 px line; one of them may fill the stage. */
export function ViewportGrid({ session, stripe }: GridProps) {
  const mode = useReading(session, (s) => s.mode);
  const layout = useReading(session, (s) => s.layout);
  const isMaximised = useReading(session, (s) => s.isMaximised);
  const active = useReading(session, (s) => s.active);
  if (mode === 'cpr' || mode === 'ribs') {
    const Grid = mode === 'cpr' ? CprGrid : RibsGrid;
    return (
      <Grid
        session={session}
        frame={(index, area, picture) => (
          <Frame key={index} session={session} index={index} stripe={stripe} area={area}>
            {picture}
          </Frame>
        )}
      />
    );
  }
  if (mode !== 'stack') {
    const cells = isMaximised ? volumeCells.filter((_, n) => n === active) : volumeCells;
    const shape = isMaximised ? 'one' : mode;
    return (
      <div className={`vps g-${shape}`}>
        {cells.map((cell) => (
          <Frame
            key={cell}
            session={session}
            index={volumeCells.indexOf(cell)}
            stripe={stripe}
            area={isMaximised ? undefined : cell}
          >
            {cell === 'volume' ? (
              <VolumeViewport session={session} />
            ) : (
              <MprViewport session={session} name={cell} />
            )}
          </Frame>
        ))}
      </div>
    );
  }
  const { rows, columns } = isMaximised ? { rows: 1, columns: 1 } : layout;
  const count = layout.rows * layout.columns;
  const indices = isMaximised ? [active] : Array.from({ length: count }, (_, n) => n);
  const track = (n: number): string => `repeat(${n}, minmax(0, 1fr))`;
  return (
    <div className="vps" style={{ gridTemplateRows: track(rows), gridTemplateColumns: track(columns) }}>
      {indices.map((index) => (
        <Frame key={index} session={session} index={index} stripe={stripe} takesSeries>
          <StackViewport session={session} index={index} />
        </Frame>
      ))}
    </div>
  );
}

function Frame({
  session,
  index,
  stripe,
  area,
  takesSeries,
  children,
}: GridProps & {
  readonly index: number;
  readonly area?: string | undefined;
  readonly takesSeries?: boolean;
  readonly children: React.ReactNode;
}) {
  const t = useT();
  const isActive = useReading(session, (s) => s.active === index);
  /** An empty place wears nobody's colour. */
  const isTaken = useReading(session, (s) => s.mode !== 'stack' || s.cells[index]?.seriesKey != null);
  const [isTarget, setTarget] = useState(false);
  const offers = (event: DragEvent): boolean =>
    takesSeries === true && event.dataTransfer.types.includes(seriesDragType);
  return (
    <section
      className={['vp', isActive && 'act', isTarget && 'drop'].filter(Boolean).join(' ')}
      style={area ? { gridArea: area } : undefined}
      aria-label={t(readingTerms['reading.viewport'], { n: index + 1 })}
      data-viewport={index}
      onPointerDownCapture={() => {
        if (session.state.active !== index) session.set({ active: index });
      }}
      onDragOver={(event) => {
        if (!offers(event)) return;
        event.preventDefault();
        event.stopPropagation();
        setTarget(true);
      }}
      onDragLeave={() => setTarget(false)}
      onDrop={(event) => {
        setTarget(false);
        if (!offers(event)) return;
        event.preventDefault();
        event.stopPropagation();
        void session.show(index, event.dataTransfer.getData(seriesDragType));
      }}
    >
      {isTaken && <div className="stripe" style={{ '--c': stripe }} />}
      {children}
      <VolumeDamage session={session} />
    </section>
  );
}
