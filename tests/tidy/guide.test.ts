/** The user guide names nothing that is not there: names on the screen, keys, commands. */
import { describe, expect, it } from 'vitest';
import { maskNameTerms } from '../../core/terms/mask.ts';
import { readingTerms } from '../../core/terms/reading.ts';
import type { Term } from '../../core/terms/term.ts';
import { terms } from '../../core/terms/terms.ts';
import { textOf } from './repository.ts';

const guides = [
  { path: 'docs/guide/en.md', language: 'en' },
  { path: 'docs/guide/zh.md', language: 'zh' },
] as const;

const words: readonly Term[] = [
  ...Object.values<Term>(readingTerms),
  ...Object.values<Term>(terms),
  ...Object.values<Term>(maskNameTerms),
];
/** Signs that are the same in every language, and words that are stressed but no names. */
const others = [
  '%DS',
  '%AS',
  'red',
  'one',
  '红色',
  'The lumen.',
  '管腔。',
  'Amber and dashed',
  '橙色虚线',
  'Before a stent graft.',
  '支架术前。',
];

/** Keys as key caps print them, of every `keys: [...]` in the commands, of the tools, and of commands made in a row. */
function keyCaps(): ReadonlySet<string> {
  const files = [
    'renderer/app/app-commands.ts',
    'renderer/pages/studies/study-commands.ts',
    'renderer/pages/reading/reading-commands.ts',
    'renderer/pages/reading/picture-commands.ts',
    'renderer/pages/reading/mpr/mpr-commands.ts',
    'renderer/pages/reading/volume/volume-commands.ts',
    'renderer/pages/reading/export/export-commands.ts',
    'renderer/pages/reading/bookmarks/bookmark-commands.ts',
    'renderer/pages/reading/cpr/cpr-commands.ts',
    'renderer/pages/reading/fly/fly-commands.ts',
    'renderer/pages/reading/ribs/ribs-commands.ts',
    'renderer/pages/reading/masks/mask-commands.ts',
    'renderer/tools/tool.ts',
  ];
  const chords = files
    .flatMap((path) => [...textOf(path).matchAll(/['"`]((?:(?:Ctrl|Alt|Shift)\+)*[A-Z]\w+)['"`]/g)])
    .map(([, chord = '']) => chord);
  const rows = Array.from({ length: 9 }, (_, n) => [`Digit${n + 1}`, `Shift+Digit${n + 1}`]).flat();
  const views = [...'APLRHF'].map((letter) => `Key${letter}`);
  return new Set([...chords, ...rows, ...views].map(cap));
}

const named: Readonly<Record<string, string>> = {
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  Backquote: '`',
  Escape: 'Esc',
  Delete: 'Del',
  BracketLeft: '[',
  BracketRight: ']',
  Backslash: '\\',
};
const cap = (chord: string): string =>
  chord === 'Shift+Slash'
    ? '?'
    : chord
        .split('+')
        .map((part) => named[part] ?? part.replace(/^(Key|Digit)/, ''))
        .join(' ');

const marked = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map(([, found = '']) => found);
const keysOf = (path: string): string[] => marked(textOf(path), /<kbd>(.*?)<\/kbd>/g).slice(1);

describe('the user guide', () => {
  it.each(guides)('$path names only what is on the screen', ({ path, language }) => {
    const known = new Set(words.map((word) => word[language]));
    const named = marked(textOf(path), /\*\*(.+?)\*\*/g).slice(1);
    expect(named.length).toBeGreaterThan(50);
    expect(named.filter((name) => !known.has(name) && !others.includes(name))).toEqual([]);
  });

  it.each([
    { path: 'docs/guide/network-en.md', language: 'en' },
    { path: 'docs/guide/network-zh.md', language: 'zh' },
  ] as const)('$path names only what is on the screen', ({ path, language }) => {
    const known = new Set(words.map((word) => word[language]));
    const named = marked(textOf(path), /\*\*(.+?)\*\*/g).slice(1);
    expect(named.length).toBeGreaterThan(40);
    expect(named.filter((name) => !known.has(name))).toEqual([]);
  });

  it.each(guides)('$path names only keys that do something', ({ path }) => {
    const known = keyCaps();
    const keys = keysOf(path);
    expect(keys.length).toBeGreaterThan(50);
    expect(keys.filter((key) => !known.has(key))).toEqual([]);
  });

  it('says the same in both languages', () => {
    const [en, zh] = guides.map(({ path }) => textOf(path));
    expect(keysOf(guides[1].path)).toEqual(keysOf(guides[0].path));
    for (const pattern of [/^## /gm, /^\| /gm, /^\d\. /gm, /^- /gm, /^candela .*/gm])
      expect([pattern.source, zh!.match(pattern)?.length]).toEqual([
        pattern.source,
        en!.match(pattern)?.length,
      ]);
  });
});
