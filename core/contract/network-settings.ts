import * as v from 'valibot';
import { isAeTitle } from '../base/ae-title.ts';
import { count, text } from './common.ts';

export const aeTitle = v.pipe(v.string(), v.trim(), v.check(isAeTitle));
export const port = v.pipe(count, v.minValue(1), v.maxValue(65535));
const seconds = (least: number, most: number) => v.pipe(count, v.minValue(least), v.maxValue(most));

/** Limits C24 and C25 of reliability.md, each with its default. */
export const networkLimitsSchema = v.object({
  maxPduBytes: v.optional(v.pipe(count, v.minValue(4096), v.maxValue(1 << 20)), 1 << 20),
  offeredPduBytes: v.optional(v.pipe(count, v.minValue(4096), v.maxValue(1 << 20)), 256 << 10),
  associations: v.optional(v.pipe(count, v.minValue(1), v.maxValue(256)), 32),
  associationsPerAddress: v.optional(v.pipe(count, v.minValue(1), v.maxValue(256)), 16),
  artimSeconds: v.optional(seconds(1, 120), 10),
  idleSeconds: v.optional(seconds(5, 3600), 60),
  /** Of allow-listed peers: some modalities hold associations. */
  idleKnownSeconds: v.optional(seconds(5, 86_400), 300),
  /** A peer slower than this over 30 s is dropped (PEER_TOO_SLOW). */
  minBytesPerSecond: v.optional(v.pipe(count, v.maxValue(1 << 20)), 1024),
  /** Of our own calls: for the name, the connection, the handshake and the association, each. */
  peerConnectSeconds: v.optional(seconds(1, 120), 10),
  /** Of our own calls: nothing came although an answer was due. */
  peerIdleSeconds: v.optional(seconds(5, 3600), 30),
  /** The same of our calls over DICOMweb, whose servers may search for long before they answer. */
  webConnectSeconds: v.optional(seconds(1, 120), 10),
  webIdleSeconds: v.optional(seconds(5, 3600), 60),
});

export const receiverSettingsSchema = v.object({
  enabled: v.optional(v.boolean(), false),
  aeTitle: v.optional(aeTitle, 'CANDELA'),
  port: v.optional(port, 11112),
  /** Loopback only, or every interface. */
  address: v.optional(v.picklist(['127.0.0.1', '0.0.0.0', '::']), '0.0.0.0'),
  /** A second, encrypted port; null = none. */
  tlsPort: v.optional(v.nullable(port), null),
  tlsClientCertificate: v.optional(v.picklist(['none', 'required']), 'none'),
  /** listed: only peers among the nodes that may send (AE title and address). */
  peers: v.optional(v.picklist(['any', 'listed']), 'any'),
  /** User identity that a peer must give (PS3.7 D.3.3.7): a name, or a name with the passcode of `receiver.setPasscode`. */
  identity: v.optional(v.picklist(['none', 'name', 'password']), 'none'),
  identityUser: v.optional(text(255), ''),
  /** Refuse requests whose called AE title is not ours. */
  checkCalledAeTitle: v.optional(v.boolean(), true),
  unknownSopClasses: v.optional(v.boolean(), false),
  /** Peers may query and retrieve what is stored here. */
  answersQueries: v.optional(v.boolean(), false),
  answersCommitment: v.optional(v.boolean(), true),
  /** Modality performed procedure steps are taken and shown. */
  takesProcedureSteps: v.optional(v.boolean(), true),
  startAtLogin: v.optional(v.boolean(), false),
  /** Closing the last window keeps the host running while the receiver is on; null = not asked yet. */
  keepInTray: v.optional(v.nullable(v.boolean()), null),
});

