import { useMemo, useRef } from 'react';
import type { SliceScene } from '../../../../core/scene/types.ts';
import { windowSetting } from '../../../viewport/windowing.ts';
import type { ReadingSession } from '../session/reading-session.ts';
import { useStackArrivals } from '../use-arrivals.ts';
import { useWords } from '../use-words.ts';
import { useCpuRenderer } from '../volume/cpu-road.ts';
import { setCursor } from './cpr-actions.ts';
import { sectionStepMm } from './line-measuring.ts';
import { sectionPlane } from './section-plane.ts';
import { useCurved } from './use-curved.ts';
import { type ShownLine, useShownLine } from './use-line.ts';

const around = [-2, -1, 0, 1, 2] as const;
const tilePx = 64;

/** Five sections about the cursor, 1 mm apart: a click brings the cursor there. */
export function SectionStrip({ session }: { readonly session: ReadingSession }) {
  const words = useWords();
  const shown = useShownLine(session);
  if (!shown) return null;
  const middle = Math.round(shown.cursorMm / sectionStepMm) * sectionStepMm;
  return (
    <section className="grp" aria-label={words('reading.sections')}>
      <div className="gh">
        <span className="grow">{words('reading.sections')}</span>
        <span>{sectionStepMm} mm</span>
      </div>
      <div className="secs">
        {around.map((by) => {
          const atMm = middle + by * sectionStepMm;
          const isOn = atMm >= 0 && atMm <= shown.sampled.lengthMm;
          return (
            <button
              key={by}
              type="button"
              className={by === 0 ? 'on' : ''}
              disabled={!isOn}
              aria-label={words('reading.sectionAt', { mm: atMm })}
              onClick={() => setCursor(session, atMm)}
            >
              {isOn && <Tile session={session} shown={shown} atMm={atMm} by={by} />}
            </button>
          );
        })}
      </div>
    </section>
  );
}

function Tile({
  session,
  shown,
  atMm,
  by,
}: {
  readonly session: ReadingSession;
  readonly shown: ShownLine;
  readonly atMm: number;
  readonly by: number;
}) {
  const { stack, sampled, line, view } = shown;
  const canvas = useRef<HTMLCanvasElement>(null);
  const version = useStackArrivals(stack);
  const renderer = useCpuRenderer(stack, version);
  const isFileInverted = session.isFileInverted(stack, 0);
  const scene = useMemo((): SliceScene | null => {
    const plane = sectionPlane(sampled, atMm);
    return plane
      ? {
          kind: 'slice',
          plane,
          spacingMm: line.sectionMm / tilePx,
          width: tilePx,
          height: tilePx,
          slabMm: 0,
          projection: 'none',
          interpolation: 'linear',
          window: windowSetting(view.window, isFileInverted),
          background: [0, 0, 0],
        }
      : null;
  }, [sampled, atMm, line.sectionMm, view.window, isFileInverted]);
  useCurved(canvas, renderer, `tile ${by}`, scene, false, version);
  return (
    <>
      <canvas ref={canvas} />
      <span>{atMm}</span>
    </>
  );
}
