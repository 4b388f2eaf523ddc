/**
 * Centrelines of the phantom's vessels from two clicks beside the axis, against the lines it was made of; the same
 * through `candela vessel`.
 */
import { join } from 'node:path';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nearestPlace, pointAtMm } from '../../core/analysis/curve/line-places.ts';
import { sampleLine, samplePoints } from '../../core/analysis/curve/sample-line.ts';
import { findLine } from '../../core/analysis/path/find-line.ts';
import { growPath } from '../../core/analysis/path/grow-path.ts';
import type { LineKind, SampledLine, ScalarField } from '../../core/analysis/types.ts';
import { type PatientPoint, patientPoint } from '../../core/geometry/types.ts';
import { bodyParts } from '../../core/phantom/body.ts';
import { type KnownLine, knownAnswers } from '../../core/phantom/known-answers.ts';
import { temporaryFolder } from '../fixtures/host.ts';
import { phantomCrop } from '../fixtures/phantom-crop.ts';
import { candela, documentOf } from '../fixtures/terminal.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

const known = knownAnswers();
const lineOf = (id: string): KnownLine => [...known.vessels, ...known.airways].find((one) => one.id === id)!;
const truthOf = (id: string): SampledLine =>
  samplePoints(lineOf(id).pointsMm as readonly PatientPoint[], 0.25);
const parts = bodyParts({ table: false });
const spacingMm = [0.7, 1] as const;

/** The phantom around stretches of lines: `[line, from mm, to mm]`. */
function crop(
  stretches: readonly (readonly [string, number, number])[],
  marginMm: number,
  noiseHu = 11,
): ScalarField {
  const points = stretches.flatMap(([id, from, to]) => {
    const truth = truthOf(id);
    return Array.from({ length: 40 }, (_, n) => pointAtMm(truth, from + ((to - from) * n) / 39)!);
  });
  return phantomCrop(points, { spacingMm, marginMm, noiseHu, seed: 4, subSlices: 1 }, parts);
}

/** About 0.7 mm beside the axis, one way at one end and the other way at the other. */
const beside = (p: PatientPoint, by: number): PatientPoint =>
  patientPoint(p[0] + 0.5 * by, p[1] - 0.4 * by, p[2] + 0.3 * by);

/** Distances of every half millimetre of the found line from the known one, and its length's error. */
function follow(
  field: ScalarField,
  id: string,
  [from, to]: readonly [number, number],
  kind: LineKind = 'vessel',
) {
  const truth = truthOf(id);
  const clicks = [beside(pointAtMm(truth, from)!, 1), beside(pointAtMm(truth, to)!, -1)];
  const found = findLine(field, clicks, { kind });
  if (!found.ok) throw new Error(`${id}: ${found.problem.code}`);
  const line = sampleLine(found.value.pieces, 0.5);
  const places = Array.from(
    { length: line.count },
    (_, n) =>
      nearestPlace(
        truth,
        patientPoint(...([0, 1, 2].map((axis) => line.points[3 * n + axis]!) as [number, number, number])),
      )!,
  );
  const away = places.map((place) => place.distanceMm);
  return {
    states: found.value.pieces.map((piece) => piece.state),
    meanMm: away.reduce((sum, mm) => sum + mm, 0) / away.length,
    worstMm: Math.max(...away),
    lengthErrorPercent: 100 * (line.lengthMm / (places[places.length - 1]!.atMm - places[0]!.atMm) - 1),
  };
}

function expectGood({ states, meanMm, worstMm, lengthErrorPercent }: ReturnType<typeof follow>): void {
  expect(states).toEqual(['found']);
  expect(meanMm).toBeLessThan(0.1);
  expect(worstMm).toBeLessThan(0.35);
  expect(Math.abs(lengthErrorPercent)).toBeLessThan(0.25);
}

