/**
 * Every cell of PS3.8 table 9-10, typed from the page column by column (the table under test has rows), with the state
 * that tables 9-6 to 9-9 name. Each cell is also driven through UpperLayer, on a machine that was brought into its state
 * by legal inputs only.
 */
import { describe, expect, it } from 'vitest';
import { encodePdu } from './pdu-encode.ts';
import { limits } from './pdu-fixtures.ts';
import { type AssociationEvent, actionFor, eventNames, type State, stateNames } from './state-table.ts';
import type { AssociateAccept, AssociateRequest, Role, UpperLayerAction, UpperLayerInput } from './types.ts';
import { UpperLayer } from './upper-layer.ts';

/** By state: event → action/next state. What is not named has no action. */
const columns: Readonly<Record<State, string>> = {
  1: 'Evt1 AE-1/4, Evt5 AE-5/2',
  2: `Evt3 AA-1/13, Evt4 AA-1/13, Evt6 AE-6/3, Evt10 AA-1/13, Evt12 AA-1/13, Evt13 AA-1/13, Evt16 AA-2/1,
      Evt17 AA-5/1, Evt18 AA-2/1, Evt19 AA-1/13`,
  3: `Evt3 AA-8/13, Evt4 AA-8/13, Evt6 AA-8/13, Evt7 AE-7/6, Evt8 AE-8/13, Evt10 AA-8/13, Evt12 AA-8/13,
      Evt13 AA-8/13, Evt15 AA-1/13, Evt16 AA-3/1, Evt17 AA-4/1, Evt19 AA-8/13`,
  4: 'Evt2 AE-2/5, Evt15 AA-2/1, Evt17 AA-4/1',
  5: `Evt3 AE-3/6, Evt4 AE-4/1, Evt6 AA-8/13, Evt10 AA-8/13, Evt12 AA-8/13, Evt13 AA-8/13, Evt15 AA-1/13,
      Evt16 AA-3/1, Evt17 AA-4/1, Evt19 AA-8/13`,
  6: `Evt3 AA-8/13, Evt4 AA-8/13, Evt6 AA-8/13, Evt9 DT-1/6, Evt10 DT-2/6, Evt11 AR-1/7, Evt12 AR-2/8,
      Evt13 AA-8/13, Evt15 AA-1/13, Evt16 AA-3/1, Evt17 AA-4/1, Evt19 AA-8/13`,
  7: `Evt3 AA-8/13, Evt4 AA-8/13, Evt6 AA-8/13, Evt10 AR-6/7, Evt12 AR-8/9|10, Evt13 AR-3/1, Evt15 AA-1/13,
      Evt16 AA-3/1, Evt17 AA-4/1, Evt19 AA-8/13`,
  8: `Evt3 AA-8/13, Evt4 AA-8/13, Evt6 AA-8/13, Evt9 AR-7/8, Evt10 AA-8/13, Evt12 AA-8/13, Evt13 AA-8/13,
      Evt14 AR-4/13, Evt15 AA-1/13, Evt16 AA-3/1, Evt17 AA-4/1, Evt19 AA-8/13`,
  9: `Evt3 AA-8/13, Evt4 AA-8/13, Evt6 AA-8/13, Evt10 AA-8/13, Evt12 AA-8/13, Evt13 AA-8/13, Evt14 AR-9/11,
      Evt15 AA-1/13, Evt16 AA-3/1, Evt17 AA-4/1, Evt19 AA-8/13`,
  10: `Evt3 AA-8/13, Evt4 AA-8/13, Evt6 AA-8/13, Evt10 AA-8/13, Evt12 AA-8/13, Evt13 AR-10/12, Evt15 AA-1/13,
      Evt16 AA-3/1, Evt17 AA-4/1, Evt19 AA-8/13`,
  11: `Evt3 AA-8/13, Evt4 AA-8/13, Evt6 AA-8/13, Evt10 AA-8/13, Evt12 AA-8/13, Evt13 AR-3/1, Evt15 AA-1/13,
      Evt16 AA-3/1, Evt17 AA-4/1, Evt19 AA-8/13`,
  12: `Evt3 AA-8/13, Evt4 AA-8/13, Evt6 AA-8/13, Evt10 AA-8/13, Evt12 AA-8/13, Evt13 AA-8/13, Evt14 AR-4/13,
      Evt15 AA-1/13, Evt16 AA-3/1, Evt17 AA-4/1, Evt19 AA-8/13`,
  13: `Evt3 AA-6/13, Evt4 AA-6/13, Evt6 AA-7/13, Evt10 AA-6/13, Evt12 AA-6/13, Evt13 AA-6/13, Evt16 AA-2/1,
      Evt17 AR-5/1, Evt18 AA-2/1, Evt19 AA-7/13`,
};

