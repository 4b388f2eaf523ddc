import { checkServerIdentity, type PeerCertificate, type SecureContextOptions } from 'node:tls';

/** What a worker needs to prove who we are: PEM texts. */
export interface TlsIdentity {
  readonly certificatePem: string;
  readonly keyPem: string;
}

/** Whom we believe: PEM texts of imported authorities and of stations’ own certificates. Never the system's. */
export interface TlsTrust {
  readonly authoritiesPem: readonly string[];
  /** SHA-256 of certificates that were imported themselves, as upper-case hex pairs with colons. */
  readonly pinnedSha256: readonly string[];
}

/** Plain data, so that it can be sent to a worker. */
export interface ServerTls {
  readonly identity: TlsIdentity;
  readonly trust: TlsTrust;
  readonly clientCertificate: 'none' | 'required';
}

export interface ClientTls {
  /** Host name or address as the node has it. */
  readonly host: string;
  readonly identity: TlsIdentity | null;
  readonly trust: TlsTrust;
}

/** A handshake that takes longer is given up (reliability.md N21). */
export const handshakeTimeoutMs = 10_000;

/**
 * TLS 1.2 with forward secrecy and authenticated encryption, and TLS 1.3: the BCP 195 RFC 9325 profile of
 * PS3.15 B.12, without downgrading.
 */
const profile: SecureContextOptions = {
  minVersion: 'TLSv1.2',
  maxVersion: 'TLSv1.3',
  honorCipherOrder: true,
  ecdhCurve: 'X25519:prime256v1:secp384r1',
  ciphers: [
    'TLS_AES_256_GCM_SHA384',
    'TLS_AES_128_GCM_SHA256',
    'TLS_CHACHA20_POLY1305_SHA256',
    'ECDHE-ECDSA-AES256-GCM-SHA384',
    'ECDHE-RSA-AES256-GCM-SHA384',
    'ECDHE-ECDSA-AES128-GCM-SHA256',
    'ECDHE-RSA-AES128-GCM-SHA256',
  ].join(':'),
};

/** Options of `tls.createServer`. */
export function serverTlsOptions({ identity, trust, clientCertificate }: ServerTls) {
  const isAsked = clientCertificate === 'required';
  return {
    ...profile,
    cert: identity.certificatePem,
    key: identity.keyPem,
    ca: [...trust.authoritiesPem],
    handshakeTimeout: handshakeTimeoutMs,
    requestCert: isAsked,
    rejectUnauthorized: isAsked,
  };
}

/**
 * Options of `tls.connect`. The peer's chain ends at something imported, and its certificate is for the host we call
 * or was itself imported: any other holder of a certificate of the same authority is turned away.
 */
export function clientTlsOptions({ host, identity, trust }: ClientTls) {
  return {
    ...profile,
    ca: [...trust.authoritiesPem],
    ...(identity && { cert: identity.certificatePem, key: identity.keyPem }),
    // Addresses are no server names (RFC 6066 section 3).
    ...(!isAddress(host) && { servername: host }),
    rejectUnauthorized: true,
    checkServerIdentity: (_name: string, certificate: PeerCertificate) =>
      trust.pinnedSha256.includes(certificate.fingerprint256)
        ? undefined
        : checkServerIdentity(host, certificate),
  };
}

const isAddress = (host: string): boolean => /^[0-9.]+$/.test(host) || host.includes(':');