describe('two clicks on the phantom (0.7 × 0.7 × 1 mm, noise 11 HU)', () => {
  let heart: ScalarField;
  let pelvis: ScalarField;
  beforeAll(() => {
    heart = crop(
      [
        ['rca', 14, 176],
        ['lad', 14, 95],
        ['lcx', 5, 95],
      ],
      16,
    );
    pelvis = crop(
      [
        ['left-iliac', 10, 115],
        ['aorta', 455, 480],
      ],
      16,
    );
  });
  it.each([
    ['rca', 14, 170],
    ['lad', 14, 90],
    ['lcx', 5, 90],
    ['diagonal', 6, 40],
    ['obtuse-marginal', 6, 45],
  ] as const)('%s from %d to %d mm', (id, from, to) => {
    expectGood(follow(heart, id, [from, to]));
  });
  it('the left iliac artery through its 75 % stenosis', () => {
    expectGood(follow(pelvis, 'left-iliac', [16, 110]));
  });
  it('the aorta over its arch, which leaves the box of the clicks', () => {
    expectGood(follow(crop([['aorta', 30, 200]], 24), 'aorta', [40, 190]));
  });
  it('both renal arteries, beside the veins', () => {
    const kidneys = crop(
      [
        ['left-renal', 10, 55],
        ['right-renal', 10, 62],
      ],
      12,
    );
    expectGood(follow(kidneys, 'left-renal', [16, 50]));
    expectGood(follow(kidneys, 'right-renal', [16, 60]));
  });
  it('a bronchus', () => {
    const airway = known.airways.find(({ id }) => id !== 'trachea')!;
    const lengthMm = truthOf(airway.id).lengthMm;
    const lungs = crop([[airway.id, 0, lengthMm]], 12);
    const found = follow(lungs, airway.id, [0.35 * lengthMm, 0.9 * lengthMm], 'airway');
    expect(found.states).toEqual(['found']);
    expect(found.worstMm).toBeLessThan(0.7);
  });
  it.each(['diagonal', 'obtuse-marginal'] as const)('%s across slices of 3 mm is weak, never found', (id) => {
    const truth = truthOf(id);
    const points = Array.from({ length: 40 }, (_, n) => pointAtMm(truth, 6 + (34 * n) / 39)!);
    const options = { spacingMm: [0.7, 3], marginMm: 12, noiseHu: 20, seed: 4, subSlices: 3 } as const;
    expect(follow(phantomCrop(points, options, parts), id, [6, 40]).states).toEqual(['weak']);
  });
  it('goes on from one click on the LAD and finds its diagonal branch', () => {
    const grown = growPath(heart, pointAtMm(truthOf('lad'), 60)!, { kind: 'vessel' });
    if (!grown.ok) throw new Error(grown.problem.code);
    expect(sampleLine(grown.value.pieces, 0.5).lengthMm).toBeGreaterThan(90);
    const away = grown.value.branches.map(
      ({ pointMm }) => nearestPlace(truthOf('diagonal'), pointMm)!.distanceMm,
    );
    expect(Math.min(...away)).toBeLessThan(0.5);
  });
  it('takes no vein that touches, nor the rim of a chamber, for a branch', () => {
    for (const [id, atMm] of [
      ['lad', 60],
      ['lcx', 80],
    ] as const) {
      const grown = growPath(heart, pointAtMm(truthOf(id), atMm)!, { kind: 'vessel' });
      if (!grown.ok) throw new Error(grown.problem.code);
      for (const { pointMm } of grown.value.branches) {
        const away = known.vessels.map((vessel) => nearestPlace(truthOf(vessel.id), pointMm)!.distanceMm);
        expect(Math.min(...away)).toBeLessThan(1.2);
      }
    }
  });
  it('makes no vessel of a click in the muscle beside it', () => {
    const truth = truthOf('rca');
    const inMuscle = patientPoint(10, -40, 60);
    const found = findLine(heart, [pointAtMm(truth, 30)!, inMuscle], { kind: 'vessel' });
    const codes = found.ok ? found.value.problems.map(({ code }) => code) : [found.problem.code];
    expect(
      codes.some((code) => code === 'PATH_NO_LUMEN' || code === 'PATH_GAP' || code === 'PATH_WEAK'),
    ).toBe(true);
  });
});

