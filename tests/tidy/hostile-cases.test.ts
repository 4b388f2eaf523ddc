/** docs/hostile-cases.md names a test for each case, and each of them exists. */
import { existsSync } from 'node:fs';
import { join } from 'node:path/posix';
import { describe, expect, it } from 'vitest';
import { root, textOf } from './repository.ts';

const numbers = (letter: string, from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, n) => `${letter}${from + n}`);
/** What the receiver's issue wants walked. */
const wanted = [
  ...numbers('N', 1, 22),
  ...numbers('F', 2, 5),
  'F7',
  ...numbers('F', 13, 17),
  'F37',
  'F40',
  ...numbers('K', 1, 3),
  'K8',
];

interface Row {
  readonly id: string;
  readonly tests: readonly { readonly file: string; readonly titles: readonly string[] }[];
  readonly soak: readonly string[];
}

const rowsOf = (text: string): Row[] =>
  text.split('\n').flatMap((line) => {
    const [, id = '', cell = ''] = /^\| ([A-Z]\d+) \|[^|]*\| (.*) \|$/.exec(line) ?? [];
    if (id === '') return [];
    const tests = [...cell.matchAll(/`([\w./-]+\.(?:test|spec)\.ts)`: ((?:"[^"]+"(?:, )?)+)/g)];
    return {
      id,
      tests: tests.map(([, file = '', titles = '']) => ({
        file,
        titles: [...titles.matchAll(/"([^"]+)"/g)].map(([, title = '']) => title),
      })),
      soak: [...cell.matchAll(/soak `(\w+)`/g)].map(([, name = '']) => name),
    };
  });

/** As titles stand in the code: without what a template adds. */
const isIn = (text: string, title: string): boolean => text.replaceAll("\\'", "'").includes(title);

function faultsOf(rows: readonly Row[]): string[] {
  const soak = textOf('tests/soak/run.ts');
  return rows.flatMap(({ id, tests, soak: cases }) => [
    ...(tests.length === 0 ? [`${id}: no test`] : []),
    ...tests.flatMap(({ file, titles }) => {
      if (!existsSync(join(root, file))) return [`${id}: ${file} is missing`];
      const text = textOf(file);
      return titles.filter((title) => !isIn(text, title)).map((title) => `${id}: no "${title}" in ${file}`);
    }),
    ...cases.filter((name) => !soak.includes(`async function ${name}(`)).map((name) => `${id}: soak ${name}`),
  ]);
}

describe('docs/hostile-cases.md', () => {
  const rows = rowsOf(textOf('docs/hostile-cases.md'));

  it('has a row for each case', () => {
    expect(rows.map(({ id }) => id).sort()).toEqual([...wanted].sort());
  });

  it('names tests that exist', () => {
    expect(faultsOf(rows)).toEqual([]);
  });

  it('finds a test, a title and a soak case that do not exist', () => {
    const lying = rowsOf(
      [
        '| N1 | a | `core/no-such.test.ts`: "a" |',
        '| N2 | a | `tests/tidy/files.test.ts`: "nothing is called so"; soak `nothing` |',
        '| N3 | a | nobody looked |',
      ].join('\n'),
    );
    expect(faultsOf(lying)).toHaveLength(4);
  });
});
