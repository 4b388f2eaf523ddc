/** A straightened picture of 512 × 600 made again after a point of its line was dragged, beside vtk.js' CPR mapper. */
import { join } from 'node:path';
import { cprPicture, cprScene } from '../../core/analysis/cpr/picture.ts';
import type { CprPicture } from '../../core/analysis/cpr/types.ts';
import { sampleLine } from '../../core/analysis/curve/sample-line.ts';
import { splinePieces } from '../../core/analysis/curve/spline.ts';
import type { LinePiece } from '../../core/analysis/types.ts';
import { patientPoint } from '../../core/geometry/types.ts';
import type { CpuRenderer } from '../../core/render/coordinator.ts';
import { windowLevel } from '../../core/scene/presets.ts';
import { createHostRenderer } from '../../main/host/render/pool.ts';
import { allocateHostVolume, hostVolume } from '../../main/host/render/volume-memory.ts';
import { type Figure, median } from './figure.ts';
import { type BenchLine, type CprPeerStep, cprLevels, cprSize } from './peers/cpr-line.ts';
import { type PeerRounds, peerFigure } from './peers/ratio.ts';
import { withPeerPage, withPeerServer } from './peers/serve.ts';
import { benchGeometry, benchVoxels } from './peers/voxels.ts';
import type { PlainPage } from './plain-chromium.ts';
import { withScratch } from './scratch.ts';

const slices = 300;
const rounds = 3;
const steps = 9;
const settleMs = 300;
const spacingMm = 0.5;
const widthMm = cprSize.width * spacingMm;
/** The peer's stations lie this many of ours apart: 2 mm. */
const peerStations = 4;
const kinds = [
  { name: 'cpr.straightened', what: 'thin', slabMm: 0, samples: 1, timesAtLeast: 4 },
  // Half a voxel apart, as our slab has them.
  { name: 'cpr.straightened.slab', what: '20 mm MIP', slabMm: 20, samples: 54, timesAtLeast: 4 },
] as const;

export const run = (): Promise<Figure[]> =>
  withScratch((scratch) =>
    withPeerServer(scratch, 'vtk-cpr', {}, (server) =>
      withPeerPage(join(scratch, 'profile'), server, async (page) => {
        const renderer = await kernels();
        try {
          await page.evaluate((n: number) => window.cprPeer.makeVolume(n), slices);
          const figures: Figure[] = [];
          for (const kind of kinds) figures.push(await compare(kind, renderer, page));
          return figures;
        } finally {
          renderer.dispose();
        }
      }),
    ),
  );

async function kernels(): Promise<CpuRenderer> {
  const { size, spacing: s, origin: o } = benchGeometry(slices);
  const patientFromIndex = [s[0], 0, 0, o[0], 0, s[1], 0, o[1], 0, 0, s[2], o[2], 0, 0, 0, 1] as const;
  const request = { geometry: { size, patientFromIndex }, scalarType: 'int16', workerCount: 2 } as const;
  const empty = allocateHostVolume(request);
  if (!empty) throw new Error('no memory for the volume');
  empty.voxels.set(benchVoxels(slices));
  return createHostRenderer(hostVolume(empty, request));
}

/** A vessel through the whole volume, set by hand; its fifth point is being dragged. */
const controls = (draggedMm: number) =>
  Array.from({ length: 8 }, (_, n) =>
    patientPoint(
      30 * Math.sin(n * 1.1) + (n === 4 ? draggedMm : 0),
      25 * Math.cos(n * 0.9),
      -116.5 + n * 32.9,
    ),
  );

function pictureOf(draggedMm: number): CprPicture {
  const pieces = splinePieces(controls(draggedMm), spacingMm).map(
    (pointsMm): LinePiece => ({ pointsMm, state: 'drawn' }),
  );
  const made = cprPicture(sampleLine(pieces, spacingMm), 'straightened', {
    spacingMm,
    widthMm,
    angleRad: 0.4,
  });
  if (!made.ok) throw new Error(made.problem.code);
  return made.value;
}

