import { expect, it } from 'vitest';
import * as raw from '../../tests/fixtures/raw-dicom.ts';
import { bytesSource } from './byte-source.ts';
import { scan } from './scan.ts';

const { element, sequence, u16 } = raw;

it('reads place and segment of every frame', () => {
  const frame = (segment: number): number[] => [
    // Of an image that the frame refers to.
    ...sequence(8, 0x1140, [...element(0x20, 0x32, 'DS', '9\\9\\9'), ...element(0x62, 0xb, 'US', u16(7))]),
    ...sequence(0x20, 0x9113, element(0x20, 0x32, 'DS', `0\\0\\${segment * 5}`)),
    ...sequence(0x62, 0xa, element(0x62, 0xb, 'US', u16(segment))),
  ];
  const bytes = raw.file(
    raw.sliceWith(
      element(0x28, 8, 'IS', '2'),
      sequence(0x5200, 0x9230, frame(1), frame(3)),
      element(0x7fe0, 0x10, 'OW', new Array<number>(32).fill(0)),
    ),
  );
  const result = scan(bytesSource(bytes));
  expect(result.ok && result.value.perFrame).toMatchObject([
    { ImagePositionPatient: [0, 0, 5], ReferencedSegmentNumber: 1 },
    { ImagePositionPatient: [0, 0, 15], ReferencedSegmentNumber: 3 },
  ]);
});

it('reads what a pixel of an enhanced XA frame is at the detector and in the patient, shared or its own', () => {
  const shared = [
    // Frame Pixel Data Properties and X-Ray Geometry (PS3.3 C.8.19.6).
    ...sequence(0x28, 0x9443, element(0x18, 0x1164, 'DS', '0.2\\0.2 ')),
    ...sequence(0x18, 0x9476, element(0x18, 0x1110, 'DS', '1200')),
  ];
  const own = sequence(0x18, 0x9401, element(0x18, 0x9404, 'FL', new Array<number>(8).fill(0x3e)));
  const bytes = raw.file(
    raw.sliceWith(
      element(0x28, 8, 'IS', '2'),
      sequence(0x5200, 0x9229, shared),
      sequence(0x5200, 0x9230, [], own),
      element(0x7fe0, 0x10, 'OW', new Array<number>(32).fill(0)),
    ),
  );
  const result = scan(bytesSource(bytes));
  const each = new Float32Array(Uint8Array.of(0x3e, 0x3e, 0x3e, 0x3e).buffer)[0];
  expect(result.ok && result.value.sharedFrame).toMatchObject({
    ImagerPixelSpacing: [0.2, 0.2],
    DistanceSourceToDetector: 1200,
  });
  expect(result.ok && result.value.perFrame).toEqual([
    {},
    { ObjectPixelSpacingInCenterOfBeam: [each, each] },
  ]);
});
