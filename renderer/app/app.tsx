import { useEffect } from 'react';
import { ReceiptPage } from '../pages/receipt/receipt-page.tsx';
import { SettingsPage } from '../pages/settings/settings-page.tsx';
import { DropTarget } from '../pages/studies/drop-target.tsx';
import { ImportDialog } from '../pages/studies/import-dialog.tsx';
import { StudiesPage } from '../pages/studies/studies-page.tsx';
import { selectBrought, showPlace } from '../pages/studies/studies-store.ts';
import { JobsPanel } from '../panels/jobs/jobs-panel.tsx';
import { OutcomesDialog } from '../panels/send/outcomes-dialog.tsx';
import { SendDialog } from '../panels/send/send-dialog.tsx';
import { useSend } from '../panels/send/send-store.ts';
import { Button } from '../ui/controls.tsx';
import { TooltipLayer } from '../ui/tooltip.tsx';
import { goTo } from './actions.ts';
import { registerAppCommands } from './app-commands.ts';
import { useApp } from './app-store.ts';
import { Bar } from './bar.tsx';
import { listenForKeys } from './commands.ts';
import { onPlaceOpened, onStudyBrought } from './jobs.ts';
import { KeysSheet } from './keys-sheet.tsx';
import { useT } from './language.ts';
import { MessageStrip } from './message-strip.tsx';
import { PageGuard } from './page-guard.tsx';
import { Palette } from './palette.tsx';
import { PrintLayer } from './print.tsx';
import { QuitLayer, useQuit } from './quit.tsx';
import { preloadReading, ReadingSlot } from './reading-slot.tsx';
import { Strip } from './strip.tsx';

/** The whole window. */
export function App() {
  const t = useT();
  const page = useApp((state) => state.page);
  const overlay = useApp((state) => state.overlay);
  const isJobsOpen = useApp((state) => state.isJobsPanelOpen);

  useEffect(() => {
    const endCommands = registerAppCommands();
    const endKeys = listenForKeys(window);
    preloadReading();
    const endPlaces = onPlaceOpened((place) => {
      showPlace(place);
      goTo({ kind: 'studies' });
    });
    const endBrought = onStudyBrought(selectBrought);
    return () => {
      endBrought();
      endPlaces();
      endKeys();
      endCommands();
    };
  }, []);

  return (
    <div className="win" data-ready="true" data-page={page.kind}>
      <Bar />
      <main className="page">
        <PageGuard key={page.kind} t={t}>
          {page.kind === 'studies' && <StudiesPage />}
          {page.kind === 'settings' && <SettingsPage {...(page.group && { group: page.group })} />}
          {page.kind === 'receipt' && <ReceiptPage receiptId={page.receiptId} />}
        </PageGuard>
        <ReadingSlot />
      </main>
      <Strip />
      {isJobsOpen && <JobsPanel />}
      {page.kind !== 'reading' && <MessageStrip isInStrip={false} />}
      <HostLost />
      <DropTarget />
      {overlay === 'palette' && <Palette />}
      {overlay === 'keys' && <KeysSheet />}
      {overlay === 'import' && <ImportDialog />}
      <SendLayer />
      <QuitLayer />
      <TooltipLayer />
      <PrintLayer />
    </div>
  );
}

function SendLayer() {
  const sending = useSend((state) => state.sending);
  const jobId = useSend((state) => state.outcomesOf);
  return (
    <>
      {sending && <SendDialog sending={sending} />}
      {jobId !== null && <OutcomesDialog jobId={jobId} />}
    </>
  );
}

/** Over the bar while the event stream is gone: the window keeps trying by itself. A tab without a session cannot. */
function HostLost() {
  const t = useT();
  const connection = useApp((state) => state.connection);
  const hasQuit = useQuit(({ state }) => state === 'ended');
  if (hasQuit || (connection !== 'lost' && connection !== 'refused')) return null;
  if (connection === 'refused') {
    return (
      <div className="lost" role="alert">
        {t('app.notSignedIn')}
      </div>
    );
  }
  return (
    <div className="lost" role="alert">
      {t('app.hostGone')}
      <Button size="small" onClick={() => location.reload()}>
        {t('app.retry')}
      </Button>
    </div>
  );
}
