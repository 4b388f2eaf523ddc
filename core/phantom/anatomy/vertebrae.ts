/** Vertebrae with body, pedicles, laminae, spinous, transverse and articular processes; discs; cord. */
import type { Vec3 } from '../../geometry/types.ts';
import type { Part } from '../part.ts';
import { ellipsoid, type Shape, union } from '../shape.ts';
import { bar, linePath, splinePath, tube } from '../tube.ts';
import { bone } from './bone.ts';
import { spine, spineY, type VertebraLevel, vertebra } from './frame.ts';

/** From the vertebra's own axes (x left, y posterior, z up) to the patient. */
const placed =
  (level: VertebraLevel) =>
  (p: Vec3): Vec3 => {
    const c = Math.cos(level.tiltRad);
    const s = Math.sin(level.tiltRad);
    const [cx, cy, cz] = level.centre;
    return [cx + p[0], cy + p[1] * c + p[2] * s, cz + p[2] * c - p[1] * s];
  };

/** A drum with a waist and a flat back: vertebral body (waist > 0) or disc (waist < 0). */
function drum(level: VertebraLevel, shiftZMm: number, heightMm: number, waistMm: number): Shape {
  const c = Math.cos(level.tiltRad);
  const s = Math.sin(level.tiltRad);
  const [cx, cy, cz] = placed(level)([0, 0, shiftZMm]);
  const a = level.halfWidthMm;
  const b = level.halfDepthMm;
  const half = heightMm / 2;
  const rounding = 1.5;
  return {
    safety: 0.5,
    sdf(x, y, z) {
      const px = x - cx;
      const py = (y - cy) * c - (z - cz) * s;
      const pz = (y - cy) * s + (z - cz) * c;
      const h = pz / half;
      const grown = -waistMm * (1 - h * h);
      // The back is flattened towards the canal.
      const qy = py > 0 ? py * 1.18 : py;
      const k0 = Math.sqrt((px * px) / (a * a) + (qy * qy) / (b * b));
      const k1 = Math.sqrt((px * px) / a ** 4 + (qy * qy) / b ** 4);
      const side = k1 < 1e-9 ? -b : Math.max(-b, (k0 * (k0 - 1)) / k1) - (Math.abs(h) < 1 ? grown : 0);
      const lid = Math.abs(pz) - half;
      const e = rounding - Math.abs(side - lid);
      return Math.max(side, lid) + (e > 0 ? (e * e) / (4 * rounding) : 0);
    },
  };
}

interface Processes {
  readonly spinous: Vec3;
  readonly spinousTallMm: number;
  readonly transverse: Vec3;
  readonly transverseMm: number;
}

function processesOf(label: string, back: number): Processes {
  const number = Number(label.slice(1));
  if (label[0] === 'L')
    return {
      spinous: [0, back + 44, -7],
      spinousTallMm: 10.5,
      transverse: [40 - Math.abs(number - 3) * 3, back + 10, 2],
      transverseMm: 3.4,
    };
  if (label[0] === 'C')
    return {
      spinous: [0, back + 36, -8],
      spinousTallMm: 4.5,
      transverse: [28, back + 4, 0],
      transverseMm: 4,
    };
  const drop = number < 3 ? 14 : number < 10 ? 26 : 14;
  return {
    spinous: [0, back + 40, -drop],
    spinousTallMm: number > 9 ? 8 : 4.6,
    transverse: [number > 10 ? 24 : 35 - number * 0.4, back + 20, 4],
    transverseMm: 4.2,
  };
}

function vertebraShape(level: VertebraLevel): Shape {
  const at = placed(level);
  const back = level.halfDepthMm * 0.85;
  const { spinous, spinousTallMm, transverse, transverseMm } = processesOf(level.label, back);
  const lumbar = level.label[0] === 'L';
  const canal = lumbar ? 11.5 : 9.5;
  const reach = level.heightMm * 0.5;
  const root: Vec3 = [0, back + 18, -2];
  const arch = [1, -1].flatMap((side): Shape[] => {
    const corner: Vec3 = [side * (canal + 3), back + 10, 1];
    return [
      tube(linePath(at([side * canal, back - 4, 4]), at(corner)), lumbar ? 5 : 4),
      bar(
        linePath(at(corner), at(root)),
        () => 3,
        () => (lumbar ? 9 : 7.5),
        () => [side * 0.6, 0.8, 0],
      ),
      tube(
        linePath(
          at([side * (canal + 3), back + 9, 1]),
          at([side * transverse[0], transverse[1], transverse[2]]),
        ),
        (s) => transverseMm * (1 - s * 0.008),
      ),
      ellipsoid(at([side * (canal + 4), back + 11, reach]), [5, 4.5, 8]),
      ellipsoid(at([side * (canal + 2), back + 14, -reach - 1]), [4.5, 4.5, 8]),
    ];
  });
  const blade = bar(
    linePath(at(root), at(spinous)),
    () => 2.7,
    (share) => spinousTallMm * (0.8 + 0.25 * share),
    () => [1, 0, 0],
  );
  return union([drum(level, 0, level.heightMm, 1.7), union([...arch, blade], 3)], 2.5);
}

const zhRegion: Readonly<Record<string, string>> = { C: '颈', T: '胸', L: '腰' };
export const vertebraName = (label: string) => ({
  zh: `第 ${label.slice(1)} ${zhRegion[label[0]!]}椎`,
  en: `Vertebra ${label}`,
});

export function vertebraParts(): readonly Part[] {
  const bodies = spine.map((level) =>
    bone(`vertebra-${level.label}`, vertebraName(level.label), vertebraShape(level), 1.1),
  );
  const discs = spine.map((level): Part => {
    const height = level.discBelowMm;
    return {
      id: `disc-below-${level.label}`,
      name: { zh: `${vertebraName(level.label).zh}下椎间盘`, en: `Disc below ${level.label}` },
      kind: 'cartilage',
      tissue: 'disc',
      shape: drum(level, -(level.heightMm + height) / 2, height + 1.5, -0.8),
    };
  });
  return [...discs, ...bodies];
}

/** Dural sac and cord, painted before the bones. */
export function canalParts(): readonly Part[] {
  const line = (toZ: number, backMm: number): readonly Vec3[] => {
    const points: Vec3[] = [];
    for (let z = 320; z >= toZ; z -= 20) points.push([0, spineY(z) + backMm, z]);
    return points;
  };
  const depth = (z: number) => 0.85 * vertebra(z > 0 ? 'T6' : 'L3').halfDepthMm + 9;
  return [
    {
      id: 'dural-sac',
      name: { zh: '硬膜囊', en: 'Dural sac' },
      kind: 'nerve',
      tissue: 'csf',
      shape: tube(splinePath(line(-230, depth(100)), 4), 7.5),
    },
    {
      id: 'spinal-cord',
      name: { zh: '脊髓', en: 'Spinal cord' },
      kind: 'nerve',
      tissue: 'cord',
      shape: tube(splinePath(line(-40, depth(100)), 4), 4.6),
    },
  ];
}
