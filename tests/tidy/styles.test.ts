import { expect, test } from 'vitest';
import { files, textOf } from './repository.ts';

/** The theme: its colours stand in the design's own sheet, what is painted with them in ours. */
const themes = new Set(['light']);

/** Class names whose own rule (`.name { … }`) a sheet holds; print and small screens may change what other sheets show. */
function ownRules(css: string): Set<string> {
  const bare = css.replace(/\/\*[\s\S]*?\*\//g, '').replace(/@media[^{]*\{[\s\S]*?\n\}/g, '');
  const names = new Set<string>();
  for (const [, selectors = ''] of bare.matchAll(/([^{}]+)\{/g))
    for (const selector of selectors.split(',')) {
      const name = /^\s*\.([\w-]+)\s*$/.exec(selector)?.[1];
      if (name && !themes.has(name)) names.add(name);
    }
  return names;
}

test('finds the rules of classes, and none of print, of a state or of the theme', () => {
  const css =
    '.a, .b:hover { x: y }\n.c .d { x: y }\n@media print {\n  .e {\n    x: y;\n  }\n}\n/* .f { } */\n.g {}\n.light {}';
  expect([...ownRules(css)]).toEqual(['a', 'g']);
});

test('every class has its rule in one sheet: all sheets hold for every page', () => {
  const sheets = new Map<string, string[]>();
  for (const file of files.filter((name) => name.endsWith('.css')))
    for (const name of ownRules(textOf(file))) sheets.set(name, [...(sheets.get(name) ?? []), file]);
  expect([...sheets].filter(([, where]) => where.length > 1)).toEqual([]);
  expect(sheets.size).toBeGreaterThan(100);
});
