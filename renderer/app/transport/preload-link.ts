/** Electron's transport: the functions that the preload exposes, and `candela://` for bytes. */
import { problem } from '../../../core/base/problem.ts';
import { fail, type Result } from '../../../core/base/result.ts';
import type { HostEvent } from '../../../core/contract/index.ts';
import type { PreloadApi } from '../../../core/contract/preload.ts';
import { fromWire, toWire } from '../../../core/contract/wire.ts';
import type { Link } from './client.ts';

declare global {
  interface Window {
    /** Present in Electron only. */
    readonly candela?: PreloadApi;
  }
}

export function createPreloadLink(api: PreloadApi): Link {
  return {
    shell: 'electron',
    async call(name, input) {
      try {
        return fromWire(await api.call(name, toWire(input))) as Result<unknown>;
      } catch {
        return fail(problem('FORBIDDEN'));
      }
    },
    listen(onEvent, onConnection) {
      let lastSeq = 0;
      onConnection('open');
      return api.listen(0, (text) => {
        const event = fromWire(text) as HostEvent;
        if (event.seq <= lastSeq) return;
        lastSeq = event.seq;
        onEvent(event);
      });
    },
    fetchBytes: async (path, init) => fetch((await api.bytesPrefix()) + path, init),
    workerAccess: async () => ({ baseUrl: location.origin + (await api.bytesPrefix()), headers: {} }),
    async download(path) {
      await api.save(path);
    },
    async saveFile(name, file) {
      const saved = await api.saveFile(name, new Uint8Array(await file.arrayBuffer()));
      if (saved === 'failed') throw new Error('the file could not be written');
    },
    desktop: api,
  };
}
