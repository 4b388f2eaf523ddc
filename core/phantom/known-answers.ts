/** What is in the phantom, exactly: the oracle of every test and of `candela phantom --json`. */
import type { Vec3 } from '../geometry/types.ts';
import { aortaEnd } from './anatomy/arteries.ts';
import { spine } from './anatomy/frame.ts';
import { type Ball, beads, nodules, plaques } from './anatomy/lesions.ts';
import { fracture, fractureSite, ribId, ribName, ribPath } from './anatomy/ribs.ts';
import { carina, namedAirways } from './anatomy/thorax.ts';
import { vertebraName } from './anatomy/vertebrae.ts';
import { lumenRadiusMm, type Vessel } from './anatomy/vessel.ts';
import { vessels } from './anatomy/vessels.ts';
import { type PhantomGeometry, type PhantomOptions, phantomGeometry } from './options.ts';
import { Painter } from './paint.ts';
import type { Part, PartName } from './part.ts';
import { type Contrast, type Tissue, tissueValue } from './tissue.ts';
import { type Path, pathAt, pathLengthMm } from './tube.ts';
import { length } from './vector.ts';

export interface KnownBall {
  readonly id: string;
  readonly name: PartName;
  readonly centreMm: Vec3;
  readonly diameterMm: number;
  readonly volumeMm3: number;
  /** HU, MR signal or SUV, as the series' contrast asks. */
  readonly value: number;
}

export interface KnownPlaque {
  readonly id: string;
  readonly name: PartName;
  readonly centreMm: Vec3;
  readonly halfAxesMm: Vec3;
  readonly volumeMm3: number;
  readonly value: number;
}

export interface KnownStenosis {
  readonly centreMm: Vec3;
  readonly arcMm: number;
  /** Lost share of the diameter and of the area, in percent. */
  readonly percentDiameter: number;
  readonly percentArea: number;
  readonly throatDiameterMm: number;
  readonly referenceDiameterMm: number;
  readonly lengthMm: number;
  /** Throat below three voxels across: to be answered as "at the limit of resolution". */
  readonly atResolutionLimit: boolean;
}

export interface KnownLine {
  readonly id: string;
  readonly name: PartName;
  readonly lengthMm: number;
  readonly pointsMm: readonly Vec3[];
  readonly diametersMm: readonly number[];
  readonly volumeMm3: number;
  readonly value: number;
  readonly stenosis?: KnownStenosis;
}

export interface KnownRib {
  readonly id: string;
  readonly name: PartName;
  readonly number: number;
  readonly side: 'left' | 'right';
  readonly headMm: Vec3;
  readonly endMm: Vec3;
  readonly lengthMm: number;
  readonly pointsMm: readonly Vec3[];
}

export interface KnownAnswers {
  readonly geometry: PhantomGeometry;
  readonly landmarks: readonly { readonly id: string; readonly name: PartName; readonly pointMm: Vec3 }[];
  readonly vertebrae: readonly {
    readonly label: string;
    readonly name: PartName;
    readonly centreMm: Vec3;
    readonly heightMm: number;
    readonly discBelowMm: number;
  }[];
  readonly ribs: readonly KnownRib[];
  readonly fracture: {
    readonly rib: string;
    readonly pointMm: Vec3;
    readonly shiftMm: number;
    readonly gapMm: number;
  };
  readonly vessels: readonly KnownLine[];
  readonly airways: readonly KnownLine[];
  readonly nodules: readonly KnownBall[];
  readonly plaques: readonly KnownPlaque[];
  /** Empty unless the series was made with beads. */
  readonly beads: readonly KnownBall[];
}

const ballVolume = (radii: Vec3): number => ((4 * Math.PI) / 3) * radii[0] * radii[1] * radii[2];

const knownBall = (ball: Ball, tissue: Tissue, contrast: Contrast): KnownBall => {
  const r = ball.diameterMm / 2;
  return {
    id: ball.id,
    name: ball.name,
    centreMm: ball.centre,
    diameterMm: ball.diameterMm,
    volumeMm3: ballVolume([r, r, r]),
    value: tissueValue(tissue, contrast),
  };
};

/** Sum of the pieces' truncated cones; equals Pappus' integral for a polyline. */
function lineOf(path: Path, radiusMm: (arcMm: number) => number) {
  const radii = path.arcMm.map(radiusMm);
  let volumeMm3 = 0;
  for (let n = 1; n < radii.length; n++) {
    const [a, b] = [radii[n - 1]!, radii[n]!];
    volumeMm3 += ((path.arcMm[n]! - path.arcMm[n - 1]!) * Math.PI * (a * a + a * b + b * b)) / 3;
  }
  return {
    lengthMm: pathLengthMm(path),
    pointsMm: path.points,
    diametersMm: radii.map((r) => 2 * r),
    volumeMm3,
  };
}

