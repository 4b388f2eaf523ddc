import { describe, expect, it } from 'vitest';
import { rolesOf } from '../../core/scene/layers.ts';
import { type Bench, bench } from '../harness.ts';
import type { BodyRule, RaycastRequest, ScalarType, Triple } from '../types.ts';
import {
  directions,
  fromCentreMm,
  map,
  maskOf,
  perspective,
  removed,
  request,
  side,
  size,
  spacing,
} from './harness.ts';
import { projectionTwin } from './twin.ts';

/** 3 mm of tissue, 4 mm of an end. */
const rule: BodyRule = {
  stride: 2,
  samples: 3,
  endSamples: 4,
  voxels: [4, 2],
  voxelStrides: [2, 2],
  leastTissue: -500,
  leastInside: -940,
};

/** Tissue from 4 to 10 mm about the centre, `inside` within, air around; endless along the axes of `open`. */
const shell =
  (inside: number, open: readonly number[] = []) =>
  (i: number, j: number, k: number): number => {
    const r = Math.hypot(...map(fromCentreMm(i, j, k), (v, axis) => (open.includes(axis) ? 0 : v)));
    return r < 4 ? inside : r < 10 ? 30 : -1000;
  };

const minip = (b: Bench, direction: Triple, change: Partial<RaycastRequest> = {}): RaycastRequest =>
  request(b, direction, { mode: 'minip', body: rule, ...change });

const drawn = (b: Bench, r: RaycastRequest): Float32Array => {
  b.kernels.raycast(r, 0, side);
  return b.values.slice(0, side * side);
};

/** Of the picture's centre. */
const middle = (values: Float32Array): number => values[(side / 2) * side + side / 2]!;

describe('MinIP within the body, closed form', () => {
  it('shows the least value within a shell, not the air around it, from every side', () => {
    const b = bench(size, 'int16', shell(-850));
    for (const direction of directions) {
      expect(middle(drawn(b, minip(b, direction)))).toBe(-850);
      const plain = drawn(b, request(b, direction, { mode: 'minip' }));
      expect(Math.max(...plain.filter((value) => !Number.isNaN(value)))).toBe(-1000);
    }
  });
  it('counts air within the body, and all of a ray that meets none', () => {
    const hollow = bench(size, 'int16', shell(-1000));
    const lungAlone = bench(size, 'int16', () => -850);
    for (const direction of directions) {
      expect(middle(drawn(hollow, minip(hollow, direction)))).toBe(-1000);
      expect(middle(drawn(lungAlone, minip(lungAlone, direction)))).toBe(-850);
      // Beside the shell there is air and nothing else.
      expect(drawn(hollow, minip(hollow, direction))[0]).toBe(
        drawn(hollow, request(hollow, direction, { mode: 'minip' }))[0],
      );
    }
  });
  it('does not take a thin plate for the body', () => {
    // 1.6 mm of table top beyond 2 mm of air.
    const plated = bench(size, 'int16', (i, j, k) => (j >= 29 && j <= 30 ? 200 : shell(-850)(i, j, k)));
    expect(middle(drawn(plated, minip(plated, [0, 1, 0])))).toBe(-850);
    expect(middle(drawn(plated, minip(plated, [0, -1, 0])))).toBe(-850);
  });
  it('begins where the volume ends within a lung, and within an airway of its first or last slice', () => {
    // Pipes along k: their ends lie in the end slices, and the way out is through no tissue.
    for (const inside of [-850, -1000]) {
      const pipe = bench(size, 'int16', shell(inside, [2]));
      for (const direction of [
        [0, 0, 1],
        [0, 0, -1],
      ] satisfies Triple[])
        expect(middle(drawn(pipe, minip(pipe, direction)))).toBe(inside);
    }
    // A lung that a side of the volume cuts, then the heart.
    const cut = bench(size, 'int16', (i) => (i < 20 ? -850 : i < 50 ? 30 : -1000));
    expect(middle(drawn(cut, minip(cut, [1, 0, 0])))).toBe(-850);
    expect(middle(drawn(cut, minip(cut, [-1, 0, 0])))).toBe(-850);
    const air = bench(size, 'int16', (i) => (i < 20 ? -1000 : i < 50 ? 30 : -1000));
    expect(middle(drawn(air, minip(air, [1, 0, 0])))).toBeGreaterThan(-500);
  });
  it('lies where it lies whatever is clipped', () => {
    const b = bench(size, 'int16', shell(-850));
    // Only what lies behind the centre: the shell's front is cut off, the lung behind it still counts.
    const behind: readonly [number, number, number, number] = [0, spacing[1], 0, -16 * spacing[1]];
    const half = minip(b, [0, 1, 0], { clipPlanes: [behind] });
    expect(middle(drawn(b, half))).toBe(-850);
    // Only what lies in front of the shell: nothing of the body.
    const front: readonly [number, number, number, number] = [0, -spacing[1], 0, 3 * spacing[1]];
    expect(middle(drawn(b, minip(b, [0, 1, 0], { clipPlanes: [front] })))).toBeNaN();
  });
});

