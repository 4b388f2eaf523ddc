/** A second series over the first, as the terminal and the host draw it: against the closed form of a ball. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { matrixFromColumns, moved } from '../../core/geometry/matrices.ts';
import { patientPoint, patientVector, type Vec3 } from '../../core/geometry/types.ts';
import { cameraBasis, fitCamera } from '../../core/scene/camera.ts';
import type { FusionLayer } from '../../core/scene/fusion.ts';
import { presetPart, volumePreset, windowLevel } from '../../core/scene/presets.ts';
import { sceneToJson } from '../../core/scene/scene-json.ts';
import { turnedCameras } from '../../core/scene/turntable.ts';
import type { Scene, SliceScene, VolumeScene } from '../../core/scene/types.ts';
import { kernelsReady } from '../../scripts/build-native.mjs';
import { type FieldSeries, writeField } from '../fixtures/field-series.ts';
import { ask, importPaths, jobEnd, openHost, temporaryFolder } from '../fixtures/host.ts';
import { candela } from '../fixtures/terminal.ts';

const folder = temporaryFolder();
const inside = (name: string): string => join(folder.path, name);
const side = 96;

const under: FieldSeries = {
  size: [30, 30, 30],
  spacing: [2, 2, 2],
  row: [1, 0, 0],
  column: [0, 1, 0],
  middle: [5, -12, 40],
  slope: 1,
  value: (p) => (Math.hypot(p[0] - 5, p[1] + 12, p[2] - 40) < 22 ? 400 : -1000),
};
/** A ball of 100 in nothing, in voxels of other sizes along other axes. */
const spot = patientPoint(13, -4, 47);
const radiusMm = 9;
const over: FieldSeries = {
  ...{ size: [40, 36, 24], spacing: [1.2, 1.5, 2.4], row: [0.8, 0.6, 0], column: [0, 0, -1] },
  ...{ middle: [10, -8, 44], slope: 1, modality: 'PT', seriesUid: '1.2.3.4.6' },
  value: (p) => (Math.hypot(p[0] - spot[0], p[1] - spot[1], p[2] - spot[2]) < radiusMm ? 100 : 0),
};
const layer: FusionLayer = { series: '1.2.3.4.6', group: '', map: 'hot', opacity: 0.6, low: 0, high: 100 };
const camera = fitCamera(
  {
    size: [30, 30, 30],
    patientFromIndex: matrixFromColumns([2, 0, 0], [0, 2, 0], [0, 0, 2], [-24, -41, 11]),
  },
  'A',
);
const volume: VolumeScene = {
  kind: 'volume',
  camera,
  ...presetPart(volumePreset('bone')!),
  background: [0, 0, 40],
};
const plane: SliceScene = {
  kind: 'slice',
  plane: { origin: spot, right: patientVector(1, 0, 0), down: patientVector(0, 0, -1) },
  ...{ spacingMm: 0.7, width: side, height: side, slabMm: 0, projection: 'none', interpolation: 'linear' },
  window: windowLevel(1600, 0),
  background: [0, 0, 0],
};

beforeAll(async () => {
  await kernelsReady();
  writeField(inside('both/ct'), under);
  writeField(inside('both/pt'), over);
  writeField(inside('apart/ct'), under);
  writeField(inside('apart/pt'), { ...over, frameUid: '1.2.3.98' });
});
afterAll(() => folder.remove());

/** RGB of one of our PNGs: 8 bits, three samples, filter Sub (ISO/IEC 15948). */
function pixelsOf(png: Buffer): Uint8Array {
  const at = png.indexOf('IDAT');
  const raw = inflateSync(png.subarray(at + 4, at + 4 + png.readUInt32BE(at - 4)));
  const [columns, rows] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  const rgb = new Uint8Array(columns * rows * 3);
  for (let y = 0; y < rows; y += 1)
    for (let x = 0; x < columns * 3; x += 1) {
      const left = x < 3 ? 0 : rgb[y * columns * 3 + x - 3]!;
      rgb[y * columns * 3 + x] = raw[y * (columns * 3 + 1) + 1 + x]! + left;
    }
  return rgb;
}

const words = (scene: Scene): string[] => {
  writeFileSync(inside('scene.json'), JSON.stringify(sceneToJson(scene)));
  return ['--scene', inside('scene.json')];
};

async function rendered(scene: Scene): Promise<Uint8Array> {
  const out = inside('out.png');
  const ended = await candela([
    ...['render', inside('both'), '--size', `${side}x${side}`, '--out', out],
    ...words(scene),
  ]);
  expect(ended.code).toBe(0);
  expect(ended.err).toMatch(/^candela: there are 2 series; 1\.2\.3\.4\.5 is taken\. .*\n$/);
  return pixelsOf(readFileSync(out));
}

