import { type PatientPoint, patientVector, type Vec3 } from '../../geometry/types.ts';
import { samplePoints } from '../curve/sample-line.ts';
import type { FieldSampler } from '../lumen/field-sampler.ts';
import { voxelInSection } from '../lumen/section-reader.ts';
import type { SampledLine } from '../types.ts';
import type { SectionReader } from './section-centre.ts';

/** Longer than this below one voxel across, and nothing says where in its voxels the lumen runs. */
const thinMostMm = 10;
/** Of a short piece, this share of it. */
const thinMostShare = 0.6;

const vectorAt = (values: Float64Array, n: number): Vec3 => [
  values[3 * n]!,
  values[3 * n + 1]!,
  values[3 * n + 2]!,
];

/** True where a section's lumen is narrower than the largest size of a voxel in it, or is not there. */
function isThinAt(reader: SectionReader, sampler: FieldSampler, line: SampledLine, n: number): boolean {
  const at = vectorAt(line.points, n);
  const right = patientVector(...vectorAt(line.rights, n));
  const down = patientVector(...vectorAt(line.downs, n));
  const centre = reader.centre(at, right, down, true);
  if (!centre) return true;
  const sMm = n * line.stepMm;
  const frame = { sMm, centreMm: at as unknown as PatientPoint, right, down };
  return 2 * centre.radiusMm < voxelInSection(sampler, frame);
}

/**
 * Millimetres of a line whose lumen is less than a voxel across. A throat is short; a vessel that is thin all along, as
 * a coronary artery across slices of 3 mm, is where lines left their vessels by up to 2.5 mm (docs/accuracy.md).
 */
export function thinStretch(
  reader: SectionReader,
  sampler: FieldSampler,
  points: readonly PatientPoint[],
  stepMm: number,
): { readonly thinMm: number; readonly isWeak: boolean } {
  const line = samplePoints(points, stepMm);
  let count = 0;
  for (let n = 0; n < line.count; n++) if (isThinAt(reader, sampler, line, n)) count += 1;
  const thinMm = count * line.stepMm;
  return { thinMm, isWeak: thinMm > Math.min(thinMostMm, thinMostShare * line.lengthMm) };
}
