import { expect, it } from 'vitest';
import { type Problem, problem } from '../../../core/base/problem.ts';
import { commitmentRequest, responseTo } from '../../../core/dimse/command-build.ts';
import { encodeCommitmentRequest } from '../../../core/dimse/commitment.ts';
import { commitmentClass } from '../../../core/dimse/service-table.ts';
import type { Command } from '../../../core/dimse/types.ts';
import type { ServiceAnswer, ServiceRequest } from '../dimse/service-handler.ts';
import type { Services } from '../services.ts';
import { answerCommitment } from './serve-commitment.ts';

const explicitLittle = '1.2.840.10008.1.2.1';

/** What the audit says of a request for one object that is not here, by a station that nobody listed. */
async function auditOf(heard: (report: Command) => Command | Problem): Promise<string[][]> {
  const said: string[][] = [];
  const services = {
    settings: { get: () => ({ nodes: [] }) },
    receiver: { status: () => ({ state: 'listening', aeTitle: 'CANDELA' }) },
    store: { read: { call: async () => [] } },
    audit: async ({ outcome, detail }: { outcome: string; detail: string }) => said.push([outcome, detail]),
  } as unknown as Services;
  const references = [{ sopClassUid: '1.2.840.10008.5.1.4.1.1.2', sopInstanceUid: '1.2.3' }];
  const request = {
    peer: { callingAeTitle: 'CT' },
    context: { contextId: 1, abstractSyntax: commitmentClass, transferSyntax: explicitLittle },
    command: commitmentRequest(7),
    dataset: encodeCommitmentRequest({ transactionUid: '2.25.9', references }, explicitLittle),
  } as unknown as ServiceRequest;
  const answer: ServiceAnswer = {
    respond: async () => true,
    request: async (_context, report) => heard(report),
    store: async () => 0,
  };
  await answerCommitment(services, request, answer);
  return said;
}

it('a report that nobody hears is told in the audit, by its transaction', async () => {
  const lost = await auditOf(() => problem('CONNECTION_LOST'));
  expect(lost).toEqual([
    ['ok', 'commitment for CT: 0 kept, 1 not'],
    ['CONNECTION_LOST', 'report of commitment for CT not delivered: 2.25.9'],
  ]);
  const heard = await auditOf((report) => responseTo(report, 0));
  expect(heard).toEqual([['ok', 'commitment for CT: 0 kept, 1 not']]);
});
