import { describe, expect, it } from 'vitest';
import { planKeys, sliceAt } from '../../tests/fixtures/scans.ts';
import type { Attributes } from '../dicom/types.ts';
import { buildSeriesPlan } from './plan.ts';
import type { VolumeGroup } from './types.ts';

describe('curved reformats', () => {
  const stack = (more: Attributes): VolumeGroup =>
    buildSeriesPlan(
      Array.from({ length: 4 }, (_, k) => sliceAt(k + 1, 1.5 * k, more)),
      planKeys,
    ).groups[0]!;

  it.each<Attributes>([
    { ImageType: ['DERIVED', 'SECONDARY', 'MPR', 'CSA CURVED'] },
    { FrameType: ['DERIVED', 'SECONDARY', 'VOLUME', 'CURVED'] },
  ])('are no volume: %j', (more) => {
    const { verdict, regular } = stack(more);
    expect(regular).toBeNull();
    expect(verdict).toMatchObject({ kind: 'none', reasons: [{ code: 'GEOMETRY_CURVED' }] });
  });

  it('flat ones are', () => {
    for (const ImageType of [
      ['DERIVED', 'SECONDARY', 'MPR'],
      ['DERIVED', 'SECONDARY', 'PROJECTION IMAGE'],
    ])
      expect(stack({ ImageType }).verdict.kind).toBe('exact');
  });
});
