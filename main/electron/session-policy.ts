/** What a window's session may do: nothing of the network, three harmless permissions, no downloads (D3, D4). */
import type { Session } from 'electron';

/** In memory only: no `persist:`, so that no cookie, cache or storage of a page outlives the process. */
export const sessionPartition = 'candela';

const allowedPermissions: ReadonlySet<string> = new Set([
  'fullscreen',
  'clipboard-sanitized-write',
  'window-management',
]);

const foreignUrls = ['file://*', 'http://*/*', 'https://*/*', 'ws://*/*', 'wss://*/*', 'ftp://*/*'];

/** Command-line switches of Chromium, set before the app is ready: no traffic of its own (A12). */
export const quietSwitches: readonly string[] = [
  'disable-background-networking',
  'disable-breakpad',
  'disable-component-update',
  'disable-domain-reliability',
  'dns-prefetch-disable',
  'no-pings',
];

export async function applySessionPolicy(session: Session): Promise<void> {
  session.setPermissionRequestHandler((_contents, permission, answer) =>
    answer(allowedPermissions.has(permission)),
  );
  session.setPermissionCheckHandler((_contents, permission) => allowedPermissions.has(permission));
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler((_request, answer) => answer({}));
  session.setSpellCheckerEnabled(false);
  // Exports go through the host and a dialog of the main process.
  session.on('will-download', (event) => event.preventDefault());
  session.webRequest.onBeforeRequest({ urls: foreignUrls }, (_details, answer) => answer({ cancel: true }));
  await session.setProxy({ mode: 'direct' });
}
