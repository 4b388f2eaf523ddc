import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isFromOwnPage, isOwnHost, plainTarget, type RequestHead, sessionCookie } from './request-guard.ts';

const head = (method: string, headers: RequestHead['headers']): RequestHead => ({
  method,
  target: '/',
  headers,
});
const port = 4321;
const own = { host: '127.0.0.1:4321', origin: 'http://127.0.0.1:4321', 'sec-fetch-site': 'same-origin' };

describe('isOwnHost', () => {
  it.each([
    ['127.0.0.1:4321', true],
    ['127.0.0.1:4322', false],
    ['127.0.0.1', false],
    ['localhost:4321', false],
    ['evil.example:4321', false],
    ['[::1]:4321', false],
    [undefined, false],
  ])('%s → %s', (host, expected) => {
    expect(isOwnHost(head('GET', { host }), port)).toBe(expected);
  });
});

describe('isFromOwnPage', () => {
  const cases: readonly (readonly [string, string, RequestHead['headers'], boolean])[] = [
    ['POST', 'all right', own, true],
    ['POST', 'no origin', { ...own, origin: undefined }, false],
    ['POST', 'null origin', { ...own, origin: 'null' }, false],
    [
      'POST',
      'another port, same site',
      { ...own, origin: 'http://127.0.0.1:9', 'sec-fetch-site': 'same-site' },
      false,
    ],
    ['POST', 'lies about the site', { ...own, origin: 'http://127.0.0.1:9' }, false],
    ['POST', 'other scheme', { ...own, origin: 'https://127.0.0.1:4321' }, false],
    ['POST', 'cross-site', { ...own, 'sec-fetch-site': 'cross-site' }, false],
    ['POST', 'typed address', { ...own, 'sec-fetch-site': 'none' }, false],
    ['POST', 'no fetch metadata', { ...own, 'sec-fetch-site': undefined }, false],
    ['GET', 'no origin is normal', { ...own, origin: undefined }, true],
    ['GET', 'foreign origin', { ...own, origin: 'http://evil.example' }, false],
    ['GET', 'cross-site', { ...own, origin: undefined, 'sec-fetch-site': 'cross-site' }, false],
  ];
  it.each(cases)('%s, %s', (method, _what, headers, expected) => {
    expect(isFromOwnPage(head(method, headers), port)).toBe(expected);
  });
});

describe('sessionCookie', () => {
  it.each([
    ['candela_s=abc', 'abc'],
    ['a=1; candela_s=abc; b=2', 'abc'],
    ['candela_s=abc; candela_s=planted', undefined],
    ['xcandela_s=abc', undefined],
    [undefined, undefined],
  ])('%s → %s', (cookie, expected) => {
    expect(sessionCookie(head('GET', { cookie }))).toBe(expected);
  });
});

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
