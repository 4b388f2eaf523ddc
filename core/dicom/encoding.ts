import { problem } from '../base/problem.ts';
import { fail, ok, type Result } from '../base/result.ts';
import type { ByteWindow } from './byte-source.ts';
import { type FileStart, sniffEncoding } from './file-start.ts';
import type { Flags } from './flags.ts';
import { transferSyntaxOf } from './tables/transfer-syntaxes.ts';
import type { Encoding } from './walker.ts';

export const implicitLittle = '1.2.840.10008.1.2';
export const explicitLittle = '1.2.840.10008.1.2.1';
export const explicitBig = '1.2.840.10008.1.2.2';

export interface ResolvedEncoding {
  readonly encoding: Encoding;
  /** The syntax the data set is really in: the declared one unless its encoding is another. */
  readonly transferSyntaxUID: string;
  readonly deflated: boolean;
}

/** The uncompressed syntax of an encoding. */
export const plainSyntax = (encoding: Encoding): string => {
  if (encoding.bigEndian) return explicitBig;
  return encoding.explicit ? explicitLittle : implicitLittle;
};

/** Settles how the data set is encoded: what the file declares, checked against its first elements. */
export function resolveEncoding(
  window: ByteWindow,
  start: FileStart,
  flags: Flags,
): Result<ResolvedEncoding> {
  const declared = start.transferSyntaxUID;
  const row = declared === undefined ? undefined : transferSyntaxOf(declared);
  // Some writers name the deflated syntax and deflate nothing: two elements that fit each other are no stream.
  const plain = row?.deflated ? sniffEncoding(window, start.datasetOffset) : undefined;
  if (row !== undefined && plain !== undefined && matches(window, start.datasetOffset, plain)) {
    const transferSyntaxUID = plainSyntax(plain);
    flags.add('TS_MISMATCH', {
      declared: row.name,
      found: transferSyntaxOf(transferSyntaxUID)?.name ?? '',
    });
    return ok({ encoding: plain, transferSyntaxUID, deflated: false });
  }
  if (row?.deflated && declared !== undefined) {
    return ok({
      encoding: { explicit: true, bigEndian: false },
      transferSyntaxUID: declared,
      deflated: true,
    });
  }
  if (row !== undefined && declared !== undefined && matches(window, start.datasetOffset, row)) {
    return ok({ encoding: row, transferSyntaxUID: declared, deflated: false });
  }
  const hasMeta = start.hasPrefix === true && start.datasetOffset > 132;
  const sniffed = sniffEncoding(window, start.datasetOffset);
  if (sniffed === undefined && row === undefined && !hasMeta) return fail(problem('NOT_DICOM'));
  const encoding = sniffed ?? row ?? guessByLetters(window, start.datasetOffset);
  if (declared === undefined) {
    const transferSyntaxUID = plainSyntax(encoding);
    flags.add('TS_GUESSED', { guess: transferSyntaxUID });
    return ok({ encoding, transferSyntaxUID, deflated: false });
  }
  if (row === undefined) {
    flags.add('TS_UNSUPPORTED', { transferSyntax: declared.slice(0, 64) });
    return ok({ encoding, transferSyntaxUID: declared.slice(0, 64), deflated: false });
  }
  const isSame = encoding.explicit === row.explicit && encoding.bigEndian === row.bigEndian;
  if (isSame) return ok({ encoding, transferSyntaxUID: declared, deflated: false });
  flags.add('TS_MISMATCH', {
    declared: row.name,
    found: transferSyntaxOf(plainSyntax(encoding))?.name ?? '',
  });
  // Compressed pixels stay compressed however the elements around them are written.
  const transferSyntaxUID = row.encapsulated ? declared : plainSyntax(encoding);
  return ok({ encoding, transferSyntaxUID, deflated: false });
}

const guessByLetters = (window: ByteWindow, at: number): Encoding => {
  const explicit = { explicit: true, bigEndian: false };
  return matches(window, at, explicit) ? explicit : { explicit: false, bigEndian: false };
};

/** The quick check of the ordinary case: first tag and VR letters as declared. */
function matches(window: ByteWindow, at: number, declared: Encoding): boolean {
  const index = window.ensure(at, Math.min(12, window.size - at));
  if (index < 0) return true;
  const { bytes } = window;
  const low = declared.bigEndian ? bytes[index + 1]! : bytes[index]!;
  const high = declared.bigEndian ? bytes[index]! : bytes[index + 1]!;
  if (high !== 0 || low < 2 || low > 0x20) return false;
  const isUpper = (byte: number | undefined): boolean => byte !== undefined && byte >= 65 && byte <= 90;
  const hasLetters = isUpper(bytes[index + 4]) && isUpper(bytes[index + 5]);
  return declared.explicit === hasLetters;
}
