/**
 * Application entity titles (PS3.5 6.2, AE): 1 to 16 printable ASCII characters without a backslash, not all spaces.
 * Spaces at either end say nothing and may be there.
 */
export const isAeTitle = (title: string): boolean => /^[ -[\]-~]{1,16}$/.test(title) && title.trim() !== '';
