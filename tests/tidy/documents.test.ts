/** Documents that would lie if nobody looked: invariants, strings, problem codes, links. */
import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path/posix';
import { describe, expect, it } from 'vitest';
import { problemTable } from '../../core/base/problem-table.ts';
import { files, productFiles, root, textOf, withoutComments } from './repository.ts';

describe('ARCHITECTURE.md', () => {
  const path = 'ARCHITECTURE.md';
  it('names for every invariant a test that exists', (context) => {
    if (!existsSync(join(root, path))) return context.skip('ARCHITECTURE.md is not written yet');
    const section = /## Invariants[\s\S]*?(?=\n## |$)/.exec(textOf(path))?.[0] ?? '';
    const items = section.split('\n').filter((line) => /^(\d+\.|-|\|\s*\d)/.test(line));
    expect(items.length).toBeGreaterThanOrEqual(10);
    const faults = items.flatMap((item) => {
      const named = [
        ...item.matchAll(/`((?:core|main|preload|renderer|native|scripts|tests)\/[\w./-]+)`/g),
      ].map((match) => match[1] ?? '');
      const tests = named.filter((name) => /\.(test|spec)\.tsx?$/.test(name));
      if (tests.length === 0) return [`no test named: ${item}`];
      return named.filter((name) => !existsSync(join(root, name))).map((name) => `missing: ${name}`);
    });
    expect(faults).toEqual([]);
  });
});

describe('strings', () => {
  it('exist in both languages: every literal row with zh has en, and the other way round', () => {
    const faults = productFiles
      .filter((path) => /\.(ts|tsx)$/.test(path) && path !== 'core/base/problem-table.ts')
      .flatMap((path) => rowFaults(textOf(path)).map((row) => `${path}: ${row}`));
    expect(faults).toEqual([]);
  });

  it('finds a row that lacks a language or has an empty one', () => {
    expect(rowFaults("{ zh: '打开', en: 'Open' }")).toEqual([]);
    expect(rowFaults("{ zh: '打开' }")).toHaveLength(1);
    expect(rowFaults("{ en: 'Open', kind: 1 }")).toHaveLength(1);
    expect(rowFaults("{ zh: '', en: 'Open' }")).toHaveLength(1);
  });

  it('stand in tables, not in the code of the page: no Chinese text outside them', () => {
    const wrong = productFiles
      .filter((path) => /^(renderer|main)\//.test(path) && path.endsWith('.tsx'))
      .filter((path) => /\p{Script=Han}/u.test(withoutComments(textOf(path))));
    expect(wrong).toEqual([]);
  });
});

/** Innermost object literals that have a `zh:` or `en:` string but not both, or an empty one. */
function rowFaults(text: string): string[] {
  const faults: string[] = [];
  for (const [literal] of withoutComments(text).matchAll(/\{[^{}]*\}/g)) {
    const of = (name: string) =>
      new RegExp(`\\b${name}:\\s*(['"\`])((?:\\\\.|(?!\\1)[\\s\\S])*)\\1`).exec(literal)?.[2];
    const zh = of('zh');
    const en = of('en');
    if (zh === undefined && en === undefined) continue;
    if (!zh || !en) faults.push(literal.replace(/\s+/g, ' ').slice(0, 120));
  }
  return faults;
}

describe('problem codes', () => {
  it('have both sentences and both advices', () => {
    const rows: Readonly<Record<string, Readonly<Record<string, string>>>> = problemTable;
    const empty = Object.entries(rows).flatMap(([code, row]) => {
      return Object.entries(row).flatMap(([name, value]) => (value === '' ? [`${code}.${name}`] : []));
    });
    expect(empty).toEqual([]);
  });

  it('have the same places for values in both languages', () => {
    const places = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();
    const unlike = Object.entries(problemTable).filter(
      ([, { zh, en }]) => places(zh).join() !== places(en).join(),
    );
    expect(unlike.map(([code]) => code)).toEqual([]);
  });
});

describe('links between documents', () => {
  it('lead somewhere', () => {
    const broken = files
      .filter((path) => path.endsWith('.md'))
      .flatMap((path) =>
        [...textOf(path).matchAll(/\]\((?!https?:|mailto:|#)([^)\s#]+)/g)]
          .map((match) => normalize(join(dirname(path), decodeURI(match[1] ?? ''))))
          .filter((target) => !existsSync(join(root, target)))
          .map((target) => `${path} → ${target}`),
      );
    expect(broken).toEqual([]);
  });
});
