import { expect, it } from 'vitest';
import { matrixFromColumns } from '../../core/geometry/matrices.ts';
import { sceneOfView } from '../../core/scene/view.ts';
import type { ParsedArguments } from './arguments.ts';
import { backdropOf } from './picture-options.ts';
import { adjustedScene } from './scene-file.ts';

const asked = (name: string): ParsedArguments =>
  ({ values: new Map([['background', name]]), positionals: [] }) as unknown as ParsedArguments;
const geometry = {
  size: [40, 50, 30],
  patientFromIndex: matrixFromColumns([0.8, 0, 0.1], [0, 0.7, 0], [-0.3, 0, 2.5], [-31, 17, -480]),
} as const;
const scene = (view: string, background = {}) =>
  sceneOfView(geometry, view, { Modality: 'CT' }, new Float32Array(1001), {
    ...{ width: 64, height: 48 },
    ...background,
  })!;

it('lies behind 3D, also over the scene of a file; planes have none', () => {
  expect(scene('A').background).toEqual([0, 0, 0]);
  expect(scene('A', backdropOf(asked('white'))).background).toEqual([255, 255, 255]);
  expect(adjustedScene(scene('A'), asked('grey'))).toEqual({ ...scene('A'), background: [58, 64, 70] });
  expect(() => backdropOf(asked('pink'))).toThrow();
  expect(() => adjustedScene(scene('axial'), asked('white'))).toThrow();
});
