import { describe, expect, it } from 'vitest';
import type { Vec3 } from '../geometry/types.ts';
import { bodyParts } from './body.ts';
import { visibleVolumesMm3 } from './known-answers.ts';
import { Painter, type PaintGrid } from './paint.ts';
import type { Part } from './part.ts';
import { randomStream, voxelNoise } from './random.ts';
import { ellipsoid, sphere } from './shape.ts';
import { splinePath, tube } from './tube.ts';

const part = (id: string, shape: Part['shape'], tissue: Part['tissue'] = 'bead'): Part => ({
  id,
  name: { zh: id, en: id },
  kind: 'marker',
  tissue,
  shape,
});

const grid = (n: number, stepMm: number, slices: number, sliceMm: number): PaintGrid => ({
  size: [n, n],
  origins: Array.from(
    { length: slices },
    (_, k): Vec3 => [-(n / 2) * stepMm, -(n / 2) * stepMm, (k - slices / 2) * sliceMm],
  ),
  columnStep: [stepMm, 0, 0],
  rowStep: [0, stepMm, 0],
  thickness: [0, 0, sliceMm],
  subSlices: 1,
});

/** Share-weighted volume of a bright shape in air: partial cover must add up to the closed form. */
function paintedVolume(shape: Part['shape'], g: PaintGrid): number {
  const values = new Painter([part('shape', shape)], 'ct').paint(g, 0, g.origins.length);
  const voxel = g.columnStep[0] * g.rowStep[1] * g.thickness[2];
  return values.reduce((sum, value) => sum + (value + 1000) / 2200, 0) * voxel;
}

describe('Painter', () => {
  it('gives a ball its closed-form volume', () => {
    const g = grid(48, 0.5, 48, 0.5);
    expect(paintedVolume(sphere([0.13, -0.2, 0.31], 6), g) / (((4 * Math.PI) / 3) * 216)).toBeCloseTo(1, 2);
  });
  it('gives an ellipsoid in uneven voxels its volume', () => {
    const g = grid(64, 0.6, 20, 2);
    const volume = ((4 * Math.PI) / 3) * 9 * 6 * 12;
    expect(Math.abs(paintedVolume(ellipsoid([0.2, 0.1, 0.4], [9, 6, 12]), g) / volume - 1)).toBeLessThan(
      0.012,
    );
  });
  it('gives a quarter torus the volume of Pappus', () => {
    const arc = Array.from({ length: 19 }, (_, n): Vec3 => {
      const a = (n / 18) * (Math.PI / 2);
      return [12 * Math.cos(a), 12 * Math.sin(a), 0];
    });
    const volume = Math.PI * 9 * 6 * Math.PI + ((4 * Math.PI) / 3) * 27;
    const painted = paintedVolume(tube(splinePath(arc, 0.5), 3), grid(80, 0.5, 24, 0.5));
    expect(Math.abs(painted / volume - 1)).toBeLessThan(0.01);
  });
  it('leaves nothing out: block by block equals point by point', () => {
    const parts = bodyParts({ beads: true });
    const painter = new Painter(parts, 'labels');
    const random = randomStream(5);
    const sizes = [40, 40] as const;
    for (let n = 0; n < 5; n++) {
      const centre: Vec3 = [(random() - 0.5) * 260, (random() - 0.5) * 180, -260 + random() * 500];
      const g: PaintGrid = {
        size: sizes,
        origins: Array.from(
          { length: 8 },
          (_, k): Vec3 => [centre[0] - 30, centre[1] - 30, centre[2] + k * 2],
        ),
        columnStep: [1.5, 0, 0],
        rowStep: [0, 1.5, 0],
        thickness: [0, 0, 2],
        subSlices: 1,
        sharp: true,
      };
      const block = painter.paint(g, 0, 8);
      let wrong = 0;
      for (let q = 0; q < block.length; q += 211) {
        const [k, j, i] = [Math.floor(q / 1600), Math.floor((q % 1600) / 40), q % 40];
        const origin = g.origins[k]!;
        const single = painter.valueAt([origin[0] + i * 1.5, origin[1] + j * 1.5, origin[2]]);
        if (single !== block[q]) wrong++;
      }
      expect(wrong).toBe(0);
    }
  });
});

describe('visibleVolumesMm3', () => {
  it('counts what later parts leave of earlier ones', () => {
    const volumes = visibleVolumesMm3(
      [part('outer', sphere([0.7, -0.9, 0.3], 40)), part('inner', sphere([0.7, -0.9, 10.3], 20))],
      4,
    );
    const inner = ((4 * Math.PI) / 3) * 8000;
    expect(volumes.get('inner')! / inner).toBeCloseTo(1, 1);
    expect(volumes.get('outer')! / (inner * 7)).toBeCloseTo(1, 1);
  });
});

describe('bodyParts', () => {
  const parts = bodyParts();
  it('names every part once, in both languages', () => {
    expect(new Set(parts.map((p) => p.id)).size).toBe(parts.length);
    for (const p of parts) {
      expect(p.name.zh).toMatch(/[\u4e00-\u9fff]/);
      expect(p.name.en).toMatch(/^[\x20-\x7e]+$/);
    }
  });
  it('has organs of human size, lungs unlike, heart left and liver right', () => {
    const litres = (id: string) => volumes.get(id)! / 1e6;
    const volumes = visibleVolumesMm3(
      parts.filter((p) =>
        /^(lung|myocardium|left-v|liver|spleen|kidney|diaphragm|pericard|mediast|subphr)/.test(p.id),
      ),
      6,
    );
    expect(litres('lung-left')).toBeGreaterThan(1.2);
    expect(litres('lung-right')).toBeLessThan(4);
    expect(litres('lung-right') - litres('lung-left')).toBeGreaterThan(0.05);
    expect(litres('liver')).toBeGreaterThan(0.9);
    expect(litres('liver')).toBeLessThan(2);
    expect(litres('spleen')).toBeGreaterThan(0.1);
    expect(litres('spleen')).toBeLessThan(0.4);
    const sideOf = (id: string): number => {
      const { shape } = parts.find((p) => p.id === id)!;
      let [sum, count] = [0, 0];
      for (let x = -180; x <= 180; x += 6)
        for (let y = -120; y <= 120; y += 6)
          for (let z = -120; z <= 160; z += 8)
            if (shape.sdf(x, y, z) < 0) {
              sum += x;
              count++;
            }
      return sum / count;
    };
    expect(sideOf('liver')).toBeLessThan(-30);
    expect(sideOf('left-ventricle')).toBeGreaterThan(25);
  });
});

describe('voxelNoise', () => {
  it('is standard: mean 0, deviation 1, no trace of its neighbours, the same each time', () => {
    const n = 200_000;
    let [sum, squares, neighbours] = [0, 0, 0];
    for (let voxel = 0; voxel < n; voxel++) {
      const value = voxelNoise(3, voxel);
      sum += value;
      squares += value * value;
      neighbours += value * voxelNoise(3, voxel + 1);
    }
    expect(Math.abs(sum / n)).toBeLessThan(0.01);
    expect(Math.abs(squares / n - 1)).toBeLessThan(0.015);
    expect(Math.abs(neighbours / n)).toBeLessThan(0.01);
    expect(voxelNoise(3, 77)).toBe(voxelNoise(3, 77));
    expect(voxelNoise(4, 77)).not.toBe(voxelNoise(3, 77));
  });
});
