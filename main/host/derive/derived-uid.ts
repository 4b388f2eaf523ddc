import { randomUUID } from 'node:crypto';

/** A new UID under 2.25 (PS3.5 B.2): a random UUID as a number. */
export const newUid = (): string => `2.25.${BigInt(`0x${randomUUID().replaceAll('-', '')}`)}`;

/** Local date and time as DICOM writes them. */
export function dicomNow(nowMs: number): { readonly date: string; readonly time: string } {
  const now = new Date(nowMs);
  const two = (n: number): string => String(n).padStart(2, '0');
  return {
    date: `${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}`,
    time: `${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}`,
  };
}
