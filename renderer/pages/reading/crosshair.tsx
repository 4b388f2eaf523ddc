import type { PlaneName } from '../../../core/geometry/orientation.ts';
import type { Spot } from '../../viewport/measure-surface.ts';
import type { CutLine } from './mpr-picture.ts';

/** DICOM axes: axial green solid, sagittal blue long dashes, coronal red dotted. */
export const planeColours: Readonly<Record<PlaneName, string>> = {
  axial: 'var(--plane-ax)',
  sagittal: 'var(--plane-sag)',
  coronal: 'var(--plane-cor)',
};
const dashes: Readonly<Record<PlaneName, string>> = { axial: 'none', sagittal: '9 4', coronal: '2 4' };

/** Half of the hole in the middle. */
export const holePx = 12;
export const farPx = 4000;

export interface CrossHandle {
  readonly name: PlaneName;
  readonly kind: 'rotate' | 'slab';
  readonly at: Spot;
}

/** Handles along a line: circles turn, squares thicken the slab of that line's plane. */
export function handlesOf(line: CutLine, width: number, height: number): readonly CrossHandle[] {
  const reach = Math.min(width, height) * 0.38;
  const place = (kind: CrossHandle['kind'], distance: number): CrossHandle => ({
    name: line.name,
    kind,
    at: { x: line.at.x + line.dx * distance, y: line.at.y + line.dy * distance },
  });
  return [
    place('rotate', -reach),
    place('rotate', reach),
    place('slab', -reach * 0.55),
    place('slab', reach * 0.55),
  ];
}

/** The lines of the other planes, with the hole at the centre and their handles. */
export function Crosshair({
  lines,
  slabs,
  mmPerPx,
  width,
  height,
}: {
  readonly lines: readonly CutLine[];
  readonly slabs: Readonly<Record<PlaneName, number>>;
  readonly mmPerPx: number;
  readonly width: number;
  readonly height: number;
}) {
  return (
    <svg className="marks cross" width={width} height={height} aria-hidden="true">
      {lines.map((line) => {
        const { at, dx, dy, name } = line;
        const side = (sign: 1 | -1): string =>
          `M${at.x + sign * dx * holePx} ${at.y + sign * dy * holePx}L${at.x + sign * dx * farPx} ${at.y + sign * dy * farPx}`;
        const d = side(-1) + side(1);
        const halfPx = slabs[name] / 2 / mmPerPx;
        const edge = (sign: 1 | -1): string => {
          const x = at.x - dy * halfPx * sign;
          const y = at.y + dx * halfPx * sign;
          return `M${x - dx * farPx} ${y - dy * farPx}L${x + dx * farPx} ${y + dy * farPx}`;
        };
        const colour = planeColours[name];
        return (
          <g key={name} stroke={colour} data-line={name}>
            <path className="xh" d={d} />
            <path className="x" d={d} strokeDasharray={dashes[name]} />
            {halfPx > 1 && <path className="x slab-edge" d={edge(-1) + edge(1)} />}
            {handlesOf(line, width, height).map(({ kind, at: spot }) =>
              kind === 'rotate' ? (
                <circle key={`${kind}${spot.x} ${spot.y}`} className="hd" cx={spot.x} cy={spot.y} r={4.5} />
              ) : (
                <rect
                  key={`${kind}${spot.x} ${spot.y}`}
                  className="hs"
                  fill={colour}
                  x={spot.x - 3.5}
                  y={spot.y - 3.5}
                  width={7}
                  height={7}
                />
              ),
            )}
          </g>
        );
      })}
    </svg>
  );
}
