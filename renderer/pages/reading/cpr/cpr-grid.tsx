import type { ReactNode } from 'react';
import { MprViewport } from '../mpr/mpr-viewport.tsx';
import { type CprCell, cprCells } from '../session/layouts.ts';
import type { ReadingSession } from '../session/reading-session.ts';
import { useReading } from '../use-words.ts';
import { VolumeViewport } from '../volume/volume-viewport.tsx';
import { cprCellsShown } from './cpr-cells.ts';
import { CurvedViewport } from './curved-viewport.tsx';
import { ProfileView } from './profile-view.tsx';
import { SectionViewport } from './section-viewport.tsx';
import { StraightViewport } from './straight-viewport.tsx';

/** The CPR layout: curved and straightened pictures over the profile at the left, planes and section at the right. */
export function CprGrid({
  session,
  frame,
}: {
  readonly session: ReadingSession;
  frame(index: number, area: string | undefined, picture: ReactNode): ReactNode;
}) {
  const picture = useReading(session, (s) => s.vessel.view.picture);
  const isMaximised = useReading(session, (s) => s.isMaximised);
  const active = useReading(session, (s) => s.active);
  const shown = cprCellsShown(picture);
  const cells = isMaximised ? shown.filter((cell) => cprCells.indexOf(cell) === active) : shown;
  const isOne = cells.length === 1;
  return (
    <div className={`vps ${isOne ? 'g-one' : `g-cpr p-${picture}`}`}>
      {cells.map((cell) =>
        frame(
          cprCells.indexOf(cell),
          isOne ? undefined : areaOf(cell),
          <Cell session={session} cell={cell} />,
        ),
      )}
      {!isOne && (
        <div className="profile-cell" style={{ gridArea: 'profile' }}>
          <ProfileView session={session} />
        </div>
      )}
    </div>
  );
}

/** 3D stands where the curved picture stands. */
const areaOf = (cell: CprCell): string => (cell === 'volume' ? 'curved' : cell);

function Cell({ session, cell }: { readonly session: ReadingSession; readonly cell: CprCell }) {
  switch (cell) {
    case 'volume':
      return <VolumeViewport session={session} />;
    case 'curved':
      return <CurvedViewport session={session} />;
    case 'straight':
      return <StraightViewport session={session} />;
    case 'section':
      return <SectionViewport session={session} />;
    default:
      return <MprViewport session={session} name={cell} />;
  }
}
