/** Tables of docs/conformance.md, from the tables that the node itself works by (PS3.2). English, as statements are. */
import { dictionaryEntry } from '../dicom/dictionary.ts';
import { tagText } from '../dicom/flags.ts';
import { transferSyntaxes } from '../dicom/tables/transfer-syntaxes.ts';
import { failureReasons } from './commitment.ts';
import { procedureStepTags } from './procedure-step.ts';
import { levelsOf, type QueryKey, queryKeys } from './query-keys.ts';
import { abortReasons, rejections } from './reason-codes.ts';
import { plainServices, serviceClassOf, storageServices } from './service-table.ts';
import {
  acceptedClass,
  commitmentContexts,
  commitmentReportContexts,
  echoContexts,
  findContexts,
  getContexts,
  messageSyntaxes,
  moveContexts,
  storageSyntaxes,
  worklistContexts,
} from './services.ts';
import { statusRow, statusText } from './status.ts';
import { generalStatuses, type StatusRow, type StatusService, serviceStatuses } from './status-table.ts';
import { worklistQueries } from './worklist.ts';

type Row = readonly string[];

/** A Markdown table; a bar would end a cell. */
export const markdownTable = (head: Row, rows: readonly Row[]): string =>
  [head, head.map(() => '---'), ...rows]
    .map((row) => `| ${row.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n');

const yes = (is: boolean): string => (is ? 'Yes' : 'No');

const servicesTable = (): string =>
  markdownTable(
    ['SOP class', 'UID', 'SCU', 'SCP'],
    plainServices.map(({ en, uid, scu, scp }) => [en, uid, yes(scu), yes(scp)]),
  );

const storageTable = (): string =>
  markdownTable(
    ['SOP class', 'UID', 'SCU', 'SCP'],
    storageServices.map(({ en, uid, scu, scp }) => [en, uid, yes(scu), yes(scp)]),
  );

const syntaxName = (uid: string): string => transferSyntaxes.find((row) => row.uid === uid)?.name ?? uid;

const syntaxTable = (): string =>
  markdownTable(
    ['Transfer syntax', 'UID', 'Stored, sent as it is', 'Displayed, sent uncompressed where needed'],
    storageSyntaxes.map((uid) => {
      const isShown = transferSyntaxes.find((row) => row.uid === uid)?.status === 'supported';
      return [syntaxName(uid), uid, 'Yes', yes(isShown)];
    }),
  );

const everySwitch = {
  unknownSopClasses: true,
  answersQueries: true,
  answersCommitment: true,
  takesProcedureSteps: true,
} as const;
const noSwitch = {
  unknownSopClasses: false,
  answersQueries: false,
  answersCommitment: false,
  takesProcedureSteps: false,
} as const;

const roleText = (peerMayBeScu: boolean, peerMayBeScp: boolean): string =>
  [peerMayBeScu ? 'SCP' : '', peerMayBeScp ? 'SCU' : ''].filter((role) => role !== '').join(', ');

/** One row of what is accepted; none for what is not. */
function acceptedRow(name: string, shownUid: string, uid: string): Row[] {
  const accepted = acceptedClass(uid, everySwitch);
  if (accepted === undefined) return [];
  const bare = acceptedClass(uid, noSwitch);
  const syntaxes =
    accepted.transferSyntaxes === messageSyntaxes
      ? messageSyntaxes.map(syntaxName).join(', ')
      : 'every one of 4.2.1.2, in that order of preference';
  const role = roleText(accepted.peerMayBeScu, accepted.peerMayBeScp);
  const bareRole = bare === undefined ? 'none' : roleText(bare.peerMayBeScu, bare.peerMayBeScp);
  return [[name, shownUid, syntaxes, role, bareRole === role ? 'as on the left' : bareRole]];
}

/** Contexts that are accepted, with the roles of Candela in them; one row for all storage classes. */
const acceptedTable = (): string =>
  markdownTable(
    ['Abstract syntax', 'UID', 'Transfer syntaxes', 'Role of Candela', 'with its switch in Settings off'],
    [
      ...plainServices.flatMap(({ en, uid }) => acceptedRow(en, uid, uid)),
      ...storageServices
        .slice(0, 1)
        .flatMap(({ uid }) => acceptedRow('Every storage class', 'see 4.2.1.1', uid)),
    ],
  );

/** Contexts that are proposed, one row for all that retrieve or send objects. */
function proposedTable(): string {
  const services = [
    ...echoContexts(),
    ...findContexts('study'),
    ...findContexts('patient'),
    ...moveContexts('study'),
    ...moveContexts('patient'),
    ...getContexts('study').slice(0, 1),
    ...getContexts('patient').slice(0, 1),
    ...worklistContexts(),
    ...commitmentContexts(),
    ...commitmentReportContexts(),
  ];
  const rows = services.map(({ abstractSyntax, transferSyntaxes: syntaxes, role }) => [
    serviceClassOf(abstractSyntax)?.en ?? '',
    abstractSyntax,
    syntaxes.map(syntaxName).join(', '),
    role?.scp ? 'SCP, to report' : 'SCU',
  ]);
  const plain = messageSyntaxes.map(syntaxName).join(', ');
  return markdownTable(
    ['Abstract syntax', 'UID', 'Transfer syntaxes', 'Role of Candela'],
    [
      ...rows,
      ['Every storage class that is sent', 'see 4.2.1.1', `the stored one alone; besides ${plain}`, 'SCU'],
      [
        'Storage classes that C-GET may bring',
        'see 4.2.1.1',
        `${plain}; compressed ones one in a context`,
        'SCP by role selection',
      ],
    ],
  );
}

const rangeText = ({ from, to }: StatusRow): string =>
  from === to ? statusText(from) : `${statusText(from)}–${statusText(to)}`;

const statusTable = (rows: readonly StatusRow[]): string =>
  markdownTable(
    ['Status', 'Category', 'Meaning'],
    rows.map((row) => [rangeText(row), row.category, row.en]),
  );

const serviceStatusTable = (service: StatusService) => (): string => statusTable(serviceStatuses[service]);

const matchingText: Readonly<Record<QueryKey['matching'], string>> = {
  text: 'single value, wildcard, list',
  name: 'name (see below)',
  date: 'single value, range',
  time: 'single value, range',
  uid: 'list of UIDs',
  number: 'single value',
  none: 'none, returned only',
};
const typeText: Readonly<Record<QueryKey['type'], string>> = {
  unique: 'U',
  required: 'R',
  optional: 'O',
  count: 'O',
};

const queryTable = (): string =>
  markdownTable(
    ['Level', 'Attribute', 'Tag', 'VR', 'Type', 'Matching as SCP'],
    queryKeys.map(({ level, keyword, tag, vr, type, matching }) => [
      level,
      keyword,
      tagText(tag),
      vr,
      typeText[type],
      matchingText[matching],
    ]),
  );

const levelsTable = (): string =>
  markdownTable(
    ['Information model', 'Levels'],
    (['patient', 'study'] as const).map((root) => [
      root === 'patient' ? 'Patient Root' : 'Study Root',
      levelsOf(root).join(', '),
    ]),
  );

/** Keys of the identifier that is sent, those of the scheduled step marked. */
function worklistTable(): string {
  const [find] = worklistQueries({ dateFrom: '', dateTo: '', modality: '', text: '' });
  const matched = new Set([
    'PatientName',
    'PatientID',
    'AccessionNumber',
    'StudyInstanceUID',
    'Modality',
    'ScheduledStationAETitle',
    'ScheduledProcedureStepStartDate',
  ]);
  const rowsOf = (dataset: NonNullable<typeof find>['dataset'], inside: string): Row[] =>
    dataset.flatMap(({ tag, vr, value }) => {
      const keyword = dictionaryEntry(tag)?.keyword ?? '';
      const row = [
        `${inside}${keyword}`,
        tagText(tag),
        vr,
        matched.has(keyword) ? 'when asked for' : 'universal',
      ];
      if (vr !== 'SQ') return [row];
      const items = value as readonly NonNullable<typeof find>['dataset'][];
      return [[...row.slice(0, 3), ''], ...items.flatMap((item) => rowsOf(item, '> '))];
    });
  return markdownTable(['Attribute', 'Tag', 'VR', 'Matching'], rowsOf(find?.dataset ?? [], ''));
}

const procedureStepTable = (): string =>
  markdownTable(
    ['Attribute', 'Tag'],
    Object.entries(procedureStepTags).map(([keyword, tag]) => [keyword, tagText(tag)]),
  );

const reasonTable = (): string =>
  markdownTable(
    ['Failure Reason (0008,1197)', 'Meaning'],
    Object.values(failureReasons).map((reason) => [
      statusText(reason),
      statusRow('commitment', reason)?.en ?? '',
    ]),
  );

const rejectionText: Readonly<Record<keyof typeof rejections, string>> = {
  applicationContext: 'Application context name is not DICOM’s',
  callingAeTitle: 'Calling AE title is malformed or not listed, or its address is not the listed one',
  calledAeTitle: 'Called AE title is malformed, or not ours where that is checked',
  noReason: 'User identity was not accepted, or the user information is malformed',
  protocolVersion: 'Protocol version is not 1',
  congestion: 'Not sent at present',
  localLimit: 'More presentation contexts or transfer syntaxes than the limits allow',
  tooMany: 'Too many associations, in all or from this address',
};

const rejectionTable = (): string =>
  markdownTable(
    ['Result', 'Source', 'Reason', 'When'],
    (Object.keys(rejections) as (keyof typeof rejections)[]).map((name) => {
      const { result, source, reason } = rejections[name];
      return [
        `${result} (${result === 1 ? 'permanent' : 'transient'})`,
        `${source} (${source === 1 ? 'service-user' : source === 2 ? 'ACSE' : 'presentation'})`,
        String(reason),
        rejectionText[name],
      ];
    }),
  );

const abortTable = (): string =>
  markdownTable(
    ['Source', 'Reason', 'Meaning'],
    Object.entries(abortReasons).map(([name, reason]) => [
      '2 (service-provider)',
      String(reason),
      name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`),
    ]),
  );

