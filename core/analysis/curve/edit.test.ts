import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PatientPoint, patientPoint } from '../../geometry/types.ts';
import type { Centreline, ControlPoint } from '../types.ts';
import {
  addAtEnd,
  addAtStart,
  deleteControl,
  type EditedLine,
  emptyLine,
  insertControl,
  insertOnLine,
  isSoundLine,
  moveControl,
  renameLine,
  reverseLine,
  splitOffBranch,
  withDrawnPieces,
  withPiece,
} from './edit.ts';
import { sampleLine } from './sample-line.ts';
import { attachBranch, lineLengthMm, linePoints, treeOrder, withChangedLine, withoutLine } from './tree.ts';

const at = (x: number, y: number, z: number): ControlPoint => ({
  pointMm: patientPoint(x, y, z),
  snapped: false,
});
const empty = emptyLine({
  id: 'a',
  kind: 'vessel',
  nameId: 'aorta',
  customName: '',
  seriesKey: 's',
  groupId: 'g',
  frameOfReferenceUID: '1.2',
  verdict: 'exact',
});
const through = (...controls: ControlPoint[]): Centreline =>
  controls.reduce((line, control) => addAtEnd(line, control).line, empty);
const square = through(at(0, 0, 0), at(10, 0, 0), at(10, 10, 0), at(0, 10, 0));

describe('editing a centreline', () => {
  it('links new ends and says what to find', () => {
    expect(addAtEnd(empty, at(1, 2, 3))).toEqual({
      line: { ...empty, controls: [at(1, 2, 3)], pieces: [] },
      stale: [],
    });
    const end = addAtEnd(square, at(0, 20, 0));
    expect(end.stale).toEqual([3]);
    expect(end.line.pieces[3]).toEqual({
      pointsMm: [
        [0, 10, 0],
        [0, 20, 0],
      ],
      state: 'straight',
    });
    const start = addAtStart({ ...square, parent: { lineId: 'p', atMm: 1 } }, at(-5, 0, 0));
    expect(start.stale).toEqual([0]);
    expect(start.line.parent).toBeUndefined();
    expect(isSoundLine(start.line)).toBe(true);
  });
  it('moves, inserts and deletes with the pieces that touch the control', () => {
    expect(moveControl(square, 1, at(12, 1, 0)).stale).toEqual([0, 1]);
    expect(moveControl(square, 0, at(1, 1, 0)).stale).toEqual([0]);
    expect(insertControl(square, 1, at(12, 5, 0)).stale).toEqual([1, 2]);
    expect(deleteControl(square, 1).stale).toEqual([0]);
    expect(deleteControl(square, 1).line.pieces).toHaveLength(2);
    expect(deleteControl(square, 3).stale).toEqual([]);
    expect(deleteControl(deleteControl(through(at(1, 1, 1)), 0).line, 0).line.controls).toEqual([]);
  });
  it('keeps the path of a piece that gets a control on it', () => {
    const found = withPiece(square, 1, {
      pointsMm: [[10, 0, 0] as never, patientPoint(12, 5, 0), [10, 10, 0] as never],
      state: 'found',
    });
    const { line, stale, index } = insertOnLine(found, patientPoint(13, 2.5, 0));
    expect([stale, index]).toEqual([[], 2]);
    expect(line.pieces.map((piece) => piece.state)).toEqual(['straight', 'found', 'found', 'straight']);
    expect(lineLengthMm(line)).toBeCloseTo(lineLengthMm(found), 9);
    expect(isSoundLine(line)).toBe(true);
    expect(insertOnLine(square, patientPoint(10, 0, 0)).index).toBe(-1);
    expect(insertOnLine(empty, patientPoint(10, 0, 0)).index).toBe(-1);
  });
  it('takes a path only while it joins the controls', () => {
    const piece = { pointsMm: [patientPoint(0, 0, 0), patientPoint(10, 0, 0)], state: 'found' } as const;
    expect(withPiece(square, 0, piece).pieces[0]).toBe(piece);
    expect(withPiece(moveControl(square, 0, at(1, 0, 0)).line, 0, piece).pieces[0]!.state).toBe('straight');
    const broken = { ...piece, pointsMm: [piece.pointsMm[0], patientPoint(Number.NaN, 0, 0)] } as never;
    expect(withPiece(square, 0, broken)).toBe(square);
  });
  it('draws a curve by hand anew around a dragged point', () => {
    const drawn = withDrawnPieces({ line: square, stale: [0, 1, 2] });
    const dragged = withDrawnPieces(moveControl(drawn, 3, at(0, 14, 0)));
    expect(dragged.pieces.map((piece) => piece.state)).toEqual(['drawn', 'drawn', 'drawn']);
    expect(dragged.pieces[1]).not.toEqual(drawn.pieces[1]);
    expect(dragged.pieces[0]).toEqual(drawn.pieces[0]);
    expect(isSoundLine(dragged)).toBe(true);
    expect(withDrawnPieces({ line: square, stale: [] })).toBe(square);
  });
  it('reverses, renames and splits', () => {
    const back = reverseLine(square).line;
    expect(linePoints(back)).toEqual(linePoints(square).toReversed());
    expect(reverseLine(back).line).toEqual(square);
    expect(renameLine(square, null, '旁路').line).toMatchObject({ nameId: null, customName: '旁路' });
    const parts = splitOffBranch(square, 2, 'b')!;
    expect(parts.branch.parent).toEqual({ lineId: 'a', atMm: 20 });
    expect(parts.branch.nameId).toBeNull();
    expect([parts.trunk, parts.branch].every(isSoundLine)).toBe(true);
    expect(lineLengthMm(parts.trunk) + lineLengthMm(parts.branch)).toBe(30);
    for (const index of [-1, 0, 3, 4, 0.5, Number.NaN]) expect(splitOffBranch(square, index, 'b')).toBeNull();
  });
});

