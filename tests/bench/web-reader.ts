/** A script that asks our DICOMweb listener, on one kept connection. */
import { Agent, request } from 'node:http';
import type { Host } from '../../core/contract/host.ts';
import { freePort } from '../fixtures/orthanc.ts';
import { need } from './bench-host.ts';

export interface Reader {
  readonly agent: Agent;
  get(url: string, accept: string): Promise<Buffer>;
  readonly root: string;
}

export async function openReader(host: Host): Promise<Reader> {
  const { network } = need(await host.call('settings.get', {}));
  const web = { enabled: true, port: await freePort() };
  need(await host.call('settings.set', { changes: { network: { ...network, web } } }));
  const { url: root } = need(await host.call('web.status', {}));
  const { token } = need(await host.call('web.newToken', {}));
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const get = (url: string, accept: string): Promise<Buffer> =>
    new Promise((resolve, reject) => {
      const headers = { authorization: `Bearer ${token}`, accept };
      const sent = request(url, { agent, headers }, (answer) => {
        const parts: Buffer[] = [];
        answer.on('data', (part: Buffer) => parts.push(part));
        answer.on('end', () => resolve(Buffer.concat(parts)));
        if (answer.statusCode !== 200) reject(new Error(`${url}: ${answer.statusCode}`));
      });
      sent.on('error', reject).end();
    });
  return { agent, get, root };
}
