import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DataFolder } from '../folder.ts';

/** Longest path a Unix socket takes on every system (sun_path: 104 on macOS). */
const maxSocketPath = 100;

/** Where a running host listens for other processes of the same person: beside the lock, or a named pipe. */
export function relayEndpoint(folder: DataFolder, platform: string = process.platform): string {
  const name = createHash('sha256').update(folder.root).digest('hex').slice(0, 24);
  if (platform === 'win32') return `\\\\.\\pipe\\candela-${name}`;
  const beside = join(folder.root, 'host.sock');
  return Buffer.byteLength(beside) <= maxSocketPath ? beside : join(tmpdir(), `candela-${name}.sock`);
}

/** The secret in the data folder that shows who may read that folder; a pipe has no file mode. */
export function readRelayKey(folder: DataFolder): string | null {
  return existsSync(folder.socketKey) ? readFileSync(folder.socketKey, 'utf8').trim() : null;
}

/** First line of every connection. */
export type Opening =
  | { readonly key: string; readonly kind: 'calls' }
  | { readonly key: string; readonly kind: 'fetch'; readonly method: string; readonly path: string };

export type RelayRequest =
  | { readonly id: number; readonly call: string; readonly input: unknown }
  | { readonly subscribe: number };

export type RelayReply =
  | { readonly id: number; readonly result: unknown }
  | { readonly event: unknown }
  | { readonly hello: string };

/** Longest line taken: an input of a call, or a large receipt. */
export const maxLineBytes = 64 * 1024 * 1024;
