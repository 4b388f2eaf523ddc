import { normalise } from '../../geometry/matrices.ts';
import { type PatientPoint, type PatientVector, patientVector, type Vec3 } from '../../geometry/types.ts';
import type { FieldSampler } from '../lumen/field-sampler.ts';
import { along, type CanalStation, canalStepMm } from './canal-frame.ts';
import { boneHu } from './rib-section.ts';
import type { Side } from './types.ts';

/**
 * Where ribs may be: planes beside the spine, in which each rib is cut across and is an island of bone of a rib's
 * size.
 */
export interface RibSeed {
  readonly side: Side;
  readonly pointMm: PatientPoint;
  /** Along the rib, away from the spine. */
  readonly direction: PatientVector;
  /** Which of the planes it lies in, from 0. */
  readonly plane: number;
}

/** To the side of the canal. The first is just beyond the transverse processes. */
const planesMm = [44, 56, 36, 70];
/** In the plane, from the canal's middle. */
const frontMm = 22;
const backMm = 60;
const cellMm = 1;
const leastMm2 = 12;
const mostMm2 = 300;

interface Island {
  readonly row: number;
  readonly column: number;
  readonly areaMm2: number;
}

/** Connected pixels at or above bone, eight neighbours. */
function islandsOf(values: Float32Array, width: number, height: number): Island[] {
  const seen = new Uint8Array(values.length);
  const stack: number[] = [];
  const out: Island[] = [];
  for (let start = 0; start < values.length; start++) {
    if (seen[start] || !(values[start]! >= boneHu)) continue;
    let [count, rows, columns] = [0, 0, 0];
    seen[start] = 1;
    stack.push(start);
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      const row = Math.floor(at / width);
      const column = at - row * width;
      count += 1;
      rows += row;
      columns += column;
      for (let r = Math.max(0, row - 1); r <= Math.min(height - 1, row + 1); r++)
        for (let c = Math.max(0, column - 1); c <= Math.min(width - 1, column + 1); c++) {
          const next = c + r * width;
          if (seen[next] || !(values[next]! >= boneHu)) continue;
          seen[next] = 1;
          stack.push(next);
        }
    }
    out.push({ row: rows / count, column: columns / count, areaMm2: count * cellMm * canalStepMm });
  }
  return out;
}

const ballMm = 10;

/** The direction in which bone around a point reaches farthest: the main axis of its moments. */
function mainAxis(sampler: FieldSampler, centre: Vec3, towards: Vec3): PatientVector {
  const n = 2 * ballMm + 1;
  const buffer = new Float64Array(n);
  const m = [0, 0, 0, 0, 0, 0];
  for (let y = -ballMm; y <= ballMm; y += 2)
    for (let z = -ballMm; z <= ballMm; z += 2) {
      sampler.ray(buffer, 0, n, [centre[0] - ballMm, centre[1] + y, centre[2] + z], [1, 0, 0]);
      for (let s = 0; s < n; s++) {
        const x = s - ballMm;
        if (!(buffer[s]! >= boneHu) || x * x + y * y + z * z > ballMm * ballMm) continue;
        m[0]! += x * x;
        m[1]! += y * y;
        m[2]! += z * z;
        m[3]! += x * y;
        m[4]! += x * z;
        m[5]! += y * z;
      }
    }
  let v: Vec3 = [towards[0], towards[1], towards[2]];
  for (let round = 0; round < 30; round++)
    v = normalise(
      patientVector(
        m[0]! * v[0] + m[3]! * v[1] + m[4]! * v[2],
        m[3]! * v[0] + m[1]! * v[1] + m[5]! * v[2],
        m[4]! * v[0] + m[5]! * v[1] + m[2]! * v[2],
      ),
    );
  const sign = v[0] * towards[0] + v[1] * towards[1] + v[2] * towards[2] < 0 ? -1 : 1;
  return patientVector(sign * v[0], sign * v[1], sign * v[2]);
}

/** Seeds plane by plane, each from the top downwards. */
export function ribSeeds(sampler: FieldSampler, stations: readonly CanalStation[]): RibSeed[] {
  const width = Math.round((frontMm + backMm) / cellMm) + 1;
  const buffer = new Float64Array(width);
  const values = new Float32Array(width * stations.length);
  const seeds: RibSeed[] = [];
  for (const [plane, mm] of planesMm.entries())
    for (const side of ['left', 'right'] as const) {
      const sign = side === 'left' ? 1 : -1;
      const placeOf = (row: number, column: number): PatientPoint => {
        const { centreMm, left, front } =
          stations[Math.max(0, Math.min(stations.length - 1, Math.round(row)))]!;
        return along(along(centreMm, left, sign * mm), front, frontMm - column * cellMm);
      };
      stations.forEach(({ front }, row) => {
        const step: Vec3 = [-front[0] * cellMm, -front[1] * cellMm, -front[2] * cellMm];
        sampler.ray(buffer, 0, width, placeOf(row, 0), step);
        values.set(buffer, row * width);
      });
      for (const { row, column, areaMm2 } of islandsOf(values, width, stations.length)) {
        if (areaMm2 < leastMm2 || areaMm2 > mostMm2) continue;
        const pointMm = placeOf(row, column);
        const { left } = stations[Math.min(stations.length - 1, Math.round(row))]!;
        const outwards: Vec3 = [sign * left[0], sign * left[1], sign * left[2]];
        seeds.push({ side, pointMm, direction: mainAxis(sampler, pointMm, outwards), plane });
      }
    }
  return seeds;
}
