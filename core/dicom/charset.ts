/**
 * Specific Character Set (PS3.3 C.12.1.1.2, PS3.5 6.1): bytes → text.
 *
 * Text is decoded as a whole and split at `\`, `=` and `^` afterwards: in multi-byte sets those bytes also occur as
 * the second half of a character (lessons L81). ISO 2022 escapes switch sets within a value and lose their effect
 * at delimiters and line ends (PS3.5 6.1.2.5.3).
 */
export interface CharacterSet {
  readonly kind: 'single' | 'whole' | 'iso2022';
  /** TextDecoder label of the set in force where no escape has been seen. */
  readonly label: string;
  /** Label of a declared multi-byte G1 set, used where a writer left its first escape out. */
  readonly impliedG1?: string;
  /** False when a declared term is unknown. */
  readonly known: boolean;
  /** Nothing was declared, or a set that GBK writers are known to declare falsely. */
  readonly guessable: boolean;
}

const singleByte: Readonly<Record<string, string>> = {
  6: 'windows-1252',
  100: 'windows-1252',
  101: 'iso-8859-2',
  109: 'iso-8859-3',
  110: 'iso-8859-4',
  144: 'iso-8859-5',
  127: 'iso-8859-6',
  126: 'iso-8859-7',
  138: 'iso-8859-8',
  148: 'windows-1254',
  203: 'iso-8859-15',
  166: 'windows-874',
  13: 'shift_jis',
};

const wholeSets: Readonly<Record<string, string>> = {
  ISOIR192: 'utf-8',
  UTF8: 'utf-8',
  ISO10646: 'utf-8',
  GB18030: 'gb18030',
  GBK: 'gb18030',
  GB2312: 'gb18030',
};

/** Multi-byte sets of code extensions: how their bytes are decoded. */
const multiByte: Readonly<Record<string, string>> = {
  58: 'gb18030',
  149: 'euc-kr',
  87: 'euc-jp',
  159: 'euc-jp',
};

const ascii: CharacterSet = { kind: 'single', label: 'windows-1252', known: true, guessable: true };

/** The character set that the values of (0008,0005) declare; none at all means ASCII. */
export function characterSetOf(values: readonly string[] | undefined): CharacterSet {
  const terms = (values ?? []).map((value) => value.toUpperCase().replace(/[^A-Z0-9]/g, ''));
  if (terms.every((term) => term === '')) return ascii;
  for (const term of terms) {
    const label = wholeSets[term];
    if (label !== undefined) return { kind: 'whole', label, known: true, guessable: false };
  }
  const numbers = terms.map((term) => (term === '' ? '6' : /^ISO(?:2022)?IR(\d+)$/.exec(term)?.[1]));
  const known = numbers.every((n) => n !== undefined && (n in singleByte || n in multiByte));
  const label = singleByte[numbers[0] ?? '6'] ?? 'windows-1252';
  const implied = numbers.find((n) => n === '58' || n === '149');
  const isExtended = terms.length > 1 || terms[0]?.startsWith('ISO2022') === true;
  return {
    kind: isExtended ? 'iso2022' : 'single',
    label,
    ...(implied !== undefined && { impliedG1: multiByte[implied]! }),
    known,
    guessable: !isExtended && (numbers[0] === '6' || numbers[0] === '100' || !known),
  };
}

const decoders = new Map<string, InstanceType<typeof TextDecoder>>();
function decoderOf(label: string, fatal = false): InstanceType<typeof TextDecoder> {
  const key = fatal ? `${label}!` : label;
  let decoder = decoders.get(key);
  if (decoder === undefined) {
    decoder = new TextDecoder(label, { fatal, ignoreBOM: true });
    decoders.set(key, decoder);
  }
  return decoder;
}

/** The text, and whether every byte was legal in the set. */
export interface DecodedText {
  readonly text: string;
  readonly valid: boolean;
}

/** Decodes a value whole. `isName` adds `^` and `=` to the delimiters that reset code extensions. */
export function decodeText(bytes: Uint8Array, set: CharacterSet, isName: boolean): DecodedText {
  if (set.kind === 'iso2022' || bytes.includes(0x1b)) return decodeIso2022(bytes, set, isName);
  const text = decoderOf(set.label).decode(bytes);
  return { text, valid: !text.includes('\ufffd') };
}

/** Final parts of the escape sequences of PS3.3 tables C.12-3 and C.12-4. */
const escapes: readonly { readonly bytes: string; readonly g: 0 | 1; readonly set: string }[] = [
  { bytes: '(B', g: 0, set: 'ascii' },
  { bytes: '(J', g: 0, set: 'ascii' },
  { bytes: '$B', g: 0, set: '87' },
  { bytes: '$@', g: 0, set: '87' },
  { bytes: '$(D', g: 0, set: '159' },
  { bytes: '$)C', g: 1, set: 'euc-kr' },
  { bytes: '$)A', g: 1, set: 'gb18030' },
  { bytes: ')I', g: 1, set: 'shift_jis' },
  { bytes: '-A', g: 1, set: 'windows-1252' },
  { bytes: '-B', g: 1, set: 'iso-8859-2' },
  { bytes: '-C', g: 1, set: 'iso-8859-3' },
  { bytes: '-D', g: 1, set: 'iso-8859-4' },
  { bytes: '-L', g: 1, set: 'iso-8859-5' },
  { bytes: '-G', g: 1, set: 'iso-8859-6' },
  { bytes: '-F', g: 1, set: 'iso-8859-7' },
  { bytes: '-H', g: 1, set: 'iso-8859-8' },
  { bytes: '-M', g: 1, set: 'windows-1254' },
  { bytes: '-b', g: 1, set: 'iso-8859-15' },
  { bytes: '-T', g: 1, set: 'windows-874' },
];

