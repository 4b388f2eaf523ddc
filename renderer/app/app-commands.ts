import { closeStudy, goTo, keepStudy, stepStudy } from './actions.ts';
import { useApp } from './app-store.ts';
import { client } from './client.ts';
import { type Command, registerCommands } from './commands.ts';
import { askQuit } from './quit.tsx';
import { focusRegion } from './regions.ts';
import { changeSettings } from './settings-sync.ts';

const state = () => useApp.getState();
/** Only where letters are keys: on the list they go into the search. */
const hasOpen = () => state().page.kind === 'reading' && state().openStudies.length > 0;
const pages = 'app.pages' as const;

const commands: readonly Command[] = [
  {
    id: 'app.studies',
    term: 'command.goStudies',
    group: pages,
    keys: ['Alt+Digit1'],
    run: () => goTo({ kind: 'studies' }),
  },
  {
    id: 'app.reading',
    term: 'command.goReading',
    group: pages,
    keys: ['Alt+Digit2'],
    run: () => goTo({ kind: 'reading' }),
  },
  {
    id: 'app.settings',
    term: 'command.goSettings',
    group: pages,
    keys: ['Ctrl+Comma'],
    run: () => goTo({ kind: 'settings' }),
  },
  {
    id: 'app.palette',
    term: 'command.palette',
    group: pages,
    keys: ['Ctrl+KeyK'],
    unlisted: true,
    run: () => useApp.setState({ overlay: 'palette' }),
  },
  {
    id: 'app.keys',
    term: 'command.keys',
    group: pages,
    keys: ['Shift+Slash'],
    run: () => useApp.setState({ overlay: 'keys' }),
  },
  {
    id: 'app.language',
    term: 'command.language',
    group: 'app.settings',
    run: () => changeSettings({ language: state().language === 'zh-CN' ? 'en' : 'zh-CN' }),
  },
  {
    id: 'app.theme',
    term: 'command.theme',
    group: 'app.settings',
    run: () => changeSettings({ theme: state().settings.theme === 'dark' ? 'light' : 'dark' }),
  },
  {
    id: 'app.jobs',
    term: 'command.jobs',
    group: pages,
    keys: ['Ctrl+KeyJ'],
    run: () => useApp.setState({ isJobsPanelOpen: !state().isJobsPanelOpen }),
  },
  {
    id: 'app.nextStudy',
    term: 'command.nextStudy',
    group: pages,
    keys: ['KeyN'],
    enabled: hasOpen,
    run: () => void stepStudy(1),
  },
  {
    id: 'app.previousStudy',
    term: 'command.previousStudy',
    group: pages,
    keys: ['Shift+KeyN'],
    enabled: hasOpen,
    run: () => void stepStudy(-1),
  },
  {
    id: 'app.closeStudy',
    term: 'command.closeStudy',
    group: pages,
    // Ctrl+W is the browser's own.
    keys: ['Alt+KeyW'],
    enabled: () => state().page.kind === 'reading' && state().activeStudyKey !== null,
    run: () => closeStudy(state().activeStudyKey ?? ''),
  },
  {
    id: 'app.keepStudy',
    term: 'command.keepStudy',
    group: pages,
    enabled: () => state().page.kind === 'reading' && state().activeStudyKey !== null,
    run: () => keepStudy(state().activeStudyKey ?? ''),
  },
  {
    id: 'app.nextRegion',
    term: 'command.nextRegion',
    group: pages,
    keys: ['F6'],
    run: () => focusRegion(1),
  },
  {
    id: 'app.previousRegion',
    term: 'command.previousRegion',
    group: pages,
    keys: ['Shift+F6'],
    run: () => focusRegion(-1),
  },
  {
    id: 'app.fullScreen',
    term: 'command.fullScreen',
    group: pages,
    keys: ['F11'],
    run: () =>
      void (document.fullscreenElement
        ? document.exitFullscreen()
        : document.documentElement.requestFullscreen()),
  },
  {
    id: 'app.quit',
    term: 'command.quit',
    group: pages,
    // A desktop has its own way; the host of a browser tab outlives it.
    enabled: () => client().shell === 'browser',
    run: askQuit,
  },
];

export const registerAppCommands = (): (() => void) => registerCommands(commands);
