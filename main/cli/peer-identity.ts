import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { problem } from '../../core/base/problem.ts';
import type { ParsedArguments } from './arguments.ts';
import { type CommandContext, CommandFailure, exitCodes } from './command.ts';

/** Who we say we are to a station that is named by its address (user identity, PS3.7 D.3.3.7). */
export interface PeerIdentity {
  readonly identity: 'name' | 'password' | 'jwt';
  readonly user: string;
  readonly secret: string;
}

/** From a file, else from the environment: other users of a computer see arguments. */
async function secretOf(
  args: ParsedArguments,
  { environment }: Pick<CommandContext, 'environment'>,
  option: string,
  variable: string,
): Promise<string | undefined> {
  const file = args.values.get(option);
  if (file === undefined) return environment[variable] || undefined;
  const text = await readFile(resolve(file), 'utf8').catch(() => null);
  if (text === null) throw new CommandFailure(problem('FILE_MISSING', undefined, file));
  return text.replace(/\r?\n$/, '');
}

/** `--user`, `--password-file` and `--token-file`; null for none. */
export async function peerIdentity(
  args: ParsedArguments,
  context: Pick<CommandContext, 'environment'>,
): Promise<PeerIdentity | null> {
  const user = args.values.get('user');
  const token = await secretOf(args, context, 'token-file', 'CANDELA_PEER_TOKEN');
  if (user === undefined) {
    if (args.values.has('password-file')) {
      throw new CommandFailure(problem('INPUT_INVALID', { name: '--user', value: '' }), exitCodes.wrongUsage);
    }
    return token === undefined ? null : { identity: 'jwt', user: '', secret: token };
  }
  const password = await secretOf(args, context, 'password-file', 'CANDELA_PEER_PASSWORD');
  return password === undefined
    ? { identity: 'name', user, secret: '' }
    : { identity: 'password', user, secret: password };
}
