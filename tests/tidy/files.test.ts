/** Length, bans, names and places of files. */
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  codeFiles,
  files,
  isGenerated,
  isTestCode,
  productFiles,
  root,
  sizeBytesOf,
  textOf,
  withoutComments,
} from './repository.ts';

const linesOf = (path: string) => textOf(path).split('\n').length - 1;

describe('files', () => {
  it('have at most 400 lines (generated tables: as long as they are)', () => {
    const long = codeFiles.filter((path) => linesOf(path) > 400 && !isGenerated(path));
    expect(long.map((path) => `${path}: ${linesOf(path)}`)).toEqual([]);
  });

  it('are named in kebab-case', () => {
    const known = /^(README|ARCHITECTURE|CONTRIBUTING|CHANGELOG|LICENSE|MANIFEST)(\.md|\.json)?$/;
    const wrong = files.filter((path) => {
      if (!/^(core|main|preload|renderer|native|scripts|tests)\//.test(path) || path.includes('/fixtures/'))
        return false;
      return !known.test(basename(path)) && !/^\.?[a-z0-9]+([-.][a-z0-9]+)*$/.test(basename(path));
    });
    expect(wrong).toEqual([]);
  });

  it('are no drawers', () => {
    const drawers = /(^|\/)(utils?|helpers?|common|misc|manager)(\.[a-z]+)?(\/|$)/;
    // The contract's shared schemas have that name by the lead's decision; nothing else may.
    expect(files.filter((path) => drawers.test(path) && path !== 'core/contract/common.ts')).toEqual([]);
  });

  it('are small: binary or text, at most 512 KiB', () => {
    const heavy = files.filter((path) => sizeBytesOf(path) > 512 * 1024 && path !== 'package-lock.json');
    expect(heavy.map((path) => `${path}: ${sizeBytesOf(path)}`)).toEqual([]);
  });

  it('lie under the top level that the design fixes', () => {
    const folders = [
      'core',
      'docs',
      'main',
      'native',
      'preload',
      'renderer',
      'resources',
      'scripts',
      'tests',
    ];
    const single = [
      'LICENSE',
      'biome.json',
      'electron-builder.yml',
      'electron.vite.config.ts',
      'package-lock.json',
      'package.json',
      'tsconfig.json',
      'vitest.config.ts',
    ];
    const wrong = files.filter((path) => {
      const [first = '', second] = path.split('/');
      if (first.startsWith('.') || /^[A-Z-]+(\.zh-CN)?\.md$/.test(path)) return false;
      return second === undefined ? !single.includes(first) : !folders.includes(first);
    });
    expect(wrong).toEqual([]);
  });
});

describe('functions', () => {
  it('have at most 70 lines of their own', () => {
    const long = productFiles
      .filter((path) => !isGenerated(path))
      .flatMap((path) =>
        longFunctions(textOf(path), 70).map(({ line, length }) => `${path}:${line}: ${length} lines`),
      );
    expect(long).toEqual([]);
  });

  it('are measured from their first line to the closing brace at the same depth', () => {
    const body = '  work();\n'.repeat(71);
    expect(longFunctions(`function long() {\n${body}}\n`, 70)).toEqual([{ line: 1, length: 73 }]);
    expect(longFunctions(`export const long = async (\n  a: number,\n) => {\n${body}};\n`, 70)).toHaveLength(
      1,
    );
    expect(longFunctions(`const x = {\n  method(a) {\n${body}  },\n};\n`, 70)).toHaveLength(1);
    expect(longFunctions(`describe('x', () => {\n${body}});\n`, 70)).toHaveLength(0);
    const nested = `function outer() {\n  function inner() {\n${'    work();\n'.repeat(60)}  }\n${'  work();\n'.repeat(60)}}\n`;
    expect(longFunctions(nested, 70)).toEqual([]);
    expect(longFunctions(`function short() {\n  work();\n}\n`, 70)).toEqual([]);
  });
});

/**
 * Functions longer than allowed, found by indentation: the formatter guarantees that a body ends at the first line
 * that is indented like its head and begins with a closing brace. Named functions inside count for themselves, bare
 * callbacks with the function they stand in.
 */
function longFunctions(text: string, linesMax: number): { line: number; length: number }[] {
  const lines = text.split('\n');
  const head =
    /^\s*(export\s+)?(default\s+)?(async\s+)?(function\b.*|(static\s+|private\s+|override\s+|get\s+|set\s+|async\s+)*#?[\w$]+(<.*>)?\(.*|(const|let)\s+[\w$]+(:.*)?\s=\s(async\s)?(\(|<|[\w$]+\s=>).*)$/;
  const control =
    /^\s*(if|for|while|switch|catch|return|await|throw|new|else|do|try|super|describe|it|test|expect)\b/;
  const spans: { start: number; end: number }[] = [];
  for (let start = 0; start < lines.length; start++) {
    const first = lines[start] ?? '';
    if (!head.test(first) || control.test(first)) continue;
    const indent = /^\s*/.exec(first)?.[0] ?? '';
    const opening = openingLine(lines, start, indent);
    if (opening === null) continue;
    const end = lines.findIndex((line, at) => at > opening && line.startsWith(`${indent}}`));
    if (end > 0) spans.push({ start, end });
  }
  return spans.flatMap(({ start, end }) => {
    const inner = spans.filter((other) => other.start > start && other.end < end);
    const isInner = (line: number) => inner.some((other) => line >= other.start && line <= other.end);
    let length = 0;
    for (let line = start; line <= end; line++) if (!isInner(line)) length += 1;
    return length > linesMax ? [{ line: start + 1, length }] : [];
  });
}

/** The line that opens the body: the head itself, or the line that ends its parameter list at the same depth. */
function openingLine(lines: readonly string[], start: number, indent: string): number | null {
  if (/\{\s*$/.test(lines[start] ?? '') && !/[({]\s*\{?\s*$/.test((lines[start] ?? '').replace(/\{\s*$/, '')))
    return start;
  for (let at = start + 1; at < Math.min(lines.length, start + 40); at++) {
    const line = lines[at] ?? '';
    if (!line.startsWith(`${indent})`)) continue;
    return /(\{)\s*$/.test(line) ? at : null;
  }
  return null;
}

describe('words that must not stay', () => {
  /** Split, so that this file is not its own finding. */
  const bans: readonly (readonly [string, RegExp])[] = [
    ['unfinished work', new RegExp(`\\b(${['TO', 'DO'].join('')}|${['FIX', 'ME'].join('')}|X${'XX'})\\b`)],
    ['any', new RegExp(`\\bas ${'any'}\\b|:\\s*${'any'}\\b(?!\\w)|<${'any'}>`)],
    ['switched-off compiler', new RegExp(`@ts-(${['ignore', 'nocheck', 'expect-error'].join('|')})`)],
    ['switched-off linter', new RegExp(`${'biome'}-ignore|eslint-${'disable'}`)],
    ['a test alone', new RegExp(`\\b(it|test|describe)\\.${'only'}\\b`)],
    ['a test switched off', new RegExp(`\\b(it|test|describe)\\.(${'skip'}|${'todo'})\\(`)],
  ];
  it.each(bans)('%s', (_what, pattern) => {
    const wrong = codeFiles.flatMap((path) =>
      codeOnly(withoutComments(textOf(path)))
        .split('\n')
        .flatMap((line, index) =>
          pattern.test(line) ? [`${path}:${index + 1}: ${line.trim().slice(0, 80)}`] : [],
        ),
    );
    expect(wrong).toEqual([]);
  });

  it('addresses of one machine', () => {
    const machine = /["'`(\s](\/work\/|\/home\/[a-z]|\/Users\/[A-Za-z]|\/root\/|C:\\\\Users)/;
    const wrong = files
      .filter((path) => /\.(ts|tsx|mjs|json|yml|md|css|html)$/.test(path) || path.startsWith('.ci/'))
      .filter((path) => path !== 'package-lock.json' && !isTestCode(path))
      .filter((path) => machine.test(textOf(path)));
    expect(wrong).toEqual([]);
  });
});

/** Text without what stands in quotes: a message may name a banned word, code may not use it. */
function codeOnly(text: string): string {
  return text.replace(/'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"/g, "''");
}

describe('the package', () => {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<Record<string, { readonly resolved?: string; readonly integrity?: string }>>;
  };

  it('keeps install scripts off and addresses out of the lock file', () => {
    const npmrc = textOf('.npmrc').split('\n');
    expect(npmrc).toContain('ignore-scripts=true');
    expect(npmrc).toContain('omit-lockfile-registry-resolved=true');
    expect(npmrc.filter((line) => /registry=|_auth|token/i.test(line))).toEqual([]);
    expect(Object.entries(lock.packages).filter(([, { resolved }]) => resolved)).toEqual([]);
  });

  it('names every dependency exactly', () => {
    const { dependencies, devDependencies } = JSON.parse(textOf('package.json')) as Record<
      string,
      Record<string, string>
    >;
    const loose = Object.entries({ ...dependencies, ...devDependencies }).filter(([, version]) => {
      return !/^(npm:@?[\w/.-]+@)?\d+\.\d+\.\d+(-[\w.]+)?$/.test(version);
    });
    expect(loose).toEqual([]);
  });

  it('runs every command through the bootstrap', async () => {
    const { scripts } = JSON.parse(textOf('package.json')) as { readonly scripts: Record<string, string> };
    const { commands } = (await import(join(root, 'scripts/bootstrap.mjs'))) as {
      commands: Record<string, string[]>;
    };
    expect(Object.keys(scripts).sort()).toEqual(Object.keys(commands).sort());
    for (const [name, line] of Object.entries(scripts))
      expect(line).toBe(`node scripts/bootstrap.mjs ${name}`);
    for (const [script = ''] of Object.values(commands)) expect(files).toContain(`scripts/${script}`);
  });

  it('has a CI that runs the two commands', () => {
    expect(textOf('.ci/run')).toMatch(/CANDELA_TEST_TOOLS=apt[\s\S]*npm test\s*$/);
    const workflow = textOf('.github/workflows/ci.yml');
    for (const part of [
      'ubuntu-latest',
      'windows-latest',
      'macos-latest',
      'npm start -- --check',
      'npm test',
      'scripts/test/install-tools.ts',
    ]) {
      expect(workflow).toContain(part);
    }
    expect(textOf('README.md').indexOf('npm start')).toBeLessThan(
      textOf('README.md').indexOf('\n\nCandela is'),
    );
  });
});
