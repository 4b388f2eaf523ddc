/** Starting the built browser shell as a person would, and what it printed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '../../..');
export const serverFile = join(root, 'out/main/server.js');
export const isBuilt = existsSync(serverFile);

export interface Running {
  readonly child: ChildProcess;
  /** Everything printed so far. */
  output(): string;
  errors(): string;
  /** The printed address, or null when the process ended without one. */
  readonly address: Promise<URL | null>;
  readonly ended: Promise<number>;
  stop(): Promise<number>;
}

export function startServer(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Running {
  const child = spawn(process.execPath, [serverFile, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
  });
  let output = '';
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const ended = new Promise<number>((resolve) => child.on('close', (code) => resolve(code ?? -1)));
  const address = new Promise<URL | null>((resolve) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      const found = /http:\/\/127\.0\.0\.1:\d+\/enter#\S+/.exec(output);
      if (found) resolve(new URL(found[0]));
    });
    ended.then(() => resolve(null));
  });
  return {
    child,
    output: () => output,
    errors: () => errors,
    address,
    ended,
    stop() {
      child.kill('SIGTERM');
      return ended;
    },
  };
}
