/**
 * A straight vessel with a stenosis, painted exactly, averaged over its voxels, blurred and made noisy: what
 * docs/accuracy.md says about lumens is measured on these.
 */
import { samplePoints } from '../../core/analysis/curve/sample-line.ts';
import type { SampledLine, ScalarField } from '../../core/analysis/types.ts';
import { matrixFromColumns } from '../../core/geometry/matrices.ts';
import { patientPoint, type Vec3 } from '../../core/geometry/types.ts';
import { Painter } from '../../core/phantom/paint.ts';
import type { Part } from '../../core/phantom/part.ts';
import { voxelNoise } from '../../core/phantom/random.ts';
import { ellipsoid, sphere } from '../../core/phantom/shape.ts';
import { linePath, tube } from '../../core/phantom/tube.ts';

export interface VesselCase {
  readonly name: string;
  readonly openMm: number;
  /** Share of the diameter lost in the throat, which is 3 mm long. */
  readonly lostShare: number;
  readonly contrastHu: number;
  readonly noiseHu: number;
  /** In the slice, and from slice to slice. */
  readonly voxelMm: readonly [number, number];
  /** Full width at half maximum of the scanner's blur. */
  readonly blurMm: number;
  /** Room between the vessel's wall and a bone bar beside it. */
  readonly boneAtMm?: number;
  /** Calcium on the wall at the throat, at the open vessel, or nowhere. */
  readonly calcium?: 'throat' | 'open';
  /** How far the line is off the lumen's middle. */
  readonly offLineMm?: number;
  /** Direction of the vessel. */
  readonly axis?: Vec3;
}

export const baseCase: VesselCase = {
  name: '',
  openMm: 4,
  lostShare: 0.5,
  contrastHu: 350,
  noiseHu: 20,
  voxelMm: [0.5, 0.6],
  blurMm: 0.7,
};

const halfLineMm = 17;
const halfThroatMm = 1.5;
const halfLesionMm = 6;
const wallMm = 0.75;

const unit = (v: Vec3): Vec3 => {
  const size = Math.hypot(...v);
  return [v[0] / size, v[1] / size, v[2] / size];
};

export function radiusMm(vessel: VesselCase, alongMm: number): number {
  const open = vessel.openMm / 2;
  const away = Math.abs(alongMm) - halfThroatMm;
  const shoulder = halfLesionMm - halfThroatMm;
  if (away >= shoulder) return open;
  const depth = away <= 0 ? 1 : 0.5 + 0.5 * Math.cos((Math.PI * away) / shoulder);
  return open * (1 - vessel.lostShare * depth);
}

const axisOf = (vessel: VesselCase): Vec3 => unit(vessel.axis ?? [0.5, 0.4, 0.8]);
const middle: Vec3 = [11.1, -7.3, 31.7];
const at = (axis: Vec3, alongMm: number, side: Vec3 = [0, 0, 0], byMm = 0): Vec3 => [
  middle[0] + alongMm * axis[0] + byMm * side[0],
  middle[1] + alongMm * axis[1] + byMm * side[1],
  middle[2] + alongMm * axis[2] + byMm * side[2],
];

function partsOf(vessel: VesselCase): readonly Part[] {
  const axis = axisOf(vessel);
  const side = unit([axis[1], -axis[0], 0.0001]);
  const path = linePath(at(axis, -halfLineMm - 8), at(axis, halfLineMm + 8), 0.25);
  const alongOf = (arcMm: number): number => arcMm - halfLineMm - 8;
  const outer = vessel.openMm / 2 + wallMm;
  const part = (id: string, tissue: Part['tissue'], shape: Part['shape'], more?: Partial<Part>): Part => ({
    id,
    name: { zh: id, en: id },
    kind: 'artery',
    tissue,
    shape,
    ...more,
  });
  const parts = [
    part('around', 'innerFat', sphere(middle, 200)),
    part('wall', 'vesselWall', tube(path, outer)),
  ];
  if (vessel.boneAtMm !== undefined) {
    const away = outer + vessel.boneAtMm + 5;
    const bone = linePath(at(axis, -halfLineMm - 8, side, away), at(axis, halfLineMm + 8, side, away), 0.5);
    parts.push(part('bone', 'cortical', tube(bone, 5)));
  }
  if (vessel.calcium) {
    const along = vessel.calcium === 'throat' ? 0 : -10;
    // Touches the lumen; the lumen is painted over what reaches into it.
    const away = radiusMm(vessel, along) + 0.9;
    parts.push(part('calcium', 'calcium', ellipsoid(at(axis, along, side, away), [1.3, 1.3, 1.3])));
  }
  parts.push(
    part(
      'lumen',
      'bloodArtery',
      tube(path, (arc) => radiusMm(vessel, alongOf(arc))),
      {
        texture: () => vessel.contrastHu - 350,
      },
    ),
  );
  return parts;
}

