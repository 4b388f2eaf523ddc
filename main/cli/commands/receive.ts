import { isAeTitle } from '../../../core/base/ae-title.ts';
import { type Problem, problem } from '../../../core/base/problem.ts';
import type { ReceiverStatus } from '../../../core/contract/network.ts';
import { networkCliTerms } from '../../../core/terms/cli-network.ts';
import { type Language, say } from '../../../core/terms/term.ts';
import { problemText } from '../../../core/terms/terms.ts';
import type { AllowedPeer } from '../../host/dimse/receiver-protocol.ts';
import type { OwnHost } from '../../host/host.ts';
import type { ReceiverEvent } from '../../host/receive/receiver-config.ts';
import { wholeOf } from '../arguments.ts';
import { type Command, CommandFailure, exitCodes, need } from '../command.ts';

const invalid = (name: string, value: string): CommandFailure =>
  new CommandFailure(problem('INPUT_INVALID', { name, value }), exitCodes.wrongUsage);

/** `CT1@10.0.0.5,PACS@archive.local` */
function allowedOf(text: string): AllowedPeer[] {
  return text.split(',').map((word) => {
    const [, aeTitle, host] = /^([ -?A-[\]-~]{1,16})@([^@\s]+)$/.exec(word.trim()) ?? [];
    if (aeTitle === undefined || host === undefined) throw invalid('--allow', text);
    return { aeTitle: aeTitle.trim(), host };
  });
}

/** The receiver, until interrupted. */
export const receiveCommand: Command = {
  name: 'receive',
  usage: '[--port N] [--ae TITLE] [--allow AE@HOST,…] [--queries] [--json] [--data DIR]',
  options: [
    { name: 'port', takesValue: true },
    { name: 'ae', takesValue: true },
    { name: 'allow', takesValue: true },
    { name: 'queries', takesValue: false },
  ],
  positionals: { least: 0, most: 0 },
  async run(args, context) {
    const { language } = context;
    const port = args.values.get('port');
    const ae = args.values.get('ae')?.trim();
    const allow = args.values.get('allow');
    if (ae !== undefined && !isAeTitle(ae)) throw invalid('--ae', ae);
    const asJson = args.switches.has('json');
    const peers = new Map<number, { aeTitle: string; address: string }>();
    const lines = context.lines((count) =>
      asJson
        ? JSON.stringify({ event: 'leftOut', lines: count })
        : say(language, networkCliTerms['cli.receive.leftOut'], { lines: count }),
    );
    const tell = (event: ReceiverEvent): void => {
      if (event.event === 'opened') peers.set(event.associationId, event);
      const line = asJson ? JSON.stringify(jsonOf(event)) : textOf(event, peers, language);
      if (line !== null) lines.write(line);
      if (event.event === 'closed') peers.delete(event.associationId);
    };
    const host = await context.ownHost({
      receiver: {
        enabled: true,
        ...(port !== undefined && { port: need(wholeOf('port', port, 0), exitCodes.wrongUsage) }),
        ...(ae !== undefined && { aeTitle: ae }),
        ...(allow !== undefined && { allowed: allowedOf(allow) }),
        ...(args.switches.has('queries') && { answersQueries: true }),
        onEvent: tell,
      },
    });
    const status = await untilListening(host);
    if (status.problem) throw new CommandFailure(status.problem);
    const { aeTitle, address } = status;
    if (asJson) {
      lines.write(JSON.stringify({ event: 'listening', aeTitle, address, port: status.port }));
    } else {
      context.log(
        say(language, networkCliTerms['cli.receive.listening'], { aeTitle, port: String(status.port) }),
      );
    }
    await new Promise<void>((resolve) =>
      context.signal.aborted
        ? resolve()
        : context.signal.addEventListener('abort', () => resolve(), { once: true }),
    );
    return { exitCode: exitCodes.done, text: '' };
  },
};

async function untilListening(host: OwnHost): Promise<ReceiverStatus> {
  const { promise, resolve } = Promise.withResolvers<ReceiverStatus>();
  const look = (status: ReceiverStatus): void => {
    if (status.state === 'listening' || status.state === 'failed') resolve(status);
  };
  const stop = host.subscribe(Number.MAX_SAFE_INTEGER, (event) => {
    if (event.topic === 'receiver') look(event.payload);
  });
  look(need(await host.call('receiver.status', {})));
  const status = await promise;
  stop();
  return status;
}

const codeOf = (found: Problem | null): string | null => found?.code ?? null;

const jsonOf = (event: ReceiverEvent): object =>
  'problem' in event ? { ...event, problem: codeOf(event.problem) } : event;

/** Instances are told by their sender's last line only. */
function textOf(
  event: ReceiverEvent,
  peers: ReadonlyMap<number, { readonly aeTitle: string; readonly address: string }>,
  language: Language,
): string | null {
  if (event.event === 'instance') return null;
  if (event.event === 'refused') {
    const { code, told } = problemText(language, event.problem);
    return `${code}  ${[event.aeTitle, event.address].filter(Boolean).join(' ')}  ${told}`;
  }
  const { aeTitle, address } = peers.get(event.associationId) ?? { aeTitle: '', address: '' };
  if (event.event === 'opened')
    return say(language, networkCliTerms['cli.receive.opened'], { aeTitle, address });
  const { stored, duplicates, refused } = event;
  const counts = { aeTitle, address, stored, duplicates, refused };
  const left = say(language, networkCliTerms['cli.receive.closed'], counts);
  if (event.problem === null) return left;
  const { code, sentence } = problemText(language, event.problem);
  return `${left}  ${code}  ${sentence}`;
}
