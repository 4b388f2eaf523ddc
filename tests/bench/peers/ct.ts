import { readdirSync } from 'node:fs';
import { matrix } from '../ct-series.ts';
import type { SeriesDescription } from './series.ts';
import type { PeerServer } from './serve.ts';

/** The series of `ct-series.ts` whose folder a server gives out as `files`. */
export const describeCt = (
  server: PeerServer,
  folder: string,
  transferSyntax = '1.2.840.10008.1.2.1',
): SeriesDescription => ({
  address: `${server.address}files/`,
  files: readdirSync(folder).sort(),
  matrix,
  spacingMm: 0.75,
  gapMm: 1.25,
  originMm: [-191.625, -191.625, -190],
  transferSyntax,
});
