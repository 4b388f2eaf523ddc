/** The host's own default folder, for shells that are given their environment. */
import { defaultDataDir } from '../host/folder.ts';

export const defaultDataFolder = (
  environment: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
  _home: string,
): string => defaultDataDir(platform, environment);
