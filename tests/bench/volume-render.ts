/** Shaded 3D pictures of 512 × 512 × 300 on the CPU road, beside plain vtk.js in software GL. */
import { join } from 'node:path';
import type { CpuRenderer } from '../../core/render/coordinator.ts';
import { fitCamera, orbit } from '../../core/scene/camera.ts';
import { presetPart, volumePreset } from '../../core/scene/presets.ts';
import type { TransferFunction, VolumeScene } from '../../core/scene/types.ts';
import { createHostRenderer } from '../../main/host/render/pool.ts';
import { allocateHostVolume, type HostVolume, hostVolume } from '../../main/host/render/volume-memory.ts';
import { type Figure, figure, median, timed } from './figure.ts';
import { type PeerRounds, peerFigure } from './peers/ratio.ts';
import { withPeerPage, withPeerServer } from './peers/serve.ts';
import { benchGeometry, benchVoxels } from './peers/voxels.ts';
import type { PeerPicture } from './peers/vtk-volume.ts';
import type { PlainPage } from './plain-chromium.ts';
import { withScratch } from './scratch.ts';

const slices = 300;
const rounds = 3;
const stepMm = 0.75;
const square = { width: 512, height: 512 } as const;

/** Nothing of it can be skipped, and little of it is opaque. */
const softTissue: TransferFunction = {
  unit: 'modality',
  opacity: [
    { value: -200, opacity: 0 },
    { value: -100, opacity: 0.02 },
    { value: 50, opacity: 0.05 },
    { value: 300, opacity: 0.3 },
  ],
  colour: [
    { value: -200, colour: [180, 80, 60] },
    { value: 300, colour: [255, 240, 220] },
  ],
};

interface Kind {
  readonly name: string;
  readonly transfer: TransferFunction;
  readonly size: { readonly width: number; readonly height: number };
  readonly timesAtLeast: number;
}

const bone = volumePreset('bone')!.transfer;
const kinds: readonly Kind[] = [
  { name: 'volume-render.bone 512²', transfer: bone, size: square, timesAtLeast: 40 },
  { name: 'volume-render.softTissue 512²', transfer: softTissue, size: square, timesAtLeast: 12 },
  {
    name: 'volume-render.bone 1024×768',
    transfer: bone,
    size: { width: 1024, height: 768 },
    timesAtLeast: 30,
  },
];

export const run = (): Promise<Figure[]> =>
  withScratch(async (scratch) => {
    const beside = await withPeerServer(scratch, 'vtk-volume', {}, (server) =>
      withPeerPage(join(scratch, 'profile'), server, compare),
    );
    return [...beside, ...(await alone())];
  });

function volumeOf(
  size: readonly [number, number, number],
  spacing: readonly [number, number, number],
): HostVolume {
  const [x, y, z] = size.map((n, axis) => (-(n - 1) * spacing[axis]!) / 2) as [number, number, number];
  const patientFromIndex = [
    spacing[0],
    0,
    0,
    x,
    0,
    spacing[1],
    0,
    y,
    0,
    0,
    spacing[2],
    z,
    0,
    0,
    0,
    1,
  ] as const;
  const request = { geometry: { size, patientFromIndex }, scalarType: 'int16', workerCount: 2 } as const;
  const empty = allocateHostVolume(request);
  if (!empty) throw new Error('no memory for the volume');
  const whole = benchVoxels(size[2]);
  if (size[0] === 512) empty.voxels.set(whole);
  else {
    const by = 512 / size[0];
    for (let k = 0, at = 0; k < size[2]; k++)
      for (let j = 0; j < size[1]; j++)
        for (let i = 0; i < size[0]; i++, at++) empty.voxels[at] = whole[(k * 512 + j * by) * 512 + i * by]!;
  }
  return hostVolume(empty, request);
}

const sceneOf = (
  volume: HostVolume,
  transfer: TransferFunction,
  turnRad: number,
  aspect = 1,
): VolumeScene => {
  const camera = fitCamera(volume.geometry, 'A', aspect);
  return {
    kind: 'volume',
    camera: orbit(camera, camera.focalPoint, 0.5 + turnRad, 0.25),
    ...presetPart(volumePreset('bone')!),
    transfer,
    background: [0, 0, 0],
    stepMm,
  };
};

const meanLevelOf = (rgba: Uint8ClampedArray): number => {
  let sum = 0;
  for (let n = 0; n < rgba.length; n += 4) sum += rgba[n]!;
  return sum / (rgba.length / 4);
};

async function picture(renderer: CpuRenderer, scene: VolumeScene, size: Kind['size']): Promise<PeerPicture> {
  let meanLevel = 0;
  const ms = await timed(async () => {
    const frame = await renderer.volume(scene, size, { values: false });
    if (frame) meanLevel = meanLevelOf(frame.rgba);
  });
  return { ms, meanLevel };
}

