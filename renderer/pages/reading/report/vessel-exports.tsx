import { useState } from 'react';
import { problem } from '../../../../core/base/problem.ts';
import { showProblem } from '../../../app/messages.ts';
import { Button } from '../../../ui/controls.tsx';
import { windowSetting } from '../../../viewport/windowing.ts';
import { type ShownLine, useShownLine } from '../cpr/use-line.ts';
import { activeLine } from '../cpr/vessel-state.ts';
import type { ReadingSession } from '../session/reading-session.ts';
import { useStackArrivals } from '../use-arrivals.ts';
import { useReading, useWords } from '../use-words.ts';
import { rendererNow, useCpuRenderer } from '../volume/cpu-road.ts';
import { saveReport, saveStructuredReport } from './report-made.ts';

interface ExportsProps {
  readonly session: ReadingSession;
}

const kinds = [
  { kind: 'pdf', term: 'report.savePdf' },
  { kind: 'html', term: 'report.saveHtml' },
  { kind: 'sr', term: 'report.saveSr' },
] as const;
type Kind = (typeof kinds)[number]['kind'];

/** The report of the lines of this series: as PDF, as a web page, as DICOM SR; without a line, why there is none. */
export function VesselExports({ session }: ExportsProps) {
  const words = useWords();
  const shown = useShownLine(session);
  const hasCourse = useReading(session, (s) => (activeLine(s.vessel)?.line.pieces.length ?? 0) > 0);
  if (shown) return <Buttons session={session} shown={shown} />;
  return (
    <>
      <ReportButtons isOff onSave={() => undefined} />
      <p className="hint">{words(hasCourse ? 'report.needsShown' : 'report.needsCourse')}</p>
    </>
  );
}

function ReportButtons({ isOff, onSave }: { readonly isOff: boolean; onSave(kind: Kind): void }) {
  const words = useWords();
  return (
    <div className="row-buttons">
      {kinds.map(({ kind, term }) => (
        <Button key={kind} size="small" disabled={isOff} onClick={() => onSave(kind)} data-report={kind}>
          {words(term)}
        </Button>
      ))}
    </div>
  );
}

function Buttons({ session, shown }: ExportsProps & { readonly shown: ShownLine }) {
  const words = useWords();
  const { stack, view, line } = shown;
  const [busy, setBusy] = useState(false);
  useCpuRenderer(stack, useStackArrivals(stack));
  const measured = useReading(session, (s) => s.vesselWork.measured[line.line.id]);
  const report = async (format: 'pdf' | 'html'): Promise<void> => {
    const renderer = rendererNow(stack);
    if (!renderer) return void showProblem(problem('VOLUME_NONE'));
    const window = windowSetting(view.window, session.isFileInverted(stack, 0));
    await saveReport(session, { renderer, shown, measured, window }, format);
  };
  const save = (kind: Kind): void => {
    setBusy(true);
    void (kind === 'sr' ? saveStructuredReport(session, shown) : report(kind))
      .catch(() => void showProblem(problem('IO_ERROR')))
      .finally(() => setBusy(false));
  };
  return (
    <>
      <ReportButtons isOff={busy} onSave={save} />
      {busy && <p className="hint">{words('report.making')}</p>}
    </>
  );
}
