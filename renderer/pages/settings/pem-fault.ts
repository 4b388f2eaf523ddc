export type PemFault = 'key' | 'request' | 'cut' | 'binary' | 'none';

/** Why a text can hold no certificate, as far as it can be told at once; null while it is empty or may hold one. */
export function pemFault(text: string): PemFault | null {
  if (text.trim() === '') return null;
  const begins = text.split('-----BEGIN CERTIFICATE-----').length - 1;
  const ends = text.split('-----END CERTIFICATE-----').length - 1;
  if (begins > 0) return begins === ends ? null : 'cut';
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text)) return 'key';
  if (/-----BEGIN (NEW )?CERTIFICATE REQUEST-----/.test(text)) return 'request';
  if (ends > 0) return 'cut';
  // DER and PKCS #12 begin with a SEQUENCE, whose length no text has; read as text their bytes are lost.
  return text.includes('\ufffd') || text.includes('\0') ? 'binary' : 'none';
}
