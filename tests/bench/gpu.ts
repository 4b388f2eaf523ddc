/** Frame rates of a turning volume on a graphics card, beside plain vtk.js; not measured where there is none. */
import { join } from 'node:path';
import { fitCamera, orbit } from '../../core/scene/camera.ts';
import { presetPart, volumePreset } from '../../core/scene/presets.ts';
import type { VolumeScene } from '../../core/scene/types.ts';
import { type Figure, median, notMeasured } from './figure.ts';
import { type PeerRounds, peerFigure } from './peers/ratio.ts';
import { type PageGl, withPeerPage, withPeerServer } from './peers/serve.ts';
import { benchGeometry } from './peers/voxels.ts';
import type { PlainPage } from './plain-chromium.ts';
import { withScratch } from './scratch.ts';

const slices = 300;
const rounds = 3;
const stills = 12;
/** More than a second of turning, the first ten not timed. */
const turns = 80;
interface Screen {
  readonly name: string;
  readonly width: number;
  readonly height: number;
}

const screens = [
  { name: '1080p', width: 1920, height: 1080 },
  { name: '4K', width: 3840, height: 2160 },
] as const satisfies readonly Screen[];

const presets = ['bone', 'muscle'] as const;

export const run = (): Promise<Figure[]> =>
  withScratch(async (scratch) => {
    const found = await findCard(scratch);
    if (!found.gl) return [notMeasured('gpu.frames', `no graphics card: ${found.device}`)];
    const { gl, device } = found;
    const figures = await withOwnPage(scratch, gl, screens[0], (own) =>
      withCardPage(scratch, gl, 'vtk-volume', screens[0], (vtk) => compare(own, vtk, device)),
    );
    // Alone on the card and in a window of its size, as a reader's page is.
    for (const screen of screens)
      figures.push(...(await withOwnPage(scratch, gl, screen, (own) => turning(own, screen, device))));
    return figures;
  });

interface Found {
  /** Null: no way to a card. */
  readonly gl: PageGl | null;
  readonly device: string;
}

/** The way to the card on which the window is put together by it too, else one on which pages draw by it at least. */
async function findCard(scratch: string): Promise<Found> {
  let found: Found = { gl: null, device: 'none' };
  for (const gl of ['card', 'vulkanCard'] as const) {
    const [card, composesByCard] = await withCardPage(scratch, gl, 'gpu-frames', screens[0], async (own) => [
      await own.evaluate(() => window.gpuFrames.card()),
      await own.composesByCard(),
    ]);
    const words = composesByCard ? card.device : `${card.device}, window composed in software`;
    if (!card.isSoftware && composesByCard) return { gl, device: words };
    if (!found.gl) found = { gl: card.isSoftware ? null : gl, device: words };
  }
  return found;
}

const withCardPage = <T>(
  scratch: string,
  gl: PageGl,
  entry: string,
  screen: Screen,
  work: (page: PlainPage) => Promise<T>,
): Promise<T> =>
  withPeerServer(scratch, entry, {}, (server) =>
    withPeerPage(join(scratch, `profile-${gl}-${entry}-${screen.name}`), server, work, gl, screen),
  );

const withOwnPage = <T>(
  scratch: string,
  gl: PageGl,
  screen: Screen,
  work: (page: PlainPage) => Promise<T>,
): Promise<T> =>
  withCardPage(scratch, gl, 'gpu-frames', screen, async (own) => {
    await own.evaluate((n: number) => window.gpuFrames.makeVolume(n), slices);
    return work(own);
  });

