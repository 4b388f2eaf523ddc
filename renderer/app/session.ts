import { restoreTabs } from './actions.ts';
import { useApp } from './app-store.ts';
import { client } from './client.ts';
import { loadJobs, receiveJob } from './jobs.ts';
import { showProblem } from './messages.ts';
import { readStatus, receiveStatus } from './receiver.ts';
import { flushSettings, receiveSettings } from './settings-sync.ts';

/** Asks the host for what the first picture needs, then listens. Answers the function that ends listening. */
export async function startSession(): Promise<() => void> {
  const host = client();
  const atFirst = useApp.getState().page;
  // Who has gone somewhere meanwhile stays there.
  const isUnmoved = (): boolean => useApp.getState().page === atFirst;
  const endings = [
    host.subscribe('settings', (event) => receiveSettings(event.payload)),
    host.subscribe('job', (event) => receiveJob(event.payload)),
    host.subscribe('receiver', (event) => receiveStatus(event.payload)),
    host.watchConnection((connection) => useApp.setState({ connection })),
  ];
  const [info, settings] = await Promise.all([host.call('app.info', {}), host.call('settings.get', {})]);
  if (info.ok) useApp.setState({ info: info.value });
  else showProblem(info.problem);
  if (settings.ok) {
    receiveSettings(settings.value);
    const { lastPage, openStudies, activeStudy } = settings.value;
    void restoreTabs(openStudies, activeStudy, () => lastPage === 'reading' && isUnmoved());
    if (lastPage === 'settings' && isUnmoved()) useApp.setState({ page: { kind: 'settings' } });
  } else receiveSettings(useApp.getState().settings);
  void loadJobs();
  void readStatus();
  window.addEventListener('pagehide', () => void flushSettings());
  return () => {
    for (const end of endings) end();
  };
}

/** Free space and machine, read again (after jobs, for the strip and the settings page). */
export async function refreshInfo(): Promise<void> {
  const result = await client().call('app.info', {});
  if (result.ok) useApp.setState({ info: result.value });
}
