import type { Vec3 } from '../../../../core/geometry/types.ts';
import type { MaskSight } from '../bookmarks/view-scene.ts';
import {
  countOf,
  fieldsOf,
  flagOf,
  NotKept,
  numberOf,
  numbersOf,
  oneOf,
  orNull,
  textOf,
} from '../keeping/kept-checks.ts';
import type { MaskItem } from './mask-state.ts';

const part = (x: number, most: number): number => Math.min(most, Math.max(0, x));

function sizeOf(x: unknown): Vec3 {
  const [i, j, k] = numbersOf(x, 3).map(countOf) as [number, number, number];
  if (i * j * k === 0) throw new NotKept('size');
  return [i, j, k];
}

/** How a layer is seen. @throws NotKept */
export function sightOf(x: unknown): MaskSight {
  const m = fieldsOf(x);
  const [r, g, b] = numbersOf(m['colour'], 3) as [number, number, number];
  return {
    id: textOf(m['id']),
    role: oneOf(m['role'], ['removed', 'shown']),
    colour: [part(r, 255), part(g, 255), part(b, 255)],
    opacity: part(numberOf(m['opacity']), 1),
    visible: flagOf(m['visible']),
  };
}

/** A layer as it was kept (its voxels are kept apart). @throws NotKept */
export function maskItemOf(x: unknown): MaskItem {
  const m = fieldsOf(x);
  return {
    ...sightOf(x),
    nameId: orNull(m['nameId'], (id) => textOf(id, 64)),
    customName: textOf(m['customName'], 64),
    seriesKey: textOf(m['seriesKey']),
    groupId: textOf(m['groupId']),
    voxelsId: textOf(m['voxelsId'], 36),
    size: sizeOf(m['size']),
    volumeMl: numberOf(m['volumeMl']),
    touchesBorder: flagOf(m['touchesBorder']),
  };
}