/** What each action makes the shell do, from tables 9-6 to 9-9. */
const effects: Readonly<Record<string, string>> = {
  'AE-1': 'openTransport',
  'AE-2': 'write:A-ASSOCIATE-RQ',
  'AE-3': 'associationAccepted',
  'AE-4': 'associationRejected closeTransport',
  'AE-5': 'startTimer',
  'AE-6': 'stopTimer associationRequested',
  'AE-7': 'write:A-ASSOCIATE-AC',
  'AE-8': 'write:A-ASSOCIATE-RJ startTimer',
  'DT-1': 'write:P-DATA-TF',
  'DT-2': 'data',
  'AR-1': 'write:A-RELEASE-RQ',
  'AR-2': 'releaseRequested',
  'AR-3': 'released closeTransport',
  'AR-4': 'write:A-RELEASE-RP startTimer',
  'AR-5': 'stopTimer',
  'AR-6': 'data',
  'AR-7': 'write:P-DATA-TF',
  'AR-8': 'releaseRequested',
  'AR-9': 'write:A-RELEASE-RP',
  'AR-10': 'released',
  'AA-1': 'write:A-ABORT startTimer',
  'AA-2': 'stopTimer closeTransport',
  'AA-3': 'aborted closeTransport',
  'AA-4': 'lost',
  'AA-5': 'stopTimer',
  'AA-6': '',
  'AA-7': 'write:A-ABORT',
  'AA-8': 'write:A-ABORT aborted startTimer',
};

const user = {
  maxPduBytes: 16_384,
  implementationClassUid: '1.2.3',
  implementationVersion: 'V',
  roles: [],
  extended: [],
  commonExtended: [],
};
const head = {
  protocolVersion: 1,
  calledAeTitle: 'A',
  callingAeTitle: 'B',
  applicationContext: '1.2.840.10008.3.1.1.1',
  user,
};
const request: AssociateRequest = {
  kind: 'associate-rq',
  ...head,
  contexts: [{ id: 1, abstractSyntax: '1.2.840.10008.1.1', transferSyntaxes: ['1.2.840.10008.1.2'] }],
};
const accept: AssociateAccept = {
  kind: 'associate-ac',
  ...head,
  contexts: [{ id: 1, result: 0, transferSyntax: '1.2.840.10008.1.2' }],
};
const reject = { kind: 'associate-rj', result: 1, source: 1, reason: 1 } as const;
const bytes = (value: Uint8Array): UpperLayerInput => ({ kind: 'transportBytes', bytes: value });
const piece = { contextId: 1, isCommand: true, isLast: true, bytes: Uint8Array.of(1, 2) };
const dataPdu = Uint8Array.of(4, 0, 0, 0, 0, 8, 0, 0, 0, 4, 1, 3, 1, 2);

const inputs: Readonly<Record<AssociationEvent, UpperLayerInput>> = {
  1: { kind: 'requestAssociation', request },
  2: { kind: 'transportOpened' },
  3: bytes(encodePdu(accept)),
  4: bytes(encodePdu(reject)),
  5: { kind: 'transportOpened' },
  6: bytes(encodePdu(request)),
  7: { kind: 'acceptAssociation', answer: accept },
  8: { kind: 'rejectAssociation', answer: reject },
  9: { kind: 'sendData', pieces: [piece] },
  10: bytes(dataPdu),
  11: { kind: 'requestRelease' },
  12: bytes(encodePdu({ kind: 'release-rq' })),
  13: bytes(encodePdu({ kind: 'release-rp' })),
  14: { kind: 'answerRelease' },
  15: { kind: 'requestAbort' },
  16: bytes(encodePdu({ kind: 'abort', source: 2, reason: 6 })),
  17: { kind: 'transportClosed' },
  18: { kind: 'timerExpired' },
  19: bytes(Uint8Array.of(9)),
};

