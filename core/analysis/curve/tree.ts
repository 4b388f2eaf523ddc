import type { PatientPoint } from '../../geometry/types.ts';
import type { Centreline } from '../types.ts';
import { nearestOnPolyline, polylineLengthMm } from './polyline.ts';

/** Lines as a tree: each branch knows its parent and where it leaves it. */

/** All points of a line in one polyline; controls' places appear once. */
export const linePoints = (line: Centreline): readonly PatientPoint[] => {
  const [first] = line.controls;
  return first ? [first.pointMm, ...line.pieces.flatMap((piece) => piece.pointsMm.slice(1))] : [];
};

export const lineLengthMm = (line: Centreline): number => polylineLengthMm(linePoints(line));

/** Where `branch` leaves `parent`: the parent's place nearest to the branch's first point; unchanged when there is none. */
export function attachBranch(branch: Centreline, parent: Centreline): Centreline {
  const [first] = branch.controls;
  const place = first && nearestOnPolyline(linePoints(parent), first.pointMm);
  if (!place || branch.id === parent.id) return branch;
  return { ...branch, parent: { lineId: parent.id, atMm: place.atMm } };
}

/** After `changed` was edited: it takes its old place in the tree, and its branches leave it where it is now. */
export function withChangedLine(lines: readonly Centreline[], changed: Centreline): Centreline[] {
  return lines.map((line) => {
    if (line.id === changed.id) return changed;
    return line.parent?.lineId === changed.id ? attachBranch(line, changed) : line;
  });
}

/** Without the line; its branches become lines of their own. */
export const withoutLine = (lines: readonly Centreline[], id: string): Centreline[] =>
  lines
    .filter((line) => line.id !== id)
    .map((line) => {
      if (line.parent?.lineId !== id) return line;
      const { parent: _, ...rest } = line;
      return rest;
    });

/** Parents before their branches, siblings by where they leave; lines whose parent is missing count as roots. */
export function treeOrder(
  lines: readonly Centreline[],
): { readonly line: Centreline; readonly depth: number }[] {
  const ids = new Set(lines.map((line) => line.id));
  const out: { line: Centreline; depth: number }[] = [];
  const seen = new Set<string>();
  const visit = (line: Centreline, depth: number): void => {
    if (seen.has(line.id)) return;
    seen.add(line.id);
    out.push({ line, depth });
    lines
      .filter((child) => child.parent?.lineId === line.id)
      .sort((a, b) => a.parent!.atMm - b.parent!.atMm)
      .forEach((child) => {
        visit(child, depth + 1);
      });
  };
  for (const line of lines) if (!line.parent || !ids.has(line.parent.lineId)) visit(line, 0);
  // Rings of parents cannot be made by attaching, but a file may hold one: nothing may vanish.
  for (const line of lines) visit(line, 0);
  return out;
}
