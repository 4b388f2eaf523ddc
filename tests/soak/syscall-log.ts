/** What a process did to its files, as `strace` saw it: in the order of the system, with all bytes. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';

/** Why there is no such log here; null = there is. */
export const straceMissing: string | null =
  spawnSync('strace', ['-o', '/dev/null', 'true']).status === 0
    ? null
    : 'strace is not installed or not allowed';

export type FileCall =
  | { readonly kind: 'open'; readonly path: string; readonly isNew: boolean; readonly isCut: boolean }
  | {
      readonly kind: 'write';
      readonly path: string;
      readonly bytes: Buffer;
      /** Null: at the end. */
      readonly offset: number | null;
    }
  | { readonly kind: 'truncate'; readonly path: string; readonly length: number }
  | { readonly kind: 'link' | 'rename'; readonly from: string; readonly to: string }
  | { readonly kind: 'unlink' | 'mkdir'; readonly path: string }
  /** Only what was there when it began is on the disk when it ends. */
  | { readonly kind: 'syncBegin' | 'syncEnd'; readonly path: string; readonly thread: string }
  | { readonly kind: 'sent'; readonly bytes: Buffer };

const traced = [
  'openat',
  'write',
  'pwrite64',
  'writev',
  'pwritev',
  'ftruncate',
  'fsync',
  'fdatasync',
  'link',
  'linkat',
  'rename',
  'renameat',
  'renameat2',
  'unlink',
  'unlinkat',
  'mkdir',
  'mkdirat',
];

/** Attaches to all threads of a process. It runs until it gets SIGINT. */
export async function recordCalls(pid: number, logFile: string): Promise<ChildProcess> {
  const words = ['-f', '-y', '-xx', '-s', '2000000', '-e', `trace=${traced.join(',')}`];
  const tracer = spawn('strace', [...words, '-o', logFile, '-p', String(pid)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  await once(tracer.stderr!, 'data');
  return tracer;
}

const unescaped = (text: string): Buffer => Buffer.from(text.replaceAll('\\x', ''), 'hex');
const line = /^(\d+)\s+(\w+)\((.*)$/s;
const resumed = /^(\d+)\s+<\.\.\. (\w+) resumed>/;
const isFailed = (rest: string): boolean => /\)\s+= -1 /.test(rest);

/** Calls below `root`, from the byte `from` of the log on. */
export function readCalls(logFile: string, root: string, from: number): FileCall[] {
  const calls: FileCall[] = [];
  const syncing = new Map<string, string>();
  for (const text of readFileSync(logFile, 'latin1').slice(from).split('\n')) {
    const back = resumed.exec(text);
    if (back) {
      const path = syncing.get(back[1]!);
      if (path !== undefined && text.endsWith('= 0')) calls.push({ kind: 'syncEnd', path, thread: back[1]! });
      syncing.delete(back[1]!);
      continue;
    }
    const [, thread = '', name = '', rest = ''] = line.exec(text) ?? [];
    if (name === '' || isFailed(rest)) continue;
    if (name === 'fsync' || name === 'fdatasync') {
      const path = descriptorOf(rest);
      if (!path.startsWith(root)) continue;
      calls.push({ kind: 'syncBegin', path, thread });
      if (rest.endsWith('= 0')) calls.push({ kind: 'syncEnd', path, thread });
      else syncing.set(thread, path);
    } else calls.push(...callOf(name, rest).filter((call) => concerns(call, root)));
  }
  return calls;
}

const concerns = (call: FileCall, root: string): boolean =>
  call.kind === 'sent' || ('to' in call ? call.to : call.path).startsWith(root);

/** What `-y` says of the first descriptor. */
const descriptorOf = (rest: string): string =>
  unescaped(/^\d+<((?:\\x..)*)>/.exec(rest)?.[1] ?? '').toString();
const strings = (rest: string): Buffer[] =>
  [...rest.matchAll(/"((?:\\x[0-9a-f]{2})*)"/g)].map(([, hex = '']) => unescaped(hex));

function callOf(name: string, rest: string): FileCall[] {
  const [first = Buffer.alloc(0), second = Buffer.alloc(0)] = strings(rest);
  switch (name) {
    case 'openat': {
      const [isNew, isCut] = [rest.includes('O_CREAT'), rest.includes('O_TRUNC')];
      return isNew || isCut ? [{ kind: 'open', path: first.toString(), isNew, isCut }] : [];
    }
    case 'write':
    case 'writev': {
      const path = descriptorOf(rest);
      const bytes = Buffer.concat(strings(rest));
      if (path.startsWith('socket:')) return bytes[0] === 4 ? [{ kind: 'sent', bytes }] : [];
      return [{ kind: 'write', path, bytes, offset: null }];
    }
    case 'pwrite64':
    case 'pwritev': {
      const offset = Number(/, (\d+)(?:\)| <unfinished)/.exec(rest)?.[1] ?? Number.NaN);
      return [{ kind: 'write', path: descriptorOf(rest), bytes: Buffer.concat(strings(rest)), offset }];
    }
    case 'ftruncate':
      return [{ kind: 'truncate', path: descriptorOf(rest), length: Number(/, (\d+)/.exec(rest)?.[1] ?? 0) }];
    case 'link':
    case 'linkat':
      return [{ kind: 'link', from: first.toString(), to: second.toString() }];
    case 'unlink':
    case 'unlinkat':
      return [{ kind: 'unlink', path: first.toString() }];
    case 'mkdir':
    case 'mkdirat':
      return [{ kind: 'mkdir', path: first.toString() }];
    default:
      return [{ kind: 'rename', from: first.toString(), to: second.toString() }];
  }
}