/** Share of pixels that are not the twin's. */
function unlike(b: Bench, r: RaycastRequest, masks?: Parameters<typeof projectionTwin>[4]): number {
  const values = drawn(b, r);
  let wrong = 0;
  for (let row = 0; row < side; row += 1)
    for (let column = 0; column < side; column += 1) {
      const twin = projectionTwin(b.voxels, r, column, row, masks);
      const kernel = values[row * side + column]!;
      if (Number.isNaN(twin) !== Number.isNaN(kernel) || Math.abs(twin - kernel) > 0.5) wrong += 1;
    }
  return wrong / (side * side);
}

describe('MinIP within the body against its twin', () => {
  /** A body with an airway that both ends cut, a cavity, a table, and noise. */
  const body = (i: number, j: number, k: number): number => {
    const noise = ((i * 31 + j * 17 + k * 7 + i * j) % 41) - 20;
    const [x, y] = fromCentreMm(i, j, k);
    const r = Math.hypot(x, y);
    if (j > 30) return 150 + noise;
    if (r < 2) return -1000;
    return (r < 5 ? -860 : r < 9.5 ? 30 : -995) + noise;
  };
  const clipPlanes = [[0.3, 0.6, 0, -14]] satisfies RaycastRequest['clipPlanes'];

  it.each(['int16', 'uint16', 'float32'] as const satisfies readonly ScalarType[])(
    'is the same in %s',
    (type) => {
      const up = type === 'uint16' ? 1024 : 0;
      const b = bench(size, type, (...at) => body(...at) + up);
      const lifted = { ...rule, leastTissue: up - 500, leastInside: up - 940 };
      for (const direction of directions)
        for (const change of [
          {},
          { clipPlanes, skipping: false },
          { interpolation: 'nearest' },
        ] satisfies Partial<RaycastRequest>[]) {
          expect(unlike(b, minip(b, direction, { body: lifted, ...change }))).toBeLessThan(0.01);
          const near = { mode: 'minip', body: lifted, ...change } as const;
          expect(unlike(b, perspective(b, direction, near))).toBeLessThan(0.01);
        }
    },
  );
  it('is the same with padding and with voxels that masks remove', () => {
    const b = bench(size, 'int16', (i, j, k) => (i < 8 ? -32768 : body(i, j, k)), { noData: -32768 });
    const masks = b.mask((_, j) => (j > 29 ? 1 : 0), rolesOf([removed(1)]));
    for (const direction of directions) {
      expect(unlike(b, minip(b, direction))).toBeLessThan(0.01);
      expect(unlike(b, minip(b, direction, { mask: maskOf(masks, [removed(1)]) }), masks)).toBeLessThan(0.01);
    }
  });
  it('changes no pixel by skipping bricks', () => {
    const b = bench(size, 'int16', body);
    for (const direction of directions)
      expect(drawn(b, minip(b, direction))).toEqual(drawn(b, minip(b, direction, { skipping: false })));
  });
});
