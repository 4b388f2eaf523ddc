import { mkdirSync } from 'node:fs';
import { IntakeClient } from '../host/dimse/intake-client.ts';
import type { ReceiverNote, ReceiverOperations } from '../host/dimse/receiver-protocol.ts';
import { ReceiverServer } from '../host/dimse/receiver-server.ts';
import { sendNote, serveWorker } from '../host/worker-rpc.ts';

/** The receiver: sockets, timers, limits and part files. What it says durable is, is the host's word. */
const send = (note: ReceiverNote): void => sendNote(note);
let intake: IntakeClient | null = null;
let server: ReceiverServer | null = null;

const operations: ReceiverOperations = {
  places(places) {
    mkdirSync(places.incomingDir, { recursive: true, mode: 0o700 });
    intake = new IntakeClient(places, send);
  },
  async listen(config) {
    if (!intake) throw new Error('no places');
    server ??= new ReceiverServer(config, intake, send);
    return server.listen(config);
  },
  ping: () => undefined,
  async close() {
    await server?.close();
    await intake?.idle();
  },
  room: ({ problem }) => server?.setRoom(problem),
  intakeVerdict: (input) => intake?.operations.intakeVerdict(input),
  intakeRefused: (input) => intake?.operations.intakeRefused(input),
  respond: async ({ requestId, command, dataset }) =>
    (await server?.requests.respond(requestId, command, dataset)) ?? false,
  async ask({ requestId, contextId, command, dataset }) {
    if (!server) throw new Error('not listening');
    return server.requests.ask(requestId, contextId, command, dataset);
  },
  async sendObject({ requestId, object }) {
    if (!server) throw new Error('not listening');
    return server.requests.sendObject(requestId, object);
  },
  handled: ({ requestId, failed }) => server?.requests.handled(requestId, failed),
};
serveWorker({ ...operations }, { atOnce: true });
