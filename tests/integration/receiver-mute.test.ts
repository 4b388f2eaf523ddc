/** Peers that ask for objects and then do not answer what they are sent, or do not read it, lose their slots. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { element } from '../../core/dicom/write/element.ts';
import { encodeMessageDataset } from '../../core/dimse/query-dataset.ts';
import type { Command } from '../../core/dimse/types.ts';
import { ctClass, DimsePeer, explicitLittle } from '../fixtures/dimse-peer.ts';
import { ask, importPaths, temporaryFolder } from '../fixtures/host.ts';
import { openReceiver, receiverUntil } from '../fixtures/receiver.ts';
import { writeStudy } from '../fixtures/small-study.ts';

const getClass = '1.2.840.10008.5.1.4.1.2.2.3';
const uid = '2.25.75';
const contexts = [getClass, ctClass].map((abstractSyntax, n) => ({
  id: 1 + 2 * n,
  abstractSyntax,
  transferSyntaxes: [explicitLittle],
}));
const roles = [{ sopClassUid: ctClass, scu: false, scp: true }];
const keys = [element(0x00080052, 'CS', 'STUDY'), element(0x0020000d, 'UI', uid)];
const command: Command = {
  name: 'C-GET-RQ',
  messageId: 1,
  affectedSopClassUid: getClass,
  priority: 0,
  hasDataset: true,
};

it('a peer that goes mute in the middle of what it asked for is closed after the idle time', async () => {
  const folder = temporaryFolder();
  const { host, port } = await openReceiver(join(folder.path, 'data'));
  const { network } = await ask(host, 'settings.get', {});
  const receiver = { ...network.receiver, answersQueries: true };
  const limits = { ...network.limits, idleSeconds: 5 };
  await ask(host, 'settings.set', { changes: { network: { ...network, receiver, limits } } });
  // One object of more than sockets keep in their buffers.
  await importPaths(host, writeStudy(join(folder.path, 'files'), { uid, size: 3000 }));
  const peers = [
    await DimsePeer.open({ port, contexts, roles }),
    await DimsePeer.open({ port, contexts, roles }),
  ];
  for (const [n, peer] of peers.entries()) {
    peer.send(1, command, [encodeMessageDataset(keys, explicitLittle, '')]);
    if (n === 1) peer.socket.pause();
  }
  const status = await receiverUntil(host, ({ associations }) => associations.length === 0);
  expect(status.refusals.map(({ problem }) => problem.code)).toEqual(['PEER_IDLE', 'PEER_IDLE']);
  for (const { socket } of peers) socket.destroy();
  await host.close();
  folder.remove();
});
