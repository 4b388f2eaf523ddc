import { maskProblem } from '../../../../core/analysis/mask/mask.ts';
import { packVoxels, unpackVoxels } from '../../../../core/analysis/mask/mask-file.ts';
import { applyDelta, decodeMask, encodeMask, maskDelta } from '../../../../core/analysis/mask/run-length.ts';
import type { VoxelMask } from '../../../../core/analysis/types.ts';
import { ok, type Result } from '../../../../core/base/result.ts';
import type { Vec3 } from '../../../../core/geometry/types.ts';

/** Voxels under one name: run lengths of their own, or of where they differ from another name's. */
type Version =
  | { readonly kind: 'whole'; readonly size: Vec3; readonly runs: Uint8Array }
  | { readonly kind: 'delta'; readonly size: Vec3; readonly base: string; readonly delta: Uint8Array };

/** Steps from one whole version to the farthest that is told by differences. */
const chainMost = 24;
/** Decoded masks that stay: a bit a voxel each. */
const decodedMost = 5;

/**
 * The voxels of a study's masks, one entry for every state that a layer has had: never changed, so that undo is
 * another name. Small changes are kept as differences.
 */
export class MaskVoxels {
  private readonly versions = new Map<string, Version>();
  private readonly decoded = new Map<string, VoxelMask>();
  private readonly newId: () => string;

  constructor(newId: () => string) {
    this.newId = newId;
  }

  has(id: string): boolean {
    return this.versions.has(id);
  }

  /** Takes up new voxels; with `base`, as the difference to these where that is smaller. `runs` saves coding them. */
  add(mask: VoxelMask, base?: string, runs?: Uint8Array): string {
    const id = this.newId();
    const before = base === undefined ? null : this.maskOf(base);
    const isShort = base !== undefined && this.chainLength(base) < chainMost;
    if (base !== undefined && isShort && before && !maskProblem(before, mask.size))
      this.versions.set(id, { kind: 'delta', size: mask.size, base, delta: maskDelta(before, mask) });
    else this.versions.set(id, { kind: 'whole', size: mask.size, runs: runs ?? encodeMask(mask) });
    this.remember(id, mask);
    return id;
  }

  /** Takes up voxels that were kept. Problem: MASK_DAMAGED. */
  restore(id: string, bytes: Uint8Array): Result<Vec3> {
    const read = unpackVoxels(bytes);
    if (!read.ok) return read;
    const { mask, runs } = read.value;
    this.versions.set(id, { kind: 'whole', size: mask.size, runs });
    this.remember(id, mask);
    return ok(mask.size);
  }

  /** Null where the name is unknown. */
  maskOf(id: string): VoxelMask | null {
    const had = this.decoded.get(id);
    if (had) {
      this.remember(id, had);
      return had;
    }
    const version = this.versions.get(id);
    if (!version) return null;
    const made = this.decode(version);
    if (made) this.remember(id, made);
    return made;
  }

  /** As the host keeps them; null where the name is unknown. */
  bytesOf(id: string): Uint8Array | null {
    const version = this.versions.get(id);
    if (!version) return null;
    if (version.kind === 'whole') return packVoxels(version.size, version.runs);
    const mask = this.maskOf(id);
    return mask && packVoxels(mask.size, encodeMask(mask));
  }

  /** Forgets everything but these, and what they are told by. */
  keepOnly(ids: Iterable<string>): void {
    const kept = new Set<string>();
    for (const id of ids) {
      for (let at: string | undefined = id; at !== undefined && !kept.has(at); ) {
        kept.add(at);
        const version: Version | undefined = this.versions.get(at);
        at = version?.kind === 'delta' ? version.base : undefined;
      }
    }
    for (const id of [...this.versions.keys()]) if (!kept.has(id)) this.versions.delete(id);
    for (const id of [...this.decoded.keys()]) if (!kept.has(id)) this.decoded.delete(id);
  }

  private decode(version: Version): VoxelMask | null {
    if (version.kind === 'whole') {
      const whole = decodeMask(version.size, version.runs);
      return whole.ok ? whole.value : null;
    }
    const base = this.maskOf(version.base);
    const made = base && applyDelta(base, version.delta);
    return made?.ok ? made.value : null;
  }

  private chainLength(id: string): number {
    let length = 0;
    let version = this.versions.get(id);
    while (version?.kind === 'delta') {
      length += 1;
      version = this.versions.get(version.base);
    }
    return length;
  }

  private remember(id: string, mask: VoxelMask): void {
    this.decoded.delete(id);
    this.decoded.set(id, mask);
    for (const old of this.decoded.keys()) {
      if (this.decoded.size <= decodedMost) break;
      this.decoded.delete(old);
    }
  }
}
