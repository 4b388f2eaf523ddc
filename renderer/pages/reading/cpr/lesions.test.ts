import { describe, expect, test } from 'vitest';
import { proposeStenoses } from '../../../../core/analysis/lumen/stenosis.ts';
import type { LumenContour, StationMeasure } from '../../../../core/analysis/types.ts';
import { patientPoint, patientVector } from '../../../../core/geometry/types.ts';
import { lesionMarks, measuredNow, shownLesion } from './lesions.ts';
import type { VesselLine } from './vessel-state.ts';
import type { MeasuredLine } from './vessel-work.ts';

/** 6 mm wide, with a throat of 3 mm at 40 mm: 50 % of the diameter, 75 % of the area. */
const diameterAt = (s: number): number => 6 - 3 * Math.exp(-(((s - 40) / 3.5) ** 2));

const station = (s: number, d: number): StationMeasure => ({
  s,
  areaMm2: (Math.PI / 4) * d * d,
  minDiameterMm: d,
  maxDiameterMm: d,
  meanDiameterMm: d,
  equivalentDiameterMm: d,
  uncertaintyMm: 0.2,
});

const contour = (s: number, d: number): LumenContour => ({
  sMm: s,
  centreMm: patientPoint(0, 0, s),
  right: patientVector(1, 0, 0),
  down: patientVector(0, 1, 0),
  radiiMm: new Float64Array(64).fill(d / 2),
  edited: false,
});

const stations = Array.from({ length: 81 }, (_, s) => station(s, diameterAt(s)));
const line: VesselLine = {
  line: {
    id: 'a',
    kind: 'vessel',
    nameId: null,
    customName: '',
    seriesKey: 's',
    groupId: 'g',
    frameOfReferenceUID: '',
    verdict: 'exact',
    controls: [0, 80].map((z) => ({ pointMm: patientPoint(0, 0, z), snapped: true })),
    pieces: [{ pointsMm: [patientPoint(0, 0, 0), patientPoint(0, 0, 80)], state: 'found' }],
  },
  sectionMm: 25,
  edited: [],
  lesion: null,
  rule: 'mean',
};
const measured: MeasuredLine = {
  of: line.line.pieces,
  sectionMm: 25,
  group: 0,
  contours: stations.map(({ s }) => contour(s, diameterAt(s))),
  stations,
  stenoses: proposeStenoses(stations),
  isUnopacified: false,
};

describe('the lesion on screen', () => {
  test('is the proposal, until a reader marks one', () => {
    const lesion = shownLesion(line, measured)!;
    expect(lesion.stenosis.percentDiameter).toBeCloseTo(50, 0);
    expect(lesion.stenosis.percentArea).toBeCloseTo(75, 0);
    expect(lesion.minDiameterMm).toBeCloseTo(3, 1);
    expect(lesion).toMatchObject({ number: 1, isOwn: false });
    const marks = lesionMarks(line, measured)!;
    expect(marks.proximalMm).toBeLessThan(marks.fromMm);
    expect(marks.distalMm).toBeGreaterThan(marks.toMm);
  });

  test('follows references and rule as a reader sets them', () => {
    const marks = { fromMm: 30, toMm: 50, proximalMm: 10, distalMm: 40 };
    // A distal reference within the throat: NASCET compares with it alone.
    const own = { ...line, lesion: marks, rule: 'NASCET' as const };
    const lesion = shownLesion(own, measured)!;
    expect(lesion.isOwn).toBe(true);
    expect(lesion.stenosis.percentDiameter).toBeLessThan(15);
    expect(shownLesion({ ...own, rule: 'mean' }, measured)!.stenosis.percentDiameter).toBeGreaterThan(25);
    expect(shownLesion({ ...own, lesion: { ...marks, distalMm: null } }, measured)).toBeNull();
  });

  test('is none while numbers are of another course', () => {
    const moved = { ...line, line: { ...line.line, pieces: [...line.line.pieces] } };
    expect(measuredNow(moved, measured)).toBeUndefined();
    expect(shownLesion(moved, measured)).toBeNull();
    expect(lesionMarks(moved, measured)).toBeNull();
  });

  test('follows a contour that a hand has drawn', () => {
    const edited = [{ ...contour(40, 1.5), edited: true }];
    const hand = { ...line, edited };
    const now = measuredNow(hand, measured)!;
    expect(now.stations[40]!.equivalentDiameterMm).toBeCloseTo(1.5, 2);
    expect(now.stations[41]).toBe(stations[41]);
    expect(measuredNow(hand, measured)).toBe(now);
    expect(shownLesion(hand, measured)!.stenosis.percentDiameter).toBeCloseTo(75, 0);
  });
});
