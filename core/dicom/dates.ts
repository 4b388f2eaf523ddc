import { VR } from './vr.ts';

/** A date or time as the index keeps it; `valid` is false when it does not follow PS3.5 6.2. */
export interface CheckedDateTime {
  readonly value: string | undefined;
  readonly valid: boolean;
}

const daysInMonth = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

const two = (text: string, at: number): number =>
  (text.charCodeAt(at) - 48) * 10 + text.charCodeAt(at + 1) - 48;

function isDate(text: string): boolean {
  for (let i = 0; i < 8; i++) {
    const code = text.charCodeAt(i);
    if (!(code >= 48 && code <= 57)) return false;
  }
  const century = two(text, 0);
  const month = two(text, 4);
  const day = two(text, 6);
  return (
    century >= 15 && century < 30 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth[month - 1]!
  );
}

const timePattern = /^(?:[01]\d|2[0-3])(?:[0-5]\d(?:(?:[0-5]\d|60)(?:\.\d{1,6})?)?)?$/;
const dateTimePattern = /^\d{4}(?:\d{2}){0,5}(?:\.\d{1,6})?(?:[+-]\d{4})?$/;

/**
 * Checks a DA, TM or DT value. The old forms `YYYY.MM.DD` and `HH:MM:SS` are rewritten without separators and
 * reported as not valid; what cannot be a date or time gives no value.
 */
export function checkedDateTime(text: string, vr: number): CheckedDateTime {
  const first = text.indexOf('\\') < 0 ? text : text.slice(0, text.indexOf('\\'));
  if (vr === VR.DA) {
    if (first.length === 8 && isDate(first)) return { value: first, valid: true };
    const plain = first.replace(/^(\d{4})[.:/-](\d{2})[.:/-](\d{2})$/, '$1$2$3');
    return { value: plain.length === 8 && isDate(plain) ? plain : undefined, valid: false };
  }
  if (vr === VR.TM) {
    if (timePattern.test(first)) return { value: first, valid: true };
    const plain = first.replaceAll(':', '').trim();
    return { value: timePattern.test(plain) ? plain : undefined, valid: false };
  }
  const valid = dateTimePattern.test(first);
  return { value: valid ? first : undefined, valid };
}
