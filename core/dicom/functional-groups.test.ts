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

it('reads what tells frames of an enhanced CT or MR apart, also where it has another tag than in single images', () => {
  const fd = (value: number): number[] => [...new Uint8Array(Float64Array.of(value).buffer)];
  const frame = (kernel: string, kv: string, inversionMs: number, nth: number): number[] => [
    ...sequence(0x18, 0x9112, element(0x18, 0x9079, 'FD', fd(inversionMs))),
    ...sequence(0x18, 0x9197, element(0x18, 0x9090, 'FD', [1, 0, 0].flatMap(fd))),
    ...sequence(0x18, 0x9314, element(0x18, 0x1210, 'SH', kernel)),
    ...sequence(0x18, 0x9325, element(0x18, 0x60, 'DS', kv)),
    ...sequence(0x20, 0x9111, element(0x20, 0x9156, 'US', u16(nth))),
  ];
  const bytes = raw.file(
    raw.sliceWith(
      element(0x28, 8, 'IS', '2'),
      sequence(0x5200, 0x9230, frame('B30f', '80', 110, 1), frame('B70f', '140 ', 320.5, 2)),
      element(0x7fe0, 0x10, 'OW', new Array<number>(32).fill(0)),
    ),
  );
  const result = scan(bytesSource(bytes));
  expect(result.ok && result.value.perFrame).toEqual([
    {
      ConvolutionKernel: ['B30f'],
      KVP: 80,
      InversionTime: 110,
      AcquisitionNumber: 1,
      VelocityEncodingDirection: [1, 0, 0],
    },
    {
      ConvolutionKernel: ['B70f'],
      KVP: 140,
      InversionTime: 320.5,
      AcquisitionNumber: 2,
      VelocityEncodingDirection: [1, 0, 0],
    },
  ]);
});
