/** Along the vessel, 512 × 512 × 300, without a graphics card; each part in a file of its own. */
import { run as flights } from './cpr-fly.ts';
import { run as pictures } from './cpr-pictures.ts';
import { run as ribs } from './cpr-ribs.ts';
import type { Figure } from './figure.ts';
import { run as lumens } from './lumen.ts';
import { run as masks } from './mask.ts';

/** The browser of the first part draws on for a while; so what has no peer comes first. */
const parts: readonly (() => Promise<Figure[]>)[] = [lumens, masks, ribs, flights, pictures];

export async function run(): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const part of parts) figures.push(...(await part()));
  return figures;
}
