import { transferSyntaxOf } from '../../../core/dicom/tables/transfer-syntaxes.ts';
import { chooseOffer, type Offer } from '../../../core/dicomweb/media-type.ts';
import type { WebObject } from '../store/web-find.ts';

export const dicomType = 'application/dicom';
export const explicitLittle = '1.2.840.10008.1.2.1';

/** How one object goes out. */
export interface ObjectForm {
  readonly isMultipart: boolean;
  /** Transfer syntax of what is sent: the stored one, bit for bit, or Explicit VR Little Endian, transcoded. */
  readonly transferSyntaxUid: string;
  /** It may go as it is stored where transcoding fails: no transfer syntax was named. */
  readonly mayFallBack: boolean;
}

/** Its pixels can be decoded, or are native: what is only kept (video, JPEG XL, private syntaxes) cannot. */
const canTranscode = ({ transferSyntax }: WebObject): boolean =>
  transferSyntax !== explicitLittle && transferSyntaxOf(transferSyntax)?.status === 'supported';

/**
 * What an Accept header makes of an object (PS3.18 8.7.3.4, 8.7.3.5.2, 8.7.8.2). A named syntax is given if it is the
 * stored one or Explicit VR Little Endian; `*` takes what is stored; without any the default is Explicit VR Little
 * Endian, but for what was compressed with loss or cannot be transcoded. Null: nothing fits.
 */
export function formOf(accept: string, object: WebObject, isAlone: boolean): ObjectForm | null {
  const stored = object.transferSyntax;
  const isKept = !canTranscode(object) || transferSyntaxOf(stored)?.lossy === true;
  const shapes = isAlone ? [true, false] : [true];
  const offer = (transferSyntaxUid: string, isMultipart: boolean, isDefault: boolean) => ({
    type: dicomType,
    isMultipart,
    transferSyntaxUid,
    isDefault,
  });
  const offers: (Offer & { readonly transferSyntaxUid: string })[] = shapes.flatMap((isMultipart) => [
    offer(stored, isMultipart, isKept),
    ...(canTranscode(object) ? [offer(explicitLittle, isMultipart, !isKept)] : []),
  ]);
  const chosen = chooseOffer(accept, offers);
  if (!chosen) return null;
  const { isMultipart, transferSyntaxUid } = chosen;
  const asStored = offer(stored, isMultipart, true);
  return { isMultipart, transferSyntaxUid, mayFallBack: chooseOffer(accept, [asStored]) !== undefined };
}
