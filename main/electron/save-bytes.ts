/** Writes what a byte route answers, or the page made, to a file that a person named: beside it first, then in its place. */
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Host } from '../../core/contract/host.ts';
import type { SavedFile } from '../../core/contract/preload.ts';
import { renameHeld } from '../host/media/rename.ts';

/** A file name to propose, from the response or the route's last part; never with a folder in it. */
export function proposedName(path: string, headers: Readonly<Record<string, string>>): string {
  const disposition = headers['content-disposition'] ?? '';
  const encoded = /filename\*=UTF-8''([^;]+)/i.exec(disposition)?.[1];
  const plain = /filename="([^"]+)"/i.exec(disposition)?.[1];
  let name = plain ?? (path.split('?')[0] ?? '').split('/').pop() ?? '';
  if (encoded) {
    try {
      name = decodeURIComponent(encoded);
    } catch {
      name = plain ?? 'candela';
    }
  }
  return plainName(name);
}

/** Names that Windows or a shell would read otherwise are made plain. */
function plainName(name: string): string {
  const safe = Array.from(name, (character) => (isPlain(character) ? character : '_')).join('');
  return safe.replace(/^[.\s]+|[.\s]+$/g, '').slice(0, 120) || 'candela';
}

const isPlain = (character: string) => character >= ' ' && !'<>:"/\\|?*'.includes(character);

/**
 * @param askTarget gets the proposed name; null = the person cancelled
 * @returns whether the whole answer is in the file
 */
export async function saveBytes(
  host: Host,
  path: string,
  askTarget: (name: string) => Promise<string | null>,
): Promise<boolean> {
  const { status, headers, body } = await host.fetch({ method: 'GET', path });
  if (status !== 200 || body === null) return false;
  const target = await askTarget(proposedName(path, headers));
  if (target === null) return false;
  return write(
    target,
    body instanceof Uint8Array ? Readable.from([body]) : Readable.from(body, { objectMode: false }),
  );
}

/** The same for bytes that the page made; `name` is proposed. */
export async function saveFile(
  name: string,
  bytes: Uint8Array,
  askTarget: (name: string) => Promise<string | null>,
): Promise<SavedFile> {
  const target = await askTarget(plainName(name));
  if (target === null) return 'cancelled';
  return (await write(target, Readable.from([bytes]))) ? 'saved' : 'failed';
}

async function write(target: string, source: Readable): Promise<boolean> {
  const part = `${target}.part`;
  try {
    await pipeline(source, createWriteStream(part, { mode: 0o600, flush: true }));
    await renameHeld(part, target);
    return true;
  } catch {
    await rm(part, { force: true });
    return false;
  }
}
