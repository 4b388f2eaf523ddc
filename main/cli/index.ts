/** Entry of the command line: `candela COMMAND …`. */
import { fstatSync, writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { exitCodes } from './command.ts';
import { lineStream } from './line-stream.ts';
import { openCliHost, openOwnHost, openScratchHost } from './open-host.ts';
import { progressLine } from './progress-line.ts';
import { runCommand } from './run-command.ts';

/** Longest an interrupted command may take to put its things away. */
const endMs = 15_000;
const interrupted = new AbortController();
process.once('SIGINT', () => interrupted.abort());
process.once('SIGTERM', () => interrupted.abort());
// What was acknowledged is on the disk already, so an end that does not come may be cut short.
interrupted.signal.addEventListener('abort', () => setTimeout(() => process.exit(1), endMs).unref());

const pause = new Int32Array(new SharedArrayBuffer(4));
const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : null);

/** Whole before the process ends, also into a pipe; quiet when nobody reads it any more. */
function writeAll(descriptor: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(descriptor, bytes, at);
    } catch (error) {
      if (codeOf(error) === 'EPIPE') return;
      if (codeOf(error) !== 'EAGAIN') throw error;
      Atomics.wait(pause, 0, 0, 5);
    }
  }
}

/** Node's own stdout waits for the reader of a pipe. Files and terminals are written as they are. */
function pipeOut(): Socket | null {
  if (process.platform === 'win32') return null;
  const to = fstatSync(1);
  return to.isFIFO() || to.isSocket() ? new Socket({ fd: 1, readable: false, writable: true }) : null;
}

try {
  process.exitCode = await runCommand(process.argv.slice(2), {
    out: (text) => writeAll(1, text),
    error: (line) => writeAll(2, `${line}\n`),
    progress: progressLine(process.stderr.isTTY, (text) => writeAll(2, text)),
    lines: (leftOut) => lineStream(pipeOut() ?? process.stdout, leftOut),
    environment: process.env,
    signal: interrupted.signal,
    openHost: openCliHost,
    openOwnHost,
    openScratchHost,
  });
} catch (error) {
  // A bug: its name only, because messages may quote what a file said (reliability.md D13).
  writeAll(
    2,
    `candela: INTERNAL ${error instanceof Error ? (process.env['CANDELA_DEBUG'] ? error.stack : error.name) : 'error'}\n`,
  );
  process.exitCode = exitCodes.failed;
}
