/** Three oblique planes of 512 × 512 a step, thin and as 20 mm MIP: our kernels beside vtk.js and Cornerstone3D. */
import { join } from 'node:path';
import { type PatientPoint, type PatientVector, patientVector } from '../../core/geometry/types.ts';
import type { CpuRenderer } from '../../core/render/coordinator.ts';
import type { SliceScene } from '../../core/scene/types.ts';
import { createHostRenderer } from '../../main/host/render/pool.ts';
import { allocateHostVolume, hostVolume } from '../../main/host/render/volume-memory.ts';
import { type Figure, median, timed } from './figure.ts';
import { type PeerRounds, peerFigure } from './peers/ratio.ts';
import type { BenchPlane } from './peers/series.ts';
import { withPeerPage, withPeerServer } from './peers/serve.ts';
import { benchGeometry, benchPlanes, benchVoxels } from './peers/voxels.ts';
import type { PlainPage } from './plain-chromium.ts';
import { withScratch } from './scratch.ts';

const rounds = 3;
const pixelMm = 0.75;
/** A browser goes on composing for a while after its last picture: nobody is measured beside another. */
const settleMs = 500;
const kinds = [
  { name: 'mpr.planes', what: 'three oblique planes', slabMm: 0, steps: 36, vtk: 4, cornerstone: 9 },
  { name: 'mpr.slab', what: 'three 20 mm MIPs', slabMm: 20, steps: 8, vtk: 8, cornerstone: 11 },
] as const;

/** Both peers draw in software GL, each in a Chromium of its own; ours are the two render threads, in this process. */
export const run = (slices: number): Promise<Figure[]> =>
  withScratch(async (scratch) => {
    const renderer = await kernels(slices);
    try {
      return await withPage(scratch, 'vtk-planes', (vtk) =>
        withPage(scratch, 'cornerstone', async (cornerstone) => {
          await vtk.evaluate((n: number) => window.peer.makeVolume(n), slices);
          await cornerstone.evaluate((n: number) => window.peer.makeVolume(n), slices);
          const figures: Figure[] = [];
          for (const kind of kinds) figures.push(...(await compare(kind, renderer, vtk, cornerstone)));
          return figures;
        }),
      );
    } finally {
      renderer.dispose();
    }
  });

const withPage = <T>(scratch: string, entry: string, work: (page: PlainPage) => Promise<T>): Promise<T> =>
  withPeerServer(scratch, entry, {}, (server) =>
    withPeerPage(join(scratch, `profile-${entry}`), server, work),
  );

async function compare(
  kind: (typeof kinds)[number],
  renderer: CpuRenderer,
  vtk: PlainPage,
  cornerstone: PlainPage,
): Promise<Figure[]> {
  const planes = benchPlanes(kind.steps);
  const toVtk: PeerRounds = { ours: [], theirs: [] };
  const toCornerstone: PeerRounds = { ours: [], theirs: [] };
  for (let round = 0; round <= rounds; round++) {
    await settled();
    const ours = await ourSteps(renderer, planes, kind.slabMm);
    const first = await vtk.evaluate(peerSteps, { planes, slabMm: kind.slabMm });
    await settled();
    const second = await cornerstone.evaluate(peerSteps, { planes, slabMm: kind.slabMm });
    if (round === 0) {
      checkSame(`vtk.js, ${kind.what}`, first.levels, ours.levels);
      checkSame(`Cornerstone3D, ${kind.what}`, second.levels, ours.levels);
      continue;
    }
    toVtk.ours.push(median(ours.stepMs));
    toVtk.theirs.push(median(first.stepMs));
    toCornerstone.ours.push(median(ours.stepMs));
    toCornerstone.theirs.push(median(second.stepMs));
  }
  const of = `${kind.what} of 512 × 512`;
  return [
    peerFigure(`${kind.name}.vtk`, 'ms', `vtk.js, ${of}`, toVtk, kind.vtk),
    peerFigure(`${kind.name}.cornerstone`, 'ms', `Cornerstone3D, ${of}`, toCornerstone, kind.cornerstone),
  ];
}

const settled = () => new Promise((resolve) => setTimeout(resolve, settleMs));

/** Runs in the page. */
function peerSteps({ planes, slabMm }: { planes: BenchPlane[][]; slabMm: number }) {
  return window.peer.steps(planes, slabMm);
}

/** The middle pixels of the planes; a faster picture of something else counts for nothing. @throws */
function checkSame(what: string, theirs: readonly number[], ours: readonly number[]): void {
  const off = theirs.map((level, n) => Math.abs(level - ours[n]!));
  if (median(off) > 12) throw new Error(`${what}: other pictures, ${theirs.join(' ')} for ${ours.join(' ')}`);
}

async function kernels(slices: number): Promise<CpuRenderer> {
  const { size, spacing: s, origin: o } = benchGeometry(slices);
  const patientFromIndex = [s[0], 0, 0, o[0], 0, s[1], 0, o[1], 0, 0, s[2], o[2], 0, 0, 0, 1] as const;
  const request = { geometry: { size, patientFromIndex }, scalarType: 'int16', workerCount: 2 } as const;
  const empty = allocateHostVolume(request);
  if (!empty) throw new Error('no memory for the volume');
  empty.voxels.set(benchVoxels(slices));
  return createHostRenderer(hostVolume(empty, request));
}

async function ourSteps(renderer: CpuRenderer, planes: readonly (readonly BenchPlane[])[], slabMm: number) {
  const stepMs: number[] = [];
  const levels: number[] = [];
  for (const three of planes) {
    const scenes = three.map((plane) => sceneOf(plane, slabMm));
    const ms = await timed(async () => {
      const frames = await Promise.all(
        scenes.map((scene, n) => renderer.slice(scene, { channel: `plane ${n}`, values: false })),
      );
      for (const frame of frames) levels.push(frame?.rgba[4 * (256 * 512 + 256)] ?? -1);
    });
    stepMs.push(ms);
  }
  return { stepMs, levels };
}

const sceneOf = ({ centreMm, right, down }: BenchPlane, slabMm: number): SliceScene => ({
  kind: 'slice',
  plane: {
    origin: patientVector(...centreMm) as unknown as PatientPoint,
    right: patientVector(...right) as PatientVector,
    down: patientVector(...down) as PatientVector,
  },
  spacingMm: pixelMm,
  width: 512,
  height: 512,
  slabMm,
  projection: slabMm > 0 ? 'mip' : 'none',
  interpolation: 'linear',
  window: { kind: 'window', function: 'LINEAR', centre: 50, width: 400, invert: false },
  background: [0, 0, 0],
});
