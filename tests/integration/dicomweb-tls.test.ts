/** Our DICOMweb client and certificates: whom it believes, which it shows, and what it says when that does not do. */
import type { RequestListener, Server } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import * as v from 'valibot';
import { afterAll, describe, expect, it } from 'vitest';
import { remoteQuery } from '../../core/contract/remote.ts';
import { makeOwnCertificate } from '../../main/host/network/own-certificate.ts';
import type { WebAccess } from '../../main/host/web/credentials.ts';
import { temporaryFolder } from '../fixtures/host.ts';
import { openWebPeer, webAccess } from '../fixtures/web-peer.ts';

const folder = temporaryFolder();
const servers: Server[] = [];
let taskId = 0;
afterAll(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  folder.remove();
});

/** `ca`: whose certificates it asks for. */
async function serve(
  answer: RequestListener,
  secure: { cert: string; key: string; ca?: string; maxVersion?: 'TLSv1.2' },
): Promise<string> {
  const asks = { requestCert: secure.ca !== undefined, rejectUnauthorized: true };
  const server = createServer({ ...secure, ...asks }, answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `https://localhost:${(server.address() as AddressInfo).port}`;
}

const peer = openWebPeer(folder.path, { connectMs: 10_000, idleMs: 3000, pausesMs: [10, 10] });
const task = (access: WebAccess) => ({ taskId: ++taskId, access });
const search = async (access: WebAccess): Promise<string> => {
  const found = await peer.operations.search({ ...task(access), query: v.parse(remoteQuery, {}) });
  return found.ok ? `${found.value.rows.length}` : found.problem.code;
};
const rows: RequestListener = (_request, response) => {
  response.setHeader('content-type', 'application/dicom+json');
  response.end('[{"0020000D":{"vr":"UI","Value":["1.2.3"]}}]');
};

describe('certificates', () => {
  it('shows a client certificate, and believes imported authorities only', async () => {
    const own = await makeOwnCertificate(Date.now());
    const theirs = await makeOwnCertificate(Date.now());
    const pair = { cert: theirs.certificatePem, key: theirs.keyPem };
    const url = await serve(rows, { ...pair, ca: own.certificatePem });
    const trust = { authoritiesPem: [theirs.certificatePem], pinnedSha256: [] };
    const node = { url, authentication: 'certificate' } as const;
    expect(await search(webAccess(node, '', { identity: own, trust }))).toBe('1');
    expect(await search(webAccess(node, '', { identity: own }))).toBe('TLS_CERTIFICATE');
    expect(await search(webAccess(node, '', { trust }))).toMatch(/^(TLS_NEEDS_OURS|CONNECTION_LOST)$/);
  });

  it('says that a server wants our certificate, over TLS 1.2 too, and when it only hangs up', async () => {
    const own = await makeOwnCertificate(Date.now());
    const { certificatePem: cert, keyPem: key } = await makeOwnCertificate(Date.now());
    const trust = { authoritiesPem: [cert], pinnedSha256: [] };
    const asks = await serve(rows, { cert, key, ca: own.certificatePem, maxVersion: 'TLSv1.2' });
    const node = { url: asks };
    expect(await search(webAccess(node, '', { trust }))).toBe('TLS_NEEDS_OURS');
    const hangsUp = await serve((request) => request.socket.destroy(), { cert, key });
    const access = webAccess({ url: hangsUp }, '', { trust });
    const { steps } = await peer.operations.test(task(access));
    const { id, problem } = steps.find(({ state }) => state === 'failed')!;
    expect([id, problem?.code]).toEqual(['tls', 'TLS_ENDED']);
  });
});
