import { describe, expect, it } from 'vitest';
import { windowLevel } from './presets.ts';
import { sceneFromJson, sceneToJson } from './scene-json.ts';
import type { CurvedScene } from './types.ts';

/** Three rows that turn; the middle one is a gap. */
const scene: CurvedScene = {
  kind: 'curved',
  rows: {
    centres: Float64Array.of(1, 2, 3, Number.NaN, Number.NaN, Number.NaN, 1.5, -2.25, 1e3),
    across: Float64Array.of(1, 0, 0, Number.NaN, Number.NaN, Number.NaN, 0.6, 0.8, 0),
    through: Float64Array.of(0, 1, 0, Number.NaN, Number.NaN, Number.NaN, -0.8, 0.6, 0),
  },
  spacingMm: 0.5,
  width: 4,
  height: 3,
  slabMm: 5,
  projection: 'mip',
  interpolation: 'linear',
  window: windowLevel(400, 40),
  background: [1, 2, 3],
};
const written = sceneToJson(scene) as Record<string, unknown>;
const rows = written['rows'] as Record<string, unknown>;

describe('curved planes as files', () => {
  it('come back as they were, gaps included', () => {
    const back = sceneFromJson(JSON.parse(JSON.stringify(written)));
    expect(back).toEqual({ ok: true, value: scene });
  });
  it.each([
    [{ ...written, height: 4 }, 'rows.centres'],
    [{ ...written, height: 0 }, 'height'],
    [{ ...written, rows: [] }, 'rows'],
    [{ ...written, rows: { ...rows, across: [2, 0, 0, 1, 0, 0, 1, 0, 0] } }, 'rows.across[0]'],
    [{ ...written, rows: { ...rows, across: [0.5, 0, 0, 1, 0, 0, 1, 0, 0] } }, 'rows'],
    [{ ...written, rows: { ...rows, through: rows['across'] } }, 'rows'],
    [{ ...written, rows: { ...rows, through: [0, null, 0, null, null, null, 1, 0, 0] } }, 'rows'],
    [{ ...written, rows: { ...rows, centres: ['1', 2, 3, 4, 5, 6, 7, 8, 9] } }, 'rows.centres[0]'],
    [{ ...written, plane: {} }, 'plane'],
  ])('with a fault are refused with its place', (json, where) => {
    expect(sceneFromJson(json)).toEqual({ ok: false, problem: { code: 'SCENE_INVALID', params: { where } } });
  });
});
