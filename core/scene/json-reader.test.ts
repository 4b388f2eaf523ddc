import { expect, it } from 'vitest';
import { parsedJson } from './json-reader.ts';

it('reads what editors put a byte order mark before, and tells what is no JSON', () => {
  expect(parsedJson('\uFEFF{"version":1}')).toEqual({ version: 1 });
  expect(parsedJson('null')).toBe(null);
  expect(parsedJson('P6 1 1 255')).toBe(undefined);
});
