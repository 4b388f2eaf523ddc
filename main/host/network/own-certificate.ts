import { hostname, networkInterfaces } from 'node:os';
import { generate } from 'selfsigned';
import type { TlsIdentity } from '../dimse/tls-options.ts';

const days = 825;
const dayMs = 86_400_000;

/** A self-signed certificate for this machine's names and addresses (P-256), to be imported at peers. */
export async function makeOwnCertificate(nowMs: number): Promise<TlsIdentity> {
  const name = hostname().slice(0, 64) || 'candela';
  const { cert, private: key } = await generate([{ name: 'commonName', value: name }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    // A peer's clock may be a little behind.
    notBeforeDate: new Date(nowMs - dayMs),
    notAfterDate: new Date(nowMs + days * dayMs),
    extensions: [
      // Its own authority: peers that import it can check it without another.
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', digitalSignature: true, keyCertSign: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true, clientAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: name },
          { type: 2, value: 'localhost' },
          ...ownAddresses().map((ip) => ({ type: 7 as const, ip })),
        ],
      },
    ],
  });
  return { certificatePem: cert, keyPem: key };
}

/** Addresses of this machine: loopback too, link-local ones not. */
export function ownAddresses(): string[] {
  const all = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return all.filter(({ address }) => !/^fe80:/i.test(address)).map(({ address }) => address);
}
