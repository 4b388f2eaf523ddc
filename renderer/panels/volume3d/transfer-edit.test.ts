import { expect, test } from 'vitest';
import { volumePreset } from '../../../core/scene/presets.ts';
import {
  addColour,
  addPoint,
  axisTicks,
  domainOf,
  hexOf,
  histogramOf,
  moveColour,
  movePoint,
  removeColour,
  removePoint,
  rgbOf,
} from './transfer-edit.ts';

const points = [
  { value: 100, opacity: 0 },
  { value: 200, opacity: 0.5 },
  { value: 300, opacity: 1 },
];

test('a point stays between its neighbours and between nothing and all', () => {
  expect(movePoint(points, 1, 250, 0.2)[1]).toEqual({ value: 250, opacity: 0.2 });
  expect(movePoint(points, 1, 900, 7)[1]).toEqual({ value: 300, opacity: 1 });
  expect(movePoint(points, 1, -900, -7)[1]).toEqual({ value: 100, opacity: 0 });
  expect(movePoint(points, 0, -900, 0)[0]).toEqual({ value: -900, opacity: 0 });
});

test('a new colour is what was there; it moves between its neighbours, and one always stays', () => {
  const colours = [
    { value: 100, colour: [0, 40, 200] as const },
    { value: 300, colour: [100, 80, 0] as const },
  ];
  expect(addColour(colours, 150)[1]).toEqual({ value: 150, colour: [25, 50, 150] });
  expect(addColour(colours, 50)[0]).toEqual({ value: 50, colour: [0, 40, 200] });
  expect(addColour(colours, 400)[2]).toEqual({ value: 400, colour: [100, 80, 0] });
  expect(moveColour(colours, 0, 200)[0]).toEqual({ value: 200, colour: [0, 40, 200] });
  expect(moveColour(colours, 0, 900)[0]?.value).toBe(300);
  expect(removeColour(colours, 0)).toEqual([colours[1]]);
  expect(removeColour([colours[1]!], 0)).toHaveLength(1);
});

test('a new point takes its place by its value; two points always stay', () => {
  expect(addPoint(points, 240, 0.6).map((p) => p.value)).toEqual([100, 200, 240, 300]);
  expect(addPoint(points, 999, 0.6).map((p) => p.value)).toEqual([100, 200, 300, 999]);
  expect(removePoint(points, 1).map((p) => p.value)).toEqual([100, 300]);
  expect(removePoint(points.slice(0, 2), 1)).toHaveLength(2);
});

test('the graph spans the function and the values', () => {
  const bone = volumePreset('bone')!.transfer;
  expect(domainOf(bone, -1024, 900)).toEqual([-1024, 1500]);
  // Moved by 200 HU, what ends at 1500 ends at 1700.
  expect(domainOf(bone, -1024, 900, 200)).toEqual([-1024, 1700]);
  expect(domainOf(volumePreset('mrVessels')!.transfer, 0, 5000)).toEqual([0, 100]);
});

test('the axis has round values where they lie', () => {
  expect(axisTicks([-1000, 1500])).toEqual([
    { at: 0, label: '−1000' },
    { at: 0.2, label: '−500' },
    { at: 0.4, label: '0' },
    { at: 0.6, label: '500' },
    { at: 0.8, label: '1000' },
    { at: 1, label: '1500' },
  ]);
  expect(axisTicks([0, 100]).map(({ label }) => label)).toEqual(['0', '20', '40', '60', '80', '100']);
  expect(axisTicks([0.05, 1.05]).map(({ label }) => label)).toEqual(['0.2', '0.4', '0.6', '0.8', '1.0']);
  expect(axisTicks([-1024, 3071]).map(({ label }) => label)).toEqual(['−1000', '0', '1000', '2000', '3000']);
});

test('the histogram of evenly spread values is flat, of two values two bars', () => {
  const flat = histogramOf((percent) => percent * 10, [0, 1000], 10);
  expect(Math.min(...flat)).toBeGreaterThan(0.99);
  const two = histogramOf((percent) => (percent < 50 ? 105 : 905), [0, 1000], 10);
  expect(two.flatMap((height, n) => (height > 0 ? [n] : []))).toEqual([1, 9]);
});

test('colours there and back', () => {
  expect(rgbOf(hexOf([140, 74, 47]))).toEqual([140, 74, 47]);
});
