import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasVoxel, isSameMask, maskOf } from '../../../../core/analysis/mask/mask.ts';
import { packVoxels } from '../../../../core/analysis/mask/mask-file.ts';
import { applyPoint } from '../../../../core/geometry/matrices.ts';
import {
  patientPoint,
  patientVector,
  type Vec3,
  type VolumeGeometry,
} from '../../../../core/geometry/types.ts';
import { labelsOf, layersOfLabels } from '../../../../core/render/mask-labels.ts';
import { fitCamera } from '../../../../core/scene/camera.ts';
import type { SceneLayer } from '../../../../core/scene/layers.ts';
import { presetPart, volumePresets } from '../../../../core/scene/presets.ts';
import type { VolumeScene } from '../../../../core/scene/types.ts';
import { pickPoint } from '../cpr/pick-3d.ts';
import { changeOfMasks, colourFor, type MaskItem, noMasks, reduceMasks, withMaskStep } from './mask-state.ts';
import { MaskVoxels } from './mask-voxels.ts';
import { StrokePainter } from './paint-stroke.ts';
import { seenRange } from './seen-range.ts';

const size: Vec3 = [17, 13, 9];
/** Oblique, not at the origin, three spacings. */
const c = Math.cos(0.4);
const s = Math.sin(0.4);
const geometry: VolumeGeometry = {
  size,
  patientFromIndex: [
    ...[0.8 * c, -1.1 * s, 0, 40],
    ...[0.8 * s, 1.1 * c, 0, -70],
    ...[0, 0, 1.7, 300],
    ...[0, 0, 0, 1],
  ] as unknown as VolumeGeometry['patientFromIndex'],
};

const item = (id: string, part: Partial<MaskItem> = {}): MaskItem => ({
  id,
  nameId: 'threshold',
  customName: '',
  seriesKey: 's.1',
  groupId: 'g',
  role: 'shown',
  colour: [1, 2, 3],
  opacity: 0.5,
  visible: true,
  voxelsId: `v-${id}`,
  size,
  volumeMl: 1,
  touchesBorder: false,
  ...part,
});

const counter = (): (() => string) => {
  let n = 0;
  return () => {
    n += 1;
    return String(n);
  };
};

const maskArbitrary = fc
  .uint8Array({ minLength: size[0] * size[1] * size[2], maxLength: size[0] * size[1] * size[2] })
  .map((values) => maskOf(size, (i, j, k) => values[i + size[0] * (j + size[1] * k)]! > 128));