/** A legal way into each state, and who takes it. */
const ways: Readonly<Record<State, readonly [Role, readonly AssociationEvent[]]>> = {
  1: ['acceptor', []],
  2: ['acceptor', [5]],
  3: ['acceptor', [5, 6]],
  4: ['requestor', [1]],
  5: ['requestor', [1, 2]],
  6: ['acceptor', [5, 6, 7]],
  7: ['requestor', [1, 2, 3, 11]],
  8: ['acceptor', [5, 6, 7, 12]],
  9: ['requestor', [1, 2, 3, 11, 12]],
  10: ['acceptor', [5, 6, 7, 11, 12]],
  11: ['requestor', [1, 2, 3, 11, 12, 14]],
  12: ['acceptor', [5, 6, 7, 11, 12, 13]],
  13: ['acceptor', [5, 6, 8]],
};

const states = Object.keys(columns).map(Number) as State[];
const events = Object.keys(eventNames).map(Number) as AssociationEvent[];

const layerIn = (state: State, role: Role = ways[state][0], way = ways[state][1]): UpperLayer => {
  const layer = new UpperLayer(role, limits);
  for (const event of way) layer.step(inputs[event]);
  expect(layer.state).toBe(state);
  return layer;
};

const pduNames = [
  '',
  'A-ASSOCIATE-RQ',
  'A-ASSOCIATE-AC',
  'A-ASSOCIATE-RJ',
  'P-DATA-TF',
  'A-RELEASE-RQ',
  'A-RELEASE-RP',
  'A-ABORT',
];
const told = (actions: readonly UpperLayerAction[]): string =>
  actions
    .map((action) => (action.kind === 'write' ? `write:${pduNames[action.bytes[0]!]}` : action.kind))
    // For the log of refusals only; the standard knows no such indication.
    .filter((name) => name !== 'refused')
    .join(' ');

const cells = states.flatMap((state) =>
  events.map((event) => {
    const cell = columns[state].match(new RegExp(`Evt${event} ([A-Z]+-\\d+)/([\\d|]+)`));
    const next = cell?.[2]?.split('|').map(Number) ?? [state];
    return { state, event, action: cell?.[1] ?? null, next };
  }),
);

const name = (cell: (typeof cells)[number]): string =>
  `Sta${cell.state} + Evt${cell.event}: ${stateNames[cell.state]} + ${eventNames[cell.event]}`;

describe('PS3.8 table 9-10', () => {
  it('has 13 states and 19 events', () => expect(cells).toHaveLength(247));

  it.each(cells.map((cell) => [name(cell), cell] as const))('%s', (_, { state, event, action, next }) => {
    expect(actionFor(state, event)).toBe(action);
    // Of the two kinds of opening, one belongs to each role.
    const isOfOtherRole =
      (event === 5 && ways[state][0] === 'requestor') || (event === 2 && ways[state][0] === 'acceptor');
    if (isOfOtherRole) return;
    const layer = layerIn(state);
    expect(told(layer.step(inputs[event]))).toBe(action === null ? '' : effects[action]);
    expect(layer.state).toBe(next.length === 2 ? next[layer.role === 'requestor' ? 0 : 1] : next[0]);
  });

  it('AR-8 leads the acceptor to Sta10', () => {
    const layer = layerIn(7, 'acceptor', [5, 6, 7, 11]);
    expect(told(layer.step(inputs[12]))).toBe('releaseRequested');
    expect(layer.state).toBe(10);
  });

  it('AE-6 rejects what the provider cannot serve, and leads to Sta13', () => {
    const layer = layerIn(2);
    const actions = layer.step(bytes(encodePdu({ ...request, protocolVersion: 2 })));
    expect(told(actions)).toBe('stopTimer write:A-ASSOCIATE-RJ startTimer');
    expect(layer.state).toBe(13);
  });
});
