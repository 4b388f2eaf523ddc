import { expect, it } from 'vitest';
import { markAsDemo } from './demo-mark.ts';

/** The picture's first channel as rows of text. */
const rowsOf = (rgba: Uint8Array, width: number): string[] =>
  Array.from({ length: rgba.length / (4 * width) }, (_, y) =>
    Array.from({ length: width }, (_, x) => ({ 255: '#', 0: '.' })[rgba[(y * width + x) * 4]!] ?? ' ').join(
      '',
    ),
  );

it('writes DEMO on a plate in the corner, and nothing elsewhere', () => {
  const rgba = new Uint8Array(40 * 20 * 4).fill(90);
  markAsDemo(rgba, 40, 20);
  const rows = rowsOf(rgba, 40);
  expect(rows[4]).toBe('  ..####..#####.#...#..###...         '.padEnd(40));
  expect(rows[10]).toBe('  ..####..#####.#...#..###...         '.padEnd(40));
  expect(rows[1]!.trim() + rows[13]!.trim()).toBe('');
  expect(rows.slice(2, 13).every((row) => row.slice(29).trim() === '')).toBe(true);
  expect(rgba[(4 * 40 + 4) * 4 + 3]).toBe(255);
});

it('grows with the picture, and is cut by one that is smaller', () => {
  const large = new Uint8Array(480 * 480 * 4).fill(90);
  markAsDemo(large, 480, 480);
  const rows = rowsOf(large, 480).filter((row) => row.trim() !== '');
  expect(rows.length).toBe(44);
  expect(rows[0]!.trim().length).toBe(108);
  const tiny = new Uint8Array(8 * 6 * 4).fill(90);
  markAsDemo(tiny, 8, 6);
  expect(tiny.length).toBe(8 * 6 * 4);
  expect(rowsOf(tiny, 8)[4]).toBe('  ..####');
});
