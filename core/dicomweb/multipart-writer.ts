/** Writes multipart/related (RFC 2387, PS3.18 8.6.1.2) piece by piece; parts are streamed between the pieces. */
const encoder = new TextEncoder();

/** What stands before a part's bytes. `isFirst`: no line end belongs to a part before it. */
export function partHead(
  boundary: string,
  headers: Readonly<Record<string, string>>,
  isFirst: boolean,
): Uint8Array {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return encoder.encode(`${isFirst ? '' : '\r\n'}--${boundary}\r\n${lines.join('')}\r\n`);
}

/** What ends the whole; also of a body without parts. */
export const closeDelimiter = (boundary: string, isEmpty = false): Uint8Array =>
  encoder.encode(`${isEmpty ? '' : '\r\n'}--${boundary}--\r\n`);
