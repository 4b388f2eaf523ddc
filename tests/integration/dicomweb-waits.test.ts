/** How long our DICOMweb client waits is what Settings say, at each call. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as v from 'valibot';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { networkLimitsSchema } from '../../core/contract/network-settings.ts';
import { remoteQuery } from '../../core/contract/remote.ts';
import { dataFolder, makeDataFolder } from '../../main/host/folder.ts';
import type { ObjectIntake } from '../../main/host/receive/intake.ts';
import { webWaitsOf } from '../../main/host/remote/peer-target.ts';
import { WebPeers } from '../../main/host/web/web-peers.ts';
import { temporaryFolder } from '../fixtures/host.ts';
import { webAccess } from '../fixtures/web-peer.ts';

const scratch = temporaryFolder();
const folder = dataFolder(scratch.path);
/** Nothing is retrieved here. */
const intake = { connect: () => () => undefined } as unknown as ObjectIntake;
let waits = { connectMs: 5000, idleMs: 100 };
let answerAfterMs = 0;
const server = createServer((_request, response) => {
  setTimeout(() => {
    response.setHeader('content-type', 'application/dicom+json');
    response.end('[]');
  }, answerAfterMs);
});
let peers: WebPeers;

beforeAll(async () => {
  makeDataFolder(folder);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  peers = new WebPeers(
    folder,
    () => intake,
    () => waits,
  );
});
afterAll(async () => {
  await peers.close();
  server.closeAllConnections();
  server.close();
  scratch.remove();
});

const search = () => {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return peers.search(webAccess({ url }), v.parse(remoteQuery, {}), AbortSignal.timeout(60_000));
};

it('gives a silent server up, and waits longer once it may', async () => {
  answerAfterMs = 10_000;
  expect(await search()).toMatchObject({ ok: false, problem: { code: 'PEER_TIMEOUT' } });
  answerAfterMs = 1000;
  waits = { connectMs: 5000, idleMs: 60_000 };
  expect(await search()).toMatchObject({ ok: true, value: { rows: [] } });
});

it('takes seconds as they are set', () => {
  const limits = v.parse(networkLimitsSchema, { webConnectSeconds: 7, webIdleSeconds: 90 });
  expect(webWaitsOf(limits)).toEqual({ connectMs: 7000, idleMs: 90_000 });
  expect(webWaitsOf(v.parse(networkLimitsSchema, {}))).toEqual({ connectMs: 10_000, idleMs: 60_000 });
});
