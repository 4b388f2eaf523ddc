import { connect as connectPlain, createServer, type Server } from 'node:net';
import { connect } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { problemText } from '../../../core/terms/terms.ts';
import { tlsProblem } from './tls-problem.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** The error of a handshake that the other side answers with a fatal alert (RFC 8446 section 6). */
async function errorOfAlert(alert: number): Promise<{ readonly code?: string }> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end(Buffer.from([21, 3, 3, 0, 2, 2, alert])));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const socket = connect({ socket: connectPlain(port, '127.0.0.1'), rejectUnauthorized: false });
  return new Promise((resolve) => socket.once('error', resolve));
}

describe('what a TLS alert means', () => {
  it.each([
    [42, 'bad certificate', 'TLS_OURS_REFUSED'],
    [43, 'unsupported certificate', 'TLS_OURS_REFUSED'],
    [44, 'certificate revoked', 'TLS_OURS_REFUSED'],
    [45, 'certificate expired', 'TLS_OURS_REFUSED'],
    [46, 'certificate unknown', 'TLS_OURS_REFUSED'],
    [48, 'unknown authority', 'TLS_OURS_REFUSED'],
    [49, 'access denied', 'TLS_OURS_REFUSED'],
    [116, 'certificate required', 'TLS_NEEDS_OURS'],
    [40, 'handshake failure', 'TLS_FAILED'],
    [70, 'protocol version', 'TLS_FAILED'],
    [71, 'insufficient security', 'TLS_FAILED'],
  ])('%i, %s, is %s, in words and without the names of a library', async (alert, _name, code) => {
    const found = tlsProblem(await errorOfAlert(alert), 'peer');
    expect(found?.code).toBe(code);
    for (const language of ['en', 'zh-CN'] as const) {
      expect(problemText(language, found!).sentence).not.toMatch(/ALERT|SSL[_V/]/);
    }
  });
});
