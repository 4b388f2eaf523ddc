/** Along the vessel, 512 × 512 × 300, without a graphics card; each part in a file of its own. */
import { run as pictures } from './cpr-pictures.ts';
import type { Figure } from './figure.ts';
import { run as lumens } from './lumen.ts';
import { run as masks } from './mask.ts';

const parts: readonly (() => Promise<Figure[]>)[] = [pictures, lumens, masks];

export async function run(): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const part of parts) figures.push(...(await part()));
  return figures;
}
