import { useMemo } from 'react';
import { pointAtMm } from '../../../../core/analysis/curve/line-places.ts';
import { stationPoint } from '../../../../core/analysis/curve/sample-line.ts';
import { pieceStates } from '../../../../core/analysis/types.ts';
import type { PatientPoint } from '../../../../core/geometry/types.ts';
import type { Camera } from '../../../../core/scene/types.ts';
import { type Line3d, LineLayer3d, type LinePiece3d } from '../../../viewport/line-layer-3d.tsx';
import type { CanvasSize } from '../../../viewport/use-canvas-size.ts';
import type { ReadingSession } from '../session/reading-session.ts';
import { useReading } from '../use-words.ts';
import { shownLine } from './line-cursor.ts';
import { isBadPiece } from './line-drawing.ts';
import { isDrawable, sampledOf } from './sampled.ts';
import type { VesselLine } from './vessel-state.ts';
import './cpr.css';

/** Runs of stations that follow a lumen, or do not. */
function piecesOf({ line }: VesselLine): readonly LinePiece3d[] {
  if (!isDrawable(line)) return [];
  const sampled = sampledOf(line);
  const pieces: { pointsMm: PatientPoint[]; isBad: boolean }[] = [];
  for (let n = 0; n < sampled.count; n += 1) {
    const isBad = isBadPiece(pieceStates[sampled.states[n] ?? 0] ?? 'drawn');
    const last = pieces.at(-1);
    const point = stationPoint(sampled, n);
    last?.pointsMm.push(point);
    if (!last || last.isBad !== isBad) pieces.push({ pointsMm: [point], isBad });
  }
  return pieces;
}

/** The study's centrelines over its 3D picture, with the cursor of the active one; its points while the tool is on. */
export function LinesIn3d({
  session,
  camera,
  size,
}: {
  readonly session: ReadingSession;
  readonly camera: Camera;
  readonly size: CanvasSize;
}) {
  const lines = useReading(session, (s) => s.vessel.lines);
  const active = useReading(session, shownLine);
  const seriesKey = useReading(session, (s) => s.mpr?.seriesKey);
  const cursorMm = useReading(session, (s) => s.vessel.view.cursorMm);
  const selected = useReading(session, (s) => s.vesselWork.selected);
  const isEditing = useReading(session, (s) => s.tool === 'centreline');
  const shown = useMemo((): readonly Line3d[] => {
    const others = lines.filter(({ line }) => line.seriesKey === seriesKey && line.id !== active?.line.id);
    return [...others, ...(active ? [active] : [])].map((item) => ({
      id: item.line.id,
      pieces: piecesOf(item),
      isActive: item === active,
      colour: 'var(--vessel)',
      controlsMm: item === active && isEditing ? item.line.controls.map(({ pointMm }) => pointMm) : [],
    }));
  }, [lines, active, seriesKey, isEditing]);
  if (shown.length === 0 || size.cssWidth === 0) return null;
  const cursor = active && isDrawable(active.line) ? pointAtMm(sampledOf(active.line), cursorMm) : null;
  return (
    <LineLayer3d
      camera={camera}
      width={size.cssWidth}
      height={size.cssHeight}
      lines={shown}
      cursorMm={cursor ?? null}
      over={selected}
    />
  );
}
