/**
 * F3: what a disk may hold after the power went. Bytes are on it when their file was synced, names when their directory
 * was; of all else it may have kept any part, in any order.
 */
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { FileCall } from './syscall-log.ts';

type Change = Extract<FileCall, { kind: 'write' | 'truncate' }>;

/** A file without its names. */
interface Node {
  bytes: Buffer;
  /** Bytes that are with the system only, in their order. */
  pending: Change[];
  /** As programs see it. */
  length: number;
}

interface NameChange {
  readonly path: string;
  /** Null: it has gone. */
  readonly node: Node | null;
}

export class CutDisk {
  /** What is certainly there. */
  readonly #names = new Map<string, Node>();
  /** What programs see. */
  readonly #seen = new Map<string, Node>();
  readonly #renamed = new Map<string, NameChange[]>();
  readonly #syncing = new Map<string, { node: Node | undefined; changes: number; names: number }>();
  readonly #folders = new Set<string>();
  readonly #root: string;

  /** `base`: a copy of `root` from when nothing was on its way. */
  constructor(root: string, base: string) {
    this.#root = root;
    for (const entry of readdirSync(base, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      const name = join(root, path.slice(base.length + 1));
      if (entry.isDirectory()) this.#folders.add(name);
      // Shared memory of the index is gone with the power.
      else if (entry.isFile() && !name.endsWith('-shm')) {
        const bytes = readFileSync(path);
        const node: Node = { bytes, pending: [], length: bytes.length };
        this.#names.set(name, node);
        this.#seen.set(name, node);
      }
    }
  }

  apply(call: FileCall): void {
    switch (call.kind) {
      case 'open':
        if (!this.#seen.has(call.path) && call.isNew) {
          this.#name(call.path, { bytes: Buffer.alloc(0), pending: [], length: 0 });
        } else if (call.isCut) this.#change({ kind: 'truncate', path: call.path, length: 0 });
        return;
      case 'write':
      case 'truncate':
        this.#change(call);
        return;
      case 'link':
        this.#name(call.to, this.#seen.get(call.from) ?? null);
        return;
      case 'rename':
        this.#name(call.to, this.#seen.get(call.from) ?? null);
        this.#name(call.from, null);
        return;
      case 'unlink':
        this.#name(call.path, null);
        return;
      case 'mkdir':
        this.#folders.add(call.path);
        return;
      case 'syncBegin': {
        const node = this.#seen.get(call.path);
        const names = this.#renamed.get(call.path)?.length ?? 0;
        this.#syncing.set(call.thread, { node, changes: node?.pending.length ?? 0, names });
        return;
      }
      case 'syncEnd':
        this.#synced(call.path, call.thread);
        return;
      default:
    }
  }

  /** Writes one state to a new folder. `keeps` says of each thing that is not certain whether the disk has it. */
  write(folder: string, keeps: () => boolean): void {
    rmSync(folder, { recursive: true, force: true });
    const at = (path: string): string => join(folder, path.slice(this.#root.length));
    mkdirSync(folder, { mode: 0o700 });
    for (const path of this.#folders) mkdirSync(at(path), { recursive: true, mode: 0o700 });
    const names = new Map(this.#names);
    for (const changes of this.#renamed.values()) {
      for (const { path, node } of changes) {
        if (!keeps()) continue;
        if (node) names.set(path, node);
        else names.delete(path);
      }
    }
    for (const [path, node] of names) {
      if (path.endsWith('-shm')) continue;
      const kept = node.pending.filter(() => keeps());
      writeFileSync(at(path), kept.reduce(changed, node.bytes), { mode: 0o600 });
    }
  }

  #name(path: string, node: Node | null): void {
    const folder = dirname(path);
    this.#renamed.set(folder, [...(this.#renamed.get(folder) ?? []), { path, node }]);
    if (node) this.#seen.set(path, node);
    else this.#seen.delete(path);
  }

  #change(call: Change): void {
    const node = this.#seen.get(call.path);
    if (!node) return;
    if (call.kind === 'truncate') {
      node.pending.push(call);
      node.length = call.length;
      return;
    }
    const offset = call.offset ?? node.length;
    node.pending.push({ ...call, offset });
    node.length = Math.max(node.length, offset + call.bytes.length);
  }

  #synced(path: string, thread: string): void {
    const begun = this.#syncing.get(thread);
    this.#syncing.delete(thread);
    if (begun?.node) {
      const { node } = begun;
      node.bytes = node.pending.splice(0, begun.changes).reduce(changed, node.bytes);
    }
    const renamed = this.#renamed.get(path)?.splice(0, begun?.names ?? 0) ?? [];
    for (const { path: name, node } of renamed) {
      if (node) this.#names.set(name, node);
      else this.#names.delete(name);
    }
  }
}

function changed(bytes: Buffer, change: Change): Buffer {
  const end = change.kind === 'truncate' ? change.length : (change.offset ?? 0) + change.bytes.length;
  const length = change.kind === 'truncate' ? end : Math.max(bytes.length, end);
  const next = Buffer.alloc(length);
  bytes.copy(next, 0, 0, Math.min(bytes.length, length));
  if (change.kind === 'write') change.bytes.copy(next, change.offset ?? 0);
  return next;
}

/** A copy of a data folder in which nothing is on its way: it is taken again until nothing changed meanwhile. */
export function copyWhileIdle(dataDir: string, to: string, logFile: string): number {
  for (;;) {
    const before = statSync(logFile).size;
    rmSync(to, { recursive: true, force: true });
    cpSync(dataDir, to, { recursive: true });
    if (statSync(logFile).size === before) return before;
  }
}
