/** A film as it comes from an encoder: pictures one after another, all as long as each other. */
export interface EncodedFilm {
  readonly width: number;
  readonly height: number;
  readonly framesPerSecond: number;
  readonly frames: readonly EncodedPicture[];
}

export interface EncodedPicture {
  readonly bytes: Uint8Array;
  /** Can be shown without those before it; the first is. */
  readonly isKey: boolean;
}

/** Bytes of several parts in one. */
export function joinedBytes(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
