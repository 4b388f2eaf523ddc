import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainTarget } from './plain-target.ts';

describe('plainTarget', () => {
  it.each([
    '/',
    '/call/app.info',
    '/pixels/p1?frames=4,5,6-9',
    '/thumb/s.1.2.840?size=128',
    '/upload/u?name=%E7%8E%8B',
  ])('takes %s', (target) => {
    const plain = plainTarget(target);
    expect(plain && plain.path + plain.query).toBe(target);
  });

  it.each([
    '/../etc/passwd',
    '/a/../../b',
    '/a/./b',
    '/..%2f..%2fetc',
    '/%2e%2e/etc',
    '/%252e%252e/etc',
    '/a%5c..%5cb',
    '/a\\..\\b',
    '/a%00.png',
    '/a%zz',
    '//evil.example/',
    'http://evil.example/',
    '',
    '*',
  ])('refuses %s', (target) => {
    expect(plainTarget(target)).toBeNull();
  });

  it('never lets a path through that decodes to something else than its plain self', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), (text) => {
        const plain = plainTarget(`/${text}`);
        if (!plain) return;
        const decoded = decodeURIComponentSafely(plain.path);
        expect(decoded).not.toMatch(/\\|\0/);
        expect(decoded.split('/')).not.toContain('..');
        expect(decoded.split('/').length).toBe(plain.path.split('/').length);
      }),
    );
  });
});

/** Bytes that are no UTF-8 stay as they are: nothing of ours is named so, and nothing is found under it. */
function decodeURIComponentSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
