/** Command sets as tables: what a command field means, what each kind of command holds (PS3.7 9.3, 10.3, E.1). */
import type { Command, CommandName } from './types.ts';

/** (0000,0100) of each kind of command (PS3.7 E.1-1). */
export const commandFields: Readonly<Record<CommandName, number>> = {
  'C-STORE-RQ': 0x0001,
  'C-STORE-RSP': 0x8001,
  'C-GET-RQ': 0x0010,
  'C-GET-RSP': 0x8010,
  'C-FIND-RQ': 0x0020,
  'C-FIND-RSP': 0x8020,
  'C-MOVE-RQ': 0x0021,
  'C-MOVE-RSP': 0x8021,
  'C-ECHO-RQ': 0x0030,
  'C-ECHO-RSP': 0x8030,
  'C-CANCEL-RQ': 0x0fff,
  'N-EVENT-REPORT-RQ': 0x0100,
  'N-EVENT-REPORT-RSP': 0x8100,
  'N-GET-RQ': 0x0110,
  'N-GET-RSP': 0x8110,
  'N-SET-RQ': 0x0120,
  'N-SET-RSP': 0x8120,
  'N-ACTION-RQ': 0x0130,
  'N-ACTION-RSP': 0x8130,
  'N-CREATE-RQ': 0x0140,
  'N-CREATE-RSP': 0x8140,
  'N-DELETE-RQ': 0x0150,
  'N-DELETE-RSP': 0x8150,
};

const namesByField: ReadonlyMap<number, CommandName> = new Map(
  Object.entries(commandFields).map(([name, field]) => [field, name as CommandName]),
);

/** The command of a command field; undefined when the standard knows none. */
export const commandNameOf = (field: number): CommandName | undefined => namesByField.get(field);

export const isResponse = (name: CommandName): boolean => name.endsWith('-RSP');

/** The response to a request; undefined for C-CANCEL, which has none, and for responses. */
export function responseNameOf(name: CommandName): CommandName | undefined {
  if (name === 'C-CANCEL-RQ' || isResponse(name)) return undefined;
  return namesByField.get(commandFields[name] | 0x8000);
}

export type CommandKey = Exclude<keyof Command, 'name' | 'hasDataset'>;
export type CommandVr = 'US' | 'UI' | 'AE' | 'LO' | 'AT';

export interface CommandElement {
  readonly tag: number;
  readonly vr: CommandVr;
  readonly key: CommandKey;
}

const element = (tag: number, vr: CommandVr, key: CommandKey): CommandElement => ({ tag, vr, key });

/** Elements of group 0000 in ascending order, without group length, command field and data set type. */
export const commandElements: readonly CommandElement[] = [
  element(0x0002, 'UI', 'affectedSopClassUid'),
  element(0x0003, 'UI', 'requestedSopClassUid'),
  element(0x0110, 'US', 'messageId'),
  element(0x0120, 'US', 'messageIdBeingRespondedTo'),
  element(0x0600, 'AE', 'moveDestination'),
  element(0x0700, 'US', 'priority'),
  element(0x0900, 'US', 'status'),
  element(0x0901, 'AT', 'offendingElement'),
  element(0x0902, 'LO', 'errorComment'),
  element(0x0903, 'US', 'errorId'),
  element(0x1000, 'UI', 'affectedSopInstanceUid'),
  element(0x1001, 'UI', 'requestedSopInstanceUid'),
  element(0x1002, 'US', 'eventTypeId'),
  element(0x1005, 'AT', 'attributeIdentifierList'),
  element(0x1008, 'US', 'actionTypeId'),
  element(0x1020, 'US', 'remainingSuboperations'),
  element(0x1021, 'US', 'completedSuboperations'),
  element(0x1022, 'US', 'failedSuboperations'),
  element(0x1023, 'US', 'warningSuboperations'),
  element(0x1030, 'AE', 'moveOriginatorAeTitle'),
  element(0x1031, 'US', 'moveOriginatorMessageId'),
];

export const commandElementOf: ReadonlyMap<number, CommandElement> = new Map(
  commandElements.map((row) => [row.tag, row]),
);

/** Tags of what stands around those: group length, command field, data set type. */
export const groupLengthTag = 0x0000;
export const commandFieldTag = 0x0100;
export const datasetTypeTag = 0x0800;

const answer: readonly CommandKey[] = ['messageIdBeingRespondedTo', 'status'];
const affected: readonly CommandKey[] = ['affectedSopClassUid', 'messageId'];
const requested: readonly CommandKey[] = ['requestedSopClassUid', 'messageId', 'requestedSopInstanceUid'];

/** What a command must have to be understood, and whether a data set must (true) or must not (false) follow. */
export interface CommandRule {
  readonly needs: readonly CommandKey[];
  readonly dataset?: boolean;
}

/**
 * Priority is mandatory in the standard and has no effect here, so that its absence is let pass; so are the UIDs that
 * responses repeat.
 */
export const commandRules: Readonly<Record<CommandName, CommandRule>> = {
  'C-STORE-RQ': { needs: [...affected, 'affectedSopInstanceUid'], dataset: true },
  'C-STORE-RSP': { needs: answer, dataset: false },
  'C-GET-RQ': { needs: affected, dataset: true },
  'C-GET-RSP': { needs: answer },
  'C-FIND-RQ': { needs: affected, dataset: true },
  'C-FIND-RSP': { needs: answer },
  'C-MOVE-RQ': { needs: [...affected, 'moveDestination'], dataset: true },
  'C-MOVE-RSP': { needs: answer },
  'C-ECHO-RQ': { needs: affected, dataset: false },
  'C-ECHO-RSP': { needs: answer, dataset: false },
  'C-CANCEL-RQ': { needs: ['messageIdBeingRespondedTo'], dataset: false },
  'N-EVENT-REPORT-RQ': { needs: [...affected, 'affectedSopInstanceUid', 'eventTypeId'] },
  'N-EVENT-REPORT-RSP': { needs: answer },
  'N-GET-RQ': { needs: requested, dataset: false },
  'N-GET-RSP': { needs: answer },
  'N-SET-RQ': { needs: requested, dataset: true },
  'N-SET-RSP': { needs: answer },
  'N-ACTION-RQ': { needs: [...requested, 'actionTypeId'] },
  'N-ACTION-RSP': { needs: answer },
  'N-CREATE-RQ': { needs: affected },
  'N-CREATE-RSP': { needs: answer },
  'N-DELETE-RQ': { needs: requested, dataset: false },
  'N-DELETE-RSP': { needs: answer, dataset: false },
};
