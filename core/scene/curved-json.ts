import type { JsonReader } from './json-reader.ts';
import { readLayers, readWindow } from './scene-json-parts.ts';
import type { CurvedRows, CurvedScene } from './types.ts';

/** A curved plane in a scene's file: its rows as lists of numbers, three a row, `null` for a row that is a gap. */
const names =
  'version kind rows spacingMm width height slabMm projection interpolation window background layers'.split(
    ' ',
  );
const mostPixels = 8192;
const mostSlabMm = 200;
/** How far written unit and perpendicular vectors may be off. */
const slack = 1e-6;

type ListedRows = { readonly [part in keyof CurvedRows]: readonly (number | null)[] };

const listed = (numbers: Float64Array): (number | null)[] =>
  Array.from(numbers, (x) => (Number.isNaN(x) ? null : x));

export const curvedRowsToJson = ({ centres, across, through }: CurvedRows): ListedRows => ({
  centres: listed(centres),
  across: listed(across),
  through: listed(through),
});

function readNumbers(reader: JsonReader, value: unknown, at: string, height: number, most: number) {
  const read = (item: unknown, where: string): number =>
    item === null ? Number.NaN : reader.number(item, where, -most, most);
  return Float64Array.from(reader.list(value, at, [3 * height, 3 * height], read));
}

/** Whether the directions of each row with a centre are unit vectors at right angles. */
function areDirections({ centres, across, through }: CurvedRows): boolean {
  for (let at = 0; at < centres.length; at += 3) {
    if (Number.isNaN(centres[at]!)) continue;
    const [a, b, c] = [across[at]!, across[at + 1]!, across[at + 2]!];
    const [d, e, f] = [through[at]!, through[at + 1]!, through[at + 2]!];
    const off = [Math.hypot(a, b, c) - 1, Math.hypot(d, e, f) - 1, a * d + b * e + c * f];
    if (!off.every((x) => Math.abs(x) <= slack)) return false;
  }
  return true;
}

export function readCurved(reader: JsonReader, json: unknown): CurvedScene {
  const o = reader.object(json, '', names);
  const height = reader.whole(o['height'], 'height', 1, mostPixels);
  const r = reader.object(o['rows'], 'rows', ['centres', 'across', 'through']);
  const rows = {
    centres: readNumbers(reader, r['centres'], 'rows.centres', height, 1e6),
    across: readNumbers(reader, r['across'], 'rows.across', height, 1 + slack),
    through: readNumbers(reader, r['through'], 'rows.through', height, 1 + slack),
  };
  if (reader.fault === undefined && !areDirections(rows)) reader.wrong('rows');
  return {
    kind: 'curved',
    rows,
    spacingMm: reader.number(o['spacingMm'], 'spacingMm', 1e-4, 1e3),
    width: reader.whole(o['width'], 'width', 1, mostPixels),
    height,
    slabMm: reader.number(o['slabMm'], 'slabMm', 0, mostSlabMm),
    projection: reader.oneOf(o['projection'], 'projection', ['none', 'mip', 'minip', 'mean']),
    interpolation: reader.oneOf(o['interpolation'], 'interpolation', ['nearest', 'linear', 'cubic']),
    window: readWindow(reader, o['window'], 'window'),
    background: reader.vector(o['background'], 'background', 0, 255),
    ...readLayers(reader, o['layers']),
  };
}
