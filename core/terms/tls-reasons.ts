import type { Term } from './term.ts';

const noVersion = { zh: '双方没有共同的 TLS 版本', en: 'both sides have no TLS version in common' };
const noCipher = { zh: '双方没有共同的加密算法', en: 'both sides have no encryption method in common' };
const notTls = { zh: '该端口上的对方不使用 TLS', en: 'the other side does not speak TLS on this port' };
const brokenOff = {
  zh: '对方中断了握手',
  en: 'the other side broke the handshake off',
};
const ourCertificate = {
  zh: '对方不接受本机的证书',
  en: 'the other side does not take our certificate',
};
const selfSigned = {
  zh: '自签名，且没有导入',
  en: 'it is self-signed and was not imported',
};
const unknownAuthority = {
  zh: '签发机构没有导入',
  en: 'the authority that issued it was not imported',
};
const malformed = { zh: '签名或用途不正确', en: 'its signature or its purpose is wrong' };

/** What the words of TLS libraries mean to a person, by OpenSSL's and Node's names without `ERR_`. */
const reasons: Readonly<Record<string, Term>> = {
  SSL_WRONG_VERSION_NUMBER: notTls,
  SSL_PACKET_LENGTH_TOO_LONG: notTls,
  SSL_HTTP_REQUEST: notTls,
  SSL_HTTPS_PROXY_REQUEST: notTls,
  SSL_UNEXPECTED_MESSAGE: notTls,
  SSL_BAD_RECORD_TYPE: notTls,
  SSL_UNSUPPORTED_PROTOCOL: noVersion,
  SSL_NO_PROTOCOLS_AVAILABLE: noVersion,
  SSL_VERSION_TOO_LOW: noVersion,
  SSL_TLSV1_ALERT_PROTOCOL_VERSION: noVersion,
  SSL_NO_SHARED_CIPHER: noCipher,
  SSL_NO_SHARED_GROUP: noCipher,
  SSL_NO_SUITABLE_KEY_SHARE: noCipher,
  SSL_NO_SUITABLE_SIGNATURE_ALGORITHM: noCipher,
  SSL_NO_CIPHERS_AVAILABLE: noCipher,
  SSL_SSLV3_ALERT_HANDSHAKE_FAILURE: noCipher,
  SSL_TLSV1_ALERT_INSUFFICIENT_SECURITY: noCipher,
  // In jobs of before; today it is TLS_NEEDS_OURS.
  SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: {
    zh: '对方要求本机出示证书',
    en: 'the other side asks for a certificate of ours',
  },
  // In jobs of before, too; today they are TLS_OURS_REFUSED.
  SSL_SSLV3_ALERT_BAD_CERTIFICATE: ourCertificate,
  SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN: ourCertificate,
  SSL_SSLV3_ALERT_CERTIFICATE_REVOKED: ourCertificate,
  SSL_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE: ourCertificate,
  SSL_TLSV1_ALERT_ACCESS_DENIED: ourCertificate,
  SSL_TLSV1_ALERT_UNKNOWN_CA: ourCertificate,
  TLS_HANDSHAKE_TIMEOUT: { zh: '握手没有按时完成', en: 'the handshake did not end in time' },
  EPROTO: brokenOff,
  ECONNRESET: brokenOff,
  EPIPE: brokenOff,
  closed: brokenOff,
  DEPTH_ZERO_SELF_SIGNED_CERT: selfSigned,
  SELF_SIGNED_CERT_IN_CHAIN: selfSigned,
  UNABLE_TO_GET_ISSUER_CERT: unknownAuthority,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: unknownAuthority,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: unknownAuthority,
  CERT_UNTRUSTED: unknownAuthority,
  CERT_REJECTED: unknownAuthority,
  CERT_SIGNATURE_FAILURE: malformed,
  CERT_CHAIN_TOO_LONG: malformed,
  INVALID_CA: malformed,
  INVALID_PURPOSE: malformed,
  SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE: { zh: '对方没有出示证书', en: 'it showed none' },
};

/** The reason of a TLS problem in words; undefined for one that nobody has put into words. */
export const tlsReason = (reason: string): Term | undefined => {
  const name = reason.replace(/^ERR_/, '');
  return Object.hasOwn(reasons, name) ? reasons[name] : undefined;
};
