/** Defaults of the nested settings, as the contract gives them for an empty file; a test compares them. */
import type { Settings } from '../../core/contract/settings.ts';

export const defaultNetwork: Settings['network'] = {
  receiver: {
    enabled: false,
    aeTitle: 'CANDELA',
    port: 11112,
    address: '0.0.0.0',
    tlsPort: null,
    tlsClientCertificate: 'none',
    peers: 'any',
    identity: 'none',
    identityUser: '',
    checkCalledAeTitle: true,
    unknownSopClasses: false,
    answersQueries: false,
    answersCommitment: true,
    takesProcedureSteps: true,
    startAtLogin: false,
    keepInTray: null,
  },
  limits: {
    maxPduBytes: 1 << 20,
    offeredPduBytes: 256 << 10,
    associations: 32,
    associationsPerAddress: 16,
    artimSeconds: 10,
    idleSeconds: 60,
    idleKnownSeconds: 300,
    minBytesPerSecond: 1024,
    peerConnectSeconds: 10,
    peerIdleSeconds: 30,
    webConnectSeconds: 10,
    webIdleSeconds: 60,
  },
  priors: { enabled: false, nodeId: null, years: 3, sameModality: false, sameBodyPart: true, atMost: 3 },
  forwarding: [],
  web: { enabled: false, port: 11_180 },
  callingAeTitle: '',
};

export const defaultStorage: Settings['storage'] = {
  rules: { enabled: false, olderThanDays: null, atMostBytes: null, sources: [] },
  backupFolder: null,
  backupDaily: false,
};
