import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  applyPoint,
  between,
  cross,
  dot,
  invert,
  length,
  matrixFromColumns,
  moved,
} from '../geometry/matrices.ts';
import { edgeLetters, type PlaneName } from '../geometry/orientation.ts';
import { planeNormal, volumeCentre } from '../geometry/planes.ts';
import { patientPoint, type VolumeGeometry } from '../geometry/types.ts';
import {
  type MprAction,
  type MprState,
  mprPlane,
  planeNames,
  reduceMpr,
  startMpr,
  viewCentre,
} from './mpr.ts';

const c = Math.cos(0.3);
const s = Math.sin(0.3);
/** Sagittal acquisition, tilted by 0.3 rad, origin not 0. */
const geometry: VolumeGeometry = {
  size: [60, 50, 30],
  patientFromIndex: matrixFromColumns(
    [0.1, 0.4 * c, 0.4 * s],
    [0, 0.8 * s, -0.8 * c],
    [2.5, 0, 0],
    [-100, 40, 300],
  ),
};
const run = (state: MprState, ...actions: readonly MprAction[]): MprState =>
  actions.reduce((st, action) => reduceMpr(st, action, geometry), state);

describe('MPR state', () => {
  it('hangs the planes as radiologists do', () => {
    const state = startMpr(geometry);
    const letters = (name: PlaneName) => edgeLetters(state.planes[name].right, state.planes[name].down);
    expect(letters('axial')).toEqual({ left: 'R', right: 'L', top: 'A', bottom: 'P' });
    expect(letters('coronal')).toEqual({ left: 'R', right: 'L', top: 'H', bottom: 'F' });
    expect(letters('sagittal')).toEqual({ left: 'A', right: 'P', top: 'H', bottom: 'F' });
    expect(state.stepMm).toBeCloseTo(2.5, 9);
  });
  it('takes the acquisition’s own axes when asked, the acquired plane among them', () => {
    const state = startMpr(geometry, 'acquisition');
    const normal = planeNormal(mprPlane(state, 'sagittal'));
    const acquired = cross([0.1, 0.4 * c, 0.4 * s], [0, 0.8 * s, -0.8 * c]);
    expect(Math.abs(dot(normal, acquired)) / length(acquired)).toBeGreaterThan(0.97);
    for (const name of planeNames) {
      const { right, down } = state.planes[name];
      expect(Math.abs(dot(right, down))).toBeLessThan(1e-12);
    }
    expect(run(startMpr(geometry), { kind: 'axes', axes: 'acquisition' }).planes).toEqual(state.planes);
  });
  it('stays orthonormal and never mirrors through ten thousand drags', () => {
    const angle = fc.integer({ min: -1000, max: 1000 }).map((n) => n / 100);
    const drag = fc.record({
      kind: fc.constant('rotate' as const),
      plane: fc.constantFrom(...planeNames),
      angleRad: angle,
    });
    fc.assert(
      fc.property(fc.array(drag, { minLength: 2500, maxLength: 2500 }), (drags) => {
        const end = run(startMpr(geometry), ...drags);
        const normals = planeNames.map((name) => planeNormal(mprPlane(end, name)));
        for (const name of planeNames) {
          const { right, down } = end.planes[name];
          expect(Math.abs(length(right) - 1)).toBeLessThan(1e-9);
          expect(Math.abs(length(down) - 1)).toBeLessThan(1e-9);
          expect(Math.abs(dot(right, down))).toBeLessThan(1e-9);
        }
        // Locked at right angles: rounding only.
        expect(Math.abs(dot(normals[0]!, normals[1]!))).toBeLessThan(1e-9);
        expect(Math.abs(dot(normals[1]!, normals[2]!))).toBeLessThan(1e-9);
      }),
      { numRuns: 4, seed: 2 },
    );
  });
  it('turns the other two planes clockwise on the screen of the one dragged', () => {
    const state = run(startMpr(geometry), { kind: 'rotate', plane: 'axial', angleRad: 0.2 });
    expect(state.planes.axial).toEqual(startMpr(geometry).planes.axial);
    // The coronal line runs to the right in the axial picture; clockwise it sinks: towards posterior.
    expect(state.planes.coronal.right[1]).toBeCloseTo(Math.sin(0.2), 9);
    const free = run(startMpr(geometry), { kind: 'rotate', plane: 'axial', angleRad: 0.2, only: 'sagittal' });
    expect(free.planes.coronal).toEqual(startMpr(geometry).planes.coronal);
    expect(free.planes.sagittal.right[0]).toBeCloseTo(-Math.sin(0.2), 9);
  });
  it('keeps right angles and the centre inside through ten thousand actions of any kind', () => {
    const name = fc.constantFrom(...planeNames);
    const angleRad = fc.double({ min: -4, max: 4, noNaN: true });
    const mm = fc.double({ min: -500, max: 500, noNaN: true });
    const axes = fc.constantFrom('anatomical' as const, 'acquisition' as const);
    const action: fc.Arbitrary<MprAction> = fc.oneof(
      { weight: 6, arbitrary: fc.record({ kind: fc.constant('rotate' as const), plane: name, angleRad }) },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant('step' as const), plane: name, count: mm }) },
      fc.tuple(mm, mm, mm).map(([x, y, z]) => ({ kind: 'move' as const, centre: patientPoint(x, y, z) })),
      fc.record({ kind: fc.constant('slab' as const), plane: name, slabMm: mm }),
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('square' as const), keep: name }) },
      fc.record({ kind: fc.constant('axes' as const), axes }),
    );
    const inverse = invert(geometry.patientFromIndex)!;
    fc.assert(
      fc.property(fc.array(action, { minLength: 5000, maxLength: 5000 }), (actions) => {
        const end = run(startMpr(geometry), ...actions);
        const [a, b, d] = planeNames.map((n) => planeNormal(mprPlane(end, n)));
        expect(Math.max(Math.abs(dot(a!, b!)), Math.abs(dot(b!, d!)), Math.abs(dot(d!, a!)))).toBeLessThan(
          1e-9,
        );
        applyPoint(inverse, end.centre).forEach((at, axis) => {
          expect(at).toBeGreaterThan(-0.5 - 1e-6);
          expect(at).toBeLessThan(geometry.size[axis]! - 0.5 + 1e-6);
        });
        for (const n of planeNames) {
          expect(end.planes[n].slabMm).toBeGreaterThanOrEqual(0);
          expect(end.planes[n].slabMm).toBeLessThanOrEqual(200);
        }
      }),
      { numRuns: 3, seed: 4 },
    );
  });
  it('puts planes at right angles again after free turns: one stays, none is mirrored', () => {
    const turn = fc.record({
      kind: fc.constant('rotate' as const),
      plane: fc.constantFrom(...planeNames),
      only: fc.constantFrom(...planeNames),
      angleRad: fc.double({ min: -3, max: 3, noNaN: true }),
    });
    const turns = fc.array(turn, { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(turns, fc.constantFrom(...planeNames), (actions, keep) => {
        const free = run(startMpr(geometry), ...actions);
        const end = run(free, { kind: 'square', keep });
        expect(end.planes[keep]).toEqual(free.planes[keep]);
        const normals = planeNames.map((n) => planeNormal(mprPlane(end, n)));
        for (const [n, one] of normals.entries()) {
          expect(Math.abs(dot(one, normals[(n + 1) % 3]!))).toBeLessThan(1e-9);
          // The least turn: never by more than a right angle.
          expect(dot(one, planeNormal(mprPlane(free, planeNames[n]!)))).toBeGreaterThan(-1e-9);
        }
      }),
      { numRuns: 300, seed: 5 },
    );
    const flat = run(
      startMpr(geometry),
      { kind: 'rotate', plane: 'sagittal', only: 'coronal', angleRad: Math.PI / 2 },
      { kind: 'square', keep: 'axial' },
    );
    expect(Math.abs(dot(planeNormal(mprPlane(flat, 'coronal')), [0, 1, 0]))).toBeCloseTo(1, 9);
  });
  it('steps along the normal and keeps the centre inside the volume', () => {
    const start = startMpr(geometry);
    const stepped = run(start, { kind: 'step', plane: 'axial', count: 2 });
    expect(between(start.centre, stepped.centre)[2]).toBeCloseTo(5, 9);
    const far = run(start, { kind: 'move', centre: moved(start.centre, [0, 0, 1e4]) });
    const inside = run(far, { kind: 'move', centre: far.centre });
    expect(length(between(far.centre, inside.centre))).toBeLessThan(1e-6);
    expect(length(between(start.centre, far.centre))).toBeLessThan(45);
    const edge = run(start, { kind: 'step', plane: 'axial', count: 1000 });
    const way = between(start.centre, edge.centre);
    expect(way[2]).toBeGreaterThan(15);
    expect(Math.hypot(way[0], way[1])).toBeLessThan(1e-9);
    expect(run(edge, { kind: 'step', plane: 'axial', count: 1 }).centre[2]).toBeCloseTo(edge.centre[2], 9);
  });
  it('limits slabs to 0–200 mm and keeps each plane’s own', () => {
    const state = run(
      startMpr(geometry),
      { kind: 'slab', plane: 'axial', slabMm: 500 },
      { kind: 'slab', plane: 'coronal', slabMm: -3 },
      { kind: 'projection', plane: 'axial', projection: 'mip' },
    );
    expect(planeNames.map((n) => state.planes[n].slabMm)).toEqual([200, 0, 0]);
    expect(state.planes.axial.projection).toBe('mip');
    expect(state.planes.sagittal.projection).toBe('none');
  });
  it('centres a view on the volume within the plane', () => {
    const state = run(startMpr(geometry), { kind: 'move', centre: patientPoint(-70, 50, 290) });
    for (const name of planeNames) {
      const normal = planeNormal(mprPlane(state, name));
      const at = viewCentre(state, name, geometry);
      expect(dot(between(state.centre, at), normal)).toBeCloseTo(0, 9);
      expect(length(cross(between(volumeCentre(geometry), at), normal))).toBeLessThan(1e-9);
    }
  });
});
