import { describe, expect, it } from 'vitest';
import type { StationMeasure } from '../../../../core/analysis/types.ts';
import { patientPoint } from '../../../../core/geometry/types.ts';
import type { VesselLine } from '../cpr/vessel-state.ts';
import type { MeasuredLine } from '../cpr/vessel-work.ts';
import { reportedLines, reportedStenoses, reportVessel, vesselsWithin } from './report-vessels.ts';

const pieces = [{ pointsMm: [0, 20, 40, 60].map((z) => patientPoint(5, 6, z)), state: 'found' as const }];
const line: VesselLine = {
  line: {
    id: 'a',
    kind: 'vessel',
    nameId: 'left-internal-carotid',
    customName: '',
    seriesKey: 's.1',
    groupId: 'g',
    frameOfReferenceUID: '1.2',
    verdict: 'exact',
    controls: [],
    pieces,
  },
  sectionMm: 30,
  edited: [],
  lesion: null,
  rule: 'NASCET',
};

/** 6 mm wide with two throats: 3 mm at 15 mm and, tighter, 2 mm at 42 mm; beyond each it is 5 mm. */
const diameterMm = (s: number): number => {
  if (Math.abs(s - 15) <= 2) return 3;
  if (Math.abs(s - 42) <= 2) return 2;
  return s < 30 ? 6 : 5;
};
const stations = Array.from({ length: 61 }, (_, s): StationMeasure => {
  const d = diameterMm(s);
  return {
    s,
    areaMm2: (Math.PI / 4) * d * d,
    minDiameterMm: d,
    maxDiameterMm: d,
    meanDiameterMm: d,
    equivalentDiameterMm: d,
    uncertaintyMm: 0.2,
  };
});
const stenosis = (s: number) => ({
  s,
  fromS: s - 4,
  toS: s + 4,
  percentDiameter: 50,
  percentArea: 75,
  uncertaintyPercent: 4,
  referenceMm: 6,
  rule: 'mean' as const,
});
const measured: MeasuredLine = {
  of: pieces,
  sectionMm: 30,
  group: 0,
  contours: [],
  stations,
  stenoses: [stenosis(15), { ...stenosis(42), percentDiameter: 60 }],
  isUnopacified: false,
};

describe('what is reported of a line', () => {
  it('are all its stenoses by its own rule, along the line', () => {
    const found = reportedStenoses(line, measured);
    expect(found.map(({ s }) => [15, 42].find((at) => Math.abs(s - at) <= 2))).toEqual([15, 42]);
    expect(found.every(({ rule }) => rule === 'NASCET')).toBe(true);
    // By the distal reference: 3 of 6 mm, and 2 of 5.
    expect(found.map(({ percentDiameter }) => Math.round(percentDiameter))).toEqual([50, 60]);
  });
  it('is the lesion as its reader marked it, not the proposal under it', () => {
    const lesion = { fromMm: 11, toMm: 19, proximalMm: null, distalMm: 26 };
    const found = reportedStenoses({ ...line, lesion }, measured);
    expect(found.map(({ fromS, toS }) => [fromS, toS])[0]).toEqual([11, 19]);
    expect(found).toHaveLength(2);
  });
  it('has no numbers of an older course, and none of an airway', () => {
    const moved = { ...line, line: { ...line.line, pieces: [...pieces] } };
    expect(reportVessel(moved, measured)).toMatchObject({ stations: [], stenoses: [] });
    expect(reportedStenoses({ ...line, line: { ...line.line, kind: 'airway' } }, measured)).toEqual([]);
  });
  it('is whole and finite, with points from end to end', () => {
    const vessel = reportVessel(line, measured);
    expect(vessel.lengthMm).toBeCloseTo(60, 3);
    expect(vessel.pointsMm[0]).toEqual([5, 6, 0]);
    expect(vessel.pointsMm.at(-1)).toEqual([5, 6, 60]);
    expect(vessel.stations).toHaveLength(61);
    expect(JSON.stringify(vessel)).not.toContain('null,');
    expect(vessel).toMatchObject({ isByHand: false, isDoubtful: false, verdict: 'exact' });
  });
  it('are the lines of the series with a course, the active one first', () => {
    const other = { ...line, line: { ...line.line, id: 'b' } };
    const elsewhere = { ...line, line: { ...line.line, id: 'c', seriesKey: 's.2' } };
    const begun = { ...line, line: { ...line.line, id: 'd', pieces: [] } };
    const found = reportedLines([line, other, elsewhere, begun], 'b', 's.1');
    expect(found.map((one) => one.line.id)).toEqual(['b', 'a']);
  });
  it('are as many as a call carries, one at least', () => {
    const vessel = reportVessel(line, measured);
    const bytes = JSON.stringify(vessel).length;
    const many = Array.from({ length: 10 }, () => vessel);
    expect(vesselsWithin(many, 3.5 * bytes)).toHaveLength(3);
    expect(vesselsWithin(many, 10 * bytes)).toHaveLength(10);
    expect(vesselsWithin(many, 10)).toHaveLength(1);
  });
});
