import type { PlaneName } from '../../../../core/geometry/orientation.ts';
import { type CrossPart, type CrossShape, farPx, handlesOf, holePx, isSamePart } from './mpr-cross.ts';
import type { CutLine } from './mpr-picture.ts';
import './mpr.css';

/** DICOM axes: axial green solid, sagittal blue long dashes, coronal red dotted. */
export const planeColours: Readonly<Record<PlaneName, string>> = {
  axial: 'var(--plane-ax)',
  sagittal: 'var(--plane-sag)',
  coronal: 'var(--plane-cor)',
};
const dashes: Readonly<Record<PlaneName, string>> = { axial: 'none', sagittal: '9 4', coronal: '2 4' };

/** Two halves of a line with the hole between them. */
const linePath = ({ at, dx, dy }: CutLine): string =>
  [-1, 1]
    .map(
      (sign) =>
        `M${at.x + sign * dx * holePx} ${at.y + sign * dy * holePx}L${at.x + sign * dx * farPx} ${at.y + sign * dy * farPx}`,
    )
    .join('');

/** Both edges of a slab. */
const edgesPath = ({ at, dx, dy }: CutLine, halfPx: number): string =>
  [-halfPx, halfPx]
    .map((off) => {
      const x = at.x - dy * off;
      const y = at.y + dx * off;
      return `M${x - dx * farPx} ${y - dy * farPx}L${x + dx * farPx} ${y + dy * farPx}`;
    })
    .join('');

/** The lines of the other planes, with the hole at the centre and their handles; `over` is under the pointer. */
export function Crosshair({ shape, over }: { readonly shape: CrossShape; readonly over: CrossPart | null }) {
  const { lines, halfPx, width, height } = shape;
  return (
    <svg className="marks cross" width={width} height={height} aria-hidden="true">
      {lines.map((line) => {
        const { name } = line;
        const d = linePath(line);
        const half = halfPx[name];
        const colour = planeColours[name];
        const isOver = over?.name === name;
        return (
          <g key={name} stroke={colour} data-line={name}>
            <path className="xh" d={d} />
            <path
              className={isOver && over.kind === 'line' ? 'x on' : 'x'}
              d={d}
              strokeDasharray={dashes[name]}
            />
            {half > 1 && (
              <path
                className={isOver && over.kind === 'slab' ? 'x slab-edge on' : 'x slab-edge'}
                d={edgesPath(line, half)}
              />
            )}
            {handlesOf(line, shape).map((handle) => {
              const { kind, side, at } = handle;
              const on = over && isSamePart(over, handle) ? ' on' : '';
              return kind === 'rotate' ? (
                <circle
                  key={`${kind}${side}`}
                  className={`hd${on}`}
                  data-handle={kind}
                  cx={at.x}
                  cy={at.y}
                  r={on ? 6 : 4.5}
                />
              ) : (
                <rect
                  key={`${kind}${side}`}
                  className={`hs${on}`}
                  data-handle={kind}
                  fill={colour}
                  x={at.x - 3.5}
                  y={at.y - 3.5}
                  width={7}
                  height={7}
                />
              );
            })}
          </g>
        );
      })}
    </svg>
  );
}
