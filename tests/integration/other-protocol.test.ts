/** A node that is set to the wrong kind of port is told so in words (issue 10: "a test button that says what is wrong"). */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createSecure } from 'node:https';
import { type AddressInfo, createServer as createPlain, type Server } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Host } from '../../core/contract/host.ts';
import type { CallInput } from '../../core/contract/index.ts';
import { ask, openHost, temporaryFolder } from '../fixtures/host.ts';
import { dcmtkMissing, type Station, startDcmqrscp } from '../fixtures/peers.ts';

const folder = temporaryFolder();
let host: Host;
const servers: Server[] = [];
const listen = async (server: Server): Promise<number> => {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
};
beforeAll(async () => {
  host = await openHost(join(folder.path, 'data'));
});
afterAll(async () => {
  await host.close();
  for (const server of servers) server.close();
  folder.remove();
});

async function failureOf(node: Partial<CallInput<'nodes.test'>['node']>) {
  const { ok, steps } = await ask(host, 'nodes.test', {
    node: { nodeId: 'n', name: 'n', protocol: 'dimse', aeTitle: 'ANY', host: '127.0.0.1', ...node },
  });
  const failed = steps.find(({ state }) => state === 'failed');
  return { ok, id: failed?.id, code: failed?.problem?.code, port: failed?.problem?.params?.['port'] };
}

describe('a DIMSE node', () => {
  it('at a web server', async () => {
    const port = await listen(createServer((_request, response) => response.end()));
    expect(await failureOf({ port })).toEqual({ ok: false, id: 'associate', code: 'PEER_IS_WEB', port });
  });

  it('at a port with TLS', async () => {
    const [key, cert] = ['key.pem', 'cert.pem'].map((name) => join(folder.path, name));
    const words = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost'];
    execFileSync('openssl', [...words, '-keyout', key!, '-out', cert!], { stdio: 'ignore' });
    const port = await listen(createSecure({ key: readFileSync(key!), cert: readFileSync(cert!) }));
    expect(await failureOf({ port })).toEqual({ ok: false, id: 'associate', code: 'PEER_NEEDS_TLS', port });
  });
});

describe('a DICOMweb node', () => {
  const web = (port: number, scheme = 'http') =>
    ({ protocol: 'web', url: `${scheme}://127.0.0.1:${port}/dicom-web` }) as const;

  it('at a port that is neither is told what happened there', async () => {
    const port = await listen(createPlain((socket) => socket.destroy()));
    expect(await failureOf(web(port))).toMatchObject({ ok: false, id: 'connect', code: 'CONNECTION_LOST' });
  });

  describe.skipIf(dcmtkMissing !== null)(`at a DIMSE port (${dcmtkMissing ?? 'DCMTK is there'})`, () => {
    let archive: Station;
    beforeAll(async () => {
      archive = await startDcmqrscp();
    });
    afterAll(() => archive.stop());

    it.each(['http', 'https'])('%s', async (scheme) => {
      const { port } = archive;
      expect(await failureOf(web(port, scheme))).toEqual({
        ok: false,
        id: 'http',
        code: 'WEB_IS_DIMSE',
        port,
      });
    });
  });
});
