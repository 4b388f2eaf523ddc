import type { Socket } from 'node:net';
import { type Problem, problem } from '../../../core/base/problem.ts';

const untrusted = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_SIGNATURE_FAILURE',
  'CERT_UNTRUSTED',
  'CERT_REJECTED',
  'CERT_CHAIN_TOO_LONG',
  'INVALID_CA',
  'INVALID_PURPOSE',
  'ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE',
]);
const outOfTime = new Set(['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID']);
/** Alerts that a peer sends about the certificate it was shown, which is ours (RFC 8446 section 6.2). */
const oursRefused = new Set([
  'ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE',
  'ERR_SSL_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE',
  'ERR_SSL_SSLV3_ALERT_CERTIFICATE_REVOKED',
  'ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED',
  'ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN',
  'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA',
  'ERR_SSL_TLSV1_ALERT_ACCESS_DENIED',
]);

/** What a TLS error means to a person; null when the error is none of TLS. */
export function tlsProblem(error: { readonly code?: string }, host: string): Problem | null {
  // OpenSSL 3.2 gave the alerts of SSL 3 another name.
  const code = (error.code ?? '').replace('SSL/TLS_ALERT', 'SSLV3_ALERT');
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return problem('TLS_NAME_MISMATCH', { host });
  if (code === 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED') return problem('TLS_NEEDS_OURS');
  if (oursRefused.has(code)) return problem('TLS_OURS_REFUSED');
  if (outOfTime.has(code)) return problem('TLS_EXPIRED');
  if (untrusted.has(code)) return problem('TLS_CERTIFICATE', { reason: code });
  const isTls = /^ERR_(SSL|TLS|OSSL)|^EPROTO$/.test(code);
  return isTls ? problem('TLS_FAILED', { reason: code.replace(/^ERR_/, '').slice(0, 80) }) : null;
}

/**
 * TLS 1.2 has one alert for whatever fails: after keys were agreed on, it is about the certificate that the peer asked us
 * for. Answers what such an error means, null for others; listens from before the handshake on.
 */
export function aboutOurCertificate(
  socket: Socket,
  isShown: boolean,
): (error: { readonly code?: string; readonly message?: string }) => Problem | null {
  let hasKeys = false;
  socket.once('keylog', () => {
    hasKeys = true;
  });
  // While something is being written the alert is told by its words alone.
  const isRefused = (code: string, message: string): boolean =>
    code.endsWith('ALERT_HANDSHAKE_FAILURE') || (code === 'EPROTO' && /alert handshake fail/.test(message));
  return ({ code = '', message = '' }) =>
    hasKeys && isRefused(code, message) ? problem(isShown ? 'TLS_OURS_REFUSED' : 'TLS_NEEDS_OURS') : null;
}
