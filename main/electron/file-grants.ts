/**
 * Permission by handle (D6): a window names files only by what a person chose or dropped. Paths never reach the page,
 * and a page cannot name one.
 */
import { randomBytes } from 'node:crypto';
import { basename } from 'node:path';
import { problem } from '../../core/base/problem.ts';
import { fail } from '../../core/base/result.ts';
import type { Host } from '../../core/contract/host.ts';
import type { CallInput, CallName } from '../../core/contract/index.ts';
import type { FileGrant } from '../../core/contract/preload.ts';

const grantsMax = 10_000;

export interface FileGrants {
  grant(paths: readonly string[]): readonly FileGrant[];
  /** The granted path; undefined for anything else, real paths included. */
  pathOf(handle: string): string | undefined;
}

export function createFileGrants(randomSecret = () => randomBytes(32).toString('base64url')): FileGrants {
  const paths = new Map<string, string>();
  return {
    grant: (chosen) =>
      chosen.map((path) => {
        const handle = `grant:${randomSecret()}`;
        const oldest = paths.keys().next();
        if (paths.size >= grantsMax && !oldest.done) paths.delete(oldest.value);
        paths.set(handle, path);
        return { handle, name: basename(path) };
      }),
    pathOf: (handle) => paths.get(handle),
  };
}

/** Inputs that name files or folders, by call: what stands there must be a handle. */
const pathInputs: Partial<Record<CallName, readonly string[]>> = {
  'import.start': ['paths'],
  'backup.start': ['folder'],
  'backup.verify': ['folder'],
  'backup.repair': ['folder'],
  'backup.restore': ['folder', 'target'],
};

/** The host as one desktop window may use it: files and folders by handle, no browsing of this machine's folders. */
export function withGrants(host: Host, grants: FileGrants): Host {
  return {
    ...host,
    async call<N extends CallName>(name: N, input: CallInput<N>) {
      if (name === 'media.browse') return fail(problem('FORBIDDEN'));
      const named = pathInputs[name];
      if (!named) return host.call(name, input);
      if (typeof input !== 'object' || input === null) return fail(problem('INPUT_INVALID'));
      const given: Record<string, unknown> = { ...input };
      for (const key of named) {
        const value = given[key];
        const isList = Array.isArray(value);
        if (isList !== (key === 'paths')) return fail(problem('INPUT_INVALID'));
        const granted = (isList ? value : [value]).map((handle) =>
          typeof handle === 'string' ? grants.pathOf(handle) : undefined,
        );
        if (granted.some((path) => path === undefined)) return fail(problem('PATH_REFUSED'));
        given[key] = isList ? granted : granted[0];
      }
      return host.call(name, given as CallInput<N>);
    },
    subscribe: (fromSeq, listener) => host.subscribe(fromSeq, listener),
    fetch: (request) => host.fetch(request),
    close: () => host.close(),
  };
}
