import { type Problem, problem } from '../../../../core/base/problem.ts';
import { fail, ok, type Result } from '../../../../core/base/result.ts';
import { maskPieceBytes } from '../../../../core/contract/masks.ts';
import type { Client } from '../../../app/transport/client.ts';
import type { MaskState } from './mask-state.ts';
import { MaskVoxels } from './mask-voxels.ts';

/** Steps of undo keep their voxels over a restart as far as these bytes go, the latest first. */
const historyMostBytes = 64 * 2 ** 20;

/** What a state of the page says of masks. */
interface Step {
  readonly masks: Pick<MaskState, 'layers'>;
}

interface KeptStepsOf<S extends Step> {
  readonly now: S;
  readonly past: readonly S[];
  readonly future: readonly S[];
}
export type KeptSteps = KeptStepsOf<Step>;

const namesOf = ({ masks }: Step): readonly string[] => masks.layers.map(({ voxelsId }) => voxelsId);

const base64Of = (bytes: Uint8Array): string => {
  let text = '';
  for (let at = 0; at < bytes.length; at += 0x8000)
    text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
};

/** Voxels of a study's masks: in memory, and at the host. What is there is always there whole. */
export class StudyMasks {
  readonly voxels = new MaskVoxels(() => crypto.randomUUID());
  private readonly client: Pick<Client, 'call' | 'fetchBytes'>;
  private readonly studyKey: string;
  /** Names that the host has, with their bytes. */
  private readonly atHost = new Map<string, number>();
  private readonly fetching = new Map<string, Promise<Problem | null>>();

  constructor(client: Pick<Client, 'call' | 'fetchBytes'>, studyKey: string) {
    this.client = client;
    this.studyKey = studyKey;
  }

  /** Asks the host what it has; steps of undo whose voxels are gone are cut off. */
  async begin<S extends Step, T extends KeptStepsOf<S>>(kept: T): Promise<T> {
    if (![kept.now, ...kept.past, ...kept.future].some(({ masks }) => masks.layers.length > 0)) return kept;
    const answer = await this.client.call('masks.list', { studyKey: this.studyKey });
    if (answer.ok) for (const { maskId, sizeBytes } of answer.value.masks) this.atHost.set(maskId, sizeBytes);
    const isThere = (step: Step): boolean => namesOf(step).every((name) => this.atHost.has(name));
    const firstGood = kept.past.findLastIndex((step) => !isThere(step)) + 1;
    const firstBad = kept.future.findIndex((step) => !isThere(step));
    return {
      ...kept,
      past: kept.past.slice(firstGood),
      future: firstBad < 0 ? kept.future : kept.future.slice(0, firstBad),
    };
  }

  /** Null once the voxels are in memory, else why they cannot be had. */
  fetch(name: string): Promise<Problem | null> {
    if (this.voxels.has(name)) return Promise.resolve(null);
    const running = this.fetching.get(name);
    if (running) return running;
    const begun = this.load(name).finally(() => this.fetching.delete(name));
    this.fetching.set(name, begun);
    return begun;
  }

  private async load(name: string): Promise<Problem | null> {
    try {
      const path = `/mask/${encodeURIComponent(this.studyKey)}?id=${name}`;
      const response = await this.client.fetchBytes(path);
      if (!response.ok) return problem('MASK_DAMAGED');
      const restored = this.voxels.restore(name, new Uint8Array(await response.arrayBuffer()));
      return restored.ok ? null : restored.problem;
    } catch {
      return problem('IO_ERROR');
    }
  }

  /** Before a state is kept: its voxels are durable first. */
  async saveFor(kept: KeptSteps): Promise<Result<null>> {
    for (const name of namesOf(kept.now)) {
      const failed = await this.save(name);
      if (failed) return fail(failed);
    }
    await this.saveSteps(kept);
    return ok(null);
  }

  private async saveSteps({ past, future }: KeptSteps): Promise<void> {
    let left = historyMostBytes;
    for (const step of [...past.toReversed(), ...future])
      for (const name of namesOf(step)) {
        const kept = this.atHost.get(name);
        const bytes = kept === undefined ? this.voxels.bytesOf(name) : null;
        left -= kept ?? bytes?.length ?? 0;
        if (left < 0 || (bytes && (await this.send(name, bytes)))) return;
      }
  }

  /** Voxels of a state that are in memory alone: they would go with the page. */
  hasUnsaved({ masks }: Step): boolean {
    return masks.layers.some(({ voxelsId }) => this.voxels.has(voxelsId) && !this.atHost.has(voxelsId));
  }

  /** After a state was kept: what nothing refers to goes. */
  async tidy({ now, past, future }: KeptSteps): Promise<void> {
    const used = new Set([now, ...past, ...future].flatMap(namesOf));
    this.voxels.keepOnly(used);
    const maskIds = [...this.atHost.keys()].filter((name) => !used.has(name));
    if (maskIds.length === 0) return;
    for (const name of maskIds) this.atHost.delete(name);
    await this.client.call('masks.remove', { studyKey: this.studyKey, maskIds: maskIds.slice(0, 1000) });
  }

  private async save(name: string): Promise<Problem | null> {
    if (this.atHost.has(name)) return null;
    const bytes = this.voxels.bytesOf(name);
    // Voxels that were lost before cannot be saved: their layer says so.
    return bytes ? this.send(name, bytes) : null;
  }

  private async send(name: string, bytes: Uint8Array): Promise<Problem | null> {
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new Uint8Array(bytes)));
    const sha256 = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
    for (let fromByte = 0; fromByte < bytes.length; fromByte += maskPieceBytes) {
      const answer = await this.client.call('masks.save', {
        studyKey: this.studyKey,
        maskId: name,
        sha256,
        sizeBytes: bytes.length,
        fromByte,
        piece: base64Of(bytes.subarray(fromByte, fromByte + maskPieceBytes)),
      });
      if (!answer.ok) return answer.problem;
      if (answer.value.isWhole) break;
    }
    this.atHost.set(name, bytes.length);
    return null;
  }
}
