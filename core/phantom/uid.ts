/** Deterministic UIDs under 2.25 (PS3.5 B.2): a UUID made from a hash of a seed and a label. */
import { hash32 } from './random.ts';

export function phantomUid(seed: number, label: string): string {
  let value = 0n;
  for (let word = 0; word < 4; word++) {
    let h = hash32(seed ^ Math.imul(word + 1, 0x9e3779b1));
    for (let n = 0; n < label.length; n++) h = hash32(Math.imul(h, 31) ^ label.charCodeAt(n) ^ (word << 24));
    value = (value << 32n) | BigInt(h);
  }
  // Version 8 (custom) and the RFC 9562 variant, so that the number is a proper UUID.
  value = (value & ~(0xfn << 76n)) | (8n << 76n);
  value = (value & ~(3n << 62n)) | (2n << 62n);
  return `2.25.${value}`;
}
