/** Media types as PS3.18 8.7 and the clients that are out there write them. */
import { describe, expect, it } from 'vitest';
import { chooseOffer, mediaTypeText, type Offer, parseAccept, parseMediaType } from './media-type.ts';

const jpegLs = '1.2.840.10008.1.2.4.80';
const explicit = '1.2.840.10008.1.2.1';

describe('parseMediaType', () => {
  it('reads quoted and unquoted parameters', () => {
    const quoted = parseMediaType(
      `Multipart/Related; type="application/dicom"; boundary="a;\\"b,c"; start=x ; broken`,
    );
    expect(quoted?.type).toBe('multipart/related');
    expect(Object.fromEntries(quoted!.parameters)).toEqual({
      type: 'application/dicom',
      boundary: 'a;"b,c',
      start: 'x',
    });
    expect(parseMediaType('multipart/related;type=application/dicom')?.parameters.get('type')).toBe(
      'application/dicom',
    );
  });

  it('takes nothing else', () => {
    for (const text of ['', 'dicom', 'a/b/c', '; q=1', 'a b/c']) expect(parseMediaType(text)).toBeUndefined();
  });

  it('reads what mediaTypeText writes', () => {
    const text = mediaTypeText('multipart/related', { type: 'application/dicom', boundary: 'a "b\\' });
    expect(text).toBe('multipart/related; type="application/dicom"; boundary="a \\"b\\\\"');
    expect(Object.fromEntries(parseMediaType(text)!.parameters)).toEqual({
      type: 'application/dicom',
      boundary: 'a "b\\',
    });
  });
});

describe('parseAccept', () => {
  it('puts the most wanted first and keeps the order of equals', () => {
    const text =
      'image/png;q=0.5, application/dicom+json, x, multipart/related; type="a/b, c"; q=0.9, */*;q=9';
    expect(parseAccept(text).map(({ type, quality }) => [type, quality])).toEqual([
      ['application/dicom+json', 1],
      ['multipart/related', 0.9],
      ['image/png', 0.5],
      ['*/*', 0],
    ]);
  });
});

describe('chooseOffer', () => {
  const octets: Offer = {
    type: 'application/octet-stream',
    isMultipart: true,
    transferSyntaxUid: explicit,
    isDefault: true,
  };
  const single: Offer = { ...octets, isMultipart: false };
  const coded: Offer = { type: 'image/jls', isMultipart: true, transferSyntaxUid: jpegLs, isDefault: true };
  const raw: Offer = { type: 'application/octet-stream', isMultipart: true, transferSyntaxUid: jpegLs };
  const offers = [octets, single, coded, raw];
  const chosen = (accept: string) => offers.indexOf(chooseOffer(accept, offers)!);

  it.each([
    ['', 0],
    ['*/*', 0],
    ['multipart/*', 0],
    ['application/octet-stream', 1],
    ['multipart/related; type="application/octet-stream"', 0],
    ['multipart/related; type=application/octet-stream; transfer-syntax=*', 0],
    [`multipart/related; type="application/octet-stream"; transfer-syntax=${jpegLs}`, 3],
    [`multipart/related; type="image/jls"`, 2],
    [`multipart/related; type="image/*"; transfer-syntax=${jpegLs}`, 2],
    [`multipart/related; type="image/jls"; transfer-syntax=${explicit}`, -1],
    ['image/jls', -1],
    ['multipart/related; type="application/octet-stream"; q=0.1, multipart/related; type="image/jls"', 2],
    ['*/*, multipart/related; q=0', 1],
    ['application/dicom+json', -1],
    ['nonsense', -1],
  ])('%s → %i', (accept, index) => {
    expect(chosen(accept)).toBe(index);
  });
});
