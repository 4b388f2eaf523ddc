/** The demo study's series, 512 × 512 × 300, as voxels in memory. */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ScalarField } from '../../core/analysis/types.ts';
import { matrixFromColumns, scale } from '../../core/geometry/matrices.ts';
import { phantomGeometry } from '../../core/phantom/options.ts';
import { demoSeries } from '../../core/phantom/presets.ts';
import { phantomSeries } from '../../core/phantom/series.ts';
import { allocateHostVolume, type HostVolume, hostVolume } from '../../main/host/render/volume-memory.ts';
import { keptFolder } from './scratch.ts';

/** Part of the file's name: another number makes it anew. */
const version = 1;
const options = { ...demoSeries, signed: true, reversed: false } as const;

/** The demo series as HU. Painting takes a minute, so it is kept. */
export function demoField(): ScalarField {
  const { size, origins, spacingMm, row, column, normal } = phantomGeometry(options);
  const path = join(keptFolder(`demo-v${version}`), 'voxels.i16');
  if (!existsSync(path)) {
    const voxels = new Int16Array(size[0] * size[1] * origins.length);
    phantomSeries(options).instances.forEach((instance, k) => {
      voxels.set(instance.frame(), k * size[0] * size[1]);
    });
    writeFileSync(`${path}.part`, new Uint8Array(voxels.buffer));
    renameSync(`${path}.part`, path);
  }
  const bytes = readFileSync(path);
  const patientFromIndex = matrixFromColumns(
    scale(row, spacingMm[1]),
    scale(column, spacingMm[0]),
    scale(normal, demoSeries.sliceGapsMm),
    origins[0]!,
  );
  return {
    geometry: { size: [size[0], size[1], origins.length], patientFromIndex },
    voxels: new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2),
    rescale: { slope: 1, intercept: 0 },
  };
}

/** The same where the render threads find it. @throws without memory for it */
export function demoVolume({ geometry, voxels }: ScalarField): HostVolume {
  const request = { geometry, scalarType: 'int16', workerCount: 2 } as const;
  const empty = allocateHostVolume(request);
  if (!empty) throw new Error('no memory for the volume');
  empty.voxels.set(voxels);
  return hostVolume(empty, request);
}
