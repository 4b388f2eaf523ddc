/** The whole body as one painter's list. */
import { girdleParts } from './anatomy/girdle.ts';
import { beadParts, lesionParts } from './anatomy/lesions.ts';
import { pelvisParts } from './anatomy/pelvis.ts';
import { ribParts } from './anatomy/ribs.ts';
import { thoraxParts } from './anatomy/thorax.ts';
import { canalParts, vertebraParts } from './anatomy/vertebrae.ts';
import { vesselParts } from './anatomy/vessels.ts';
import { cavityParts, visceraParts } from './anatomy/viscera.ts';
import { psoasParts, tableParts, wallParts } from './anatomy/wall.ts';
import type { Part } from './part.ts';

export interface BodyOptions {
  readonly table?: boolean;
  /** Marker beads in the air around the body, for exact geometry checks. */
  readonly beads?: boolean;
  /** Contraction of the left ventricle in mm (see `heartParts`). */
  readonly squeezeMm?: number;
}

/** Later parts cover earlier ones; takes about half a second to build. */
export function bodyParts({ table = true, beads = false, squeezeMm = 0 }: BodyOptions = {}): readonly Part[] {
  const thorax = thoraxParts(squeezeMm);
  return [
    ...wallParts(),
    ...(table ? tableParts() : []),
    ...cavityParts(),
    ...thorax.lungs,
    ...psoasParts(),
    ...visceraParts(),
    ...thorax.contents,
    ...canalParts(),
    ...vertebraParts(),
    ...ribParts(),
    ...girdleParts(),
    ...pelvisParts(),
    ...vesselParts(),
    ...lesionParts(),
    ...(beads ? beadParts() : []),
  ];
}
