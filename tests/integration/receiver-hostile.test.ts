/**
 * Network classes N1 to N22 of reliability.md on the receiver. In each of them a good peer is served meanwhile and
 * afterwards, and no part file is left. Oracles: PS3.8 (reject and abort codes), the catalogue's outcomes and times.
 */
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Host } from '../../core/contract/host.ts';
import { encodeCommand } from '../../core/dimse/command-set.ts';
import { encodePdu } from '../../core/dimse/pdu-encode.ts';
import type { AssociateRequest } from '../../core/dimse/types.ts';
import {
  ctClass,
  DimsePeer,
  explicitLittle,
  requestBytes,
  requestOf,
  verification,
} from '../fixtures/dimse-peer.ts';
import { ask, listAll, temporaryFolder } from '../fixtures/host.ts';
import { element, sliceWith } from '../fixtures/raw-dicom.ts';
import { openReceiver, receiverUntil } from '../fixtures/receiver.ts';

const folder = temporaryFolder();
let host: Host;
let port = 0;
const dataDir = join(folder.path, 'data');

beforeAll(async () => {
  const opened = await openReceiver(dataDir);
  host = opened.host;
  port = opened.port;
});
afterAll(async () => {
  await host.close();
  folder.remove();
});

const ctDataset = (uid: string): Uint8Array => Uint8Array.from(sliceWith(element(0x8, 0x18, 'UI', uid)));
let good = 0;
/** A peer that behaves. */
async function goodPeerIsServed(): Promise<void> {
  const uid = `1.2.20.${good++}`;
  const peer = await DimsePeer.open({ port, calling: 'GOOD', from: '127.0.0.2' });
  expect(await peer.store(uid, ctDataset(uid))).toBe(0);
  await peer.release();
}