function knownStenosis(vessel: Vessel, voxelMm: number): KnownStenosis | undefined {
  const lesion = vessel.stenosis;
  if (!lesion) return undefined;
  const throatDiameterMm = 2 * lumenRadiusMm(vessel, lesion.atMm);
  const left = 1 - lesion.diameterShare;
  return {
    centreMm: pathAt(vessel.path, lesion.atMm).point,
    arcMm: lesion.atMm,
    percentDiameter: 100 * lesion.diameterShare,
    percentArea: 100 * (1 - left * left),
    throatDiameterMm,
    referenceDiameterMm: 2 * vessel.openRadiusMm(lesion.atMm),
    lengthMm: 2 * lesion.halfLengthMm,
    atResolutionLimit: throatDiameterMm < 3 * voxelMm,
  };
}

function knownVessel(vessel: Vessel, contrast: Contrast, voxelMm: number): KnownLine {
  const stenosis = knownStenosis(vessel, voxelMm);
  return {
    id: vessel.id,
    name: vessel.name,
    ...lineOf(vessel.path, (arc) => lumenRadiusMm(vessel, arc)),
    value: tissueValue(vessel.kind === 'artery' ? 'bloodArtery' : 'bloodVein', contrast),
    ...(stenosis && { stenosis }),
  };
}

function knownRibs(): readonly KnownRib[] {
  return ([1, -1] as const).flatMap((side) =>
    Array.from({ length: 12 }, (_, n): KnownRib => {
      const path = ribPath(n + 1, side);
      return {
        id: ribId(n + 1, side),
        name: ribName(n + 1, side),
        number: n + 1,
        side: side > 0 ? 'left' : 'right',
        headMm: path.points[0]!,
        endMm: path.points[path.points.length - 1]!,
        lengthMm: pathLengthMm(path),
        pointsMm: path.points,
      };
    }),
  );
}

/** Positions are LPS mm and do not depend on how the series was cut. */
export function knownAnswers(options: PhantomOptions = {}): KnownAnswers {
  const contrast = options.contrast ?? 'ct';
  const geometry = phantomGeometry(options);
  const voxelMm = Math.max(...geometry.spacingMm);
  const site = fractureSite();
  return {
    geometry,
    landmarks: [
      // Where centrelines part. The lumens part some millimetres below: wide tubes still overlap there.
      {
        id: 'carina',
        name: { zh: '气管分叉（中心线）', en: 'Tracheal bifurcation (centrelines)' },
        pointMm: carina,
      },
      {
        id: 'aortic-bifurcation',
        name: { zh: '主动脉分叉（中心线）', en: 'Aortic bifurcation (centrelines)' },
        pointMm: aortaEnd,
      },
    ],
    vertebrae: spine.map((level) => ({
      label: level.label,
      name: vertebraName(level.label),
      centreMm: level.centre,
      heightMm: level.heightMm,
      discBelowMm: level.discBelowMm,
    })),
    ribs: knownRibs(),
    fracture: {
      rib: ribId(fracture.rib, fracture.side),
      pointMm: site.point,
      shiftMm: length(site.shift),
      gapMm: fracture.gapMm,
    },
    vessels: vessels.map((vessel) => knownVessel(vessel, contrast, voxelMm)),
    airways: namedAirways.map(({ id, zh, en, run }) => ({
      id,
      name: { zh, en },
      ...lineOf(run.path, run.radiusMm),
      value: tissueValue('air', contrast),
    })),
    nodules: nodules.map((ball) => knownBall(ball, 'lesionSoft', contrast)),
    plaques: plaques().map((plaque) => ({
      id: plaque.id,
      name: plaque.name,
      centreMm: plaque.centre,
      halfAxesMm: plaque.radiiMm,
      volumeMm3: ballVolume(plaque.radiiMm),
      value: tissueValue('calcium', contrast),
    })),
    beads: options.beads ? beads.map((ball) => knownBall(ball, 'bead', contrast)) : [],
  };
}

/**
 * Volume in mm³ of what is visible of each part (later parts cover earlier ones), by counting a cubic
 * lattice of `stepMm` in the box z −330…290. The error is about `stepMm`·surface/10 for compact parts.
 */
export function visibleVolumesMm3(parts: readonly Part[], stepMm: number): ReadonlyMap<string, number> {
  const columns = Math.ceil(400 / stepMm);
  const rows = Math.ceil(290 / stepMm);
  const slabs = Math.ceil(620 / stepMm / 8);
  const painter = new Painter(parts, 'labels');
  const counts = new Float64Array(parts.length + 1);
  for (let slab = 0; slab < slabs; slab++) {
    const labels = painter.paint(
      {
        size: [columns, rows],
        origins: Array.from({ length: 8 }, (_, k): Vec3 => [-200, -140, -330 + (slab * 8 + k) * stepMm]),
        columnStep: [stepMm, 0, 0],
        rowStep: [0, stepMm, 0],
        thickness: [0, 0, stepMm],
        subSlices: 1,
        sharp: true,
      },
      0,
      8,
    );
    for (const label of labels) counts[label]! += 1;
  }
  return new Map(parts.map((part, n) => [part.id, counts[n + 1]! * stepMm ** 3]));
}