describe('voxels of masks', () => {
  it('come back bit for bit by name, told whole or by differences, in memory and from the host', () => {
    fc.assert(
      fc.property(fc.array(maskArbitrary, { minLength: 2, maxLength: 30 }), (masks) => {
        const voxels = new MaskVoxels(counter());
        const names: string[] = [];
        for (const mask of masks) names.push(voxels.add(mask, names.at(-1)));
        const other = new MaskVoxels(() => '');
        for (const [at, name] of names.entries()) {
          expect(isSameMask(voxels.maskOf(name)!, masks[at]!)).toBe(true);
          expect(other.restore(name, voxels.bytesOf(name)!)).toEqual({ ok: true, value: size });
          expect(isSameMask(other.maskOf(name)!, masks[at]!)).toBe(true);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('stay while something is told by them, and go otherwise', () => {
    const voxels = new MaskVoxels(counter());
    const first = voxels.add(maskOf(size, (i) => i < 3));
    const second = voxels.add(
      maskOf(size, (i) => i < 4),
      first,
    );
    const alone = voxels.add(maskOf(size, (i) => i < 5));
    voxels.keepOnly([second]);
    expect([first, second, alone].map((id) => voxels.has(id))).toEqual([true, true, false]);
  });

  it('that are damaged or of nothing are refused', () => {
    const voxels = new MaskVoxels(() => '');
    const good = packVoxels(size, new Uint8Array([5, 7]));
    const bad = [
      good.slice(0, 9),
      packVoxels([0, 1, 1], new Uint8Array()),
      packVoxels(size, new Uint8Array([0, 255, 255, 127])),
    ];
    for (const bytes of bad) {
      const read = voxels.restore('x', bytes);
      expect(read.ok ? 'ok' : read.problem.code).toBe('MASK_DAMAGED');
    }
    expect(voxels.maskOf('x')).toBeNull();
  });
});

describe('layers', () => {
  const two = reduceMasks(noMasks, { kind: 'add', items: [item('a'), item('b', { role: 'removed' })] });

  it('are added, looked at, merged and removed; unknown ones change nothing', () => {
    expect(two.activeId).toBeNull();
    const active = reduceMasks(noMasks, { kind: 'add', items: [item('a')], isChosen: true });
    expect(active.activeId).toBe('a');
    const content = { voxelsId: 'm', volumeMl: 3, touchesBorder: true };
    const merged = reduceMasks(two, { kind: 'merge', into: 'a', from: 'b', content });
    expect(merged.layers).toEqual([item('a', content)]);
    expect(reduceMasks(active, { kind: 'remove', ids: ['a'] })).toEqual(noMasks);
    expect(reduceMasks(two, { kind: 'voxels', id: 'x', content })).toBe(two);
    expect(reduceMasks(two, { kind: 'look', id: 'a', look: { opacity: 7 } }).layers[0]?.opacity).toBe(1);
  });

  it('are one step of undo each; opacity runs, and the choice of a layer is none', () => {
    const dim = reduceMasks(two, { kind: 'look', id: 'a', look: { opacity: 0.1 } });
    expect(changeOfMasks(two, dim)).toEqual({ what: 'mask opacity', isRunning: true });
    const hidden = reduceMasks(two, { kind: 'look', id: 'a', look: { visible: false } });
    expect(changeOfMasks(two, hidden)?.isRunning).toBe(false);
    expect(changeOfMasks(two, reduceMasks(two, { kind: 'activate', id: 'b' }))).toBeNull();
    expect(withMaskStep(noMasks, { ...two, activeId: 'a' })).toEqual(noMasks);
  });

  it('get colours that are not used yet', () => {
    const first = colourFor(noMasks, null);
    const state = reduceMasks(noMasks, { kind: 'add', items: [item('a', { colour: first })] });
    expect(colourFor(state, null)).not.toEqual(first);
  });
});

describe('a stroke of the brush', () => {
  const middle = patientPoint(...(applyPoint(geometry.patientFromIndex, [8, 6, 4]) as Vec3));

  it('holds the voxels of its ball, tells their box, and the eraser takes them all', () => {
    const mask = maskOf(size, () => false);
    const box = new StrokePainter(geometry, mask.bits, { radiusMm: 3, isEraser: false }).to(middle);
    const isNear = (i: number, j: number, k: number): boolean => {
      const p = applyPoint(geometry.patientFromIndex, [i, j, k]);
      return Math.hypot(p[0] - middle[0], p[1] - middle[1], p[2] - middle[2]) <= 3;
    };
    expect(isSameMask(mask, maskOf(size, isNear))).toBe(true);
    const inBox = (i: number, j: number, k: number): boolean =>
      [i, j, k].every((n, axis) => n >= box!.lo[axis]! && n < box!.hi[axis]!);
    expect(
      isSameMask(
        mask,
        maskOf(size, (i, j, k) => isNear(i, j, k) && inBox(i, j, k)),
      ),
    ).toBe(true);
    new StrokePainter(geometry, mask.bits, { radiusMm: 3, isEraser: true }).to(middle);
    expect(
      isSameMask(
        mask,
        maskOf(size, () => false),
      ),
    ).toBe(true);
  });

  it('as a disc is one slice thick', () => {
    const mask = maskOf(size, () => false);
    const plane = { origin: middle, right: patientVector(c, s, 0), down: patientVector(-s, c, 0) };
    const brush = { radiusMm: 3, isEraser: false, plane };
    new StrokePainter(geometry, mask.bits, brush).to(middle);
    const used = [...Array(9).keys()].filter((k) => hasVoxel(mask, 8, 6, k));
    expect(used).toEqual([4]);
  });
});

describe('what a preset shows', () => {
  const curve = (points: readonly (readonly [number, number])[]) => ({
    unit: 'modality' as const,
    opacity: points.map(([value, opacity]) => ({ value, opacity })),
    colour: [],
  });
  const scene = (points: readonly (readonly [number, number])[], shiftHu = 0): VolumeScene => ({
    ...(presetPart(volumePresets[0]!) as VolumeScene),
    camera: fitCamera(geometry, 'H'),
    mode: 'composite',
    transfer: curve(points),
    shiftHu,
  });

  it('is the range of values with an opacity', () => {
    const bone = seenRange(
      scene(
        [
          [150, 0],
          [250, 0.2],
          [1200, 0.85],
        ],
        10,
      ),
      (p) => p,
    );
    expect(bone.low).toBeGreaterThan(160);
    expect(bone.low).toBeLessThan(180);
    expect(bone.high).toBe(Number.POSITIVE_INFINITY);
    const lung = seenRange(
      scene([
        [-1000, 0],
        [-930, 0.1],
        [-450, 0.02],
        [-380, 0],
      ]),
      (p) => p,
    );
    expect(lung.low).toBeGreaterThan(-1000);
    expect(lung.high).toBeLessThanOrEqual(-380);
    expect(lung.high).toBeGreaterThan(-451);
  });

  it('is never a voxel that masks leave out', () => {
    const voxels = new Int16Array(size[0] * size[1] * size[2]).fill(300);
    const field = { geometry, voxels, rescale: { slope: 1, intercept: 0 } };
    const seen = scene([
      [150, 0],
      [250, 0.99],
    ]);
    const shape = { cssWidth: 400, cssHeight: 300 };
    const top = pickPoint(field, seen, shape, [200, 150], (p) => p)!;
    const slice = size[0] * size[1];
    const below = pickPoint(
      field,
      seen,
      shape,
      [200, 150],
      (p) => p,
      (n) => n >= slice * 5,
    )!;
    // Seen from the head: the last slice is 8, the last that is left is 4.
    expect(Math.abs(top[2] - (300 + 8 * 1.7))).toBeLessThan(2);
    expect(Math.abs(below[2] - (300 + 4 * 1.7))).toBeLessThan(2);
  });
});

describe('labels of masks', () => {
  it('tell planes what is marked where 3D leaves it out', () => {
    fc.assert(
      fc.property(maskArbitrary, maskArbitrary, maskArbitrary, (a, b, gone) => {
        const shown = [a, b].map((mask) => ({ mask, colour: [1, 2, 3] as const, opacity: 0.5 }));
        const set = { shown, removed: [gone] };
        const labels = labelsOf(set, size);
        const { layers, planeLayers } = layersOfLabels(set);
        const roleOf = (of: readonly SceneLayer[], n: number) =>
          of.find(({ index }) => index === labels[n])?.role ?? 'none';
        for (let n = 0; n < labels.length; n += 1) {
          const [inA, inB, isGone] = [a, b, gone].map((mask) => ((mask.bits[n >> 3]! >> (n & 7)) & 1) === 1);
          const isShown = inA || inB;
          expect(roleOf(layers, n)).toBe(isGone ? 'removed' : isShown ? 'shown' : 'none');
          expect(roleOf(planeLayers, n)).toBe(isShown ? 'shown' : isGone ? 'removed' : 'none');
        }
        // A box made anew gives the same labels.
        const box = { lo: [2, 3, 1], hi: [9, 11, 7] } as const;
        expect(labelsOf(set, size, labels.slice(), box)).toEqual(labels);
      }),
      { numRuns: 8 },
    );
  });
});
