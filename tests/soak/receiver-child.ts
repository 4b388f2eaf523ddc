/** `candela receive` in a process of its own, which can be killed and measured. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

const entry = resolve(import.meta.dirname, '../../main/cli/index.ts');

export interface ReceiverChild {
  readonly process: ChildProcess;
  readonly port: number;
  /** What it told so far, one object a line. */
  readonly events: readonly { readonly event: string; readonly problem?: string | null }[];
  /** Settles when the process has ended, by whatever. */
  readonly gone: Promise<void>;
  kill(): Promise<void>;
  /** By Ctrl+C. */
  end(): Promise<void>;
  memory(): Memory;
}

export interface Memory {
  readonly rssMiB: number;
  readonly peakMiB: number;
  readonly descriptors: number;
}

export async function startReceiver(
  dataDir: string,
  words: readonly string[] = [],
  environment: NodeJS.ProcessEnv = {},
): Promise<ReceiverChild> {
  const child = spawn(
    process.execPath,
    [entry, 'receive', '--port', '0', '--json', '--data', dataDir, ...words],
    { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, ...environment } },
  );
  const gone = new Promise<void>((settle) => child.once('exit', () => settle()));
  const events: { event: string; port?: number; problem?: string | null }[] = [];
  const lines = createInterface({ input: child.stdout });
  const port = await new Promise<number>((settle, fail) => {
    lines.on('line', (line) => {
      const event = JSON.parse(line) as (typeof events)[number];
      events.push(event);
      if (event.event === 'listening') settle(event.port ?? 0);
    });
    child.once('exit', (code) => fail(new Error(`candela receive ended with ${code}`)));
  });
  const stop = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    await gone;
  };
  return {
    process: child,
    gone,
    port,
    events,
    kill: () => stop('SIGKILL'),
    end: () => stop('SIGINT'),
    memory: () => memoryOf(child.pid!),
  };
}

/** Linux only: callers skip elsewhere. */
export function memoryOf(pid: number): Memory {
  const text = readFileSync(`/proc/${pid}/status`, 'utf8');
  const kib = (name: string): number => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(text)?.[1] ?? 0);
  return {
    rssMiB: kib('VmRSS') / 1024,
    peakMiB: kib('VmHWM') / 1024,
    descriptors: readdirSync(`/proc/${pid}/fd`).length,
  };
}

export const canMeasure = process.platform === 'linux';

export const partsIn = (dataDir: string): string[] =>
  readdirSync(join(dataDir, 'incoming'), { recursive: true, withFileTypes: true })
    .filter((item) => item.isFile())
    .map(({ name }) => name);
