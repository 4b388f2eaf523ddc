import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cliTerms, commandTerms, optionTerms } from '../../core/terms/cli.ts';
import { commands } from './commands.ts';
import { aboutCommand, aboutOption, commandHelp, generalHelp, globalOptions, optionShape } from './help.ts';
import { withReferences } from './reference.ts';

describe('help', () => {
  it.each(['en', 'zh-CN'] as const)('has a line for every command and option in %s', (language) => {
    for (const command of commands) {
      expect(aboutCommand(language, command)).not.toBe('');
      const help = commandHelp(language, command);
      for (const option of [...command.options, ...globalOptions]) {
        expect(aboutOption(language, command, option), option.name).not.toMatch(/^$|[{}]/);
        expect(help).toContain(`--${option.name}`);
        if (option.takesValue) expect(optionShape(command, option)).not.toMatch(/ …$/);
      }
      expect(generalHelp(language, commands)).toContain(`  ${command.name} `);
    }
  });

  it('has no line for a command or an option that does not exist', () => {
    expect(Object.keys(commandTerms).sort()).toEqual(commands.map(({ name }) => name).sort());
    const options = commands.flatMap(({ name, options: own }) =>
      own.flatMap((option) => [option.name, `${name}.${option.name}`]),
    );
    const known = new Set([...options, ...globalOptions.map(({ name }) => name)]);
    expect(Object.keys(optionTerms).filter((key) => !known.has(key))).toEqual([]);
  });

  it('speaks both languages everywhere', () => {
    for (const { zh, en } of [
      ...Object.values(optionTerms),
      ...Object.values(commandTerms),
      ...Object.values(cliTerms),
    ]) {
      expect(zh).toMatch(/[\u4e00-\u9fff]/);
      expect(en).not.toMatch(/[\u3000-\u9fff]/);
    }
  });

  it('names every option of a command in its usage', () => {
    for (const { usage, options } of commands)
      for (const { name } of options) expect(usage).toContain(`--${name}`);
  });

  it('lists every option after its own name', () => {
    const render = commands.find(({ name }) => name === 'render')!;
    const shape = (name: string) => optionShape(render, { name, takesValue: true });
    expect(shape('size')).toBe('--size WxH');
    expect(shape('out')).toBe('--out FILE.png');
    const phantom = commands.find(({ name }) => name === 'phantom')!;
    expect(optionShape(phantom, { name: 'spacing', takesValue: true })).toBe('--spacing ROW,COLUMN[,SLICE]');
  });
});

it('docs/command-line.md is what the tables say (npm run generate writes it)', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/command-line.md'), 'utf8');
  expect(withReferences(page)).toBe(page);
  for (const { name } of commands) expect(page.split(`\n### ${name}\n`).length).toBe(3);
});
