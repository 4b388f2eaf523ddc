/** Entry of the command line: `candela COMMAND …`. */
import { writeSync } from 'node:fs';
import { exitCodes } from './command.ts';
import { openCliHost, openScratchHost } from './open-host.ts';
import { runCommand } from './run-command.ts';

const interrupted = new AbortController();
process.once('SIGINT', () => interrupted.abort());
process.once('SIGTERM', () => interrupted.abort());

/** Whole before the process ends, also into a pipe. */
function writeAll(descriptor: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(descriptor, bytes, at);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error;
    }
  }
}

try {
  process.exitCode = await runCommand(process.argv.slice(2), {
    out: (text) => writeAll(1, text),
    error: (line) => writeAll(2, `${line}\n`),
    environment: process.env,
    signal: interrupted.signal,
    openHost: openCliHost,
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
