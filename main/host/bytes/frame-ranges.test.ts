import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Attributes, Scan } from '../../../core/dicom/types.ts';
import { frameRanges, parseFrameList } from './frame-ranges.ts';

const scan = (attributes: Attributes, length: number, extra: Partial<Scan> = {}): Scan => ({
  transferSyntaxUID: '1.2.840.10008.1.2.1',
  datasetOffset: 300,
  deflated: false,
  attributes: { Rows: 3, Columns: 5, BitsAllocated: 16, SamplesPerPixel: 1, ...attributes },
  pixel: { kind: 'native', element: 'PixelData', range: { offset: 1000, length } },
  isDirectory: false,
  flags: [],
  ...extra,
});

describe('bytes of a frame', () => {
  it('of native pixels follow each other', () => {
    const two = scan({ NumberOfFrames: 2 }, 60);
    expect(frameRanges(two, 0)).toEqual([{ offset: 1000, length: 30 }]);
    expect(frameRanges(two, 1)).toEqual([{ offset: 1030, length: 30 }]);
    expect(frameRanges(two, 2)).toBeNull();
  });

  it('of one-bit pixels share the byte at their border', () => {
    const bits = scan({ NumberOfFrames: 2, BitsAllocated: 1 }, 4);
    expect(frameRanges(bits, 0)).toEqual([{ offset: 1000, length: 2 }]);
    expect(frameRanges(bits, 1)).toEqual([{ offset: 1001, length: 3 }]);
  });

  it('are what there is when the file is cut, and nothing beyond', () => {
    const cut = scan({ NumberOfFrames: 3 }, 40);
    expect(frameRanges(cut, 1)).toEqual([{ offset: 1030, length: 10 }]);
    expect(frameRanges(cut, 2)).toBeNull();
  });

  it('are not given from a deflated data set', () => {
    expect(frameRanges(scan({}, 30, { deflated: true }), 0)).toBeNull();
  });

  it('of encapsulated pixels are their fragments', () => {
    const fragments = [
      { offset: 10, length: 4 },
      { offset: 22, length: 6 },
    ];
    const coded = scan({}, 0, { pixel: { kind: 'encapsulated', frames: [fragments, []] } });
    expect(frameRanges(coded, 0)).toEqual(fragments);
    expect(frameRanges(coded, 1)).toBeNull();
  });
});

describe('a list of frames', () => {
  it.each([
    ['0', [0]],
    ['4,5,6-9', [4, 5, 6, 7, 8, 9]],
    ['3-3,1', [3, 1]],
  ])('%s', (text, frames) => {
    expect(parseFrameList(text, 100)).toEqual(frames);
  });

  it.each(['', 'a', '1-', '5-4', '1,,2', '-1', '1.5', '0-99999999', '1;2'])('refuses "%s"', (text) => {
    expect(parseFrameList(text, 1000)).toBeNull();
  });

  it('never gives more than it may', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('0', '1', '9', ',', '-') }), (text) => {
        const frames = parseFrameList(text, 50);
        return frames === null || (frames.length > 0 && frames.length <= 50);
      }),
    );
  });
});
