/** Where Candela keeps everything, the same for its three shells (architecture.md section 5). */
import { join } from 'node:path';

/**
 * `CANDELA_DATA` wins; else the platform's place for a user's own data.
 * @param home the user's home folder, used where the environment names no better place
 */
export function defaultDataFolder(
  environment: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
  home: string,
): string {
  const chosen = environment['CANDELA_DATA'];
  if (chosen) return chosen;
  if (platform === 'win32')
    return join(environment['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), 'Candela');
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Candela');
  return join(environment['XDG_DATA_HOME'] || join(home, '.local', 'share'), 'candela');
}