function partsLeft(): string[] {
  return readdirSync(join(dataDir, 'incoming'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name);
}

async function untilNoParts(): Promise<void> {
  while (partsLeft().length > 0) await new Promise((resolve) => setTimeout(resolve, 20));
}

interface Raw {
  readonly socket: Socket;
  /** Everything that came, once the connection was closed. */
  readonly heard: Promise<Buffer>;
}

function raw(from = '127.0.0.1'): Raw {
  const socket = connect({ port, host: '127.0.0.1', localAddress: from });
  const pieces: Buffer[] = [];
  socket.on('data', (bytes: Buffer) => pieces.push(bytes));
  socket.on('error', () => undefined);
  const heard = new Promise<Buffer>((resolve) => {
    socket.on('close', () => resolve(Buffer.concat(pieces)));
  });
  return { socket, heard };
}

/** An association that was accepted, to be misused from here on. */
async function accepted(from = '127.0.0.1'): Promise<Raw & { readonly answer: Buffer }> {
  const one = raw(from);
  one.socket.write(requestBytes({ port }));
  const [answer] = (await once(one.socket, 'data')) as [Buffer];
  expect(answer[0]).toBe(2);
  return { ...one, answer };
}

const abortOf = (heard: Buffer): { source: number; reason: number } | null => {
  const at = heard.length - 10;
  return at >= 0 && heard[at] === 7 ? { source: heard[at + 8]!, reason: heard[at + 9]! } : null;
};

const dataPdu = (
  contextId: number,
  control: number,
  value: Uint8Array,
  pdvLength = value.length + 2,
): Buffer => {
  const head = Buffer.alloc(12);
  head[0] = 4;
  head.writeUInt32BE(value.length + 6, 2);
  head.writeUInt32BE(pdvLength, 6);
  head[10] = contextId;
  head[11] = control;
  return Buffer.concat([head, value]);
};
const storeRequest = (uid: string): Uint8Array =>
  encodeCommand({
    name: 'C-STORE-RQ',
    messageId: 1,
    affectedSopClassUid: ctClass,
    affectedSopInstanceUid: uid,
    priority: 0,
    hasDataset: true,
  });

describe('before there is an association', () => {
  it.each([
    ['HTTP', Buffer.from('GET / HTTP/1.1\r\nHost: a\r\n\r\n')],
    ['TLS', Buffer.from('16030100c8010000c40303', 'hex')],
    ['SSH', Buffer.from('SSH-2.0-OpenSSH_9.6\r\n')],
    ['noise', Buffer.from(Uint8Array.from({ length: 5000 }, (_, n) => (n * 193 + 7) & 255))],
  ])('N1: %s is closed at once', async (_name, bytes) => {
    const { socket, heard } = raw();
    socket.write(bytes);
    const startMs = performance.now();
    await heard;
    expect(performance.now() - startMs).toBeLessThan(30_000);
    await goodPeerIsServed();
  });

  it.each([
    ['0xFFFFFFFF', 0xffffffff],
    ['1 MiB + 1', (1 << 20) + 1],
  ])('N2: a PDU of %s is aborted, and told', async (_name, length) => {
    const { socket, heard } = raw();
    const head = Buffer.alloc(6);
    head[0] = 1;
    head.writeUInt32BE(length, 2);
    socket.write(head);
    expect(abortOf(await heard)).not.toBeNull();
    const { refusals } = await receiverUntil(host, (status) => status.refusals.length > 0);
    expect(refusals[0]?.problem.code).toBe('PDU_TOO_LARGE');
  });

  it('N3: an unknown PDU type is aborted as unrecognized', async () => {
    const { socket, heard } = raw();
    socket.write(Buffer.from([9, 0, 0, 0, 0, 4, 1, 2, 3, 4]));
    expect(abortOf(await heard)).toEqual({ source: 2, reason: 1 });
  });

  it('N9: faulty and empty AE titles', async () => {
    const request = requestBytes({ port, called: '' });
    const { socket, heard } = raw();
    socket.write(request);
    const answer = await heard;
    expect([...answer.subarray(0, 1), ...answer.subarray(7, 10)]).toEqual([3, 1, 1, 7]);
    const peer = new DimsePeer({ port, calling: '' });
    expect(await peer.answer).toEqual({ kind: 'rejected', result: 1, source: 1, reason: 3 });
  });

  it('N10: another application context, another protocol version', async () => {
    const request = requestOf({ port });
    const outcomes: number[][] = [];
    const others: AssociateRequest[] = [
      { ...request, applicationContext: '1.2.3' },
      { ...request, protocolVersion: 2 },
    ];
    for (const other of others) {
      const { socket, heard } = raw();
      socket.write(encodePdu(other));
      outcomes.push([...(await heard).subarray(7, 10)]);
    }
    expect(outcomes).toEqual([
      [1, 1, 2],
      [1, 2, 2],
    ]);
  });

  it('N8: 128 contexts of 64 syntaxes are answered', async () => {
    const contexts = Array.from({ length: 128 }, (_, n) => ({
      id: 2 * n + 1,
      abstractSyntax: n === 0 ? verification : `1.2.3.${n}`,
      transferSyntaxes: Array.from({ length: 64 }, (_x, k) => (k === 63 ? explicitLittle : `1.2.${n}.${k}`)),
    }));
    const peer = new DimsePeer({ port, contexts });
    const answer = await peer.answer;
    expect(answer).toMatchObject({ kind: 'accepted' });
    if (answer.kind === 'accepted') expect(answer.answer.contexts.map(({ result }) => result)[0]).toBe(0);
    await peer.release();
  });

  it('N20: a user identity with a long password is passed over', async () => {
    const request = requestOf({ port });
    const identity = {
      type: 2,
      wantsResponse: false,
      primary: Buffer.from('somebody'),
      secondary: new Uint8Array(60_000).fill(0x41),
    };
    const { socket } = raw();
    socket.write(encodePdu({ ...request, user: { ...request.user, identity } }));
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer[0]).toBe(2);
    socket.destroy();
  });
});

