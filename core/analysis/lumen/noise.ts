import { indexFromPatientPoint, invert } from '../../geometry/matrices.ts';
import { patientPoint } from '../../geometry/types.ts';
import type { SampledLine, ScalarField } from '../types.ts';

const reach = 5;

/**
 * Standard deviation of one voxel's noise near a line, in modality units: half of |values| under the mask
 * (1 −2 1)⊗(1 −2 1) lie below 0.6745·6·σ, and edges hardly answer it (Immerkær 1996).
 */
export function noiseNear(field: ScalarField, line: SampledLine): number {
  const indexFromPatient = invert(field.geometry.patientFromIndex);
  if (!indexFromPatient) return 0;
  const [nx, ny, nz] = field.geometry.size;
  const { voxels, noData } = field;
  const seen: number[] = [];
  const every = Math.max(1, Math.floor(line.count / 40));
  for (let n = 0; n < line.count; n += every) {
    const o = 3 * n;
    const [x, y, z] = indexFromPatientPoint(
      indexFromPatient,
      patientPoint(line.points[o]!, line.points[o + 1]!, line.points[o + 2]!),
    );
    const k = Math.round(z);
    if (!(k >= 0 && k < nz)) continue;
    const [ci, cj] = [Math.round(x), Math.round(y)];
    for (let j = Math.max(1, cj - reach); j <= Math.min(ny - 2, cj + reach); j++)
      for (let i = Math.max(1, ci - reach); i <= Math.min(nx - 2, ci + reach); i++) {
        const at = i + nx * (j + ny * k);
        if (voxels[at] === noData) continue;
        const row = (m: number): number => voxels[m - 1]! - 2 * voxels[m]! + voxels[m + 1]!;
        seen.push(Math.abs(row(at - nx) - 2 * row(at) + row(at + nx)));
      }
  }
  if (seen.length < 50) return 0;
  seen.sort((a, b) => a - b);
  return (Math.abs(field.rescale.slope) * seen[seen.length >> 1]!) / (6 * 0.6745);
}
