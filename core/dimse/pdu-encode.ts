/** Protocol data units to bytes (PS3.8 section 9.3, user information PS3.7 annex D.3.3). */
import { ByteBuilder } from './byte-builder.ts';
import { implicitLittleEndian, itemType, pduHeaderBytes, pduType, pdvHeaderBytes } from './pdu-types.ts';
import type {
  AssociateAccept,
  AssociateRequest,
  ControlPdu,
  PdvPiece,
  UserIdentity,
  UserInformation,
} from './types.ts';

const aeTitleBytes = 16;

function item(out: ByteBuilder, type: number, fill: () => void): void {
  out.u8(type);
  out.u8(0);
  out.counted16(fill);
}

const textItem = (out: ByteBuilder, type: number, text: string): void =>
  item(out, type, () => out.text(text));

const countedText = (out: ByteBuilder, text: string): void => out.counted16(() => out.text(text));
const countedBytes = (out: ByteBuilder, bytes: Uint8Array): void => out.counted16(() => out.bytes(bytes));

function identityItem(out: ByteBuilder, identity: UserIdentity): void {
  item(out, itemType.identity, () => {
    out.u8(identity.type);
    out.u8(identity.wantsResponse ? 1 : 0);
    countedBytes(out, identity.primary);
    countedBytes(out, identity.secondary);
  });
}

function negotiationItems(out: ByteBuilder, user: UserInformation): void {
  for (const role of user.roles) {
    item(out, itemType.role, () => {
      countedText(out, role.sopClassUid);
      out.u8(role.scu ? 1 : 0);
      out.u8(role.scp ? 1 : 0);
    });
  }
  if (user.implementationVersion !== '') {
    textItem(out, itemType.implementationVersion, user.implementationVersion);
  }
  for (const extended of user.extended) {
    item(out, itemType.extended, () => {
      countedText(out, extended.sopClassUid);
      out.bytes(extended.information);
    });
  }
  for (const common of user.commonExtended) {
    item(out, itemType.commonExtended, () => {
      countedText(out, common.sopClassUid);
      countedText(out, common.serviceClassUid);
      out.counted16(() => {
        for (const uid of common.relatedSopClassUids) countedText(out, uid);
      });
    });
  }
}

function userInformation(out: ByteBuilder, user: UserInformation): void {
  item(out, itemType.userInformation, () => {
    item(out, itemType.maximumLength, () => out.u32(user.maxPduBytes));
    textItem(out, itemType.implementationClass, user.implementationClassUid);
    const { asyncWindow } = user;
    if (asyncWindow !== undefined) {
      item(out, itemType.asyncWindow, () => {
        out.u16(asyncWindow.invoked);
        out.u16(asyncWindow.performed);
      });
    }
    negotiationItems(out, user);
    if (user.identity !== undefined) identityItem(out, user.identity);
    const { identityResponse } = user;
    if (identityResponse !== undefined) {
      item(out, itemType.identityResponse, () => countedBytes(out, identityResponse));
    }
  });
}

function associateHead(out: ByteBuilder, pdu: AssociateRequest | AssociateAccept): void {
  out.u16(pdu.protocolVersion);
  out.zeros(2);
  out.text(pdu.calledAeTitle.slice(0, aeTitleBytes).padEnd(aeTitleBytes));
  out.text(pdu.callingAeTitle.slice(0, aeTitleBytes).padEnd(aeTitleBytes));
  out.zeros(32);
  textItem(out, itemType.applicationContext, pdu.applicationContext);
}

function associateRequest(out: ByteBuilder, pdu: AssociateRequest): void {
  associateHead(out, pdu);
  for (const context of pdu.contexts) {
    item(out, itemType.proposedContext, () => {
      out.u8(context.id);
      out.zeros(3);
      textItem(out, itemType.abstractSyntax, context.abstractSyntax);
      for (const uid of context.transferSyntaxes) textItem(out, itemType.transferSyntax, uid);
    });
  }
  userInformation(out, pdu.user);
}

function associateAccept(out: ByteBuilder, pdu: AssociateAccept): void {
  associateHead(out, pdu);
  for (const context of pdu.contexts) {
    item(out, itemType.answeredContext, () => {
      out.u8(context.id);
      out.u8(0);
      out.u8(context.result);
      out.u8(0);
      // Not significant of a refusal (PS3.8 table 9-18), but peers exist that read it all the same.
      textItem(out, itemType.transferSyntax, context.transferSyntax || implicitLittleEndian);
    });
  }
  userInformation(out, pdu.user);
}

function body(out: ByteBuilder, pdu: ControlPdu): void {
  switch (pdu.kind) {
    case 'associate-rq':
      associateRequest(out, pdu);
      break;
    case 'associate-ac':
      associateAccept(out, pdu);
      break;
    case 'associate-rj':
      out.u8(0);
      out.u8(pdu.result);
      out.u8(pdu.source);
      out.u8(pdu.reason);
      break;
    case 'abort':
      out.zeros(2);
      out.u8(pdu.source);
      out.u8(pdu.reason);
      break;
    default:
      out.zeros(4);
  }
}

const typeOf: Readonly<Record<ControlPdu['kind'], number>> = {
  'associate-rq': pduType.associateRq,
  'associate-ac': pduType.associateAc,
  'associate-rj': pduType.associateRj,
  'release-rq': pduType.releaseRq,
  'release-rp': pduType.releaseRp,
  abort: pduType.abort,
};

/** The bytes of a PDU. Throws when an item outgrows 65,535 bytes, which no negotiated value can. */
export function encodePdu(pdu: ControlPdu): Uint8Array {
  const out = new ByteBuilder();
  out.u8(typeOf[pdu.kind]);
  out.u8(0);
  out.counted32(() => body(out, pdu));
  return out.finish();
}

/** Up to here the value is copied behind its header: one write is cheaper than two. */
const copiedBytes = 1024;

/**
 * A P-DATA-TF PDU with one presentation data value (PS3.8 section 9.3.5, annex E.2): its bytes in order. Large values
 * are given on as they are, not copied, so they must stay unchanged until they are written.
 */
export function encodeData(piece: PdvPiece): readonly Uint8Array[] {
  const headBytes = pduHeaderBytes + pdvHeaderBytes;
  const isCopied = piece.bytes.length <= copiedBytes;
  const head = new Uint8Array(isCopied ? headBytes + piece.bytes.length : headBytes);
  const view = new DataView(head.buffer);
  head[0] = pduType.data;
  view.setUint32(2, pdvHeaderBytes + piece.bytes.length);
  view.setUint32(6, 2 + piece.bytes.length);
  head[10] = piece.contextId;
  head[11] = (piece.isCommand ? 1 : 0) | (piece.isLast ? 2 : 0);
  if (!isCopied) return [head, piece.bytes];
  head.set(piece.bytes, headBytes);
  return [head];
}
