/**
 * The page's one Trusted Types policy (reliability.md D2: `trusted-types candela`). Without it `new Worker(url)` throws.
 *
 * Use with Vite's worker import, which keeps the address a file of our own:
 *
 *     import url from '../workers/decode.ts?worker&url';
 *     new Worker(trustedWorkerUrl(url), { type: 'module' });
 */

interface TrustedTypePolicyFactory {
  createPolicy(
    name: string,
    rules: { createScriptURL(url: string): string },
  ): { createScriptURL(url: string): string };
}

let policy: ReturnType<TrustedTypePolicyFactory['createPolicy']> | undefined;

/** Refuses any address that is not a script of this origin. */
function ownScript(url: string): string {
  const absolute = new URL(url, document.baseURI);
  if (absolute.protocol !== location.protocol || absolute.host !== location.host) {
    throw new Error('A worker may only be started from a file of this application');
  }
  return absolute.href;
}

/** The address as a `TrustedScriptURL` where the browser has them. @throws for an address of another origin */
export function trustedWorkerUrl(url: string): string {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypePolicyFactory };
  if (!trustedTypes) return ownScript(url);
  policy ??= trustedTypes.createPolicy('candela', { createScriptURL: ownScript });
  return policy.createScriptURL(url);
}
