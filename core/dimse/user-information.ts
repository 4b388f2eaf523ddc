/**
 * The user information item (PS3.7 annex D.3.3, PS3.8 annex D.1). A sub-item whose insides lie is left out, as if it
 * had not been sent (N20); one that is unknown is skipped (PS3.8 section 9.3.1).
 */
import {
  countedField,
  type Item,
  ItemCursor,
  paddedText,
  readU16,
  readU32,
  type UidReader,
} from './pdu-items.ts';
import { itemType } from './pdu-types.ts';
import type {
  CommonExtendedNegotiation,
  ExtendedNegotiation,
  RoleSelection,
  UpperLayerLimits,
  UserIdentity,
  UserInformation,
} from './types.ts';

/** Assumed of a peer that does not state its maximum length: what every implementation takes. */
const unstatedPduBytes = 16_384;
const versionBytes = 16;

type Draft = {
  -readonly [K in keyof UserInformation]: UserInformation[K];
} & { roles: RoleSelection[]; extended: ExtendedNegotiation[]; commonExtended: CommonExtendedNegotiation[] };

export const emptyUserInformation = (): UserInformation => draft();

const draft = (): Draft => ({
  maxPduBytes: unstatedPduBytes,
  implementationClassUid: '',
  implementationVersion: '',
  roles: [],
  extended: [],
  commonExtended: [],
});

function readRole(bytes: Uint8Array, uids: UidReader, item: Item): RoleSelection | null {
  const uid = countedField(bytes, item.start, item.end);
  if (uid === null || uid.end + 2 > item.end) return null;
  return {
    sopClassUid: uids.read(uid.start, uid.end),
    scu: bytes[uid.end] === 1,
    scp: bytes[uid.end + 1] === 1,
  };
}

function readExtended(bytes: Uint8Array, uids: UidReader, item: Item): ExtendedNegotiation | null {
  const uid = countedField(bytes, item.start, item.end);
  if (uid === null) return null;
  return {
    sopClassUid: uids.read(uid.start, uid.end),
    information: bytes.slice(uid.end, item.end),
  };
}

function readCommonExtended(
  bytes: Uint8Array,
  uids: UidReader,
  item: Item,
  mostRelated: number,
): CommonExtendedNegotiation | null {
  const sopClass = countedField(bytes, item.start, item.end);
  const service = sopClass && countedField(bytes, sopClass.end, item.end);
  const related = service && countedField(bytes, service.end, item.end);
  if (!sopClass || !service || !related) return null;
  const relatedSopClassUids: string[] = [];
  let at = related.start;
  while (at < related.end && relatedSopClassUids.length < mostRelated) {
    const uid = countedField(bytes, at, related.end);
    if (uid === null) return null;
    relatedSopClassUids.push(uids.read(uid.start, uid.end));
    at = uid.end;
  }
  return {
    sopClassUid: uids.read(sopClass.start, sopClass.end),
    serviceClassUid: uids.read(service.start, service.end),
    relatedSopClassUids,
  };
}

function readIdentity(bytes: Uint8Array, item: Item): UserIdentity | null {
  const primary = countedField(bytes, item.start + 2, item.end);
  const secondary = primary && countedField(bytes, primary.end, item.end);
  if (!primary || !secondary) return null;
  return {
    type: bytes[item.start]!,
    wantsResponse: bytes[item.start + 1] === 1,
    primary: bytes.slice(primary.start, primary.end),
    secondary: bytes.slice(secondary.start, secondary.end),
  };
}

/** Adds an entry for a class that is a UID and was not named before; `most` bounds what a peer can make us keep. */
function keep<T extends { readonly sopClassUid: string }>(list: T[], entry: T | null, most: number): void {
  if (entry === null || entry.sopClassUid === '' || list.length >= most) return;
  if (!list.some((other) => other.sopClassUid === entry.sopClassUid)) list.push(entry);
}

function readSubItem(
  user: Draft,
  bytes: Uint8Array,
  uids: UidReader,
  item: Item,
  limits: UpperLayerLimits,
): void {
  const isFour = item.end - item.start === 4;
  switch (item.type) {
    case itemType.maximumLength:
      if (isFour) user.maxPduBytes = readU32(bytes, item.start);
      break;
    case itemType.implementationClass:
      user.implementationClassUid = uids.read(item.start, item.end);
      break;
    case itemType.implementationVersion:
      user.implementationVersion = paddedText(
        bytes,
        item.start,
        Math.min(item.end, item.start + versionBytes),
      );
      break;
    case itemType.asyncWindow:
      if (isFour) {
        user.asyncWindow = { invoked: readU16(bytes, item.start), performed: readU16(bytes, item.start + 2) };
      }
      break;
    case itemType.role:
      keep(user.roles, readRole(bytes, uids, item), limits.maxContexts);
      break;
    case itemType.extended:
      keep(user.extended, readExtended(bytes, uids, item), limits.maxContexts);
      break;
    case itemType.commonExtended:
      keep(
        user.commonExtended,
        readCommonExtended(bytes, uids, item, limits.maxSyntaxesPerContext),
        limits.maxContexts,
      );
      break;
    case itemType.identity: {
      const identity = readIdentity(bytes, item);
      if (identity !== null) user.identity = identity;
      break;
    }
    case itemType.identityResponse: {
      const response = countedField(bytes, item.start, item.end);
      if (response !== null) user.identityResponse = bytes.slice(response.start, response.end);
      break;
    }
  }
}

/** Null when a sub-item claims more bytes than the item has. */
export function readUserInformation(
  bytes: Uint8Array,
  uids: UidReader,
  whole: Item,
  limits: UpperLayerLimits,
): UserInformation | null {
  const user = draft();
  const cursor = new ItemCursor(bytes, whole.start, whole.end);
  for (let item = cursor.next(); item !== null; item = cursor.next()) {
    readSubItem(user, bytes, uids, item, limits);
  }
  return cursor.lies ? null : user;
}
