import { expect, test } from 'vitest';
import { beginWriting, blankFailed, blankRaw, endWriting, newClaims } from './slice-claims.ts';

test('what nobody wrote is blanked once; what has come, comes, or was blanked stays', () => {
  const claims = newClaims(6);
  const blanked: number[] = [];
  const blank = (slice: number): void => void blanked.push(slice);
  beginWriting({ claims, slice: 1 });
  endWriting({ claims, slice: 1 });
  beginWriting({ claims, slice: 2 });
  blankRaw(claims, blank);
  expect(blanked).toEqual([0, 3, 4, 5]);
  endWriting({ claims, slice: 2 });
  blankRaw(claims, blank);
  expect(blanked).toHaveLength(4);
  // A blanked slice is written when it comes, and no more blanked.
  beginWriting({ claims, slice: 3 });
  blankRaw(claims, blank);
  endWriting({ claims, slice: 3 });
  blankRaw(claims, blank);
  expect(blanked).toHaveLength(4);
});

test('a slice that fails is blanked whatever was written of it, and is written when tried again', () => {
  const claims = newClaims(2);
  const blanked: number[] = [];
  const blank = (slice: number): void => void blanked.push(slice);
  beginWriting({ claims, slice: 0 });
  blankFailed(claims, 0, blank);
  blankFailed(claims, 1, blank);
  blankRaw(claims, blank);
  expect(blanked).toEqual([0, 1]);
  beginWriting({ claims, slice: 0 });
  endWriting({ claims, slice: 0 });
  blankRaw(claims, blank);
  expect(blanked).toEqual([0, 1]);
});
