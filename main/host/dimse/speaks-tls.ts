import { connect } from 'node:tls';

const probeMs = 3000;

/**
 * Whether a port answers a TLS handshake. What it shows is not looked at, and nothing is said to it: the answer only words
 * why a connection without encryption was closed.
 */
export function speaksTls({
  host,
  port,
}: {
  readonly host: string;
  readonly port: number;
}): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, rejectUnauthorized: false, timeout: probeMs });
    const end = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('secureConnect', () => end(true));
    // A server that asks for a certificate of ours has spoken TLS, too.
    socket.once('error', (error: NodeJS.ErrnoException) => end(/ALERT/.test(error.code ?? '')));
    socket.once('timeout', () => end(false));
    socket.once('close', () => end(false));
  });
}
