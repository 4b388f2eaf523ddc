import { describe, expect, test } from 'vitest';
import { patientPoint } from '../../../../core/geometry/types.ts';
import { sheetRows } from './sheet-rows.ts';
import { stripMap, stripMarginPx, xOfMm } from './strip-map.ts';
import type { VesselLine } from './vessel-state.ts';

const line = (id: string, lengthMm: number, parent?: { lineId: string; atMm: number }): VesselLine => ({
  line: {
    id,
    kind: 'vessel',
    nameId: null,
    customName: id,
    seriesKey: 's',
    groupId: 'g',
    frameOfReferenceUID: '',
    verdict: 'exact',
    controls: [0, lengthMm].map((z) => ({ pointMm: patientPoint(0, 0, z), snapped: false })),
    pieces: [{ pointsMm: [patientPoint(0, 0, 0), patientPoint(0, 0, lengthMm)], state: 'drawn' }],
    ...(parent && { parent }),
  },
  sectionMm: 25,
  edited: [],
  lesion: null,
  rule: 'mean',
});
const size = { cssWidth: 812, cssHeight: 446, width: 812, height: 446, ratio: 1 };

describe('the sheet of branches', () => {
  const lines = [
    line('twig', 20, { lineId: 'branch', atMm: 15 }),
    line('trunk', 60),
    line('branch', 40, { lineId: 'trunk', atMm: 30 }),
  ];
  const rows = sheetRows(lines, size);

  test('has parents above their branches, each where it leaves, all of one scale', () => {
    expect(rows.map(({ item, startMm }) => [item.line.id, startMm])).toEqual([
      ['trunk', 0],
      ['branch', 30],
      ['twig', 45],
    ]);
    const xOf = (n: number, sMm: number): number => {
      const { place, item } = rows[n]!;
      return xOfMm(stripMap(place, item.line.controls[1]!.pointMm[2], size.cssWidth), sMm);
    };
    expect(xOf(0, 0)).toBeCloseTo(stripMarginPx, 6);
    // The longest way, 70 mm, fills the room between the margins.
    expect(xOf(1, 40)).toBeCloseTo(size.cssWidth - stripMarginPx, 6);
    expect(xOf(0, 30)).toBeCloseTo(xOf(1, 0), 6);
    expect(xOf(1, 15)).toBeCloseTo(xOf(2, 0), 6);
    expect(rows.every(({ top, size: { cssHeight } }) => top + cssHeight <= size.cssHeight)).toBe(true);
  });

  test('does not hang in a ring of parents', () => {
    const ring = [line('a', 10, { lineId: 'b', atMm: 1 }), line('b', 10, { lineId: 'a', atMm: 2 })];
    expect(sheetRows(ring, size).length).toBe(2);
    expect(sheetRows([], size)).toEqual([]);
  });
});
