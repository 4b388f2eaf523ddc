/**
 * Command sets as bytes: Implicit VR Little Endian, group 0000 only (PS3.7 6.3.1, E.1).
 * What comes from a peer is checked strictly, but for the text of UIDs: whoever uses one judges it.
 */
import { type Problem, problem } from '../base/problem.ts';
import { latin1, trimmedEnd } from '../dicom/values.ts';
import {
  type CommandElement,
  type CommandKey,
  commandElementOf,
  commandElements,
  commandFields,
  commandFieldTag,
  commandNameOf,
  commandRules,
  datasetTypeTag,
  groupLengthTag,
  responseNameOf,
} from './command-table.ts';
import { statuses } from './status-codes.ts';
import type { Command, CommandName } from './types.ts';

/** (0000,0800) when no data set follows; any other value says that one does. */
const noDataset = 0x0101;
/** Values of group 0000 that we read are shorter; a longer one is a lie. */
const longestValueBytes = 4096;

const sizeOf = (item: CommandElement, value: NonNullable<Command[CommandKey]>): number => {
  if (item.vr === 'US') return 2;
  if (typeof value === 'string') return value.length + (value.length % 2);
  return (value as readonly number[]).length * 4;
};

/** A command set with its group length. Absent elements are left out; texts are ASCII. */
export function encodeCommand(command: Command): Uint8Array {
  const present: { item: CommandElement; value: NonNullable<Command[CommandKey]> }[] = [];
  let length = 12 + 10 + 10;
  for (const item of commandElements) {
    const value = command[item.key];
    if (value === undefined) continue;
    present.push({ item, value });
    length += 8 + sizeOf(item, value);
  }
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  let at = 0;
  const header = (tag: number, size: number): void => {
    view.setUint16(at + 2, tag, true);
    view.setUint32(at + 4, size, true);
    at += 8;
  };
  const number16 = (tag: number, value: number): void => {
    header(tag, 2);
    view.setUint16(at, value, true);
    at += 2;
  };
  const rest = present.values();
  let next = rest.next();
  const upTo = (tag: number): void => {
    for (; next.done !== true && next.value.item.tag < tag; next = rest.next()) {
      const { item, value } = next.value;
      if (item.vr === 'US') number16(item.tag, value as number);
      else {
        header(item.tag, sizeOf(item, value));
        at += writeValue(view, at, item, value as string | readonly number[]);
      }
    }
  };
  header(groupLengthTag, 4);
  view.setUint32(at, length - 12, true);
  at += 4;
  upTo(commandFieldTag);
  number16(commandFieldTag, commandFields[command.name]);
  upTo(datasetTypeTag);
  number16(datasetTypeTag, command.hasDataset ? 0x0102 : noDataset);
  upTo(0x10000);
  return bytes;
}

/** Writes a text or a list of tags; gives how many bytes it took. */
function writeValue(
  view: DataView,
  at: number,
  item: CommandElement,
  value: string | readonly number[],
): number {
  const size = sizeOf(item, value);
  if (typeof value === 'string') {
    for (let i = 0; i < value.length; i++) view.setUint8(at + i, value.charCodeAt(i));
    if (size > value.length) view.setUint8(at + value.length, item.vr === 'UI' ? 0 : 0x20);
    return size;
  }
  value.forEach((tag, i) => {
    view.setUint16(at + i * 4, tag >>> 16, true);
    view.setUint16(at + i * 4 + 2, tag & 0xffff, true);
  });
  return size;
}

export type DecodedCommand =
  | { readonly ok: true; readonly command: Command }
  /**
   * `answer`: what to send back; its data set, when `datasetFollows`, is to be skipped. Without an answer the command
   * cannot be trusted so far that one could be addressed, and the association is to be aborted.
   */
  | {
      readonly ok: false;
      readonly problem: Problem;
      readonly datasetFollows: boolean;
      readonly answer?: Command;
    };

const tagName = (tag: number): string => `(0000,${tag.toString(16).toUpperCase().padStart(4, '0')})`;

const untrusted = (tag: number): DecodedCommand => ({
  ok: false,
  problem: problem('COMMAND_INVALID', { element: tagName(tag) }),
  datasetFollows: false,
});

/** What is known of a command while its elements are read. */
interface Draft {
  field?: number;
  datasetType?: number;
  /** First element whose value cannot be right. */
  wrong?: number;
  readonly values: { -readonly [key in CommandKey]?: Command[key] };
}

/**
 * Reads a whole command set. Lies about structure are not answered, lies about content are. What follows group 0000 is
 * passed over: Orthanc 1.10 puts the Failed SOP Instance UID List of a C-GET-RSP there.
 */
