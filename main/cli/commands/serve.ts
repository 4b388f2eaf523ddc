import { join } from 'node:path';
import { printOnEnter, serve } from '../../browser/serve.ts';
import { wholeOf } from '../arguments.ts';
import { type Command, exitCodes, need } from '../command.ts';

/** The browser shell, until interrupted. */
export const serveCommand: Command = {
  name: 'serve',
  usage: '[--port N] [--open] [--data DIR]',
  options: [
    { name: 'port', takesValue: true },
    { name: 'open', takesValue: false },
  ],
  positionals: { least: 0, most: 0 },
  async run(args, context) {
    const port = args.values.get('port');
    const number = port === undefined ? undefined : need(wholeOf('port', port, 0), exitCodes.wrongUsage);
    const shell = await serve({
      host: await context.host(),
      outFolder: join(import.meta.dirname, '..'),
      dataFolder: context.dataDir,
      ...(number !== undefined && { port: number }),
      open: args.switches.has('open'),
      print: context.log,
    });
    printOnEnter(shell, process.stdin, context.log);
    await new Promise<void>((resolve) =>
      context.signal.addEventListener('abort', () => resolve(), { once: true }),
    );
    await shell.close();
    return { exitCode: exitCodes.done, json: { origin: shell.origin }, text: '' };
  },
};
