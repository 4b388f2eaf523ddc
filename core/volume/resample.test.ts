import { describe, expect, it } from 'vitest';
import { oblique, planKeys, sliceAt } from '../../tests/fixtures/scans.ts';
import { writeNifti } from './nifti.ts';
import { writeNrrd } from './nrrd.ts';
import { buildSeriesPlan, frameAttributes } from './plan.ts';
import { resampleToRegular } from './resample.ts';
import type { VolumeGroup } from './types.ts';

const columns = 24;
const rows = 20;

/** A linear field of patient coordinates: any right linear resampling reproduces it exactly. */
const field = (p: readonly number[]): number => 3 * p[0]! - 2 * p[1]! + 1.5 * p[2]! + 10;

function resampled(heights: readonly number[], shearPerMm: number) {
  const items = heights.map((height, k) =>
    sliceAt(k + 1, height, { Rows: rows, Columns: columns }, height * shearPerMm),
  );
  const plan = buildSeriesPlan(items, planKeys);
  const group: VolumeGroup = plan.groups[0]!;
  const acquired = new Float32Array(columns * rows * heights.length);
  for (const [k, frame] of group.frames.entries()) {
    const position = frameAttributes(plan, frame).ImagePositionPatient!;
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++) {
        const p = [0, 1, 2].map(
          (x) =>
            position[x]! +
            oblique.row[x]! * oblique.spacing[1] * column +
            oblique.column[x]! * oblique.spacing[0] * row,
        );
        acquired[(k * rows + row) * columns + column] = field(p);
      }
  }
  const [nx, ny, nz] = group.regular!.size;
  const out = new Float32Array(nx * ny * nz);
  resampleToRegular(group, acquired, out, Number.NaN, oblique.spacing);
  return { group, out, nx, ny, nz };
}

describe('resampling on the regular grid', () => {
  it.each([
    ['tilt +20°', [0, 2.5, 5, 7.5, 10], Math.tan(Math.PI / 9)],
    ['tilt −15°', [0, 2.5, 5, 7.5, 10], -Math.tan(Math.PI / 12)],
    ['uneven', [0, 1, 3, 6, 7.5], 0],
    ['uneven and tilted', [0, 1, 3, 6, 7.5], 0.2],
    ['missing slices', [0, 2, 4, 10, 12], 0],
  ])('reproduces a linear field for %s', (_name, heights, shear) => {
    const { group, out, nx, ny, nz } = resampled(heights, shear);
    const m = group.regular!.patientFromIndex;
    let known = 0;
    let worst = 0;
    for (let k = 0; k < nz; k++)
      for (let j = 0; j < ny; j++)
        for (let i = 0; i < nx; i++) {
          const value = out[(k * ny + j) * nx + i]!;
          if (Number.isNaN(value)) continue;
          known++;
          const p = [0, 1, 2].map(
            (r) => m[4 * r]! * i + m[4 * r + 1]! * j + m[4 * r + 2]! * k + m[4 * r + 3]!,
          );
          worst = Math.max(worst, Math.abs(value - field(p)));
        }
    expect(worst).toBeLessThan(1e-3);
    expect(known).toBeGreaterThan(0.8 * columns * (rows - 1) * nz);
  });
});

describe('files', () => {
  const { group } = resampled([0, 2.5, 5], 0);
  const voxels = Int16Array.from({ length: columns * rows * 3 }, (_, at) => at - 700);

  it('NIfTI has the RAS affine and the voxels unchanged', () => {
    const bytes = writeNifti(group.regular!, voxels, 'test');
    const view = new DataView(bytes.buffer);
    const m = group.regular!.patientFromIndex;
    expect(view.getFloat32(280, true)).toBeCloseTo(-m[0]!, 5);
    expect(view.getFloat32(280 + 4 * 7, true)).toBeCloseTo(-m[7]!, 4);
    expect(view.getFloat32(280 + 4 * 11, true)).toBeCloseTo(m[11]!, 4);
    expect(new Int16Array(bytes.buffer, 352)).toEqual(voxels);
  });

  it('NRRD names the space and keeps full precision', () => {
    const bytes = writeNrrd(group.regular!, voxels);
    const header = new TextDecoder('latin1').decode(bytes.subarray(0, 600)).split('\n\n')[0]!;
    expect(header).toContain('space: left-posterior-superior');
    expect(header).toContain(`sizes: ${columns} ${rows} 3`);
    expect(header).toContain(`space origin: (${oblique.origin.join(',')})`);
  });
});
