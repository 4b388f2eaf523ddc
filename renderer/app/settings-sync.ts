import type { Settings } from '../../core/contract/settings.ts';
import { chooseLanguage } from '../../core/terms/term.ts';
import { useApp } from './app-store.ts';
import { client } from './client.ts';
import { showProblem } from './messages.ts';

const debounceMs = 250;
let pending: Partial<Settings> = {};
let timer: ReturnType<typeof setTimeout> | undefined;

/** Puts settings on screen: language and theme follow at once. */
function apply(settings: Settings): void {
  const { info } = useApp.getState();
  // In a browser the reader's browser knows the system better than the host, which may run without a locale.
  const system = info && info.shell === 'electron' ? info.systemLanguage : navigator.language;
  const language = chooseLanguage(settings.language, system);
  useApp.setState({ settings, language });
  document.documentElement.lang = language;
  document.documentElement.classList.toggle('light', settings.theme === 'light');
}

/** Takes what the host says, without undoing what a person has just changed here. */
export function receiveSettings(fromHost: Settings): void {
  apply({ ...fromHost, ...pending });
}

/** Changes settings at once here, and in the host a moment later. */
export function changeSettings(changes: Partial<Settings>): void {
  pending = { ...pending, ...changes };
  apply({ ...useApp.getState().settings, ...changes });
  clearTimeout(timer);
  timer = setTimeout(() => void flushSettings(), debounceMs);
}

/** Sends what waits. Also called when the window goes away. */
export async function flushSettings(): Promise<void> {
  clearTimeout(timer);
  const changes = pending;
  if (Object.keys(changes).length === 0) return;
  pending = {};
  const result = await client().call('settings.set', { changes });
  if (!result.ok) showProblem(result.problem);
}
