/** Frame rates of a turning volume on a graphics card, beside plain vtk.js; not measured where there is none. */
import { join } from 'node:path';
import { fitCamera, orbit } from '../../core/scene/camera.ts';
import { presetPart, volumePreset } from '../../core/scene/presets.ts';
import type { VolumeScene } from '../../core/scene/types.ts';
import { type Figure, median, notMeasured } from './figure.ts';
import { type PeerRounds, peerFigure } from './peers/ratio.ts';
import { withPeerPage, withPeerServer } from './peers/serve.ts';
import { benchGeometry } from './peers/voxels.ts';
import type { PlainPage } from './plain-chromium.ts';
import { withScratch } from './scratch.ts';

const slices = 300;
const rounds = 3;
const frames = 30;
const screens = [
  { name: '1080p', width: 1920, height: 1080 },
  { name: '4K', width: 3840, height: 2160 },
] as const;

export const run = (): Promise<Figure[]> =>
  withScratch((scratch) =>
    withCardPage(scratch, 'gpu-frames', async (own) => {
      const card = await own.evaluate(() => window.gpuFrames.card());
      if (card.isSoftware) return [notMeasured('gpu.frames', `no graphics card: ${card.device}`)];
      await own.evaluate((n: number) => window.gpuFrames.makeVolume(n), slices);
      return withCardPage(scratch, 'vtk-volume', (vtk) => compare(own, vtk, card.device));
    }),
  );

const withCardPage = <T>(scratch: string, entry: string, work: (page: PlainPage) => Promise<T>): Promise<T> =>
  withPeerServer(scratch, entry, {}, (server) =>
    withPeerPage(join(scratch, `profile-${entry}`), server, work, 'card'),
  );

async function compare(own: PlainPage, vtk: PlainPage, device: string): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const { name, width, height } of screens) {
    const scenes = Array.from({ length: frames }, (_, n) =>
      sceneOf((2 * Math.PI * n) / frames, width / height),
    );
    await vtk.evaluate(firstOfPeer, { scenes, width, height, slices });
    const ms: PeerRounds = { ours: [], theirs: [] };
    let drawnWidth = 0;
    for (let round = 0; round <= rounds; round++) {
      const turned = await own.evaluate(ownFrames, { scenes, width, height });
      const theirs = median(await vtk.evaluate(peerFrames, { scenes, width, height }));
      if (round === 0) continue;
      ms.ours.push(median(turned.ms));
      drawnWidth = turned.drawnWidth;
      ms.theirs.push(theirs);
    }
    const figure = peerFigure(
      `gpu.frames ${name}, drawn ${drawnWidth} wide, ${device}`,
      'ms/frame',
      `vtk.js, ${name}`,
      ms,
      1,
    );
    const rate = Math.round(1000 / median(ms.ours));
    const isFast = name !== '4K' || rate >= 60;
    const goal =
      name === '4K' ? `${figure.goal} and ≥ 60 frames/s (${rate})` : `${figure.goal} (${rate} frames/s)`;
    figures.push({ ...figure, goal, met: figure.met && isFast });
  }
  return figures;
}

interface Asked {
  readonly scenes: VolumeScene[];
  readonly width: number;
  readonly height: number;
}

/** Runs in the page, as the two below. */
function ownFrames({ scenes, width, height }: Asked) {
  return window.gpuFrames.frames(scenes, width, height);
}

function firstOfPeer({ scenes, width, height, slices: count }: Asked & { readonly slices: number }) {
  return window.volumePeer.first(count, scenes[0]!, width, height).ms;
}

function peerFrames({ scenes, width, height }: Asked): number[] {
  return scenes.map((scene) => window.volumePeer.again(scene, width, height).ms);
}

function sceneOf(turnRad: number, aspect: number): VolumeScene {
  const { size, spacing: s, origin: o } = benchGeometry(slices);
  const patientFromIndex = [s[0], 0, 0, o[0], 0, s[1], 0, o[1], 0, 0, s[2], o[2], 0, 0, 0, 1] as const;
  const camera = fitCamera({ size, patientFromIndex }, 'A', aspect);
  return {
    kind: 'volume',
    camera: orbit(camera, camera.focalPoint, turnRad, 0.25),
    ...presetPart(volumePreset('bone')!),
    background: [0, 0, 0],
    stepMm: 0.75,
  };
}
