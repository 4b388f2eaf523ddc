/** A short text of VR LO or SH: cut by characters, without what separates values. */
export const shortText = (text: string, most: number): string =>
  [...text.replaceAll('\\', '/')].slice(0, most).join('').trim();

/** A series' description with what was done to it, as much as a description holds (64 characters). */
export function derivedName(description: string, what: string): string {
  const old = description.trim();
  return old === '' ? what : `${shortText(old, 63 - what.length)} ${what}`;
}
