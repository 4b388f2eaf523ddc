import * as v from 'valibot';
import { count, nothing, problemSchema, text } from './common.ts';
import { reads, writes } from './define.ts';
import { remoteNode } from './network-settings.ts';

export type { RemoteNode } from './network-settings.ts';
export { remoteNode };

const nodeId = text(64);

/** One step of a test, in words of the two languages by its id and problem. */
const testStep = v.object({
  id: v.picklist(['address', 'connect', 'tls', 'associate', 'echo', 'query', 'http', 'login']),
  state: v.picklist(['ok', 'failed', 'skipped']),
  problem: v.nullable(problemSchema),
  tookMs: v.number(),
});
export const nodeTest = v.object({ ok: v.boolean(), steps: v.array(testStep) });
export type NodeTest = v.InferOutput<typeof nodeTest>;

/** What the receiver does now; also the payload of the event `receiver`. */
export const receiverStatus = v.object({
  state: v.picklist(['off', 'starting', 'listening', 'failed']),
  aeTitle: v.string(),
  address: v.string(),
  port: count,
  tlsPort: v.nullable(count),
  problem: v.nullable(problemSchema),
  /** Associations at this moment. */
  associations: v.array(
    v.object({
      associationId: count,
      aeTitle: v.string(),
      address: v.string(),
      encrypted: v.boolean(),
      startedAtMs: v.number(),
      received: count,
      bytes: count,
    }),
  ),
  /** Since the host started. */
  received: count,
  /** Newest first, at most 50: who was turned away or cut off, and why. */
  refusals: v.array(
    v.object({
      atMs: v.number(),
      aeTitle: v.string(),
      calledAeTitle: v.string(),
      address: v.string(),
      problem: problemSchema,
    }),
  ),
});
export type ReceiverStatus = v.InferOutput<typeof receiverStatus>;

export const certificate = v.object({
  certificateId: v.string(),
  /** own: made here or imported with its key; authority: peers are checked against it. */
  kind: v.picklist(['own', 'authority']),
  subject: v.string(),
  issuer: v.string(),
  notBeforeMs: v.number(),
  notAfterMs: v.number(),
  sha256: v.string(),
  isDefault: v.boolean(),
});
export type Certificate = v.InferOutput<typeof certificate>;

export const networkCalls = {
  'nodes.list': reads(nothing, v.array(remoteNode)),
  /**
   * Makes it or changes the one of the same id. `secret`: what we show to it; `callerPasscode`: what it must give when
   * it calls us. Of each: absent = as it was, empty = none.
   */
  'nodes.save': writes(
    v.strictObject({
      node: remoteNode,
      secret: v.optional(text(8192)),
      callerPasscode: v.optional(text(1024)),
    }),
    v.array(remoteNode),
  ),
  /** A secret for a station that is named by its address (`;key=KEY`), for as long as the host runs; written nowhere. */
  'nodes.lendSecret': writes(
    v.strictObject({ key: v.pipe(v.string(), v.uuid()), secret: text(8192) }),
    nothing,
  ),
  'nodes.delete': writes(v.strictObject({ nodeId }), v.array(remoteNode)),
  /** Tries what a node is for, step by step; also one that is not saved yet. */
  'nodes.test': reads(v.strictObject({ node: remoteNode, secret: v.optional(text(8192)) }), nodeTest),
  'receiver.status': reads(nothing, receiverStatus),
  /** Tries again to listen (after a busy port was freed). */
  'receiver.restart': writes(nothing, receiverStatus),
  /** The passcode that peers must give; kept as other secrets are, never given back. Empty = none, and nobody gets in. */
  'receiver.setPasscode': writes(v.strictObject({ passcode: text(1024) }), nothing),
  'receiver.hasPasscode': reads(nothing, v.object({ hasPasscode: v.boolean() })),
  /** Addresses of this machine that peers can be told. */
  'receiver.addresses': reads(nothing, v.array(v.object({ address: v.string(), name: v.string() }))),
  'certificates.list': reads(nothing, v.array(certificate)),
  /** PEM texts; a key makes it ours. */
  'certificates.import': writes(
    v.strictObject({
      pem: text(262_144),
      key: v.optional(text(65_536)),
      passphrase: v.optional(text(1024)),
    }),
    v.array(certificate),
  ),
  'certificates.delete': writes(v.strictObject({ certificateId: text(64) }), v.array(certificate)),
  /** Our own certificate as PEM, to be given to peers. */
  'certificates.export': reads(v.strictObject({ certificateId: text(64) }), v.object({ pem: v.string() })),
  /** A new bearer token for the DICOMweb listener; shown this once. The one before ends. */
  'web.newToken': writes(nothing, v.object({ token: v.string() })),
  'web.revokeToken': writes(nothing, nothing),
  'web.status': reads(
    nothing,
    v.object({
      state: v.picklist(['off', 'listening', 'failed']),
      url: v.string(),
      hasToken: v.boolean(),
      problem: v.nullable(problemSchema),
    }),
  ),
};
