import { useState } from 'react';
import { problem } from '../../../../core/base/problem.ts';
import { showProblem } from '../../../app/messages.ts';
import { Button } from '../../../ui/controls.tsx';
import { windowSetting } from '../../../viewport/windowing.ts';
import { type ShownLine, useShownLine } from '../cpr/use-line.ts';
import { useCpuRenderer } from '../cpu-road.ts';
import type { ReadingSession } from '../reading-session.ts';
import { useStackArrivals } from '../use-arrivals.ts';
import { useReading, useWords } from '../use-words.ts';
import { saveReport, saveStructuredReport } from './report-made.ts';

interface ExportsProps {
  readonly session: ReadingSession;
}

/** The report of the lines of this series: as PDF, as a web page, as DICOM SR. Nothing without a line. */
export function VesselExports({ session }: ExportsProps) {
  const shown = useShownLine(session);
  return shown ? <Buttons session={session} shown={shown} /> : null;
}

function Buttons({ session, shown }: ExportsProps & { readonly shown: ShownLine }) {
  const words = useWords();
  const { stack, view, line } = shown;
  const [busy, setBusy] = useState(false);
  const renderer = useCpuRenderer(stack, useStackArrivals(stack, 300));
  const measured = useReading(session, (s) => s.vesselWork.measured[line.line.id]);
  const begin = (work: () => Promise<void>) => (): void => {
    setBusy(true);
    void work()
      .catch(() => void showProblem(problem('IO_ERROR')))
      .finally(() => setBusy(false));
  };
  const report = (format: 'pdf' | 'html') =>
    begin(async () => {
      if (!renderer) return void showProblem(problem('VOLUME_NONE'));
      const window = windowSetting(view.window, session.isFileInverted(stack, 0));
      await saveReport(session, { renderer, shown, measured, window }, format);
    });
  return (
    <>
      <div className="row-buttons">
        <Button size="small" disabled={busy} onClick={report('pdf')} data-report="pdf">
          {words('report.savePdf')}
        </Button>
        <Button size="small" disabled={busy} onClick={report('html')} data-report="html">
          {words('report.saveHtml')}
        </Button>
        <Button
          size="small"
          disabled={busy}
          onClick={begin(() => saveStructuredReport(session, shown))}
          data-report="sr"
        >
          {words('report.saveSr')}
        </Button>
      </div>
      {busy && <p className="hint">{words('report.making')}</p>}
    </>
  );
}