async function ourStep(renderer: CpuRenderer, draggedMm: number, slabMm: number): Promise<CprPeerStep> {
  const startMs = performance.now();
  const picture = pictureOf(draggedMm);
  const scene = cprScene(picture, {
    slabMm,
    projection: slabMm > 0 ? 'mip' : 'none',
    interpolation: 'linear',
    window: windowLevel(400, 50),
    background: [0, 0, 0],
  });
  const { width, height } = cprSize;
  const frame = await renderer.slice({ ...scene, height }, { values: false });
  const ms = performance.now() - startMs;
  if (!frame) throw new Error('no picture');
  let sum = 0;
  for (let n = 0; n < frame.rgba.length; n += 4) sum += frame.rgba[n] ?? 0;
  const levels = Array.from(
    { length: cprLevels },
    (_, n) => frame.rgba[4 * (Math.round(((n + 0.5) * height) / cprLevels) * width + width / 2)] ?? 0,
  );
  return { ms, meanLevel: sum / (width * height), levels };
}

/** Our stations and frames for the peer, which is spared the making of them. */
function lineForPeer(draggedMm: number): BenchLine {
  const { line, rows } = pictureOf(draggedMm);
  const points: number[] = [];
  const frames: number[] = [];
  for (let n = 0; n < line.count; n += peerStations) {
    points.push(...line.points.subarray(3 * n, 3 * n + 3));
    // A row at every station.
    for (const part of [rows.across, rows.through]) frames.push(...part.subarray(3 * n, 3 * n + 3));
    frames.push(...line.tangents.subarray(3 * n, 3 * n + 3));
  }
  return { points, frames };
}

/** Runs in the page. */
function peerStep(asked: { line: BenchLine; widthMm: number; slabMm: number; samples: number }) {
  return window.cprPeer.step(asked.line, asked.widthMm, asked.slabMm, asked.samples);
}

async function compare(
  kind: (typeof kinds)[number],
  renderer: CpuRenderer,
  page: PlainPage,
): Promise<Figure> {
  const { slabMm, samples } = kind;
  const took: PeerRounds = { ours: [], theirs: [] };
  for (let round = 0; round <= rounds; round++) {
    const drags = Array.from({ length: steps }, (_, step) => 12 * Math.sin(step));
    // One after the other: the browser goes on composing for a while after each of its pictures.
    const ours: CprPeerStep[] = [];
    for (const draggedMm of drags) ours.push(await ourStep(renderer, draggedMm, slabMm));
    const theirs: CprPeerStep[] = [];
    for (const draggedMm of drags) {
      const line = lineForPeer(draggedMm);
      theirs.push(await page.evaluate(peerStep, { line, widthMm, slabMm, samples }));
    }
    for (const [n, own] of ours.entries()) checkSame(kind.what, theirs[n]!, own);
    await new Promise((resolve) => setTimeout(resolve, settleMs));
    if (round === 0) continue;
    took.ours.push(median(ours.map(({ ms }) => ms)));
    took.theirs.push(median(theirs.map(({ ms }) => ms)));
  }
  const yardstick = `vtk.js' CPR mapper, ${kind.what}, ${cprSize.width} × ${cprSize.height}`;
  return peerFigure(kind.name, 'ms', yardstick, took, kind.timesAtLeast);
}

/** A faster picture of something else counts for nothing. @throws */
function checkSame(what: string, theirs: CprPeerStep, ours: CprPeerStep): void {
  const off = theirs.levels.map((level, n) => Math.abs(level - ours.levels[n]!));
  const apart = Math.abs(theirs.meanLevel - ours.meanLevel);
  if (median(off) > 12 || apart > 4)
    throw new Error(
      `${what}: other pictures, ${theirs.levels.join(' ')} for ${ours.levels.join(' ')}, mean levels ${theirs.meanLevel} and ${ours.meanLevel}`,
    );
}
