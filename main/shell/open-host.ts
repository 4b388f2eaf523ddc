/** Opens the host for a shell with a person in front of it: a problem becomes two sentences in the person's language. */
import { createRequire } from 'node:module';
import { chooseLanguage } from '../../core/terms/term.ts';
import { problemText } from '../../core/terms/terms.ts';
import { createHost, type OwnHost } from '../host/host.ts';
import type { HostOptions } from '../host/host-options.ts';

export const systemLanguage = (): string => Intl.DateTimeFormat().resolvedOptions().locale;

/** The version in the package file beside the build (`out/main` → two folders up). */
export function packageVersion(fromFile: string): string {
  const manifest: unknown = createRequire(fromFile)('../../package.json');
  const version =
    typeof manifest === 'object' && manifest !== null && 'version' in manifest ? manifest.version : '';
  return String(version);
}

/** @returns the host, or the words that say why there is none and what to do */
export async function openHost(
  options: HostOptions,
): Promise<{ readonly host: OwnHost } | { readonly words: string }> {
  const opened = await createHost(options);
  if (opened.ok) return { host: opened.value };
  const { code, told } = problemText(chooseLanguage('system', systemLanguage()), opened.problem);
  return { words: `${told} (${code})` };
}
