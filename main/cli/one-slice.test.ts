import { expect, it } from 'vitest';
import { problem } from '../../core/base/problem.ts';
import { patientPoint, patientVector, type VolumeGeometry } from '../../core/geometry/types.ts';
import type { Scene } from '../../core/scene/types.ts';
import { problemsOfPlanes, problemsOfScene } from './one-slice.ts';

const plane = {
  origin: patientPoint(3, -4, 5),
  right: patientVector(1, 0, 0),
  down: patientVector(0, 1, 0),
};
const across = { ...plane, down: patientVector(0, 0, -1) };
const loaded = (slices: number) => ({
  problems: slices === 1 ? [problem('GEOMETRY_ONE_SLICE')] : [],
  geometry: {
    size: [9, 8, slices],
    patientFromIndex: [0.7, 0, 0, -3, 0, 0.6, 0, 4, 0, 0, 2, 5, 0, 0, 0, 1],
  } as unknown as VolumeGeometry,
});
const codes = (slices: number, scene: object): readonly string[] =>
  problemsOfScene(loaded(slices), scene as Scene).map(({ code }) => code);
const cut = (of: object, slabMm = 0, projection = 'none') => ({
  kind: 'slice',
  plane: of,
  slabMm,
  projection,
});

it.each<readonly [string, number, object, readonly string[]]>([
  ['a plane in one slice', 1, cut(plane), []],
  ['a plane across it', 1, cut(across), ['GEOMETRY_ONE_SLICE']],
  ['a slab of it', 1, cut(plane, 5, 'mip'), ['VOLUME_THIN']],
  ['a slab across it', 1, cut(across, 5, 'mip'), ['GEOMETRY_ONE_SLICE']],
  ['3D of it', 1, { kind: 'volume' }, ['GEOMETRY_ONE_SLICE']],
  ['a plane across two', 2, cut(across), []],
  ['a plane of two that no slab is projected in', 2, cut(across, 5), []],
  ['a slab of two', 2, cut(across, 5, 'mean'), ['VOLUME_THIN']],
  ['3D of two', 2, { kind: 'volume' }, ['VOLUME_THIN']],
  ['3D of three', 3, { kind: 'volume' }, []],
  ['a slab of three', 3, cut(plane, 5, 'minip'), []],
])('%s of %i slices is told as the page refuses it', (_, slices, scene, told) => {
  expect(codes(slices, scene)).toEqual(told);
});

it('tells a batch of slabs as it tells one', () => {
  const told = problemsOfPlanes(loaded(2), [plane, across], { slabMm: 5, projection: 'mip' });
  expect(told.map(({ code }) => code)).toEqual(['VOLUME_THIN']);
});
