import type { ReactNode } from 'react';
import type { EdgeLetters } from '../../../../core/geometry/orientation.ts';
import { useApp } from '../../../app/app-store.ts';
import { useLanguage } from '../../../app/language.ts';
import { planeBadges, seriesBadges } from '../../../viewport/badges.ts';
import { whereText, whoText } from '../../../viewport/corner-texts.ts';
import { PictureTexts } from '../../../viewport/picture-texts.tsx';
import { scaleBar } from '../../../viewport/scale-bar.ts';
import { windowNumbers } from '../../../viewport/windowing.ts';
import type { OpenStack } from '../../../volumes/open-stack.ts';
import type { MprView } from '../mpr/mpr-view.ts';
import { explainVerdict } from '../session/page-actions.ts';
import type { ReadingSession } from '../session/reading-session.ts';
import { useWords } from '../use-words.ts';
import { DrawingNote } from '../volume/drawing-note.tsx';

/** A strip that is lower has no room for a scale between its texts. */
const stripWithBarPx = 160;

/** Corner texts of a picture along the line: whose it is, what it is, and that it is interpolated. */
export function CprTexts({
  session,
  view,
  stack,
  title,
  shown,
  taken,
  letters,
  mmPerPx,
  heightPx,
  isStrip = false,
  isOnCard = false,
  children,
}: {
  readonly session: ReadingSession;
  readonly view: MprView;
  readonly stack: OpenStack;
  readonly title: string;
  readonly shown: readonly string[];
  readonly taken: readonly string[];
  readonly letters: EdgeLetters | null;
  /** Null where lengths are not to scale. */
  readonly mmPerPx: number | null;
  readonly heightPx: number;
  /** A low picture has room for name, badges and one line in each corner. */
  readonly isStrip?: boolean;
  /** The graphics card draws it: what becomes of the CPU's threads is nothing to it. */
  readonly isOnCard?: boolean;
  readonly children?: ReactNode;
}) {
  const words = useWords();
  const language = useLanguage();
  const privacy = useApp((s) => s.settings.privacy);
  const amount = useApp((s) => s.settings.pictureTexts);
  const attributes = stack.info(Math.floor(stack.count / 2))?.attributes ?? stack.plan.common;
  const numbers = windowNumbers(view.window.voi);
  const charsetGuess = stack.plan.charsetGuess !== undefined;
  const window = numbers ? words('reading.windowText', { ...numbers }) : words('reading.voiLut');
  const interpolated = {
    id: 'cpr',
    tone: 'plain',
    icon: 'info',
    term: 'reading.interpolatedCpr',
  } as const;
  const who = whoText(language, attributes, { charsetGuess, privacy });
  const isNamed = Boolean(who.name || who.latin);
  return (
    <>
      <PictureTexts
        amount={amount}
        who={isStrip ? { ...who, latin: '', lines: isNamed && who.name ? [] : who.lines.slice(0, 1) } : who}
        where={isStrip ? [] : whereText(language, attributes)}
        shown={[window, ...shown]}
        taken={isStrip ? [taken.join('  ')] : taken}
        badges={[...seriesBadges(stack), ...(isStrip ? [] : planeBadges(stack, true)), interpolated]}
        letters={letters}
        bar={
          mmPerPx !== null && heightPx > (isStrip ? stripWithBarPx : 0)
            ? scaleBar(mmPerPx, heightPx * (isStrip ? 0.2 : 0.3))
            : null
        }
        plane={{ name: title, colour: 'var(--vessel)' }}
        onExplain={() => explainVerdict(session, stack)}
      >
        {children}
      </PictureTexts>
      {!isOnCard && <DrawingNote stack={stack} />}
    </>
  );
}