async function turning(own: PlainPage, { name, width, height }: Screen, device: string): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const preset of presets) {
    const asked = { scenes: around(preset, turns, width / height), width, height };
    const moving: number[] = [];
    const alone: number[] = [];
    const drawnWidths: number[] = [];
    for (let round = 0; round <= rounds; round++) {
      const turned = await own.evaluate(ownTurn, asked);
      // Shaders and textures are made in the first.
      if (round === 0) continue;
      moving.push(turned.msPerFrame);
      drawnWidths.push(turned.drawnWidth);
      const coarse = { width: turned.drawnWidth, height: Math.ceil((turned.drawnWidth * height) / width) };
      alone.push(await own.evaluate(windowAlone, { ...coarse, frames: turns }));
    }
    const drawn = `drawn ${drawnWidths.join(', ')} wide`;
    const all = `in each round ${moving.map(perSecond).join(' ')}`;
    figures.push(rateOf(`gpu.moving ${name}, ${drawn}, ${preset}, ${device} (${all})`, moving, alone));
  }
  return figures;
}

async function compare(own: PlainPage, vtk: PlainPage, device: string): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const preset of presets)
    for (const { name, width, height } of screens) {
      const asked = { scenes: around(preset, stills, width / height), width, height };
      await vtk.evaluate(firstOfPeer, { ...asked, slices });
      const still: PeerRounds = { ours: [], theirs: [] };
      for (let round = 0; round <= rounds; round++) {
        const times = await own.evaluate(ownFrames, asked);
        const theirs = await vtk.evaluate(peerFrames, asked);
        if (round === 0) continue;
        still.ours.push(median(times));
        still.theirs.push(median(theirs));
      }
      const figureName = `gpu.still ${name}, ${preset}, ${device}`;
      figures.push(peerFigure(figureName, 'ms/picture', `vtk.js, ${name}`, still, 1));
    }
  return figures;
}

const around = (preset: string, count: number, aspect: number): VolumeScene[] =>
  Array.from({ length: count }, (_, n) => sceneOf(preset, (2 * Math.PI * n) / count, aspect));

/** A display of 60 Hz can show no more: a frame in fifty may be missed. */
const rateLeast = 58.8;
const perSecond = (msPerFrame: number): number => Number((1000 / msPerFrame).toPrecision(3));

/** @param alone of the same window without a volume: what this card and browser can show at best */
function rateOf(name: string, msPerFrame: readonly number[], alone: readonly number[]): Figure {
  const value = perSecond(Math.max(...msPerFrame));
  const yardstickValue = perSecond(median(alone));
  return {
    ...{ name, value, unit: 'frames/s', yardstick: 'the same window without a volume', yardstickValue },
    ...{ ratio: Number((value / yardstickValue).toPrecision(4)), goal: '≥ 60 frames/s in every round' },
    met: value >= rateLeast,
  };
}

interface Asked {
  readonly scenes: VolumeScene[];
  readonly width: number;
  readonly height: number;
}

/** Runs in the page, as the four below. */
function ownFrames({ scenes, width, height }: Asked) {
  return window.gpuFrames.frames(scenes, width, height);
}

function ownTurn({ scenes, width, height }: Asked) {
  return window.gpuFrames.turn(scenes, width, height);
}

function windowAlone({ frames, width, height }: { frames: number; width: number; height: number }) {
  return window.gpuFrames.windowAlone(frames, width, height);
}

function firstOfPeer({ scenes, width, height, slices: count }: Asked & { readonly slices: number }) {
  return window.volumePeer.first(count, scenes[0]!, width, height).ms;
}

function peerFrames({ scenes, width, height }: Asked): Promise<number[]> {
  return window.volumePeer.turn(scenes, width, height);
}

function sceneOf(preset: string, turnRad: number, aspect: number): VolumeScene {
  const { size, spacing: s, origin: o } = benchGeometry(slices);
  const patientFromIndex = [s[0], 0, 0, o[0], 0, s[1], 0, o[1], 0, 0, s[2], o[2], 0, 0, 0, 1] as const;
  const camera = fitCamera({ size, patientFromIndex }, 'A', aspect);
  return {
    kind: 'volume',
    camera: orbit(camera, camera.focalPoint, turnRad, 0.25),
    ...presetPart(volumePreset(preset)!),
    background: [0, 0, 0],
    stepMm: 0.75,
  };
}