/** Every table of the page by the name of its mark. */
export const conformanceTables: Readonly<Record<string, () => string>> = {
  services: servicesTable,
  storage: storageTable,
  'transfer-syntaxes': syntaxTable,
  accepted: acceptedTable,
  proposed: proposedTable,
  'query-levels': levelsTable,
  'query-keys': queryTable,
  'worklist-keys': worklistTable,
  'procedure-step-attributes': procedureStepTable,
  'commitment-reasons': reasonTable,
  'status-general': () => statusTable(generalStatuses),
  'status-store': serviceStatusTable('store'),
  'status-find': serviceStatusTable('find'),
  'status-move': serviceStatusTable('move'),
  'status-get': serviceStatusTable('get'),
  'status-worklist': serviceStatusTable('worklist'),
  rejections: rejectionTable,
  aborts: abortTable,
};

/**
 * The page with every table put between its marks (`<!-- table NAME -->` … `<!-- end NAME -->`); the name of a mark that
 * is missing or has no table, when there is one.
 */
export function withTables(
  page: string,
  tables: Readonly<Record<string, () => string>>,
): { readonly ok: true; readonly page: string } | { readonly ok: false; readonly mark: string } {
  let text = page;
  for (const [, name = ''] of page.matchAll(/<!-- table ([\w-]+) -->/g)) {
    if (!(name in tables)) return { ok: false, mark: name };
  }
  for (const [name, table] of Object.entries(tables)) {
    const [begin, end] = [`<!-- table ${name} -->`, `<!-- end ${name} -->`];
    const [from, to] = [text.indexOf(begin), text.indexOf(end)];
    if (from < 0 || to < from) return { ok: false, mark: name };
    text = `${text.slice(0, from + begin.length)}\n\n${table()}\n\n${text.slice(to)}`;
  }
  return { ok: true, page: text };
}
