import { describe, expect, it } from 'vitest';
import type { Vec3 } from '../geometry/types.ts';
import { beadParts, beads } from './anatomy/lesions.ts';
import { lumenRadiusMm } from './anatomy/vessel.ts';
import { vessels } from './anatomy/vessels.ts';
import { becquerelPerMlOfSuv, demoMarker, isDemo } from './attributes.ts';
import { knownAnswers } from './known-answers.ts';
import { type PhantomOptions, phantomGeometry } from './options.ts';
import { phantomSeries } from './series.ts';
import { pathAt } from './tube.ts';
import { phantomUid } from './uid.ts';
import { add, cross, distance, dot, length, scale, subtract } from './vector.ts';

/** Mean position of the brightness above air in a painted series, by its own positions and directions. */
function centroid(options: PhantomOptions, bead: number): { point: Vec3; volumeMm3: number } {
  const series = phantomSeries({ ...options, signed: true }, [beadParts()[bead]!]);
  const { geometry } = series;
  const [columns] = geometry.size;
  const [rowMm, columnMm] = geometry.spacingMm;
  let total = 0;
  let sum: Vec3 = [0, 0, 0];
  let volumeMm3 = 0;
  for (const instance of series.instances) {
    const { k } = instance;
    const before = geometry.origins[k - 1] ?? geometry.origins[k]!;
    const after = geometry.origins[k + 1] ?? geometry.origins[k]!;
    // A sample stands for the space half-way to its neighbours.
    const weight = Math.abs(dot(subtract(after, before), geometry.normal)) / 2;
    instance.frame().forEach((stored, q) => {
      const share = (stored + 1000) / 2200;
      if (share <= 0) return;
      const at = add(
        add(geometry.origins[k]!, scale(geometry.row, (q % columns) * columnMm)),
        scale(geometry.column, Math.floor(q / columns) * rowMm),
      );
      total += share * weight;
      sum = add(sum, scale(at, share * weight));
      volumeMm3 += share * weight * rowMm * columnMm;
    });
  }
  return { point: scale(sum, 1 / total), volumeMm3 };
}

const around = (bead: number): PhantomOptions => ({
  size: [36, 34],
  spacingMm: [0.62, 0.55],
  slices: 33,
  sliceGapsMm: 0.6,
  centreMm: add(beads[bead]!.centre, [0.13, -0.21, 0.17]),
});

const acquisitions: Readonly<Record<string, PhantomOptions>> = {
  axial: {},
  reversed: { reversed: true },
  sagittal: { orientation: 'sagittal' },
  coronal: { orientation: 'coronal' },
  oblique: { orientation: 'oblique' },
  'tilted 20°': { gantryTiltDeg: 20 },
  'tilted −12.5°, reversed': { gantryTiltDeg: -12.5, reversed: true },
};

describe('phantomSeries', () => {
  for (const [name, options] of Object.entries(acquisitions))
    it(`puts a bead within 0.01 mm of its place: ${name}`, () => {
      const { point, volumeMm3 } = centroid({ ...around(1), ...options }, 1);
      expect(distance(point, beads[1]!.centre)).toBeLessThan(0.01);
      expect(volumeMm3 / (((4 * Math.PI) / 3) * 125)).toBeCloseTo(1, 1);
    });

  it('puts slices where uneven and missing gaps say', () => {
    const { origins } = phantomGeometry({ slices: 5, sliceGapsMm: [1, 2.5, 1, 5] });
    expect(origins.map((origin) => origin[2] - origins[0]![2])).toEqual([0, 1, 3.5, 4.5, 9.5]);
    const uneven = { ...around(2), sliceGapsMm: Array.from({ length: 32 }, (_, n) => 0.4 + 0.3 * (n % 3)) };
    expect(distance(centroid(uneven, 2).point, beads[2]!.centre)).toBeLessThan(0.05);
  });

  it('tilts the slices but not the table: the step keeps its angle to the normal', () => {
    const { origins, normal, row, column } = phantomGeometry({
      gantryTiltDeg: 20,
      sliceGapsMm: 4,
      slices: 3,
    });
    const step = subtract(origins[1]!, origins[0]!);
    expect(length(step)).toBeCloseTo(4, 12);
    expect(dot(step, normal) / 4).toBeCloseTo(Math.cos(Math.PI / 9), 12);
    expect(length(subtract(cross(row, column), normal))).toBeLessThan(1e-12);
  });

  it('gives the same bytes each time and others for another seed', () => {
    const make = (seed: number) =>
      phantomSeries({ size: [16, 16], slices: 2, noiseHu: 10, seed }, beadParts());
    const [first, again, other] = [make(1), make(1), make(2)];
    expect(first.instances[1]!.bytes()).toEqual(again.instances[1]!.bytes());
    expect(first.instances[1]!.bytes()).not.toEqual(other.instances[1]!.bytes());
  });

  it('adds noise of the asked deviation', () => {
    const [instance] = phantomSeries(
      { size: [128, 128], slices: 2, noiseHu: 20, signed: true },
      [],
    ).instances;
    const values = [...instance!.frame()].map((value) => value + 1000);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    expect(Math.abs(mean)).toBeLessThan(0.6);
    expect(Math.sqrt(variance)).toBeCloseTo(20, 0);
  });
});

