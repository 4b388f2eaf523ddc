import { describe, expect, it } from 'vitest';
import { numbersOf, parseArguments, wholeOf } from './arguments.ts';

const options = [
  { name: 'json', takesValue: false },
  { name: 'center', takesValue: true },
  { name: 'out', takesValue: true },
];

describe('parseArguments', () => {
  it.each([
    [['a', 'b'], ['a', 'b'], {}, []],
    [['--center', '-12,3,4', 'a'], ['a'], { center: '-12,3,4' }, []],
    [['--center=-1,2,3', '--json'], [], { center: '-1,2,3' }, ['json']],
    [['--', '--json'], ['--json'], {}, []],
    [['--out', '--odd-name', 'x'], ['x'], { out: '--odd-name' }, []],
    [['-', '-x'], ['-', '-x'], {}, []],
  ] as const)('%j', (argv, positionals, values, switches) => {
    const parsed = parseArguments(argv, options);
    if (!parsed.ok) throw new Error(parsed.problem.code);
    expect(parsed.value.positionals).toEqual(positionals);
    expect(Object.fromEntries(parsed.value.values)).toEqual(values);
    expect([...parsed.value.switches]).toEqual(switches);
  });

  it.each([[['--nope']], [['--center']], [['--json=1']], [['--out', 'a', '--out', 'b']]])(
    '%j is wrong usage',
    (argv) => {
      expect(parseArguments(argv, options)).toMatchObject({ ok: false, problem: { code: 'INPUT_INVALID' } });
    },
  );
});

it.each([
  ['-12,3.5,4', 3, [-12, 3.5, 4]],
  ['1,2', 3, null],
  ['1,,2', 3, null],
  ['1,a,2', 3, null],
] as const)('numbersOf %s × %i', (text, count, numbers) => {
  const parsed = numbersOf('center', text, count);
  expect(parsed.ok ? parsed.value : null).toEqual(numbers);
});

it.each([
  ['12', 0, 12],
  ['0', 1, null],
  ['-1', 0, null],
  ['1.5', 0, null],
] as const)('wholeOf %s ≥ %i', (text, least, number) => {
  const parsed = wholeOf('frame', text, least);
  expect(parsed.ok ? parsed.value : null).toEqual(number);
});
