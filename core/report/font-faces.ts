/** The shipped font comes in slices of characters (`@font-face` with `unicode-range`): a document takes those it needs. */
export interface FontSlice {
  readonly family: string;
  readonly weight: string;
  /** As the style sheet names it, relative to it. */
  readonly url: string;
  readonly range: string;
}

const part = (block: string, name: string): string =>
  new RegExp(`${name}:\\s*([^;}]+)`).exec(block)?.[1]?.trim() ?? '';

/** Whether a `unicode-range` holds one of the characters. */
function holds(range: string, codes: readonly number[]): boolean {
  return range.split(',').some((text) => {
    const match = /^\s*U\+([\da-f]+)(?:-([\da-f]+))?\s*$/i.exec(text);
    if (!match) return false;
    const from = Number.parseInt(match[1]!, 16);
    const to = match[2] === undefined ? from : Number.parseInt(match[2], 16);
    return codes.some((code) => code >= from && code <= to);
  });
}

/** Slices (WOFF2) of a style sheet for the characters of a text. */
export function fontSlices(css: string, family: string, text: string): readonly FontSlice[] {
  const codes = [...new Set(text)].map((character) => character.codePointAt(0)!);
  return [...css.matchAll(/@font-face\s*\{([^}]*)\}/g)].flatMap(([, block = '']) => {
    const own = part(block, 'font-family').replace(/['"]/g, '');
    const url = /url\(\s*['"]?([^'")]+\.woff2)/.exec(block)?.[1];
    const range = part(block, 'unicode-range');
    if (own !== family || url === undefined || !holds(range, codes)) return [];
    return [{ family, weight: part(block, 'font-weight'), url, range }];
  });
}

/** The face of a slice with its bytes in it. */
export const faceCss = ({ family, weight, range }: FontSlice, base64: string): string =>
  `@font-face{font-family:"${family}";font-weight:${weight};src:url(data:font/woff2;base64,${base64}) format("woff2");unicode-range:${range}}`;