describe('lines as a tree', () => {
  const branch = { ...through(at(11, 4, 0), at(30, 4, 0)), id: 'b' };
  const twig = { ...through(at(20, 4, 1), at(20, 20, 0)), id: 'c' };
  const lines = [attachBranch(twig, branch), attachBranch(branch, square), square];
  it('leaves the parent at its nearest place, also after the parent was edited', () => {
    expect(lines[1]!.parent).toEqual({ lineId: 'a', atMm: 14 });
    expect(lines[0]!.parent).toEqual({ lineId: 'b', atMm: 9 });
    const moved = withChangedLine(lines, reverseLine(square).line);
    expect(moved[1]!.parent).toEqual({ lineId: 'a', atMm: 16 });
    expect(attachBranch(square, square).parent).toBeUndefined();
    expect(attachBranch(branch, empty)).toBe(branch);
  });
  it('is told from the roots outwards and loses nothing', () => {
    expect(treeOrder(lines).map(({ line, depth }) => [line.id, depth])).toEqual([
      ['a', 0],
      ['b', 1],
      ['c', 2],
    ]);
    expect(withoutLine(lines, 'b').map((line) => line.parent)).toEqual([undefined, undefined]);
    const ring = [
      { ...square, parent: { lineId: 'b', atMm: 0 } },
      { ...branch, parent: { lineId: 'a', atMm: 0 } },
    ];
    expect(treeOrder(ring)).toHaveLength(2);
  });
});

/** One random step of a user: what to do, where, and how wildly. */
const step = fc.record({
  what: fc.integer({ min: 0, max: 9 }),
  index: fc.integer({ min: -1, max: 12 }),
  point: fc.oneof(
    { weight: 12, arbitrary: fc.tuple(...([0, 1, 2] as const).map(() => fc.integer({ min: -40, max: 40 }))) },
    { weight: 1, arbitrary: fc.constantFrom([0, 0, 0], [Number.NaN, 1, 2], [Infinity, 0, 0], [1e300, 0, 0]) },
  ),
});

describe('10,000 random drags, inserts, deletes and undos', () => {
  it('never throw, never leave a NaN, and keep one path between two controls', () => {
    let count = 0;
    fc.assert(
      fc.property(fc.array(step, { minLength: 50, maxLength: 50 }), (steps) => {
        const history: Centreline[] = [empty];
        for (const { what, index, point } of steps) {
          count += 1;
          const line = history[history.length - 1]!;
          const control: ControlPoint = { pointMm: point as unknown as PatientPoint, snapped: what > 4 };
          const edits: (() => EditedLine)[] = [
            () => addAtEnd(line, control),
            () => addAtStart(line, control),
            () => moveControl(line, index, control),
            () => moveControl(line, index - 1, control),
            () => insertControl(line, index, control),
            () => insertOnLine(line, control.pointMm),
            () => deleteControl(line, index),
            () => reverseLine(line),
            () => ({ line: splitOffBranch(line, index, 'b')?.trunk ?? line, stale: [] }),
            () => ({ line: history[Math.max(0, history.length - 2)]!, stale: [] }),
          ];
          const edited = edits[what]!();
          const done = index % 2 ? withDrawnPieces(edited, 2) : edited.line;
          if (!isSoundLine(done)) throw new Error('not sound');
          if (edited.stale.some((n) => !done.pieces[n])) throw new Error('stale beyond the line');
          if (what === 9 && history.length > 1) history.pop();
          else history.push(done);
        }
        const line = history[history.length - 1]!;
        const sampled = sampleLine(line.pieces, 1);
        const numbers = [sampled.points, sampled.tangents, sampled.rights, sampled.curvaturePerMm];
        expect(numbers.every((values) => values.every(Number.isFinite))).toBe(true);
        expect(sampled.lengthMm).toBeGreaterThanOrEqual(0);
      }),
      { seed: 9, numRuns: 200 },
    );
    expect(count).toBe(10_000);
  });
});
