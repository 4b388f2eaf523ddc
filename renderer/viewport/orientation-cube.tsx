import { applyDirection } from '../../core/geometry/matrices.ts';
import type { AnatomicalLetter } from '../../core/geometry/orientation.ts';
import type { Vec3 } from '../../core/geometry/types.ts';
import { viewFromPatientMatrix } from '../../core/scene/camera.ts';
import type { Camera } from '../../core/scene/types.ts';
import { readingTerms } from '../../core/terms/reading.ts';
import { useT } from '../app/language.ts';

interface Face {
  readonly letter: AnatomicalLetter;
  readonly normal: Vec3;
  /** Directions of the letter's right and down when seen from outside. */
  readonly right: Vec3;
  readonly down: Vec3;
}

/** Faces in LPS: each letter names the side of the patient that it lies on. */
const faces: readonly Face[] = [
  { letter: 'A', normal: [0, -1, 0], right: [1, 0, 0], down: [0, 0, -1] },
  { letter: 'P', normal: [0, 1, 0], right: [-1, 0, 0], down: [0, 0, -1] },
  { letter: 'L', normal: [1, 0, 0], right: [0, 1, 0], down: [0, 0, -1] },
  { letter: 'R', normal: [-1, 0, 0], right: [0, -1, 0], down: [0, 0, -1] },
  { letter: 'H', normal: [0, 0, 1], right: [-1, 0, 0], down: [0, 1, 0] },
  { letter: 'F', normal: [0, 0, -1], right: [1, 0, 0], down: [0, 1, 0] },
];

const half = 24;

export interface CubeFace {
  readonly letter: AnatomicalLetter;
  /** Corners in px around the cube's middle. */
  readonly points: string;
  /** How far it faces the viewer, 0…1. */
  readonly facing: number;
  /** CSS matrix that lays the letter on the face. */
  readonly matrix: readonly [number, number, number, number, number, number];
}

/** The faces that the camera sees, farthest turned away first. */
export function cubeFaces(camera: Camera): readonly CubeFace[] {
  const view = viewFromPatientMatrix(camera);
  const seen = (v: Vec3): Vec3 => applyDirection(view, v);
  const shown = faces.flatMap((face): CubeFace[] => {
    const n = seen(face.normal);
    // z points away from the viewer.
    const facing = -n[2];
    if (facing <= 0.02) return [];
    const r = seen(face.right);
    const d = seen(face.down);
    const corner = (x: number, y: number): string =>
      `${(n[0] + r[0] * x + d[0] * y) * half},${(n[1] + r[1] * x + d[1] * y) * half}`;
    return [
      {
        letter: face.letter,
        points: [corner(-1, -1), corner(1, -1), corner(1, 1), corner(-1, 1)].join(' '),
        facing,
        matrix: [r[0], r[1], d[0], d[1], n[0] * half, n[1] * half],
      },
    ];
  });
  return shown.sort((a, b) => a.facing - b.facing);
}

/** A small cube that turns with the picture; a click on a side may look at it. For keys there are the buttons beside it. */
export function OrientationCube({
  camera,
  onFace,
}: {
  readonly camera: Camera;
  onFace?(letter: AnatomicalLetter): void;
}) {
  const t = useT();
  return (
    <svg className="ocube" viewBox="-42 -42 84 84" aria-hidden="true">
      {cubeFaces(camera).map(({ letter, points, facing, matrix }) => (
        <g
          key={letter}
          data-face={letter}
          {...(onFace && {
            'data-control': true,
            'data-tip': t(readingTerms[`reading.view.${letter}`]),
            'data-keys': letter,
            onPointerUp: ({ button }) => button === 0 && onFace(letter),
          })}
        >
          <polygon
            points={points}
            fill={`rgb(${40 + 46 * facing} ${49 + 49 * facing} ${56 + 52 * facing})`}
          />
          <text transform={`matrix(${matrix.join(' ')})`} y={7}>
            {letter}
          </text>
        </g>
      ))}
    </svg>
  );
}
