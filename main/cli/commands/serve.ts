import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cliTerms } from '../../../core/terms/cli.ts';
import { say } from '../../../core/terms/term.ts';
import { printOnEnter, serve } from '../../browser/serve.ts';
import { wholeOf } from '../arguments.ts';
import { type Command, exitCodes, need } from '../command.ts';

/** The build's `out`: above the built program, or in the clone when this file runs as it is. */
function outFolder(): string {
  const above = join(import.meta.dirname, '..');
  return existsSync(join(above, 'assets.json')) ? above : join(import.meta.dirname, '../../../out');
}

const isPortRefusal = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && ['EADDRINUSE', 'EACCES'].includes(String(error.code));

/** The browser shell, until interrupted. */
export const serveCommand: Command = {
  name: 'serve',
  usage: '[--port N] [--open] [--json] [--data DIR]',
  options: [
    { name: 'port', takesValue: true },
    { name: 'open', takesValue: false },
  ],
  positionals: { least: 0, most: 0 },
  async run(args, context) {
    const port = args.values.get('port');
    const number = port === undefined ? undefined : need(wholeOf('port', port, 0), exitCodes.wrongUsage);
    const host = await context.ownHost({ isServed: true });
    const asJson = args.switches.has('json');
    const shell = await serve({
      host,
      onRefused: host.noteRefusal,
      outFolder: outFolder(),
      dataFolder: context.dataDir,
      ...(number !== undefined && { port: number }),
      open: args.switches.has('open'),
      print: asJson ? context.log : context.print,
      language: context.language,
    }).catch((error: unknown) => {
      if (number === undefined || !isPortRefusal(error)) throw error;
      context.log(`candela: ${say(context.language, cliTerms['cli.portBusy'], { port: String(number) })}`);
      return null;
    });
    if (!shell) return { exitCode: exitCodes.failed, text: '' };
    if (asJson) context.print(JSON.stringify({ origin: shell.origin, url: shell.terminalUrl() }));
    printOnEnter(shell, process.stdin, asJson ? context.log : context.print);
    await new Promise<void>((resolve) =>
      context.signal.aborted
        ? resolve()
        : context.signal.addEventListener('abort', () => resolve(), { once: true }),
    );
    await shell.close();
    return { exitCode: exitCodes.done, text: '' };
  },
};