/** Gaussian of `sigma` samples along one axis of a volume, in place. */
function blurAxis(values: Float32Array, size: Vec3, axis: 0 | 1 | 2, sigma: number): void {
  if (!(sigma > 0.05)) return;
  const reach = Math.max(1, Math.ceil(4 * sigma));
  const kernel = Array.from({ length: 2 * reach + 1 }, (_, n) =>
    Math.exp(-((n - reach) ** 2) / (2 * sigma * sigma)),
  );
  const total = kernel.reduce((a, b) => a + b);
  const stride = axis === 0 ? 1 : axis === 1 ? size[0] : size[0] * size[1];
  const count = size[axis];
  const line = new Float64Array(count);
  for (let start = 0; start < values.length; start++) {
    if (Math.floor(start / stride) % count !== 0) continue;
    for (let n = 0; n < count; n++) line[n] = values[start + n * stride]!;
    for (let n = 0; n < count; n++) {
      let sum = 0;
      for (let m = -reach; m <= reach; m++)
        sum += kernel[m + reach]! * line[Math.max(0, Math.min(count - 1, n + m))]!;
      values[start + n * stride] = sum / total;
    }
  }
}

/** Without noise: HU. */
export interface PaintedVessel {
  readonly clean: Float32Array;
  readonly geometry: ScalarField['geometry'];
  readonly line: SampledLine;
  readonly halfLineMm: number;
}

export function paintVessel(vessel: VesselCase): PaintedVessel {
  const axis = axisOf(vessel);
  const [h, gap] = vessel.voxelMm;
  const marginMm = vessel.openMm / 2 + 8;
  const half = axis.map((a) => Math.abs(a) * halfLineMm + marginMm);
  const steps: Vec3 = [h, h, gap];
  const size = half.map((mm, c) => Math.ceil((2 * mm) / steps[c]!) + 1) as unknown as Vec3;
  const origin: Vec3 = [
    middle[0] - half[0]! + 0.13,
    middle[1] - half[1]! + 0.29,
    middle[2] - half[2]! + 0.05,
  ];
  const clean = new Painter(partsOf(vessel), 'ct').paint(
    {
      size: [size[0], size[1]],
      origins: Array.from({ length: size[2] }, (_, k): Vec3 => [origin[0], origin[1], origin[2] + k * gap]),
      columnStep: [h, 0, 0],
      rowStep: [0, h, 0],
      thickness: [0, 0, gap],
      subSlices: Math.max(1, Math.round(gap / h)),
    },
    0,
    size[2],
  );
  const sigma = vessel.blurMm / 2.3548;
  for (const c of [0, 1, 2] as const) blurAxis(clean, size, c, sigma / steps[c]);
  const side = unit([-axis[1], axis[0], 0.0001]);
  const ends = [-halfLineMm, 0, halfLineMm].map((s) =>
    patientPoint(...at(axis, s, side, vessel.offLineMm ?? 0)),
  );
  return {
    clean,
    geometry: { size, patientFromIndex: matrixFromColumns([h, 0, 0], [0, h, 0], [0, 0, gap], origin) },
    line: samplePoints(ends, 0.5),
    halfLineMm,
  };
}

export function noisyField(painted: PaintedVessel, noiseHu: number, seed: number): ScalarField {
  const voxels = Int16Array.from(painted.clean, (value, n) =>
    Math.round(value + noiseHu * voxelNoise(seed, n)),
  );
  return { geometry: painted.geometry, voxels, rescale: { slope: 1, intercept: 0 } };
}
