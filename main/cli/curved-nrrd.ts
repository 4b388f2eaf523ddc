import type { CprPicture } from '../../core/analysis/cpr/types.ts';

/** Decimals of a millimetre, and of a direction. */
const places = { mm: 4, direction: 6 } as const;

const listed = (values: Float64Array, decimals: number): string => {
  const rows: string[] = [];
  for (let at = 0; at < values.length; at += 3)
    rows.push([...values.subarray(at, at + 3)].map((x) => Number(x.toFixed(decimals))).join(' '));
  return rows.join('; ');
};

/**
 * A curved picture's values as NRRD 0004, raw, little endian, columns fastest. It has no place in a space
 * of its own: what each row is in the patient stands in key/value pairs, LPS mm, rows between semicolons.
 */
export function writeCurvedNrrd(picture: CprPicture, values: Float32Array): Uint8Array {
  const { mode, rows, spacingMm, width, height } = picture;
  const header = [
    'NRRD0004',
    'type: float',
    'dimension: 2',
    `sizes: ${width} ${height}`,
    `spacings: ${spacingMm} ${spacingMm}`,
    'units: "mm" "mm"',
    'endian: little',
    'encoding: raw',
    `cpr mode:=${mode}`,
    `row centers LPS mm:=${listed(rows.centres, places.mm)}`,
    `row directions LPS:=${listed(rows.across, places.direction)}`,
    '',
    '',
  ].join('\n');
  const head = new TextEncoder().encode(header);
  const bytes = new Uint8Array(head.length + values.byteLength);
  bytes.set(head);
  bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), head.length);
  return bytes;
}
