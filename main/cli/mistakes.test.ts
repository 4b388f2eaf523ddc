import { expect, it } from 'vitest';
import { runCommand } from './run-command.ts';

/** A command line that goes wrong before any data is opened: what stands on stderr first, and the exit code. */
async function told(
  words: readonly string[],
  language = 'C',
): Promise<readonly [string | undefined, number]> {
  const lines: string[] = [];
  const opened = (): never => {
    throw new Error('opened');
  };
  const code = await runCommand(words, {
    out: opened,
    error: (line) => lines.push(line),
    environment: { LANG: language },
    signal: new AbortController().signal,
    openHost: opened,
    openOwnHost: opened,
    openScratchHost: opened,
  });
  expect(lines[1]).toMatch(/^candela slice /);
  return [lines[0], code];
}

it.each([
  [['slice', 'x', '--grup', '3'], '--grup: There is no such option.', '--grup: 没有这个选项。'],
  [['slice', 'x', '--size'], '--size: Its value is missing.', '--size: 缺少这个选项的值。'],
  [
    ['slice', 'x', '--size', '9x9', '--size', '8x8'],
    '--size: It can be given once only.',
    '--size: 这个选项只能给一次。',
  ],
  [['slice', 'x', '--size', '9x9'], '--out: This option is needed.', '--out: 必须给出这个选项。'],
])('%j says what is wrong about which option', async (words, english, chinese) => {
  expect(await told(words)).toEqual([`candela: ${english} (INPUT_INVALID)`, 2]);
  expect(await told(words, 'zh_CN.UTF-8')).toEqual([`candela: ${chinese} (INPUT_INVALID)`, 2]);
});
