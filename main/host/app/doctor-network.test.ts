import { expect, it } from 'vitest';
import type { Certificate, ReceiverStatus } from '../../../core/contract/network.ts';
import { certificateFinding, receiverFinding } from './doctor-network.ts';

const status: ReceiverStatus = {
  state: 'listening',
  aeTitle: 'CANDELA',
  address: '0.0.0.0',
  port: 11112,
  tlsPort: null,
  problem: null,
  associations: [],
  received: 0,
  refusals: [],
};
const dayMs = 86_400_000;
const certificate = (subject: string, notAfterMs: number): Certificate => ({
  certificateId: subject,
  kind: 'own',
  subject,
  issuer: subject,
  notBeforeMs: 0,
  notAfterMs,
  sha256: '',
  isDefault: true,
});

it('tells a receiver that failed from one that is off', () => {
  expect(receiverFinding({ ...status, state: 'off' }).state).toBe('ok');
  expect(receiverFinding(status).en).toContain('11112');
  const failed = receiverFinding({ ...status, state: 'failed', problem: { code: 'RECEIVER_PORT_BUSY' } });
  expect(failed.state).toBe('bad');
  expect(failed.adviceZh).not.toBe('');
});

it('warns of the certificate that ends first, 30 days before', () => {
  const nowMs = Date.UTC(2026, 10, 26);
  const later = certificate('later', nowMs + 400 * dayMs);
  expect(certificateFinding([], nowMs).state).toBe('ok');
  expect(certificateFinding([later, certificate('x', nowMs + 31 * dayMs)], nowMs).state).toBe('ok');
  const soon = certificateFinding([later, certificate('soon', nowMs + 29 * dayMs)], nowMs);
  expect([soon.state, soon.en]).toEqual(['warn', 'The certificate soon ends on 2026-12-25']);
  expect(certificateFinding([certificate('gone', nowMs - dayMs)], nowMs).state).toBe('bad');
});