/** Runs in the page. */
const peerAgain = ({ scene, width, height }: { scene: VolumeScene; width: number; height: number }) =>
  window.volumePeer.again(scene, width, height);
const peerFirst = (a: { slices: number; scene: VolumeScene; width: number; height: number }) =>
  window.volumePeer.first(a.slices, a.scene, a.width, a.height);

async function compare(page: PlainPage): Promise<Figure[]> {
  const { size, spacing } = benchGeometry(slices);
  const volume = volumeOf(size, spacing);
  const renderer = await createHostRenderer(volume);
  const first: PeerRounds = { ours: [], theirs: [] };
  const results = kinds.map((kind) => ({ kind, took: { ours: [], theirs: [] } as PeerRounds }));
  try {
    // Shaders are compiled and threads warm before anything counts.
    const small = { slices, scene: sceneOf(volume, bone, 0), width: 64, height: 64 };
    await page.evaluate(peerFirst, small);
    for (let n = 0; n < 3; n++) await picture(renderer, small.scene, square);
    for (let round = 0; round < rounds; round++) {
      for (const { kind, took } of results) {
        const scene = sceneOf(volume, kind.transfer, round * 0.1, kind.size.width / kind.size.height);
        const ours: PeerPicture[] = [];
        for (let n = 0; n < 3; n++) ours.push(await picture(renderer, scene, kind.size));
        const theirs = await page.evaluate(peerAgain, { scene, ...kind.size });
        checkSame(kind.name, theirs.meanLevel, ours[0]!.meanLevel);
        took.ours.push(median(ours.map(({ ms }) => ms)));
        took.theirs.push(theirs.ms);
      }
      first.theirs.push((await page.evaluate(peerFirst, { ...small, ...square })).ms);
      first.ours.push(await fromMemory(volume));
    }
  } finally {
    renderer.dispose();
  }
  return [
    ...results.map(({ kind, took }) =>
      peerFigure(kind.name, 'ms', 'vtk.js, software GL', took, kind.timesAtLeast),
    ),
    peerFigure('volume-render.first picture 512², from memory', 'ms', 'vtk.js, software GL', first, 25),
  ];
}

/** A faster picture of something else counts for nothing. @throws */
function checkSame(what: string, theirs: number, ours: number): void {
  if (Math.abs(theirs - ours) > 0.35 * Math.max(theirs, ours))
    throw new Error(`${what}: other pictures, mean levels ${theirs} and ${ours}`);
}

/** Threads, bricks, table and picture; the voxels are there. */
async function fromMemory(volume: HostVolume): Promise<number> {
  const startMs = performance.now();
  const renderer = await createHostRenderer(volume);
  await picture(renderer, sceneOf(volume, bone, 0), square);
  const ms = performance.now() - startMs;
  renderer.dispose();
  return ms;
}

/** What has no peer: moving pictures, and how time grows with the volume. */
async function alone(): Promise<Figure[]> {
  const figures: Figure[] = [];
  let base = 0;
  const sizes = [
    [
      [256, 256, 256],
      [1.5, 1.5, 1.2],
    ],
    [
      [512, 512, 300],
      [0.75, 0.75, 1],
    ],
    [
      [512, 512, 512],
      [0.75, 0.75, 0.75],
    ],
    [
      [512, 512, 1000],
      [0.75, 0.75, 0.6],
    ],
  ] as const;
  for (const [size, spacing] of sizes) {
    const volume = volumeOf(size, spacing);
    const renderer = await createHostRenderer(volume);
    try {
      const times: number[] = [];
      for (let n = 0; n <= rounds; n++) {
        const { ms } = await picture(renderer, sceneOf(volume, bone, n * 0.1), square);
        if (n > 0) times.push(ms);
      }
      if (size[2] === slices) base = median(times);
      figures.push(
        grown(`volume-render.bone 512² of ${size.join('×')}`, median(times), base || median(times)),
      );
      if (size[2] === slices) figures.push(...(await moving(volume, renderer)));
    } finally {
      renderer.dispose();
    }
  }
  return figures;
}

const grown = (name: string, ms: number, base: number): Figure =>
  figure(name, 'ms', ms, 'of 512×512×300', base, { reported: true });

/** 256² computed pixels while the hand turns, then the whole picture. */
async function moving(volume: HostVolume, renderer: CpuRenderer): Promise<Figure[]> {
  const options = { quality: 'moving', coarse: 2, values: false } as const;
  const figures: Figure[] = [];
  for (const [name, transfer] of [
    ['bone', bone],
    ['softTissue', softTissue],
  ] as const) {
    const times: number[] = [];
    for (let n = 0; n < 12; n++) {
      const { stepMm: _, ...scene } = sceneOf(volume, transfer, n * 0.03);
      times.push(await timed(() => renderer.volume(scene, square, options)));
    }
    figures.push(
      figure(`volume-render.moving ${name}, 256² pixels`, 'ms', median(times), '20 frames a second', 50, {
        valueAtMost: 50,
      }),
    );
  }
  return figures;
}
