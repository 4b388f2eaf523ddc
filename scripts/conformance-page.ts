/** docs/conformance.md with its tables: those of the node, and the defaults of its settings. */
import * as v from 'valibot';
import {
  networkLimitsSchema,
  receiverSettingsSchema,
  webServerSettingsSchema,
} from '../core/contract/network-settings.ts';
import { tagText } from '../core/dicom/flags.ts';
import { candelaImplementation } from '../core/dicom/write/encode.ts';
import { type WebMatching, webAttributes } from '../core/dicomweb/query-attributes.ts';
import { conformanceTables, markdownTable, withTables } from '../core/dimse/conformance-tables.ts';

const limitText: Readonly<Record<keyof v.InferOutput<typeof networkLimitsSchema>, string>> = {
  maxPduBytes: 'Longest PDU body taken, bytes; a longer one is aborted',
  offeredPduBytes: 'Maximum length received that is offered, bytes',
  associations: 'Associations at a time as acceptor',
  associationsPerAddress: 'Of those, from one address',
  artimSeconds: 'ARTIM timer, seconds',
  idleSeconds: 'Idle time after which an association is aborted, seconds',
  idleKnownSeconds: 'The same for listed peers, seconds',
  minBytesPerSecond: 'Least rate within a message, bytes a second',
  peerConnectSeconds: 'As requestor: wait for the connection and for the association, seconds each',
  peerIdleSeconds: 'As requestor: wait for an answer that is due, seconds',
  webConnectSeconds: 'As DICOMweb client: wait for a connection, seconds',
  webIdleSeconds: 'As DICOMweb client: wait for an answer, or for more of it, seconds',
};

const receiverText: Readonly<Record<keyof v.InferOutput<typeof receiverSettingsSchema>, string>> = {
  enabled: 'Receiver is on',
  aeTitle: 'AE title',
  port: 'Port',
  address: 'Address that it listens on',
  tlsPort: 'Port for TLS',
  tlsClientCertificate: 'Client certificates',
  peers: 'Peers that may associate: any, or listed ones',
  identity: 'User identity that peers must give: none, name, or name and passcode',
  identityUser: 'User name of it',
  checkCalledAeTitle: 'Called AE title must be ours',
  unknownSopClasses: 'Storage of unknown and private SOP classes',
  answersQueries: 'Query/Retrieve as SCP',
  answersCommitment: 'Storage commitment as SCP',
  takesProcedureSteps: 'Modality performed procedure steps as SCP',
  startAtLogin: 'Starts when the user logs in',
  keepInTray: 'Keeps receiving when the last window is closed',
};

const shown = (value: unknown): string => {
  if (value === null) return 'not set';
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  return String(value);
};

const defaultsTable = (texts: Readonly<Record<string, string>>, defaults: object) => (): string =>
  markdownTable(
    ['Parameter', 'Default'],
    Object.entries(defaults).map(([name, value]) => [texts[name] ?? name, shown(value)]),
  );

const webMatchingText: Readonly<Record<WebMatching, string>> = {
  uid: 'list of UIDs',
  text: 'single value, wildcard, list',
  name: 'single value, wildcard',
  when: 'single value, range',
  number: 'single value, list',
  modalities: 'single value, wildcard, list',
};

const tables: Readonly<Record<string, () => string>> = {
  ...conformanceTables,
  implementation: () =>
    markdownTable(
      ['Item', 'Value'],
      [
        ['Implementation class UID', candelaImplementation.classUid],
        ['Implementation version name', candelaImplementation.versionName],
      ],
    ),
  'web-query-keys': () =>
    markdownTable(
      ['Level', 'Attribute', 'Tag', 'VR', 'Matching'],
      webAttributes.map(({ level, keyword, tag, vr, matching }) => [
        level,
        keyword,
        tagText(tag),
        vr,
        webMatchingText[matching],
      ]),
    ),
  'receiver-settings': defaultsTable(receiverText, v.parse(receiverSettingsSchema, {})),
  'limit-settings': defaultsTable(limitText, v.parse(networkLimitsSchema, {})),
  'web-settings': defaultsTable(
    { enabled: 'DICOMweb server is on', port: 'Port, on the loopback address only' },
    v.parse(webServerSettingsSchema, {}),
  ),
};

export const conformancePage = (page: string): ReturnType<typeof withTables> => withTables(page, tables);
