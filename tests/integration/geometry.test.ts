import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bytesSource } from '../../core/dicom/byte-source.ts';
import { scan } from '../../core/dicom/scan.ts';
import { rasFromLps } from '../../core/volume/nifti.ts';
import { buildSeriesPlan } from '../../core/volume/plan.ts';
import type { SeriesPlan, VolumeGroup } from '../../core/volume/types.ts';
import { planKeys } from '../fixtures/scans.ts';
import { readManifest, sharedDataFolder, sharedDataMissing } from '../fixtures/shared-data.ts';

const folder = sharedDataFolder();
const manifest = folder ? readManifest(folder) : null;

function planOf(files: readonly string[]): SeriesPlan {
  const items = files.map((file, at) => {
    const bytes = readFileSync(join(folder!, file));
    const scanned = scan(bytesSource(bytes));
    if (!scanned.ok) throw new Error(`${file}: ${scanned.problem.code}`);
    return { instanceKey: `s.${at}`, scan: scanned.value, sizeBytes: bytes.length };
  });
  return buildSeriesPlan(items, planKeys);
}

const series = manifest?.series ?? [];
const regular = series.filter((entry) => entry.geometry.regular);
const worst = (a: readonly number[], b: readonly number[]): number =>
  Math.max(...a.map((value, at) => Math.abs(value - b[at]!)));
const corner = (m: readonly number[], p: readonly number[]): number[] =>
  [0, 1, 2].map((r) => m[4 * r]! * p[0]! + m[4 * r + 1]! * p[1]! + m[4 * r + 2]! * p[2]! + m[4 * r + 3]!);

/** Box corners of a grid in RAS, as a set: dcm2niix may flip or permute axes of the same volume. */
function cornersRas(m: readonly number[], size: readonly number[]): string[] {
  const out: string[] = [];
  for (const i of [0, size[0]! - 1])
    for (const j of [0, size[1]! - 1])
      for (const k of [0, size[2]! - 1])
        out.push(
          corner(m, [i, j, k])
            .map((mm) => (Math.round(mm * 50) / 50 + 0).toFixed(2))
            .join(' '),
        );
  return out.sort();
}

describe.skipIf(folder === null)(`geometry of real series${folder ? '' : `: ${sharedDataMissing}`}`, () => {
  it.each(regular.map((entry) => [entry.slug, entry] as const))(
    '%s is an exact volume with the reference geometry',
    (_slug, entry) => {
      const { geometry } = entry;
      const group: VolumeGroup = planOf(entry.files).groups[0]!;
      expect(group.verdict).toMatchObject({ kind: 'exact', spacingSource: 'ImagePositionPatient' });
      expect(group.regular!.size[2]).toBe(geometry.slices);
      expect(group.verdict.medianGapMm).toBeCloseTo(geometry.medianGap!, 4);
      const m = group.regular!.patientFromIndex;
      expect(worst(corner(m, [0, 0, 0]), geometry.firstPosition!)).toBeLessThan(1e-3);
      expect(worst(corner(m, [0, 0, geometry.slices! - 1]), geometry.lastPosition!)).toBeLessThan(1e-3);
      const perColumn = geometry.rowDirection!.map((value) => value * geometry.pixelSpacing![1]!);
      expect(worst([m[0]!, m[4]!, m[8]!], perColumn)).toBeLessThan(1e-4);
    },
  );

  it.each(
    regular.filter((entry) => entry.dcm2niix.length === 1).map((entry) => [entry.slug, entry] as const),
  )('%s fills the same box in space as dcm2niix writes', (_slug, entry) => {
    const [reference] = entry.dcm2niix;
    const group = planOf(entry.files).groups[0]!;
    const ours = cornersRas(rasFromLps(group.regular!.patientFromIndex), group.regular!.size);
    const theirs = cornersRas(reference!.affine.flat(), reference!.dim);
    const numbers = (corners: string[]) => corners.join(' ').split(' ').map(Number);
    expect(worst(numbers(ours), numbers(theirs))).toBeLessThan(0.041);
  });

  const verdicts: readonly (readonly [string, readonly (readonly [number, string])[]])[] = [
    ['ct-head-ge-tilt-uneven', [[28, 'resampled']]],
    ['ct-phantom-philips-tilt-neg', [[7, 'resampled']]],
    [
      'mr-4d-ge-fmri',
      [
        [15, 'exact'],
        [15, 'exact'],
        [15, 'exact'],
      ],
    ],
    ['mr-axial-oblique-ge', [[20, 'resampled']]],
    [
      'mr-dwi-ge',
      [
        [4, 'exact'],
        [4, 'exact'],
      ],
    ],
    [
      'mr-dwi-philips-classic',
      [
        [2, 'exact'],
        [2, 'exact'],
        [2, 'exact'],
        [2, 'exact'],
      ],
    ],
    [
      'mr-enhanced-philips-dti',
      [
        [8, 'exact'],
        [8, 'exact'],
        [8, 'exact'],
        [8, 'exact'],
      ],
    ],
    [
      'mr-enhanced-siemens-xa10-4d',
      [
        [6, 'exact'],
        [6, 'exact'],
        [6, 'exact'],
        [6, 'exact'],
      ],
    ],
    [
      'mr-localizer-3plane-ge',
      [
        [3, 'exact'],
        [3, 'exact'],
        [3, 'exact'],
      ],
    ],
    [
      'mr-mosaic-siemens',
      [
        [36, 'exact'],
        [36, 'exact'],
        [36, 'exact'],
      ],
    ],
    [
      'mr-uih-dti-mosaic',
      [
        [20, 'exact'],
        [20, 'exact'],
        [20, 'exact'],
      ],
    ],
    ['odd-slice-increment-2', [[4, 'resampled']]],
    [
      'odd-slice-orientation',
      [
        [2, 'exact'],
        [2, 'exact'],
      ],
    ],
    ['xa-multiframe', [[96, 'none']]],
  ];
  it.each(verdicts)('%s is divided and judged', (slug, expected) => {
    const entry = series.find((candidate) => candidate.slug === slug)!;
    const groups = planOf(entry.files).groups.map((group) => [group.frames.length, group.verdict.kind]);
    expect(groups).toEqual(expected);
  });

  it('tells the tilt in degrees', () => {
    for (const slug of ['ct-head-ge-tilt-uneven', 'ct-phantom-philips-tilt-neg']) {
      const entry = series.find((candidate) => candidate.slug === slug)!;
      expect(planOf(entry.files).groups[0]!.verdict.tiltDeg).toBeCloseTo(entry.geometry.tiltDegrees!, 1);
    }
  });
});
