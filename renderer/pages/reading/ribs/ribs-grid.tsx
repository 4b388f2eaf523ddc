import { type ReactNode, useRef } from 'react';
import { MprViewport } from '../mpr/mpr-viewport.tsx';
import { type RibsCell, ribsCells } from '../session/layouts.ts';
import type { ReadingSession } from '../session/reading-session.ts';
import { useReading } from '../use-words.ts';
import { boneMaker } from './bone-maker.ts';
import { ribPlaces } from './ribs-cells.ts';
import { RibsViewport } from './ribs-viewport.tsx';
import { SpineViewport } from './spine-viewport.tsx';
import './ribs.css';

/** The rib layout: the sheet over two planes, the straightened spine beside them. */
export function RibsGrid({
  session,
  frame,
}: {
  readonly session: ReadingSession;
  frame(index: number, area: string | undefined, picture: ReactNode): ReactNode;
}) {
  const isMaximised = useReading(session, (s) => s.isMaximised);
  const active = useReading(session, (s) => s.active);
  const cells = isMaximised ? ribPlaces.filter((cell) => ribsCells.indexOf(cell) === active) : ribPlaces;
  const isOne = cells.length === 1;
  const before = useRef(0);
  // A rib is added by two places of the crosshair, put there in any plane.
  const taken = (): void => {
    const { mpr } = session.state;
    if (mpr && mpr.placed !== before.current) void boneMaker(session).click(mpr.state.centre);
  };
  return (
    <div
      className={`vps ${isOne ? 'g-one' : 'g-ribs'}`}
      onPointerDownCapture={() => {
        before.current = session.state.mpr?.placed ?? 0;
      }}
      onPointerUp={() => setTimeout(taken)}
    >
      {cells.map((cell) =>
        frame(ribsCells.indexOf(cell), isOne ? undefined : cell, <Cell session={session} cell={cell} />),
      )}
    </div>
  );
}

function Cell({ session, cell }: { readonly session: ReadingSession; readonly cell: RibsCell }) {
  switch (cell) {
    case 'ribs':
      return <RibsViewport session={session} />;
    case 'spine':
      return <SpineViewport session={session} />;
    case 'volume':
      return null;
    default:
      return <MprViewport session={session} name={cell} />;
  }
}