describe('knownAnswers', () => {
  const known = knownAnswers({ spacingMm: [0.75, 0.75] });
  const vessel = (id: string) => known.vessels.find((line) => line.id === id)!;

  it('holds the three stenoses of the design', () => {
    const facts = (['left-iliac', 'lad', 'lcx'] as const).map((id) => {
      const s = vessel(id).stenosis!;
      return [s.referenceDiameterMm, s.percentDiameter, s.percentArea, s.throatDiameterMm].map((v) =>
        Number(v.toFixed(6)),
      );
    });
    expect(facts).toEqual([
      [8, 75, 93.75, 2],
      [3.5, 50, 75, 1.75],
      [3, 70, 91, 0.9],
    ]);
    expect(vessel('lcx').stenosis!.atResolutionLimit).toBe(true);
  });

  it('gives a straight piece of vessel the volume of a cylinder', () => {
    const iliac = vessel('right-iliac');
    expect(iliac.volumeMm3 / (Math.PI * 16 * iliac.lengthMm)).toBeCloseTo(1, 9);
  });

  it('says the same as the painted body at the throats, in the nodules and in the plaques', () => {
    const options: PhantomOptions = {
      size: [5, 5],
      spacingMm: [0.2, 0.2],
      slices: 2,
      sliceGapsMm: 0.2,
      signed: true,
    };
    const at = (centreMm: Vec3) => {
      const [instance] = phantomSeries({ ...options, centreMm: add(centreMm, [0, 0, 0.1]) }).instances;
      return instance!.frame()[12];
    };
    expect(at(known.nodules[0]!.centreMm)).toBe(38);
    expect(at(known.plaques[0]!.centreMm)).toBe(850);
    expect(at(pathAt(vessels.find((v) => v.id === 'left-iliac')!.path, 20).point)).toBe(350);
  });

  it('keeps every lumen open along its whole length', () => {
    for (const v of vessels)
      for (const arc of v.path.arcMm) expect(lumenRadiusMm(v, arc)).toBeGreaterThan(0.4);
  });

  it('has 24 ribs, each head on its vertebra and each left rib the mirror of the right', () => {
    expect(known.ribs.length).toBe(24);
    for (const rib of known.ribs) {
      const level = known.vertebrae.find((v) => v.label === `T${rib.number}`)!;
      expect(distance(rib.headMm, level.centreMm)).toBeLessThan(32);
      expect(Math.sign(rib.endMm[0])).toBe(rib.side === 'left' ? 1 : -1);
      expect(rib.lengthMm).toBeGreaterThan(rib.number > 11 ? 60 : 85);
    }
  });
});

describe('attributes', () => {
  it('has SUV 1 at 3619 Bq/mL (L70)', () => {
    expect(becquerelPerMlOfSuv).toBeCloseTo(3619, 0);
  });
  it('makes UIDs that are UUIDs, differ, and stay', () => {
    const uid = phantomUid(1, 'study');
    expect(uid).toMatch(/^2\.25\.[1-9]\d{30,38}$/);
    expect(phantomUid(1, 'study')).toBe(uid);
    expect(phantomUid(2, 'study')).not.toBe(uid);
    expect(uid.length).toBeLessThanOrEqual(64);
  });
  it('knows its own images', () => {
    expect(isDemo({ ImageComments: `${demoMarker} ` })).toBe(true);
    expect(isDemo({ ImageComments: 'demo' })).toBe(false);
    expect(isDemo({})).toBe(false);
  });
});
