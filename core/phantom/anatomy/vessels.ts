/** All named vessels together. */
import type { Part } from '../part.ts';
import { tubes } from '../tube.ts';
import { systemicArteries } from './arteries.ts';
import { coronaryArteries } from './coronaries.ts';
import { systemicVeins } from './veins.ts';
import { lumenRadiusMm, type Vessel } from './vessel.ts';

/** In painting order. */
export const vessels: readonly Vessel[] = [...systemicVeins, ...systemicArteries, ...coronaryArteries];

const run = (v: Vessel, grownMm: number, open: boolean) => ({
  path: v.path,
  radiusMm: (s: number) => (open ? v.openRadiusMm(s) : lumenRadiusMm(v, s)) + grownMm,
});

export function vesselParts(): readonly Part[] {
  const walled = vessels.filter((v) => v.kind === 'artery');
  return [
    {
      id: 'artery-walls',
      name: { zh: '动脉壁与软斑块', en: 'Arterial walls and soft plaque' },
      kind: 'artery',
      tissue: 'vesselWall',
      shape: tubes(walled.map((v) => run(v, v.openRadiusMm(0) > 2 ? 1 : 0.5, true))),
    },
    ...vessels.map(
      (v): Part => ({
        id: v.id,
        name: v.name,
        kind: v.kind,
        tissue: v.kind === 'artery' ? 'bloodArtery' : 'bloodVein',
        shape: tubes([run(v, 0, false)]),
      }),
    ),
  ];
}
