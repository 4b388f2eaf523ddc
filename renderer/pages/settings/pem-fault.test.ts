import { expect, it } from 'vitest';
import { pemFault } from './pem-fault.ts';

const whole = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';

it.each([
  ['', null],
  ['  \n', null],
  [whole, null],
  [`subject=CN\n${whole}${whole}`, null],
  [whole.slice(0, -30), 'cut'],
  [whole.slice(20), 'cut'],
  [`${whole}-----BEGIN CERTIFICATE-----\nMIIB`, 'cut'],
  ['-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----', 'key'],
  ['-----BEGIN RSA PRIVATE KEY-----\nMIIE', 'key'],
  ['-----BEGIN CERTIFICATE REQUEST-----\nMIIC', 'request'],
  [new TextDecoder().decode(new Uint8Array([0x30, 0x82, 0x03, 0xff, 0x00])), 'binary'],
  ['MIIDdzCCAl+gAwIBAgIEAgAAuTANBgkqhkiG9w0BAQUFADBaMQswCQYDVQQGEwJJ', 'none'],
])('case %#', (text, fault) => {
  expect(pemFault(text)).toBe(fault);
});
