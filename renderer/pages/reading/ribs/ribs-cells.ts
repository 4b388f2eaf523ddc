import { type RibsCell, ribsCells } from '../session/layouts.ts';

export const ribPlaces: readonly RibsCell[] = ['ribs', 'spine', 'axial', 'coronal'];

/** Places on screen, in the order of Tab. */
export const ribsCellsShown: readonly number[] = ribPlaces.map((cell) => ribsCells.indexOf(cell));
