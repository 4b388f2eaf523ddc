import { maskProblem } from '../../../core/analysis/mask/mask.ts';
import { unpackVoxels } from '../../../core/analysis/mask/mask-file.ts';
import type { VoxelMask } from '../../../core/analysis/types.ts';
import { fail, ok, type Result } from '../../../core/base/result.ts';
import type { CallParsedInput } from '../../../core/contract/index.ts';
import type { Vec3 } from '../../../core/geometry/types.ts';
import { labelsOf, layersOfLabels, type PaintedMask } from '../../../core/render/mask-labels.ts';
import type { SceneLayer } from '../../../core/scene/layers.ts';
import { maskFolder, readMask } from '../masks/mask-files.ts';
import type { Services } from '../services.ts';

/** Masks of a 3D picture: one label a voxel, and what the labels mean. */
export interface FilmMasks {
  readonly labels: Uint8Array;
  readonly layers: readonly SceneLayer[];
}

/** Null where none are asked for. Problems: NOT_FOUND, MASK_DAMAGED, MASK_OTHER_VOLUME. */
export async function readFilmMasks(
  { folder }: Pick<Services, 'folder'>,
  { masks }: Pick<CallParsedInput<'series.film'>, 'masks'>,
  size: Vec3,
): Promise<Result<FilmMasks | null>> {
  if (!masks) return ok(null);
  const dir = maskFolder(folder, masks.studyKey);
  const voxelsOf = async (maskId: string): Promise<Result<VoxelMask>> => {
    const bytes = await readMask(dir, maskId);
    if (!bytes.ok) return bytes;
    const read = unpackVoxels(bytes.value);
    if (!read.ok) return read;
    const unlike = maskProblem(read.value.mask, size);
    return unlike ? fail(unlike) : ok(read.value.mask);
  };
  const shown: PaintedMask[] = [];
  for (const { maskId, colour, opacity } of masks.shown) {
    const mask = await voxelsOf(maskId);
    if (!mask.ok) return mask;
    shown.push({ mask: mask.value, colour, opacity });
  }
  const removed: VoxelMask[] = [];
  for (const maskId of masks.removed) {
    const mask = await voxelsOf(maskId);
    if (!mask.ok) return mask;
    removed.push(mask.value);
  }
  const set = { shown, removed };
  return ok({ labels: labelsOf(set, size), layers: layersOfLabels(set).layers });
}
