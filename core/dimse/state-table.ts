/**
 * The state machine of an association as the standard prints it (PS3.8 section 9.2, tables 9-2 to 9-10): state × event →
 * action, and where each action leads. Pure data; `UpperLayer` carries the actions out.
 */
import type { Role } from './types.ts';

/** Sta1 to Sta13. */
export type State = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13;

/** Tables 9-1 to 9-5. */
export const stateNames: Readonly<Record<State, string>> = {
  1: 'Idle',
  2: 'Transport connection open; awaiting A-ASSOCIATE-RQ PDU',
  3: 'Awaiting local A-ASSOCIATE response primitive',
  4: 'Awaiting transport connection opening to complete',
  5: 'Awaiting A-ASSOCIATE-AC or A-ASSOCIATE-RJ PDU',
  6: 'Association established and ready for data transfer',
  7: 'Awaiting A-RELEASE-RP PDU',
  8: 'Awaiting local A-RELEASE response primitive',
  9: 'Release collision requestor side; awaiting A-RELEASE response primitive',
  10: 'Release collision acceptor side; awaiting A-RELEASE-RP PDU',
  11: 'Release collision requestor side; awaiting A-RELEASE-RP PDU',
  12: 'Release collision acceptor side; awaiting A-RELEASE response primitive',
  13: 'Awaiting transport connection close indication',
};

/** Evt1 to Evt19, in the order of table 9-10. */
export const eventNames = {
  1: 'A-ASSOCIATE request primitive',
  2: 'Transport connect confirmation',
  3: 'A-ASSOCIATE-AC PDU',
  4: 'A-ASSOCIATE-RJ PDU',
  5: 'Transport connection indication',
  6: 'A-ASSOCIATE-RQ PDU',
  7: 'A-ASSOCIATE response primitive (accept)',
  8: 'A-ASSOCIATE response primitive (reject)',
  9: 'P-DATA request primitive',
  10: 'P-DATA-TF PDU',
  11: 'A-RELEASE request primitive',
  12: 'A-RELEASE-RQ PDU',
  13: 'A-RELEASE-RP PDU',
  14: 'A-RELEASE response primitive',
  15: 'A-ABORT request primitive',
  16: 'A-ABORT PDU',
  17: 'Transport connection closed indication',
  18: 'ARTIM timer expired',
  19: 'Unrecognized or invalid PDU',
} as const;
export type AssociationEvent = keyof typeof eventNames;

export type ActionName =
  | `AE-${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8}`
  | `DT-${1 | 2}`
  | `AR-${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10}`
  | `AA-${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8}`;

/**
 * Where an action leads (tables 9-6 to 9-9). Two states: AE-6 goes to the second when the request is not acceptable to
 * the provider, AR-8 when we are the acceptor.
 */
export const nextStates: Readonly<Record<ActionName, State | readonly [State, State]>> = {
  'AE-1': 4,
  'AE-2': 5,
  'AE-3': 6,
  'AE-4': 1,
  'AE-5': 2,
  'AE-6': [3, 13],
  'AE-7': 6,
  'AE-8': 13,
  'DT-1': 6,
  'DT-2': 6,
  'AR-1': 7,
  'AR-2': 8,
  'AR-3': 1,
  'AR-4': 13,
  'AR-5': 1,
  'AR-6': 7,
  'AR-7': 8,
  'AR-8': [9, 10],
  'AR-9': 11,
  'AR-10': 12,
  'AA-1': 13,
  'AA-2': 1,
  'AA-3': 1,
  'AA-4': 1,
  'AA-5': 1,
  'AA-6': 13,
  'AA-7': 13,
  'AA-8': 13,
};

/**
 * Table 9-10: a row an event, a column a state from Sta1 to Sta13; "-" is a cell that the standard leaves empty: it
 * cannot happen, or comes too late, and does nothing.
 */
const rows: Readonly<Record<AssociationEvent, string>> = {
  //    1     2     3     4     5     6     7     8     9     10    11    12    13
  1: ' AE-1  -     -     -     -     -     -     -     -     -     -     -     -    ',
  2: ' -     -     -     AE-2  -     -     -     -     -     -     -     -     -    ',
  3: ' -     AA-1  AA-8  -     AE-3  AA-8  AA-8  AA-8  AA-8  AA-8  AA-8  AA-8  AA-6 ',
  4: ' -     AA-1  AA-8  -     AE-4  AA-8  AA-8  AA-8  AA-8  AA-8  AA-8  AA-8  AA-6 ',
  5: ' AE-5  -     -     -     -     -     -     -     -     -     -     -     -    ',
  6: ' -     AE-6  AA-8  -     AA-8  AA-8  AA-8  AA-8  AA-8  AA-8  AA-8  AA-8  AA-7 ',
  7: ' -     -     AE-7  -     -     -     -     -     -     -     -     -     -    ',
  8: ' -     -     AE-8  -     -     -     -     -     -     -     -     -     -    ',
  9: ' -     -     -     -     -     DT-1  -     AR-7  -     -     -     -     -    ',
  10: '-     AA-1  AA-8  -     AA-8  DT-2  AR-6  AA-8  AA-8  AA-8  AA-8  AA-8  AA-6 ',
  11: '-     -     -     -     -     AR-1  -     -     -     -     -     -     -    ',
  12: '-     AA-1  AA-8  -     AA-8  AR-2  AR-8  AA-8  AA-8  AA-8  AA-8  AA-8  AA-6 ',
  13: '-     AA-1  AA-8  -     AA-8  AA-8  AR-3  AA-8  AA-8  AR-10 AR-3  AA-8  AA-6 ',
  14: '-     -     -     -     -     -     -     AR-4  AR-9  -     -     AR-4  -    ',
  15: '-     -     AA-1  AA-2  AA-1  AA-1  AA-1  AA-1  AA-1  AA-1  AA-1  AA-1  -    ',
  16: '-     AA-2  AA-3  -     AA-3  AA-3  AA-3  AA-3  AA-3  AA-3  AA-3  AA-3  AA-2 ',
  17: '-     AA-5  AA-4  AA-4  AA-4  AA-4  AA-4  AA-4  AA-4  AA-4  AA-4  AA-4  AR-5 ',
  18: '-     AA-2  -     -     -     -     -     -     -     -     -     -     AA-2 ',
  19: '-     AA-1  AA-8  -     AA-8  AA-8  AA-8  AA-8  AA-8  AA-8  AA-8  AA-8  AA-7 ',
};

const table: ReadonlyMap<string, readonly (ActionName | null)[]> = new Map(
  Object.entries(rows).map(([event, row]) => [
    event,
    row
      .trim()
      .split(/\s+/)
      .map((cell) => (cell === '-' ? null : (cell as ActionName))),
  ]),
);

/** The action of a cell; null where the standard has none. */
export const actionFor = (state: State, event: AssociationEvent): ActionName | null =>
  table.get(String(event))?.[state - 1] ?? null;

/** The state after an action. `isAcceptable` is the provider's own judgement of a request (AE-6). */
export function stateAfter(action: ActionName, role: Role, isAcceptable: boolean): State {
  const next = nextStates[action];
  if (typeof next === 'number') return next;
  const isFirst = action === 'AE-6' ? isAcceptable : role === 'requestor';
  return isFirst ? next[0] : next[1];
}