/** Where prior studies are fetched from, of studies that arrive or are opened. */
export const priorRuleSchema = v.object({
  enabled: v.optional(v.boolean(), false),
  nodeId: v.optional(v.nullable(text(64)), null),
  years: v.optional(v.pipe(count, v.minValue(1), v.maxValue(50)), 3),
  sameModality: v.optional(v.boolean(), false),
  sameBodyPart: v.optional(v.boolean(), true),
  atMost: v.optional(v.pipe(count, v.minValue(1), v.maxValue(20)), 3),
});

export const forwardingRuleSchema = v.object({
  ruleId: text(64),
  enabled: v.boolean(),
  /** Calling AE title; empty = any. */
  fromAeTitle: text(16),
  /** Empty = any. */
  modality: text(16),
  toNodeId: text(64),
});

/** Candela's own DICOMweb listener for scripts (reliability.md D18): loopback, bearer token, read-only. */
export const webServerSettingsSchema = v.object({
  enabled: v.optional(v.boolean(), false),
  port: v.optional(port, 11180),
});

/** Another station as it is kept. Secrets (passwords, tokens) are kept apart and never given back. */
export const remoteNode = v.object({
  nodeId: text(64),
  name: v.pipe(text(64), v.minLength(1)),
  protocol: v.picklist(['dimse', 'web']),
  /** DIMSE. */
  aeTitle: v.optional(v.union([aeTitle, v.literal('')]), ''),
  host: v.optional(text(255), ''),
  port: v.optional(port, 104),
  tls: v.optional(v.boolean(), false),
  queryRoot: v.optional(v.picklist(['study', 'patient']), 'study'),
  retrieveBy: v.optional(v.picklist(['get', 'move']), 'get'),
  /** User identity negotiation (PS3.7 D.3.3.7). */
  identity: v.optional(v.picklist(['none', 'name', 'password', 'jwt']), 'none'),
  /**
   * What it must say of itself when it calls us: as the receiver asks of all, nothing, or a user of its own, whose
   * passcode `nodes.save` takes.
   */
  callerIdentity: v.optional(v.picklist(['receiver', 'none', 'name', 'password']), 'receiver'),
  callerUser: v.optional(text(255), ''),
  /** DICOMweb: root of QIDO, WADO and STOW. */
  url: v.optional(text(2048), ''),
  authentication: v.optional(v.picklist(['none', 'basic', 'bearer', 'oauth', 'certificate']), 'none'),
  user: v.optional(text(255), ''),
  /** OAuth client credentials: where tokens are asked for. */
  tokenUrl: v.optional(text(2048), ''),
  scope: v.optional(text(255), ''),
  /** Present to the peer (TLS client certificate); null = none. */
  certificateId: v.optional(v.nullable(text(64)), null),
  /** What it is good for. */
  canQuery: v.optional(v.boolean(), true),
  canReceive: v.optional(v.boolean(), true),
  /** May send to us (allow-list: AE title and address). */
  maySend: v.optional(v.boolean(), true),
  hasWorklist: v.optional(v.boolean(), false),
  commits: v.optional(v.boolean(), false),
});
export type RemoteNode = v.InferOutput<typeof remoteNode>;

export const networkSettingsSchema = v.object({
  receiver: v.optional(receiverSettingsSchema, {}),
  limits: v.optional(networkLimitsSchema, {}),
  priors: v.optional(priorRuleSchema, {}),
  forwarding: v.optional(v.pipe(v.array(forwardingRuleSchema), v.maxLength(50)), []),
  web: v.optional(webServerSettingsSchema, {}),
  /** Sent to peers as the calling AE title when the receiver's differs; empty = the receiver's. */
  callingAeTitle: v.optional(text(16), ''),
});
export type NetworkSettings = v.InferOutput<typeof networkSettingsSchema>;
export type ReceiverSettings = v.InferOutput<typeof receiverSettingsSchema>;
export type NetworkLimits = v.InferOutput<typeof networkLimitsSchema>;
export type PriorRule = v.InferOutput<typeof priorRuleSchema>;
export type ForwardingRule = v.InferOutput<typeof forwardingRuleSchema>;
