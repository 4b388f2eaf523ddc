/** Media types with their parameters (RFC 9110 8.3, 12.5.1; PS3.18 8.7.3): read, written and chosen between. */

/** Names in lower case; values as they are, quotes removed. */
export interface MediaType {
  /** `application/dicom`, `multipart/related`, `image/*` …; lower case. */
  readonly type: string;
  readonly parameters: ReadonlyMap<string, string>;
}

/** One range of an Accept header with its weight (0 to 1). */
export interface AcceptRange extends MediaType {
  readonly quality: number;
}

/** Pieces between separators that stand outside of quoted strings. */
function splitOutsideQuotes(text: string, separator: ',' | ';'): string[] {
  const pieces: string[] = [];
  let start = 0;
  let isQuoted = false;
  for (let at = 0; at < text.length; at++) {
    const letter = text[at];
    if (isQuoted && letter === '\\') at += 1;
    else if (letter === '"') isQuoted = !isQuoted;
    else if (letter === separator && !isQuoted) {
      pieces.push(text.slice(start, at));
      start = at + 1;
    }
  }
  pieces.push(text.slice(start));
  return pieces.map((piece) => piece.trim());
}

const unquoted = (value: string): string =>
  value.length >= 2 && value.startsWith('"') && value.endsWith('"')
    ? value.slice(1, -1).replace(/\\(.)/g, '$1')
    : value;

const typeForm = /^[\w!#$&^.+*-]+\/[\w!#$&^.+*-]+$/;

/** Undefined when it is none. `type=application/dicom` without quotes is taken as everybody means it. */
export function parseMediaType(text: string): MediaType | undefined {
  const [first = '', ...rest] = splitOutsideQuotes(text, ';');
  if (!typeForm.test(first)) return undefined;
  const parameters = new Map<string, string>();
  for (const piece of rest) {
    const mark = piece.indexOf('=');
    if (mark <= 0) continue;
    const name = piece.slice(0, mark).trim().toLowerCase();
    if (!parameters.has(name)) parameters.set(name, unquoted(piece.slice(mark + 1).trim()));
  }
  return { type: first.toLowerCase(), parameters };
}

/** Ranges of an Accept header, the most wanted first; what is no media type is left out. */
export function parseAccept(text: string): AcceptRange[] {
  const ranges: AcceptRange[] = [];
  for (const piece of splitOutsideQuotes(text, ',')) {
    const type = parseMediaType(piece);
    if (type === undefined) continue;
    const weight = Number(type.parameters.get('q') ?? '1');
    ranges.push({ ...type, quality: weight >= 0 && weight <= 1 ? weight : 0 });
  }
  // Sorting is stable: equal weights stay in the order of the header.
  return ranges.sort((a, b) => b.quality - a.quality);
}

const needsQuotes = /[^\w!#$&^.+*~'`|%-]/;

/** `multipart/related; type="application/dicom"; boundary=x` */
export function mediaTypeText(type: string, parameters: Readonly<Record<string, string>> = {}): string {
  const parts = Object.entries(parameters).map(([name, value]) => {
    const isPlain = value !== '' && !needsQuotes.test(value);
    return `${name}=${isPlain ? value : `"${value.replace(/(["\\])/g, '\\$1')}"`}`;
  });
  return [type, ...parts].join('; ');
}

/** One form in which something can be given. */
export interface Offer {
  /** Of the thing itself: `application/dicom`, `image/png` … */
  readonly type: string;
  /** Comes as parts of multipart/related; false = alone. */
  readonly isMultipart: boolean;
  /** Transfer syntax of what is given; left out where there is none (JSON, PNG). */
  readonly transferSyntaxUid?: string;
  /** Also given where no transfer syntax is named (PS3.18 8.7.3.5.2); otherwise it must be named, or `*`. */
  readonly isDefault?: boolean;
}

const matches = (range: string, type: string): boolean =>
  range === '*/*' || range === type || (range.endsWith('/*') && type.startsWith(range.slice(0, -1)));

function accepts(range: AcceptRange, offer: Offer): boolean {
  if (range.quality === 0) return false;
  const isRelated = range.type === 'multipart/related';
  if (isRelated) {
    if (!offer.isMultipart) return false;
    if (!matches((range.parameters.get('type') ?? '*/*').toLowerCase(), offer.type)) return false;
  } else if (offer.isMultipart) {
    if (!matches(range.type, 'multipart/related')) return false;
  } else if (!matches(range.type, offer.type)) return false;
  if (offer.transferSyntaxUid === undefined) return true;
  const wanted = range.parameters.get('transfer-syntax');
  if (wanted === undefined) return offer.isDefault === true;
  return wanted === '*' || wanted === offer.transferSyntaxUid;
}

/**
 * The offer that an Accept header wants most; of equals the first offer. An empty header takes the first default.
 * Undefined: nothing fits (406).
 */
export function chooseOffer<T extends Offer>(accept: string, offers: readonly T[]): T | undefined {
  const text = accept.trim() === '' ? '*/*' : accept;
  const ranges = parseAccept(text);
  for (const range of ranges) {
    const found = offers.find((offer) => accepts(range, offer) && !isRefused(ranges, offer));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** `q=0` takes a form out although a wider range would let it in. */
const isRefused = (ranges: readonly AcceptRange[], offer: Offer): boolean =>
  ranges.some((range) => range.quality === 0 && accepts({ ...range, quality: 1 }, offer));
