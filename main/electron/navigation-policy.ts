/** Windows stay where they are: no navigation, no redirect, no webview, no window made by a page (D5). */
import type { WebContents } from 'electron';

/** Told which rule stopped something; never where to, which a file may have said. */
export type NavigationRefused = (rule: 'navigate' | 'redirect' | 'webview' | 'window') => void;

export function applyNavigationPolicy(contents: WebContents, refused: NavigationRefused): void {
  contents.on('will-navigate', (event) => {
    event.preventDefault();
    refused('navigate');
  });
  contents.on('will-frame-navigate', (event) => {
    event.preventDefault();
    refused('navigate');
  });
  contents.on('will-redirect', (event) => {
    event.preventDefault();
    refused('redirect');
  });
  contents.on('will-attach-webview', (event) => {
    event.preventDefault();
    refused('webview');
  });
  contents.setWindowOpenHandler(() => {
    refused('window');
    return { action: 'deny' };
  });
}
