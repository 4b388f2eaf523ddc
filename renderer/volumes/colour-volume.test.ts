import { expect, test } from 'vitest';
import { matrixFromColumns } from '../../core/geometry/matrices.ts';
import { noDataInt16 } from '../../core/pixels/native-shorts.ts';
import { colourAt } from '../../core/render/colour-slice.ts';
import { resampleToRegular } from '../../core/volume/resample.ts';
import type { VolumeGroup } from '../../core/volume/types.ts';
import { ColourVolume } from './colour-volume.ts';
import type { FrameState } from './frame-image.ts';
import type { ResampleMessage } from './resampling.ts';

const grid = (slices: number, gapMm: number) => ({
  size: [3, 2, slices] as const,
  patientFromIndex: matrixFromColumns([0.7, 0, 0], [0, 0.9, 0], [0, 0, gapMm], [3, -4, 5]),
});

const groupOf = (part: Partial<VolumeGroup>): VolumeGroup => ({
  id: 'g0',
  nameZh: '',
  nameEn: '',
  frames: [0, 1, 2],
  displayReversed: false,
  verdict: {
    kind: 'exact',
    spacingSource: 'ImagePositionPatient',
    ...{ tiltDeg: 0, medianGapMm: 2, worstGapMm: 2, interpolatedSlices: 0, residualMm: 0, reasons: [] },
  },
  acquired: grid(3, 2),
  regular: grid(3, 2),
  scalarType: 'rgb8',
  ...part,
});

const level = (k: number, n: number, channel: number): number => 60 * k + 10 * channel + n;
const frame = (k: number): FrameState => ({
  kind: 'ready',
  image: {
    kind: 'colour',
    rows: 2,
    columns: 3,
    rgba: Uint8ClampedArray.from({ length: 24 }, (_, at) =>
      at % 4 === 3 ? 255 : level(k, Math.floor(at / 4), at % 4),
    ),
  },
});
const waiting: FrameState = { kind: 'waiting' };
const failed: FrameState = { kind: 'failed', problem: { code: 'IO_ERROR' } as never };
const limits = { workerCount: 1, frameCapBytes: 1e6 };
const rgb = (k: number, n: number) => [0, 1, 2].map((channel) => level(k, n, channel));

test('takes nothing before planes are wanted, then what is there and what comes', () => {
  const colours = new ColourVolume(groupOf({}), limits);
  colours.take(0, frame(0));
  expect(colours.volume).toBeNull();
  colours.want([frame(0), waiting, waiting]);
  const volume = colours.volume!;
  expect(volume.geometry.size).toEqual([3, 2, 3]);
  expect([colourAt(volume, 4), colourAt(volume, 6)]).toEqual([rgb(0, 4), null]);
  colours.take(2, frame(2));
  colours.take(1, failed);
  expect([colourAt(volume, 12), colourAt(volume, 17), colourAt(volume, 11)]).toEqual([
    rgb(2, 0),
    rgb(2, 5),
    null,
  ]);
  // What comes at a second try replaces "no data".
  colours.take(1, frame(1));
  expect(colourAt(volume, 7)).toEqual(rgb(1, 1));
});

test('a frame of another size is no data', () => {
  const colours = new ColourVolume(groupOf({}), limits);
  const odd = frame(1);
  if (odd.kind !== 'ready' || odd.image.kind !== 'colour') throw new Error('no colours');
  colours.want([
    frame(0),
    { kind: 'ready', image: { ...odd.image, rgba: odd.image.rgba.slice(4) } },
    frame(2),
  ]);
  expect(colourAt(colours.volume!, 6)).toBeNull();
});

test('what has to be resampled is made when all is there, channel by channel', () => {
  const shearMm = [0, 1, 2].map(() => [0, 0] as const);
  const group = groupOf({ regular: grid(5, 1), resampleK: [0, 0.5, 1, 1.5, 2], shearMm });
  const asked: ResampleMessage[] = [];
  const colours = new ColourVolume(group, limits, (message, onDone) => {
    asked.push(message);
    resampleToRegular(message.group, message.acquired, message.out, message.outside, message.spacingMm);
    onDone(true);
    return () => undefined;
  });
  expect(colours.isMade).toBe(false);
  colours.want([frame(0), frame(1), waiting]);
  expect(colours.volume).toBeNull();
  colours.take(2, frame(2));
  let isTold = false;
  colours.finish(() => {
    isTold = true;
  });
  expect([isTold, colours.isMade, asked.length]).toEqual([true, true, 3]);
  const volume = colours.volume!;
  expect(colourAt(volume, 6 + 2)).toEqual([0, 1, 2].map((channel) => 30 + 10 * channel + 2));
  expect(colourAt(volume, 24 + 5)).toEqual(rgb(2, 5));
  expect(volume.voxels.subarray(0, 30)).not.toContain(noDataInt16);
});

test('frames that memory would let go of have no planes', () => {
  expect(new ColourVolume(groupOf({}), { ...limits, frameCapBytes: 71 }).refusal).toMatchObject({
    code: 'COLOUR_TOO_LARGE',
    params: { megabytes: 1 },
  });
  expect(new ColourVolume(groupOf({}), { ...limits, frameCapBytes: 72 }).refusal).toBeNull();
  const capped = new ColourVolume(groupOf({}), { ...limits, volumeCapBytes: 100 });
  capped.want([]);
  expect([capped.refusal?.code, capped.volume]).toEqual(['COLOUR_TOO_LARGE', null]);
});
