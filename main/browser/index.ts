/** Entry of the browser shell's process: `server.js [--data DIR] [--port N] [--no-open]`. */
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { defaultDataFolder } from '../shell/data-folder.ts';
import { createPlaceholderHost } from '../shell/placeholder-host.ts';
import { printOnEnter, serve } from './serve.ts';

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    port: { type: 'string' },
    'no-open': { type: 'boolean', default: false },
  },
});
const dataFolder = values.data ?? defaultDataFolder(process.env, process.platform, homedir());
const print = (line: string) => process.stdout.write(`${line}\n`);

const host = createPlaceholderHost(dataFolder);
const shell = await serve({
  host,
  outFolder: join(import.meta.dirname, '..'),
  dataFolder,
  ...(values.port !== undefined && { port: Number(values.port) }),
  open: !values['no-open'],
  print,
  // Only the place and the kind of a bug: messages may quote what a file said (reliability.md D13).
  report: (where, error) =>
    process.stderr.write(`candela: ${where}: ${error instanceof Error ? error.name : 'error'}\n`),
});
printOnEnter(shell, process.stdin, print);

let isStopping = false;
async function stop(): Promise<void> {
  if (isStopping) return;
  isStopping = true;
  await shell.close();
  await host.close();
  process.exit(0);
}
process.on('SIGINT', stop);
process.on('SIGTERM', stop);
