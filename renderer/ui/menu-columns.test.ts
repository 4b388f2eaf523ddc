import { describe, expect, it } from 'vitest';
import { menuColumns } from './menu-columns.ts';

const group = (name: string, count: number) => Array.from({ length: count }, (_, n) => `${name}${n}`);
const joined = (...groups: readonly (readonly string[])[]) =>
  groups.flatMap((one, n) => (n === 0 ? one : ['line', ...one]));

describe('columns of a menu', () => {
  it('are one where everything is in sight', () => {
    const entries = joined(group('a', 20), group('b', 9));
    expect(entries.length).toBe(30);
    expect(menuColumns(entries)).toEqual([entries]);
  });
  it('are two where it is too long, groups whole and in order', () => {
    const groups = [group('a', 16), group('b', 9), group('c', 7), group('d', 9)];
    const entries = joined(...groups);
    const columns = menuColumns(entries);
    expect(columns).toEqual([joined(groups[0]!, groups[1]!), joined(groups[2]!, groups[3]!)]);
    for (const column of columns) {
      expect(column.length).toBeLessThanOrEqual(30);
      expect(column[0]).not.toBe('line');
      expect(column.at(-1)).not.toBe('line');
    }
  });
  it('leaves alone what has no groups', () => {
    expect(menuColumns(group('a', 40))).toEqual([group('a', 40)]);
  });
});
