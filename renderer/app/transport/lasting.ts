/** What outlives its page, as bytes of the wire: a browser takes 64 KiB together; the rest is for settings. */
export const lastingMostBytes = 60 * 1024;

/** Of a text, as UTF-8. */
export const bytesOf = (text: string): number => new TextEncoder().encode(text).length;