const escapeAt = (bytes: Uint8Array, at: number): (typeof escapes)[number] | undefined =>
  escapes.find((extension) =>
    [...extension.bytes].every((letter, i) => bytes[at + 1 + i] === letter.charCodeAt(0)),
  );

const isReset = (byte: number, isName: boolean): boolean =>
  (byte >= 0x09 && byte <= 0x0d) || byte === 0x5c || (isName && (byte === 0x5e || byte === 0x3d));

/** Collects bytes of one set and decodes them together. */
class Runs {
  text = '';
  valid = true;
  #label = '';
  #bytes: number[] = [];

  add(label: string, ...bytes: number[]): void {
    if (label !== this.#label) this.flush();
    this.#label = label;
    this.#bytes.push(...bytes);
  }

  flush(): void {
    if (this.#bytes.length === 0) return;
    const part = decoderOf(this.#label).decode(Uint8Array.from(this.#bytes));
    if (part.includes('\ufffd')) this.valid = false;
    this.text += part;
    this.#bytes = [];
  }
}

function decodeIso2022(bytes: Uint8Array, set: CharacterSet, isName: boolean): DecodedText {
  const runs = new Runs();
  const initialG1 = set.impliedG1 ?? set.label;
  let g0 = 'ascii';
  let g1 = initialG1;
  let at = 0;
  while (at < bytes.length) {
    const byte = bytes[at]!;
    if (byte === 0x1b) {
      const extension = escapeAt(bytes, at);
      if (extension === undefined) {
        runs.valid = false;
        at += 1;
        continue;
      }
      if (extension.g === 0) g0 = extension.set;
      else g1 = extension.set;
      at += 1 + extension.bytes.length;
    } else if (byte >= 0x80) {
      runs.add(g1, byte);
      at += 1;
    } else if (g0 !== 'ascii' && byte > 0x20 && at + 1 < bytes.length) {
      const pair = [byte | 0x80, bytes[at + 1]! | 0x80];
      runs.add('euc-jp', ...(g0 === '159' ? [0x8f, ...pair] : pair));
      at += 2;
    } else {
      // The second half of a two-byte G1 character may not fall below 0x80 in these sets, so this is a character.
      if (isReset(byte, isName)) {
        g0 = 'ascii';
        g1 = initialG1;
      }
      runs.add('windows-1252', byte);
      at += 1;
    }
  }
  runs.flush();
  return { text: runs.text, valid: runs.valid };
}

const isStrict = (bytes: Uint8Array, label: string): boolean => {
  try {
    decoderOf(label, true).decode(bytes);
    return true;
  } catch {
    return false;
  }
};

/** Every high byte starts a pair, and at least 80 % of the pairs are GB2312 level 1 (lessons L83). */
function looksLikeGbk(texts: readonly Uint8Array[]): boolean {
  let pairs = 0;
  let common = 0;
  for (const bytes of texts) {
    for (let i = 0; i < bytes.length; i++) {
      const lead = bytes[i]!;
      if (lead < 0x80) continue;
      const trail = bytes[++i];
      if (lead === 0x80 || lead === 0xff || trail === undefined || trail < 0x40 || trail === 0x7f)
        return false;
      pairs += 1;
      if (lead >= 0xb0 && lead <= 0xd7 && trail >= 0xa1 && trail <= 0xfe) common += 1;
    }
  }
  return pairs > 0 && common >= 0.8 * pairs;
}

export const utf8Set: CharacterSet = { kind: 'whole', label: 'utf-8', known: true, guessable: false };
export const gb18030Set: CharacterSet = { kind: 'whole', label: 'gb18030', known: true, guessable: false };

/**
 * Which set undeclared or falsely declared texts are really in (lessons L83), judged over all texts of a file that
 * hold bytes above 0x7F; undefined when the declaration stands.
 */
export function guessCharset(
  texts: readonly Uint8Array[],
  set: CharacterSet,
): 'UTF-8' | 'GB18030' | undefined {
  if (texts.length === 0 || texts.some((text) => text.includes(0x1b))) return undefined;
  const isUtf8 = texts.every((text) => isStrict(text, 'utf-8'));
  if (set.label === 'utf-8') return isUtf8 || !looksLikeGbk(texts) ? undefined : 'GB18030';
  if (set.label === 'gb18030') {
    return isUtf8 && !texts.every((text) => isStrict(text, 'gb18030')) ? 'UTF-8' : undefined;
  }
  if (set.kind === 'iso2022') return undefined;
  if (isUtf8 && (set.guessable || set.label !== 'shift_jis')) return 'UTF-8';
  return set.guessable && looksLikeGbk(texts) ? 'GB18030' : undefined;
}
