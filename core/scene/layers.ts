import type { Vec3 } from '../geometry/types.ts';

/**
 * Masks as a scene names them. The voxels are kept apart, one label each (0 = none, n = the layer of index
 * n); the scene says what a label means. Layers that a scene does not name are not shown and remove nothing.
 */
export interface SceneLayer {
  /** 1…255, the label of its voxels. */
  readonly index: number;
  /** `removed` voxels are not shown in 3D; a `shown` layer is tinted in planes and 3D. */
  readonly role: 'removed' | 'shown';
  /** r, g, b each 0…255. */
  readonly colour: Vec3;
  /** 0…1: how much of the picture a fill hides in planes; factor on the opacity in 3D. */
  readonly opacity: number;
}

/** What a label means to the kernels and to the shader. */
export const roleCodes = { none: 0, removed: 1, shown: 2 } as const;

const isLabel = (index: number): boolean => Number.isInteger(index) && index > 0 && index < 256;

/** Of each of 256 labels, its role's code; of layers with the same index the last counts. */
export function rolesOf(layers: readonly SceneLayer[]): Uint8Array {
  const roles = new Uint8Array(256);
  for (const { index, role } of layers) if (isLabel(index)) roles[index] = roleCodes[role];
  return roles;
}

/**
 * Of each of 256 labels five numbers: r, g, b (0…1, times the share), the share of the layer's own colour
 * (0 or 1), and the factor on the opacity. Labels without a shown layer change nothing: 0, 0, 0, 0, 1.
 */
export function tintsOf(layers: readonly SceneLayer[]): Float32Array {
  const tints = new Float32Array(256 * 5);
  for (let label = 0; label < 256; label += 1) tints[label * 5 + 4] = 1;
  for (const { index, role, colour, opacity } of layers) {
    if (!isLabel(index)) continue;
    const factor = Math.min(Math.max(opacity, 0), 1);
    const tint = role === 'shown' ? [...colour.map((c) => c / 255), 1, factor] : [0, 0, 0, 0, 1];
    tints.set(tint, index * 5);
  }
  return tints;
}

export const hasRole = (layers: readonly SceneLayer[] | undefined, role: SceneLayer['role']): boolean =>
  layers?.some((layer) => layer.role === role && isLabel(layer.index)) ?? false;
