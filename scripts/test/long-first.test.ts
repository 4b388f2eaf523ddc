import { globSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { longest, placeOf } from './long-first.ts';

const root = join(import.meta.dirname, '../..');

describe('LongFirst', () => {
  it('names files that are there', () => {
    const files = globSync('tests/{integration,e2e}/**/*.{test,spec}.ts', { cwd: root });
    const places = new Set(files.map(placeOf));
    expect(longest.filter((_, place) => !places.has(place))).toEqual([]);
  });

  it('puts a file that is not named after those that are', () => {
    expect(placeOf(`/r/tests/integration/${longest[0]}.test.ts`)).toBe(0);
    expect(placeOf('C:\\r\\tests\\e2e\\other.spec.ts')).toBe(longest.length);
  });
});