describe('within an association', () => {
  it.each([
    ['an even context id', dataPdu(2, 3, storeRequest('1.2.3'))],
    ['a context that was never proposed', dataPdu(77, 3, storeRequest('1.2.3'))],
    ['a PDV longer than its PDU', dataPdu(1, 3, storeRequest('1.2.3'), 70_000)],
    ['a PDV of length 0', dataPdu(1, 3, storeRequest('1.2.3'), 0)],
    ['a PDV of length 1', dataPdu(1, 3, storeRequest('1.2.3'), 1)],
    ['a data set before its command', dataPdu(1, 2, storeRequest('1.2.3'))],
    [
      'a command in the middle of a data set',
      Buffer.concat([
        dataPdu(1, 3, storeRequest('1.2.21.1')),
        dataPdu(1, 0, ctDataset('1.2.21.1')),
        dataPdu(1, 3, storeRequest('1.2.21.2')),
      ]),
    ],
    ['another request in the middle of the association', requestBytes({ port: 0 })],
  ])('N11, N12, N14: %s is aborted, and its part is gone', async (_name, bytes) => {
    const { socket, heard } = await accepted();
    socket.write(bytes);
    expect(abortOf(await heard)).not.toBeNull();
    await untilNoParts();
    await goodPeerIsServed();
  });

  it('N14: release in the middle of a data set is answered, and the part is gone', async () => {
    const { socket, answer, heard } = await accepted();
    socket.write(dataPdu(1, 3, storeRequest('1.2.22')));
    socket.write(dataPdu(1, 0, ctDataset('1.2.22')));
    socket.write(Buffer.from([5, 0, 0, 0, 0, 4, 0, 0, 0, 0]));
    const [reply] = (await once(socket, 'data')) as [Buffer];
    expect(reply[0]).toBe(6);
    socket.end();
    expect((await heard).length).toBe(answer.length + 10);
    await untilNoParts();
  });

  it.each(['end', 'destroy', 'resetAndDestroy'] as const)(
    'N15, F14: %s in the middle of a PDV',
    async (how) => {
      const { socket, heard } = await accepted();
      socket.write(dataPdu(1, 3, storeRequest('1.2.23')));
      await new Promise<void>((resolve) => {
        socket.write(dataPdu(1, 2, ctDataset('1.2.23')).subarray(0, 100), () => resolve());
      });
      socket[how]();
      await heard;
      await receiverUntil(host, ({ associations }) => associations.length === 0);
      await untilNoParts();
      await goodPeerIsServed();
    },
  );

  it('N16: commands that lie are answered 0x0110 to 0x0212, or aborted', async () => {
    const noClass = Buffer.from(storeRequest('1.2.24'));
    const unknown = Buffer.from(noClass);
    // Command Field (0000,0100) follows group length and the class.
    const field = unknown.indexOf(Buffer.from([0, 0, 0, 1, 2, 0, 0, 0]));
    unknown.writeUInt16LE(0x0777, field + 8);
    const lengthLie = Buffer.from(noClass);
    lengthLie.writeUInt32LE(0x7fffffff, 16);
    for (const command of [unknown, lengthLie]) {
      const { socket, heard } = await accepted();
      socket.write(dataPdu(1, 3, command));
      const first = await Promise.race([once(socket, 'data').then(([bytes]) => bytes as Buffer), heard]);
      const isAbort = abortOf(first) !== null;
      if (!isAbort) {
        const status = first.readUInt16LE(first.indexOf(Buffer.from([0, 0, 0, 9, 2, 0, 0, 0])) + 8);
        expect(status).toBeGreaterThanOrEqual(0x0110);
        expect(status).toBeLessThanOrEqual(0x0212);
      }
      socket.destroy();
    }
    await goodPeerIsServed();
  });

  it('N19: a window of any size is negotiated to one; requests beyond are aborted', async () => {
    const request = requestOf({ port });
    const one = raw();
    const asyncWindow = { invoked: 0, performed: 65_535 };
    one.socket.write(encodePdu({ ...request, user: { ...request.user, asyncWindow } }));
    const [answer] = (await once(one.socket, 'data')) as [Buffer];
    // Sub-item 53H is left out, which means 1 and 1 (PS3.7 D.3.3.3.2), or says so.
    const window = answer.indexOf(Buffer.from([0x53, 0, 0, 4]));
    if (window >= 0) expect([...answer.subarray(window + 4, window + 8)]).toEqual([0, 1, 0, 1]);
    const whole = (n: number): Buffer =>
      Buffer.concat([dataPdu(1, 3, storeRequest(`1.2.25.${n}`)), dataPdu(1, 2, ctDataset(`1.2.25.${n}`))]);
    one.socket.write(Buffer.concat(Array.from({ length: 1000 }, (_, n) => whole(n))));
    expect(abortOf(await one.heard)).not.toBeNull();
    await untilNoParts();
    await goodPeerIsServed();
  });

  it('N22: services that are off are refused in negotiation', async () => {
    const find = '1.2.840.10008.5.1.4.1.2.2.1';
    const contexts = [
      { id: 1, abstractSyntax: find, transferSyntaxes: [explicitLittle] },
      { id: 3, abstractSyntax: verification, transferSyntaxes: [explicitLittle] },
    ];
    const peer = new DimsePeer({ port, contexts });
    const answer = await peer.answer;
    if (answer.kind === 'accepted') expect(answer.answer.contexts[0]?.result).toBe(3);
    expect(answer.kind).toBe('accepted');
    await peer.release();
  });
});