export function decodeCommand(bytes: Uint8Array): DecodedCommand {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const draft: Draft = { values: {} };
  let lastTag = -1;
  let end = bytes.length;
  for (let at = 0; at < end; ) {
    if (at + 8 > end) return untrusted(Math.max(lastTag, 0));
    const group = view.getUint16(at, true);
    const tag = view.getUint16(at + 2, true);
    const length = view.getUint32(at + 4, true);
    at += 8;
    const isPlaced = group === 0 && tag > lastTag && length % 2 === 0 && length <= end - at;
    if (!isPlaced) return untrusted(group === 0 ? tag : Math.max(lastTag, 0));
    if (tag === groupLengthTag) {
      const isRight = length === 4 && view.getUint32(at, true) <= bytes.length - 12;
      if (!isRight) return untrusted(tag);
      end = 12 + view.getUint32(at, true);
    }
    readElement(draft, tag, bytes, view, at, length);
    lastTag = tag;
    at += length;
  }
  return checked(draft);
}

function readElement(
  draft: Draft,
  tag: number,
  bytes: Uint8Array,
  view: DataView,
  at: number,
  length: number,
): void {
  if (tag === commandFieldTag || tag === datasetTypeTag) {
    if (length !== 2) return;
    const value = view.getUint16(at, true);
    if (tag === commandFieldTag) draft.field = value;
    else draft.datasetType = value;
    return;
  }
  const item = commandElementOf.get(tag);
  // An empty value says nothing, as does a retired element.
  if (item === undefined || length === 0) return;
  const { vr, key } = item;
  const values = draft.values as Record<CommandKey, Command[CommandKey]>;
  if (vr === 'US') {
    if (length === 2) values[key] = view.getUint16(at, true);
    else draft.wrong ??= tag;
  } else if (vr === 'AT') {
    if (length % 4 !== 0) draft.wrong ??= tag;
    else values[key] = tagList(view, at, length);
  } else if (length > longestValueBytes) draft.wrong ??= tag;
  else {
    const text = latin1(bytes, at, trimmedEnd(bytes, at, at + length));
    const value = vr === 'UI' ? text : text.trim();
    if (value !== '') values[key] = value;
  }
}

function tagList(view: DataView, at: number, length: number): number[] {
  const tags: number[] = [];
  for (let i = at; i < at + length; i += 4) {
    tags.push(view.getUint16(i, true) * 65_536 + view.getUint16(i + 2, true));
  }
  return tags;
}

/** A UID that is fit to be sent back; what is none is left out of answers. */
const isUid = (text: string | undefined): text is string => text !== undefined && /^[0-9.]{1,64}$/.test(text);

const tagOfKey = (key: CommandKey): number => commandElements.find((item) => item.key === key)!.tag;

/** The status for a request that lacks something (PS3.7 annex C). */
function statusForMissing(key: CommandKey): number {
  if (key === 'affectedSopClassUid' || key === 'requestedSopClassUid') return statuses.noSuchSopClass;
  if (key === 'affectedSopInstanceUid' || key === 'requestedSopInstanceUid') {
    return statuses.invalidObjectInstance;
  }
  if (key === 'eventTypeId') return statuses.noSuchEventType;
  if (key === 'actionTypeId') return statuses.noSuchAction;
  return statuses.invalidArgumentValue;
}

function checked(draft: Draft): DecodedCommand {
  const { field, datasetType, values, wrong } = draft;
  const name = field === undefined ? undefined : commandNameOf(field);
  if (name === undefined) return untrusted(commandFieldTag);
  if (datasetType === undefined) return untrusted(datasetTypeTag);
  const hasDataset = datasetType !== noDataset;
  const rule = commandRules[name];
  const missing = rule.needs.find((key) => values[key] === undefined);
  if (missing === undefined && wrong === undefined && (rule.dataset ?? hasDataset) === hasDataset) {
    return { ok: true, command: { name, ...values, hasDataset } };
  }
  const fault =
    wrong !== undefined
      ? { tag: wrong, status: statuses.invalidArgumentValue }
      : missing !== undefined
        ? { tag: tagOfKey(missing), status: statusForMissing(missing) }
        : { tag: datasetTypeTag, status: statuses.mistypedArgument };
  return refusal(name, values, hasDataset, fault);
}

function refusal(
  name: CommandName,
  values: Draft['values'],
  hasDataset: boolean,
  fault: { readonly tag: number; readonly status: number },
): DecodedCommand {
  const response = responseNameOf(name);
  if (response === undefined || values.messageId === undefined) return untrusted(fault.tag);
  const sopClass = values.affectedSopClassUid ?? values.requestedSopClassUid;
  const sopInstance = values.affectedSopInstanceUid ?? values.requestedSopInstanceUid;
  const answer: Command = {
    name: response,
    messageIdBeingRespondedTo: values.messageId,
    ...(isUid(sopClass) && { affectedSopClassUid: sopClass }),
    ...(isUid(sopInstance) && { affectedSopInstanceUid: sopInstance }),
    status: fault.status,
    errorComment: `Element ${tagName(fault.tag)} is missing or invalid`,
    hasDataset: false,
  };
  return {
    ok: false,
    problem: problem('COMMAND_INVALID', { element: tagName(fault.tag) }),
    datasetFollows: hasDataset,
    answer,
  };
}
