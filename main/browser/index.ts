/** Entry of the browser shell's process: `server.js [--data DIR] [--port N] [--no-open]`. */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chooseLanguage, say } from '../../core/terms/term.ts';
import { defaultDataDir } from '../host/folder.ts';
import { openHost, packageVersion, systemLanguage } from '../shell/open-host.ts';
import { enterWords } from './enter-page.ts';
import { printOnEnter, serve } from './serve.ts';
import type { BrowserShell } from './server.ts';

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    port: { type: 'string' },
    'no-open': { type: 'boolean', default: false },
  },
});
const dataFolder = values.data ?? defaultDataDir();
const print = (line: string) => process.stdout.write(`${line}\n`);

const opened = await openHost({
  dataDir: dataFolder,
  shell: 'browser',
  version: packageVersion(import.meta.filename),
  language: systemLanguage(),
  quit: () => void stop(),
});
if ('words' in opened) {
  process.stderr.write(`candela: ${opened.words}\n`);
  process.exit(1);
}
const { host } = opened;
const language = chooseLanguage('system', systemLanguage());
let shell: BrowserShell | null = null;
let isStopping = false;
async function stop(): Promise<void> {
  if (isStopping) return;
  isStopping = true;
  await shell?.close();
  await host.close();
  process.exit(0);
}
// Before the address is printed: whoever reads it may end us at once.
process.on('SIGINT', stop);
process.on('SIGTERM', stop);

shell = await serve({
  host,
  outFolder: join(import.meta.dirname, '..'),
  dataFolder,
  ...(values.port !== undefined && { port: Number(values.port) }),
  open: !values['no-open'],
  print,
  language,
  onRefused: host.noteRefusal,
  // Only the place and the kind of a bug: messages may quote what a file said (reliability.md D13).
  report: (where, error) =>
    process.stderr.write(`candela: ${where}: ${error instanceof Error ? error.name : 'error'}\n`),
}).catch(async () => {
  process.stderr.write(`${say(language, enterWords.portBusy, { port: values.port ?? '' })}\n`);
  await host.close();
  process.exit(1);
});
printOnEnter(shell, process.stdin, print);
