import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matrixFromColumns } from '../geometry/matrices.ts';
import { orthonormalPlane } from '../geometry/planes.ts';
import { patientPoint, patientVector } from '../geometry/types.ts';
import { fitCamera, orbit, standardViews, withLens } from './camera.ts';
import { colourMaps } from './fusion.ts';
import { presetPart, volumePresets, windowLevel } from './presets.ts';
import { sceneFromJson, sceneToJson, sceneVersion } from './scene-json.ts';
import type { Scene, SliceScene, VolumeScene, WindowSetting } from './types.ts';

const geometry = {
  size: [40, 50, 60],
  patientFromIndex: matrixFromColumns([0.8, 0.1, 0], [-0.1, 0.8, 0], [0, 0, 1.5], [-30, 12, 400]),
} as const;

const mm = fc.double({ min: -1e5, max: 1e5, noNaN: true });
const share = fc.double({ min: 0, max: 1, noNaN: true });
const rgb = fc.tuple(...[1, 2, 3].map(() => fc.integer({ min: 0, max: 255 }))) as fc.Arbitrary<
  [number, number, number]
>;
const window: fc.Arbitrary<WindowSetting> = fc.oneof(
  fc.record({
    kind: fc.constant('window' as const),
    function: fc.constantFrom('LINEAR' as const, 'LINEAR_EXACT' as const, 'SIGMOID' as const),
    centre: mm,
    width: fc.double({ min: 1e-9, max: 1e6, noNaN: true }),
    invert: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('table' as const),
    first: mm,
    levels: fc.uint8Array({ minLength: 1, maxLength: 300 }),
    invert: fc.boolean(),
  }),
);
const direction = fc
  .tuple(...[1, 2, 3].map(() => fc.double({ min: 0.1, max: 1, noNaN: true })))
  .map(([x, y, z]) => patientVector(x!, y!, z!));
const layers = fc.array(
  fc.record({
    index: fc.integer({ min: 1, max: 255 }),
    role: fc.constantFrom('removed' as const, 'shown' as const),
    colour: rgb,
    opacity: share,
  }),
  { maxLength: 3 },
);
const fusion = fc.record({
  series: fc.constant('1.2.840.99.7'),
  group: fc.string({ maxLength: 20 }),
  map: fc.constantFrom(...colourMaps),
  opacity: share,
  low: fc.double({ min: -100, max: 0, noNaN: true }),
  high: fc.double({ min: 0.001, max: 1e5, noNaN: true }),
});
const slice: fc.Arbitrary<SliceScene> = fc.record({
  kind: fc.constant('slice' as const),
  plane: fc
    .tuple(mm, mm, mm, direction)
    .map(([x, y, z, right]) => orthonormalPlane(patientPoint(x, y, z), right, patientVector(-1, 0.3, 0.2))),
  spacingMm: fc.double({ min: 0.001, max: 100, noNaN: true }),
  width: fc.integer({ min: 1, max: 8192 }),
  height: fc.integer({ min: 1, max: 8192 }),
  slabMm: fc.double({ min: 0, max: 200, noNaN: true }),
  projection: fc.constantFrom('none' as const, 'mip' as const, 'minip' as const, 'mean' as const),
  interpolation: fc.constantFrom('nearest' as const, 'linear' as const, 'cubic' as const),
  window,
  background: rgb,
  layers,
  fusion,
});
const volume: fc.Arbitrary<VolumeScene> = fc
  .record({
    preset: fc.constantFrom(...volumePresets),
    side: fc.constantFrom('A' as const, 'P' as const, 'L' as const, 'R' as const, 'H' as const, 'F' as const),
    turn: fc.tuple(share, share),
    perspective: fc.boolean(),
    window,
    shiftHu: mm,
    gradient: fc.option(fc.array(share, { minLength: 1, maxLength: 5 })),
    clip: fc.option(fc.array(direction, { maxLength: 6 })),
    stepMm: fc.option(fc.double({ min: 0.05, max: 5, noNaN: true })),
    depthCue: fc.option(share),
    isHu: fc.option(fc.boolean()),
    masks: fc.option(layers),
    over: fc.option(fusion),
  })
  .map(
    ({
      preset,
      side,
      turn,
      perspective,
      window: set,
      shiftHu,
      gradient,
      clip,
      stepMm,
      depthCue,
      isHu,
      masks,
      over,
    }) => {
      const start = fitCamera(geometry, side);
      const camera = orbit(start, start.focalPoint, turn[0] * 6, turn[1] * 6);
      const part = presetPart(preset);
      const factors = gradient?.toSorted((a, b) => a - b);
      return {
        kind: 'volume',
        ...part,
        transfer: {
          ...part.transfer,
          ...(factors && { gradientOpacity: factors.map((x) => ({ gradientPerMm: x * 100, factor: x })) }),
        },
        camera: perspective ? withLens(camera, 'perspective') : camera,
        window: set,
        shiftHu,
        background: [1, 2, 3],
        ...(clip && {
          clipPlanes: clip.map((normal) => ({
            origin: patientPoint(1, 2, 3),
            normal: orthonormalPlane(patientPoint(0, 0, 0), normal, patientVector(-1, 0, 0)).right,
          })),
        }),
        ...(stepMm !== null && { stepMm }),
        ...(depthCue !== null && { depthCue }),
        ...(isHu !== null && { isHu }),
        ...(masks && { layers: masks }),
        ...(over && { fusion: over }),
      };
    },
  );