const vesselSchema = v.strictObject({
  kind: v.picklist(['vessel', 'airway', 'rib', 'spine', 'dental']),
  lengthMm: v.number(),
  tortuosity: v.number(),
  controls: v.array(v.tuple([v.number(), v.number(), v.number()])),
  points: v.array(v.tuple([v.number(), v.number(), v.number()])),
  pieces: v.array(v.strictObject({ state: v.string(), lengthMm: v.number() })),
  stations: v.array(
    v.strictObject({
      s: v.number(),
      areaMm2: v.nullable(v.number()),
      minDiameterMm: v.nullable(v.number()),
      maxDiameterMm: v.nullable(v.number()),
      meanDiameterMm: v.nullable(v.number()),
      equivalentDiameterMm: v.nullable(v.number()),
      uncertaintyMm: v.nullable(v.number()),
      limit: v.optional(v.literal('resolution')),
      doubt: v.optional(v.literal('touching')),
      open: v.optional(v.literal(true)),
    }),
  ),
  stenoses: v.array(
    v.looseObject({
      s: v.number(),
      percentDiameter: v.number(),
      percentArea: v.number(),
      referenceMm: v.number(),
    }),
  ),
  verdict: v.object({ kind: v.string() }),
  group: v.string(),
  groupNumber: v.number(),
  groups: v.number(),
  SeriesInstanceUID: v.string(),
  problems: v.array(v.strictObject({ code: v.string(), message: v.string() })),
});

describe('candela vessel', () => {
  const path = join(folder.path, 'iliac');
  const truth = truthOf('left-iliac');
  const at = (mm: number): string =>
    pointAtMm(truth, mm)!
      .map((x) => x.toFixed(2))
      .join(',');
  beforeAll(async () => {
    const words =
      '--size 130x110 --slices 86 --spacing 0.7,0.7,1 --center 32,8,-202 --orientation oblique --noise 11';
    const made = await candela(['phantom', '--out', path, ...words.split(' ')]);
    expect(made.code).toBe(0);
  });
  it('tells length, stations and the stenosis of the left iliac artery', async () => {
    const ended = await candela(['vessel', path, '--through', `${at(18)};${at(75)}`, '--json']);
    expect(ended).toMatchObject({ code: 0, err: '' });
    const told = documentOf(vesselSchema, ended);
    expect(Math.abs(told.lengthMm / 57 - 1)).toBeLessThan(0.005);
    expect(told.points).toHaveLength(told.stations.length);
    const wide = told.stations.filter(({ s }) => s > 35 && s < 47);
    for (const { equivalentDiameterMm } of wide)
      expect(Math.abs(equivalentDiameterMm! - 8)).toBeLessThan(0.5);
    const [worst] = told.stenoses.toSorted((a, b) => b.percentDiameter - a.percentDiameter);
    expect(Math.abs(worst!.s - 20)).toBeLessThan(2);
    expect(Math.abs(worst!.percentDiameter - 75)).toBeLessThan(6);
  });
  it('measures no lumen along bone kinds, and speaks to people', async () => {
    const ended = await candela(['vessel', path, '--through', `${at(40)};${at(70)}`], {
      LANG: 'zh_CN.UTF-8',
    });
    expect(ended.out).toMatch(/^长度 (29|30)\.\d mm/);
    const rib = await candela([
      'vessel',
      path,
      '--through',
      `${at(40)};${at(70)}`,
      '--kind',
      'rib',
      '--json',
    ]);
    expect(documentOf(vesselSchema, rib)).toMatchObject({ kind: 'rib', stations: [], stenoses: [] });
  });
  it.each([
    [at(18), 1, 'PATH_ONE_POINT'],
    [`${at(18)};${at(18)}`, 1, 'PATH_SAME_POINT'],
    [`${at(18)};900,0,0`, 1, 'PATH_POINT_OUTSIDE'],
    [`${at(18)};${at(60)};${at(20)}`, 1, 'PATH_LOOP'],
    ['nonsense', 2, 'INPUT_INVALID'],
    [`${at(18)};1,2`, 2, 'INPUT_INVALID'],
  ] as const)('--through %s ends with %d and %s', async (through, code, problem) => {
    const ended = await candela(['vessel', path, '--through', through, '--json']);
    expect(ended).toMatchObject({ code, out: '' });
    expect(ended.err).toContain(`(${problem})`);
  });
  it('refuses a series that is no volume', async () => {
    const flat = join(folder.path, 'flat');
    await candela(['phantom', '--out', flat, '--size', '32x32', '--slices', '1']);
    const ended = await candela(['vessel', flat, '--through', '0,0,0;1,1,1', '--json']);
    expect(ended).toMatchObject({ code: 1, out: '' });
  });
});
