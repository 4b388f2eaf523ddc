import { describe, expect, it } from 'vitest';
import { isFromOwnPage, isOwnHost, type RequestHead, sessionCookie } from './request-guard.ts';

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
