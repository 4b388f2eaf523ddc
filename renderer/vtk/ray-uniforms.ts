import type { RaycastRequest, RayField, WindowRequest } from '../../core/render/types.ts';
import { runningSums, visibleRanks } from '../../native/kernels.ts';
import type { LeapTexture } from './leap-grid.ts';
import type { MaskTexture } from './mask-texture.ts';

/** What the shader draws: the ray caster's request, and the window of a projection. */
export interface RayPicture {
  readonly request: RaycastRequest;
  readonly window: WindowRequest;
  /** Stored values below are "no data"; −∞ where every voxel holds some. */
  readonly missingBelow: number;
  /** Where the request has masks: their voxels. */
  readonly maskTexture?: MaskTexture;
  /** What rays may leave out. */
  readonly leapTexture: LeapTexture;
}

/** A texture of float quadruples, 1,024 wide, and one of a row of floats. */
export interface RayTable {
  readonly data: Float32Array;
  readonly height: number;
  readonly ranks: Float32Array;
}

export const tableWidth = 1024;
const clipPlanesMost = 8;
const modes = { composite: 0, mip: 1, minip: 2, mean: 3 } as const;
const windowKinds = { linear: 0, sigmoid: 1, table: 2 } as const;

/** Rows before that of the layers' tints. */
const rowsBefore = ({ request, window }: RayPicture): number =>
  request.mode === 'composite' ? 3 : Math.ceil((window.table?.length ?? 1) / tableWidth);

/**
 * Rows: transfer function, its running sums, factors by gradient; of projections a window table's grey levels 0…1
 * instead. With layers, last their tints and from 256 on their factors.
 */
export function rayTable(picture: RayPicture): RayTable {
  const { request, window } = picture;
  const tintRow = rowsBefore(picture);
  const height = tintRow + (request.mask ? 1 : 0);
  const data = new Float32Array(tableWidth * 4 * height);
  for (let label = 0; request.mask && label < 256; label += 1) {
    const tint = request.mask.table.subarray(label * 5, label * 5 + 5);
    data.set(tint.subarray(0, 4), (tableWidth * tintRow + label) * 4);
    data[(tableWidth * tintRow + 256 + label) * 4] = tint[4] ?? 1;
  }
  if (request.mode === 'composite') writeTransfer(data, request);
  else
    window.table?.forEach((word, n) => {
      data[n * 4] = (word & 255) / 255;
    });
  const ranks = new Float32Array(tableWidth);
  if (request.transfer) ranks.set(visibleRanks(request.transfer.direct));
  return { data, height, ranks };
}

function writeTransfer(data: Float32Array, request: RaycastRequest): void {
  const direct = request.transfer?.direct ?? new Float32Array(4);
  data.set(direct);
  data.set(runningSums(direct), tableWidth * 4);
  request.gradientFactors?.values.forEach((factor, n) => {
    data[(tableWidth * 2 + n) * 4] = factor;
  });
}

const vectors = ({ at, perColumn, perRow }: RayField): number[] => [...at, ...perColumn, ...perRow];

/** What the shader of a picture is compiled for, by name. */
export function rayConstants({ request: r, window, missingBelow }: RayPicture): Record<string, number> {
  return {
    mode: modes[r.mode],
    hasHoles: missingBelow > -Infinity ? 1 : 0,
    isNearest: r.interpolation === 'nearest' ? 1 : 0,
    isShaded: r.shading ? 1 : 0,
    hasGradient: r.gradientFactors ? 1 : 0,
    windowKind: windowKinds[window.kind],
  };
}

/** The shader's uniforms by name: whole numbers, floats, and vectors of three or four. */
export interface RayUniforms {
  readonly whole: Readonly<Record<string, number>>;
  readonly float: Readonly<Record<string, number>>;
  readonly three: Readonly<Record<string, readonly number[]>>;
  readonly four: Readonly<Record<string, readonly number[]>>;
  /** Places of the transfer table between which anything shows. */
  readonly visiblePlaces: readonly [number, number];
  /** Column-major. */
  readonly normalFromGradient: readonly number[];
}

/** As native/raycast/transfer.as.ts: one place beyond the first and last visible entries, or for ever. */
function visibleOf(direct: Float32Array): readonly [number, number] {
  const extinctions = direct.filter((_, n) => n % 4 === 3);
  const first = extinctions.findIndex((tau) => tau > 0);
  const end = extinctions.findLastIndex((tau) => tau > 0);
  return [first === 0 ? -1e9 : first - 1, end === extinctions.length - 1 ? 1e9 : end + 1];
}

export function rayUniforms(picture: RayPicture): RayUniforms {
  const { request: r, window, missingBelow } = picture;
  const { transfer, shading, depthCue, gradientFactors, body, clipPlanes = [] } = r;
  const m = r.normalFromGradient;
  const lastLevel = (window.table?.length ?? 1) - 1;
  return {
    whole: {
      isJittered: r.jittered ? 1 : 0,
      ...(r.mask && {
        removes: r.mask.removes ? 1 : 0,
        tints: r.mask.tints ? 1 : 0,
        tintRow: rowsBefore(picture),
      }),
      bodyVoxelsI: body?.voxels[0] ?? 1,
      bodyVoxelsJ: body?.voxels[1] ?? 1,
      bodyStrideI: body?.voxelStrides[0] ?? 1,
      bodyStrideJ: body?.voxelStrides[1] ?? 1,
      clipCount: Math.min(clipPlanes.length, clipPlanesMost),
    },
    float: {
      missingBelow: Math.max(missingBelow, -1e38),
      pictureHeight: r.height,
      stepMm: r.stepMm,
      nearMm: r.nearMm,
      opaqueBelow: r.opaqueBelow,
      leastCounted: r.leastCounted ?? -1e38,
      bodySamples: body?.samples ?? 0,
      bodyEndSamples: body?.endSamples ?? 1,
      bodyStride: body?.stride ?? 1,
      leastTissue: body?.leastTissue ?? 0,
      leastInside: body?.leastInside ?? 0,
      tableLo: transfer?.lo ?? 0,
      tableScale: transfer?.scale ?? 1,
      tableLast: transfer ? transfer.direct.length / 4 - 1 : lastLevel,
      gradientScale: gradientFactors?.scale ?? 0,
      gradientLast: (gradientFactors?.values.length ?? 1) - 1,
      slope: r.volume.slope,
      intercept: r.volume.intercept,
      gain: window.gain,
      bias: window.bias,
      sigmoidSign: window.sign,
    },
    three: {
      volumeSize: r.volume.size,
      boxLo: r.box.lo,
      boxHi: r.box.hi,
      background: r.background,
      depthCue: depthCue ? [depthCue.fromMm, depthCue.perMm, depthCue.least] : [0, 0, 1],
      rayOrigin: vectors(r.origin),
      rayIndex: vectors(r.directionIndex),
      rayMm: vectors(r.directionMm),
    },
    four: {
      shading: shading ? [shading.ambient, shading.diffuse, shading.specular, shading.power] : [1, 0, 0, 1],
      clipPlanes: [...clipPlanes.slice(0, clipPlanesMost).flat(), ...Array(clipPlanesMost * 4).fill(0)].slice(
        0,
        clipPlanesMost * 4,
      ),
    },
    visiblePlaces: visibleOf(transfer?.direct ?? new Float32Array(4)),
    normalFromGradient: [0, 1, 2].flatMap((column) => [m[column]!, m[3 + column]!, m[6 + column]!]),
  };
}
