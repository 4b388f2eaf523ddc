import type { GeometryVerdict } from '../../../core/volume/types.ts';

/** English, for Derivation Description: how far the source's millimetres can be trusted; empty when they are exact. */
export function toldGeometry({
  kind,
  interpolatedSlices,
}: Pick<GeometryVerdict, 'kind' | 'interpolatedSlices'>): string {
  const made = interpolatedSlices > 0 ? `, ${interpolatedSlices} slices interpolated` : '';
  return kind === 'exact' ? '' : `. Geometry of the source: ${kind}${made}`;
}