describe('many at once', () => {
  it('N6: of 1,000 connections 16 of an address are served, the rest is rejected as transient', async () => {
    const answers = await Promise.all(
      Array.from({ length: 1000 }, async () => {
        const peer = new DimsePeer({ port });
        return { peer, answer: await peer.answer };
      }),
    );
    const served = answers.filter(({ answer }) => answer.kind === 'accepted');
    const rejected = answers.filter(({ answer }) => answer.kind === 'rejected');
    expect(served.length).toBe(16);
    expect(rejected.length).toBe(984);
    expect(rejected[0]?.answer).toEqual({ kind: 'rejected', result: 2, source: 3, reason: 2 });
    await goodPeerIsServed();
    await Promise.all(served.map(({ peer }) => peer.release()));
    await receiverUntil(host, ({ associations }) => associations.length === 0);
    const { refusals } = await ask(host, 'receiver.status', {});
    expect(refusals.some(({ problem }) => problem.code === 'ASSOC_LIMIT')).toBe(true);
  });

  it('N7: 500 associations that are aborted leave nothing behind', async () => {
    for (let n = 0; n < 50; n++) {
      await Promise.all(
        Array.from({ length: 10 }, async () => {
          const peer = await DimsePeer.open({ port });
          peer.abort();
          await peer.closed;
        }),
      );
    }
    await receiverUntil(host, ({ associations }) => associations.length === 0);
    await goodPeerIsServed();
  });
});

describe.concurrent('slow peers', () => {
  it('N4: a request that comes byte by byte is closed after ARTIM', async () => {
    const { socket, heard } = raw('127.0.0.3');
    const request = requestBytes({ port });
    let at = 0;
    const startMs = performance.now();
    const dripping = setInterval(() => {
      socket.write(request.subarray(at, at + 1));
      at += 1;
    }, 500);
    await heard;
    clearInterval(dripping);
    expect(performance.now() - startMs).toBeGreaterThan(9000);
    expect(performance.now() - startMs).toBeLessThan(40_000);
  });

  it('N5: a data set at 10 bytes a second is aborted as too slow', async () => {
    const { socket, heard } = await accepted('127.0.0.4');
    socket.write(dataPdu(1, 3, storeRequest('1.2.26')));
    const long = dataPdu(1, 2, new Uint8Array(100_000));
    let at = 0;
    const dripping = setInterval(() => {
      socket.write(long.subarray(at, at + 10));
      at += 10;
    }, 1000);
    expect(abortOf(await heard)).not.toBeNull();
    clearInterval(dripping);
    const { refusals } = await receiverUntil(host, (status) =>
      status.refusals.some(({ problem }) => problem.code === 'PEER_TOO_SLOW'),
    );
    expect(refusals.find(({ problem }) => problem.code === 'PEER_TOO_SLOW')?.address).toBe('127.0.0.4');
    await untilNoParts();
  });
});

it('has stored what the good peer sent, and nothing else', async () => {
  const rows = (await listAll(host)).rows;
  const instances = rows.reduce((sum, row) => sum + row.instances, 0);
  // Of the thousand requests at once (N19) the first ones were whole and may be there.
  expect(instances).toBeGreaterThanOrEqual(good);
  expect(instances).toBeLessThanOrEqual(good + 5);
  expect(partsLeft()).toEqual([]);
});
