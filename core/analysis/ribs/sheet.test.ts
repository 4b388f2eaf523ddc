import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { patientPoint } from '../../geometry/types.ts';
import { distanceMm, nearestOnPolyline } from '../curve/polyline.ts';
import { labelFrom } from './labels.ts';
import { fromSheet, layStrip, ontoSheet, type RibSheet, ribLine, ribSheet, stripScene } from './sheet.ts';
import { madeBones } from './test-bones.ts';

const found = madeBones(10, [1, 2, 3, 4, 6, 7]);
const labelled = labelFrom(found, { kind: 'vertebra', id: 'vertebra-2', label: 'T1' });
if (!labelled.ok) throw new Error(labelled.problem.code);
const bones = labelled.value;

function made(options = {}): RibSheet {
  const sheet = ribSheet(bones, options);
  if (!sheet.ok) throw new Error(sheet.problem.code);
  return sheet.value;
}
const sheet = made();

describe('ribSheet', () => {
  it('lays left ribs to the right, in order, one level a row', () => {
    expect(sheet.strips.map(({ mark }) => mark).join(' ')).toBe('L1 L2 L3 L4 L6 L7 R1 R2 R3 R4 R6 R7');
    for (const { side, at, picture } of sheet.strips) {
      if (side === 'left') expect(at.x).toBeGreaterThan(sheet.middleX);
      else expect(at.x + picture.height).toBeLessThan(sheet.middleX + 0.5);
      expect(at.x).toBeGreaterThanOrEqual(0);
      expect(at.x + picture.height).toBeLessThanOrEqual(sheet.width);
      expect(at.y + picture.width).toBeLessThanOrEqual(sheet.height);
    }
    const rowOf = (mark: string) => sheet.strips.find((strip) => strip.mark === mark)!.at.y;
    expect(rowOf('L3')).toBe(rowOf('R3'));
    expect(rowOf('L4')).toBeGreaterThan(rowOf('L3'));
  });

  it('is true to length along the rib', () => {
    for (const { ribId, picture } of sheet.strips) {
      const rib = bones.ribs.find(({ id }) => id === ribId)!;
      // 4 mm beyond both ends, and the last row at or beyond the end.
      expect(Math.abs((picture.height - 1) * sheet.spacingMm - 8 - rib.lengthMm)).toBeLessThan(2.5);
    }
  });

  it('shows the feet below on both sides, from outside', () => {
    for (const strip of sheet.strips) {
      const x = strip.at.x + strip.picture.height / 2;
      const upper = fromSheet(sheet, { x, y: strip.at.y + 2 });
      const lower = fromSheet(sheet, { x, y: strip.at.y + strip.picture.width - 3 });
      expect(lower!.pointMm[2]).toBeLessThan(upper!.pointMm[2] - 10);
    }
  });

  it('maps every place of a strip to the patient and back', () => {
    fc.assert(
      fc.property(
        fc.nat(sheet.strips.length - 1),
        fc.double({ min: 0.05, max: 0.95, noNaN: true }),
        fc.double({ min: -7, max: 7, noNaN: true }),
        (n, share, asideMm) => {
          const { at, picture, ribId } = sheet.strips[n]!;
          const x = at.x + share * (picture.height - 1);
          const y = at.y + (picture.width - 1) / 2 + asideMm / sheet.spacingMm;
          const place = fromSheet(sheet, { x, y });
          expect(place?.strip.ribId).toBe(ribId);
          const back = ontoSheet(sheet, place!.pointMm);
          expect(back?.strip.ribId).toBe(ribId);
          expect(Math.hypot(back!.point.x - x, back!.point.y - y)).toBeLessThan(0.1);
          expect(Math.abs(back!.distanceMm - Math.abs(asideMm))).toBeLessThan(0.2);
        },
      ),
      { numRuns: 60 },
    );
    expect(fromSheet(sheet, { x: sheet.middleX, y: 3 })).toBeUndefined();
    expect(ontoSheet(sheet, patientPoint(0, 300, 0))).toBeUndefined();
  });

  it('runs smoothly past a step and says where it is', () => {
    const [rib, ...others] = bones.ribs;
    const all = rib!.pieces.flatMap(({ pointsMm }) => pointsMm);
    const moved = all.slice(50).map((p) => patientPoint(p[0] + 4, p[1], p[2]));
    const broken = {
      ...rib!,
      pieces: [
        { pointsMm: all.slice(0, 50), state: 'found' as const },
        { pointsMm: [all[49]!, moved[0]!], state: 'weak' as const },
        { pointsMm: moved, state: 'found' as const },
      ],
    };
    const line = ribLine(broken);
    expect(Math.max(...line.curvaturePerMm)).toBeLessThan(0.1);
    const result = ribSheet({ ...bones, ribs: [broken, ...others] });
    const strip = result.ok ? result.value.strips[0]! : undefined;
    expect(strip?.weak).toHaveLength(1);
    const shown = ontoSheet(result.ok ? result.value : sheet, all[50]!);
    expect(shown!.point.x).toBeGreaterThan(strip!.weak[0]!.from - 4);
    expect(shown!.point.x).toBeLessThan(strip!.weak[0]!.to + 4);
    expect(sheet.strips.every(({ weak }) => weak.length === 0)).toBe(true);
  });

  it('lays drawn pixels where the map says', () => {
    const out = new Float32Array(sheet.width * sheet.height);
    for (const strip of sheet.strips) {
      const { centres, across } = strip.picture.rows;
      const { width, height, spacingMm } = strip.picture;
      // Each pixel's value is the z under it.
      const drawn = Float32Array.from({ length: width * height }, (_, n) => {
        const [row, column] = [Math.floor(n / width), n % width];
        return centres[3 * row + 2]! + across[3 * row + 2]! * (column - (width - 1) / 2) * spacingMm;
      });
      layStrip(sheet, strip, drawn, out);
    }
    for (const strip of sheet.strips)
      for (const [dx, dy] of [
        [0, 0],
        [30, 7],
        [101, 20],
      ] as const) {
        const [x, y] = [strip.at.x + dx, strip.at.y + dy];
        expect(out[x + sheet.width * y]).toBeCloseTo(fromSheet(sheet, { x, y })!.pointMm[2], 3);
      }
  });

  it('gives scenes for the renderers, and says what it cannot show', () => {
    const strip = sheet.strips[0]!;
    const scene = stripScene(strip, {
      slabMm: 3,
      projection: 'mip',
      interpolation: 'linear',
      window: { kind: 'window', function: 'LINEAR', centre: 300, width: 1500, invert: false },
      background: [0, 0, 0],
    });
    expect(scene).toMatchObject({ kind: 'curved', width: strip.picture.width, height: strip.picture.height });
    const none = ribSheet({ ...bones, ribs: [] });
    expect(none.ok ? '' : none.problem.code).toBe('BONE_NOT_THERE');
    const wrong = ribSheet(bones, { spacingMm: 0 });
    expect(wrong.ok ? '' : wrong.problem.code).toBe('INPUT_INVALID');
  });

  it('follows the rib', () => {
    for (const rib of bones.ribs) {
      const line = ribLine(rib);
      const all = rib.pieces.flatMap(({ pointsMm }) => pointsMm);
      for (let n = 0; n < line.count; n += 5) {
        const p = patientPoint(line.points[3 * n]!, line.points[3 * n + 1]!, line.points[3 * n + 2]!);
        expect(nearestOnPolyline(all, p)!.distanceMm).toBeLessThan(0.3);
      }
      expect(
        distanceMm(all[0]!, patientPoint(line.points[0]!, line.points[1]!, line.points[2]!)),
      ).toBeLessThan(0.01);
    }
  });
});