/** Patient point of the centre of a pixel on the plane through the spot that faces the viewer. */
function pointAt(scene: VolumeScene | SliceScene, x: number, y: number): Vec3 {
  const [u, v] = [x - (side - 1) / 2, y - (side - 1) / 2];
  if (scene.kind === 'slice') {
    const { right, down } = scene.plane;
    return moved(moved(spot, right, u * scene.spacingMm), down, v * scene.spacingMm);
  }
  const { right, down } = cameraBasis(scene.camera);
  const { focalPoint, lens } = scene.camera;
  const pixelMm = lens.kind === 'orthographic' ? (2 * lens.parallelScaleMm) / side : 0;
  const p = moved(moved(focalPoint, right, u * pixelMm), down, v * pixelMm);
  // Seen from the front: depth is y.
  return [p[0], spot[1], p[2]];
}

/** The picture with the second series against that without it: white by six tenths in the ball, untouched around it. */
function expectSpot(plain: Uint8Array, fused: Uint8Array, scene: VolumeScene | SliceScene): void {
  let [within, without] = [0, 0];
  for (let y = 0; y < side; y += 1)
    for (let x = 0; x < side; x += 1) {
      const p = pointAt(scene, x, y);
      const away = Math.hypot(p[0] - spot[0], p[1] - spot[1], p[2] - spot[2]);
      const at = 3 * (y * side + x);
      for (let c = 0; c < 3; c += 1) {
        if (away < radiusMm - 2) {
          const expected = plain[at + c]! * 0.4 + 255 * 0.6;
          expect(Math.abs(fused[at + c]! - expected)).toBeLessThanOrEqual(1.5);
          within += 1;
        } else if (away > radiusMm + 3) {
          expect(fused[at + c]).toBe(plain[at + c]);
          without += 1;
        }
      }
    }
  expect(within).toBeGreaterThan(300);
  expect(without).toBeGreaterThan(10_000);
}

describe('candela render', () => {
  it.each([['3D', volume] as const, ['a plane', plane] as const])(
    'lays the second series of a scene file over %s',
    async (_name, scene) => {
      expectSpot(await rendered(scene), await rendered({ ...scene, fusion: layer }), scene);
    },
  );

  it.each([
    ['lies in another frame of reference', 'apart', layer, 'FUSION_OTHER_FRAME'],
    ['is not there', 'both', { ...layer, series: '1.2.3.4.7' }, 'NOT_FOUND'],
  ] as const)('refuses one that %s', async (_why, name, fusion, code) => {
    const ended = await candela([
      ...['render', inside(name), '--out', inside('no.png')],
      ...words({ ...volume, fusion }),
    ]);
    expect(ended).toMatchObject({ code: 1, out: '' });
    expect(ended.err).toContain(code);
  });
});

it('candela turntable films the same', async () => {
  const scene = { ...volume, fusion: layer };
  const size = ['--size', `${side}x${side}`, '--frames', '3', '--out', inside('film')];
  expect(await candela(['turntable', inside('both'), ...size, ...words(scene)])).toMatchObject({ code: 0 });
  for (const [n, turned] of turnedCameras(camera, 'head', 3).entries()) {
    const frame = pixelsOf(readFileSync(inside(`film/000${n + 1}.png`)));
    expect(Buffer.from(frame).equals(await rendered({ ...scene, camera: turned }))).toBe(true);
  }
});

it('the host draws it for the page, and nothing without the second series', async () => {
  const host = await openHost(inside('data'));
  try {
    await importPaths(host, [inside('both')]);
    const named = async (uid: string) => {
      const { seriesKey } = (await ask(host, 'uid.find', { uid })).series[0]!;
      const plan = await ask(host, 'series.plan', { seriesKey });
      return { seriesKey, groupId: plan.groups[0]!.id };
    };
    const [first, fused] = [await named('1.2.3.4.5'), await named('1.2.3.4.6')];
    const scene = JSON.stringify(sceneToJson({ ...volume, fusion: layer }));
    const asked = { ...first, scene, format: 'png', width: side, height: side } as const;
    const { jobId } = await ask(host, 'series.film', { ...asked, fused });
    expect(await jobEnd(host, jobId)).toMatchObject({ state: 'done', problem: null });
    const { body } = await host.fetch({ method: 'GET', path: `/film/${jobId}?format=png` });
    const parts: Uint8Array[] = [];
    if (body instanceof Uint8Array) parts.push(body);
    else if (body) for await (const part of body) parts.push(part);
    const drawn = Buffer.from(pixelsOf(Buffer.concat(parts)));
    expect(drawn.equals(await rendered({ ...volume, fusion: layer }))).toBe(true);
    for (const wrong of [asked, { ...asked, fused, scene: JSON.stringify(sceneToJson(volume)) }])
      expect(await host.call('series.film', wrong)).toMatchObject({
        ok: false,
        problem: { code: 'INPUT_INVALID', params: { name: 'fused' } },
      });
  } finally {
    await host.close();
  }
});
