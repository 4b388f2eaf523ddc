import type { CSSProperties } from 'react';
import type { PatientPoint } from '../../core/geometry/types.ts';
import { type CanvasPoint, canvasFromPatient, projectLine } from '../../core/scene/project.ts';
import type { Camera } from '../../core/scene/types.ts';
import './layers.css';

/** A piece of a line; `isBad`: straight, weak or out of range, never drawn as a vessel. */
export interface LinePiece3d {
  readonly pointsMm: readonly PatientPoint[];
  readonly isBad: boolean;
}

export interface Line3d {
  readonly id: string;
  readonly pieces: readonly LinePiece3d[];
  readonly controlsMm?: readonly PatientPoint[];
  readonly isActive?: boolean;
  /** A CSS colour; absent = the colour of lines. */
  readonly colour?: string;
}

interface LineLayer3dProps {
  readonly camera: Camera;
  /** CSS pixels of the picture. */
  readonly width: number;
  readonly height: number;
  readonly lines: readonly Line3d[];
  /** The cursor along the line at hand. */
  readonly cursorMm?: PatientPoint | null;
  /** Of the active line, the control point under the pointer. */
  readonly over?: number | null;
}

const pathOf = (runs: readonly (readonly CanvasPoint[])[]): string =>
  runs.map((run) => `M${run.map(({ x, y }) => `${x.toFixed(1)} ${y.toFixed(1)}`).join('L')}`).join('');

/** Control points that are in front of the camera, with their numbers. */
function placedControls(points: readonly PatientPoint[], place: ReturnType<typeof canvasFromPatient>) {
  return points.flatMap((point, n) => {
    const at = place(point);
    return at ? [{ n, at }] : [];
  });
}

/** Centrelines over a 3D picture: haloed, bad pieces red and dashed, control points, and the cursor's dot. */
export function LineLayer3d({ camera, width, height, lines, cursorMm, over }: LineLayer3dProps) {
  const box = { width, height };
  const place = canvasFromPatient(camera, box);
  const cursor = cursorMm ? place(cursorMm) : null;
  return (
    <svg className="lines-3d" width={width} height={height} aria-hidden="true">
      {lines.map(({ id, pieces, controlsMm = [], isActive = false, colour }) => {
        const path = (isBad: boolean): string =>
          pieces
            .filter((piece) => piece.isBad === isBad)
            .map(({ pointsMm }) => pathOf(projectLine(camera, box, pointsMm)))
            .join('');
        const [good, bad] = [path(false), path(true)];
        const style = colour === undefined ? {} : { style: { '--line-colour': colour } as CSSProperties };
        return (
          <g key={id} className={isActive ? 'active' : ''} data-line-3d={id} {...style}>
            <path className="halo" d={good + bad} />
            <path className="line" d={good} />
            <path className="line bad" d={bad} />
            {placedControls(controlsMm, place).map(({ n, at }) => (
              <circle
                key={n}
                className={isActive && over === n ? 'control over' : 'control'}
                cx={at.x}
                cy={at.y}
                r={4.5}
              />
            ))}
          </g>
        );
      })}
      {cursor && <circle className="cursor" cx={cursor.x} cy={cursor.y} r={5} />}
    </svg>
  );
}
