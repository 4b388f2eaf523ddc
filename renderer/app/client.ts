import type { Client } from './transport/client.ts';

/** The composition root's client, handed to everything below it. One per window. */
let current: Client | undefined;

/** Called once, before the first render. */
export function provideClient(client: Client): void {
  current = client;
}

/** The window's client. Using it before `provideClient` is a bug. */
export function client(): Client {
  if (!current) throw new Error('No client yet');
  return current;
}
