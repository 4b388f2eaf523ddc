import { create } from 'zustand';
import { Button } from '../ui/controls.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { type Said, useApp } from './app-store.ts';
import { client } from './client.ts';
import { isFinished } from './jobs.ts';
import { useLanguage, useT } from './language.ts';
import { showProblem } from './messages.ts';
import { flushSettings } from './settings-sync.ts';

/** `ended`: the host is gone because a person said so, and keeps no window's data. */
export const useQuit = create<{ readonly state: 'no' | 'asking' | 'ended'; readonly said?: Said }>()(() => ({
  state: 'no',
}));

/** Asks first: with the host the receiver and every job end too. */
export const askQuit = (): void => useQuit.setState({ state: 'asking' });
/** The host ends for another reason, which is said. */
export const showEnded = (said: Said): void => useQuit.setState({ state: 'ended', said });
const stay = (): void => useQuit.setState({ state: 'no' });

async function quit(): Promise<void> {
  await flushSettings();
  const result = await client().call('app.quit', {});
  if (result.ok) useQuit.setState({ state: 'ended' });
  else {
    stay();
    showProblem(result.problem);
  }
}

/** The question, and what a tab of the browser shell says when its host has ended. */
export function QuitLayer() {
  const t = useT();
  const { state, said } = useQuit();
  const language = useLanguage();
  const running = useApp((all) => all.jobs.filter((job) => !isFinished(job)).length);
  const isReceiving = useApp((all) => all.settings.network.receiver.enabled);
  if (state === 'no') return null;
  if (state === 'ended') {
    return (
      <Dialog title={t('quit.ended')} closeName={t('app.close')} hasHeader={false} onClose={() => undefined}>
        <div className="quit">
          <h2>{t('quit.ended')}</h2>
          {said && <p>{typeof said === 'string' ? said : said(language)}</p>}
          <p className="dim">{t('quit.endedHint')}</p>
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog title={t('command.quit')} closeName={t('app.close')} onClose={stay}>
      <div className="quit">
        <p>{t(isReceiving ? 'quit.askReceiving' : 'quit.ask')}</p>
        {running > 0 && <p className="warn">{t('quit.jobs', { n: running })}</p>}
      </div>
      <footer className="dlg-foot">
        <span className="grow" />
        <Button data-first-focus="" onClick={stay}>
          {t('app.cancel')}
        </Button>
        <Button tone="danger" onClick={() => void quit()}>
          {t('command.quit')}
        </Button>
      </footer>
    </Dialog>
  );
}