const through = (scene: Scene) => sceneFromJson(JSON.parse(JSON.stringify(sceneToJson(scene))));
/** JSON has no minus zero. */
const plain = (x: unknown): unknown => JSON.parse(JSON.stringify(x));

describe('scenes as files', () => {
  it('come back as they were', () => {
    fc.assert(
      fc.property(fc.oneof(slice, volume), (scene) => {
        const back = through(scene);
        if (!back.ok) throw new Error(JSON.stringify(back.problem));
        expect(plain(sceneToJson(back.value))).toEqual(plain(sceneToJson(scene)));
        if (scene.window.kind === 'table' && back.value.window.kind === 'table')
          expect(back.value.window.levels).toEqual(scene.window.levels);
        else expect(back.value.window.kind).toBe(scene.window.kind);
      }),
      { numRuns: 200 },
    );
  });

  it('of every preset and side are accepted', () => {
    for (const preset of volumePresets)
      for (const side of Object.keys(standardViews) as (keyof typeof standardViews)[])
        expect(
          through({
            kind: 'volume',
            camera: fitCamera(geometry, side),
            ...presetPart(preset),
            background: [0, 0, 0],
          }).ok,
        ).toBe(true);
  });

  const good = sceneToJson({
    kind: 'volume',
    camera: fitCamera(geometry, 'A'),
    ...presetPart(volumePresets[0]!),
    background: [0, 0, 0],
  }) as Record<string, unknown>;
  const flat = sceneToJson({
    kind: 'slice',
    plane: { origin: patientPoint(0, 0, 0), right: patientVector(1, 0, 0), down: patientVector(0, 1, 0) },
    spacingMm: 1,
    width: 10,
    height: 10,
    slabMm: 0,
    projection: 'none',
    interpolation: 'linear',
    window: windowLevel(400, 40),
    background: [0, 0, 0],
  }) as Record<string, unknown>;

  const over = { series: '1.2', group: 'g', map: 'hot', opacity: 0.6, low: 0, high: 5 };

  it.each([
    [null, 'version'],
    [[], 'version'],
    [{ ...good, version: 0 }, 'version'],
    [{ ...good, kind: 'cube' }, 'kind'],
    [{ ...good, colour: 1 }, 'colour'],
    [{ ...good, camera: undefined }, 'camera'],
    [{ ...good, background: [0, 0, 256] }, 'background[2]'],
    [{ ...good, clipPlanes: [{ origin: [0, 0, 0], normal: [0, 0, 2] }] }, 'clipPlanes[0].normal[2]'],
    [{ ...good, clipPlanes: [{ origin: [0, 0, 0], normal: [0, 0, 0.5] }] }, 'clipPlanes[0].normal'],
    [{ ...good, transfer: { unit: 'modality', opacity: [], colour: [] } }, 'transfer.opacity'],
    [
      {
        ...good,
        transfer: {
          unit: 'modality',
          opacity: [
            { value: 2, opacity: 0 },
            { value: 1, opacity: 1 },
          ],
          colour: [{ value: 0, colour: [0, 0, 0] }],
        },
      },
      'transfer.opacity',
    ],
    [{ ...flat, width: 1.5 }, 'width'],
    [{ ...flat, width: 1e6 }, 'width'],
    [{ ...flat, spacingMm: Number.NaN }, 'spacingMm'],
    [{ ...flat, slabMm: 201 }, 'slabMm'],
    [{ ...flat, plane: { origin: [0, 0, 0], right: [1, 0, 0], down: [1, 0, 0] } }, 'plane.down'],
    [
      { ...flat, window: { kind: 'window', function: 'LINEAR', centre: 0, width: 0, invert: false } },
      'window.width',
    ],
    [{ ...good, fusion: null }, 'fusion'],
    [{ ...good, fusion: { ...over, low: 5 } }, 'fusion.high'],
    [{ ...good, fusion: { ...over, opacity: 1.1 } }, 'fusion.opacity'],
    [{ ...flat, fusion: { ...over, map: 'pink' } }, 'fusion.map'],
    [{ ...flat, fusion: { ...over, series: 7 } }, 'fusion.series'],
    [{ ...flat, fusion: { ...over, blend: 1 } }, 'fusion.blend'],
  ])('%j is refused at %s', (json, where) => {
    expect(sceneFromJson(json)).toMatchObject({
      ok: false,
      problem: { code: 'SCENE_INVALID', params: { where } },
    });
  });

  it('of a newer Candela are not guessed at', () => {
    expect(sceneFromJson({ ...good, version: sceneVersion + 1 })).toMatchObject({
      ok: false,
      problem: { code: 'SCENE_TOO_NEW' },
    });
  });
});
