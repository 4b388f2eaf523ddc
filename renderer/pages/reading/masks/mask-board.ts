import { maskProblem } from '../../../../core/analysis/mask/mask.ts';
import type { VoxelMask } from '../../../../core/analysis/types.ts';
import { problem } from '../../../../core/base/problem.ts';
import type { Vec3 } from '../../../../core/geometry/types.ts';
import type { CpuRenderer } from '../../../../core/render/coordinator.ts';
import type { VoxelBox } from '../../../../core/render/labels.ts';
import {
  labelsOf,
  layersOfLabels,
  type MaskLabels,
  type PaintedMask,
  shownMost,
} from '../../../../core/render/mask-labels.ts';
import type { OpenStack } from '../../../volumes/open-stack.ts';
import type { ReadingSession } from '../session/reading-session.ts';
import { setMaskWork } from './mask-set.ts';
import type { MaskItem, MaskState } from './mask-state.ts';

/** A layer under the hand: its voxels change in place until the hand lets go. */
export interface MaskDraft {
  /** Null: a layer that does not exist yet. */
  readonly layerId: string | null;
  readonly mask: VoxelMask;
  readonly colour: Vec3;
}

const previewColour: Vec3 = [255, 214, 10];
const previewOpacity = 0.55;

/** How much a removed layer covers while it is shown nevertheless. */
export const ghostOpacity = 0.5;

interface Composed extends MaskLabels {
  /** The same voxels under the same labels have the same key. */
  readonly key: string;
}

/** Layers of a volume in the order in which they lie: shown ones, then those that take away. */
export function layersOf(
  { layers }: Pick<MaskState, 'layers'>,
  seriesKey: string,
  groupId: string,
): readonly MaskItem[] {
  const own = layers.filter((item) => item.seriesKey === seriesKey && item.groupId === groupId);
  return [...own.filter(({ role }) => role === 'shown'), ...own.filter(({ role }) => role === 'removed')];
}

/**
 * Brings the masks of the session to the pictures: one label a voxel for the renderers, what the labels mean for the
 * scenes. Makes labels anew when voxels or their order change, and only in a box while a hand paints.
 */
export class MaskBoard {
  private readonly session: ReadingSession;
  private stack: OpenStack | null = null;
  private renderer: CpuRenderer | null = null;
  private labels: Uint8Array | null = null;
  private masks: MaskLabels = { shown: [], removed: [] };
  private setFor: { readonly renderer: CpuRenderer; readonly key: string } | null = null;
  private draft: MaskDraft | null = null;

  constructor(session: ReadingSession) {
    this.session = session;
    session.store.subscribe((now, before) => {
      const isOther =
        now.masks !== before.masks || now.maskWork.threshold?.found !== before.maskWork.threshold?.found;
      if (isOther) this.refresh();
    });
  }

  /** A viewport shows the volume with this renderer. */
  attach(stack: OpenStack, renderer: CpuRenderer): void {
    if (this.stack === stack && this.renderer === renderer) return;
    if (this.stack !== stack) this.labels = null;
    this.stack = stack;
    this.renderer = renderer;
    this.refresh();
  }

  /** A hand begins to paint. */
  setDraft(draft: MaskDraft): void {
    this.draft = draft;
    this.refresh();
  }

  /** It lets go: `settle` brings its voxels into the state, or not. */
  endDraft(settle: () => void): void {
    this.draft = null;
    settle();
    this.refresh();
  }

  /** Voxels of the draft changed in a box. */
  paint(box: VoxelBox): void {
    const size = this.size();
    if (!this.labels || !size || !this.renderer) return;
    labelsOf(this.masks, size, this.labels, box);
    this.renderer.setLabels(this.labels, box);
    const { shown } = this.session.state.maskWork;
    if (!shown) return;
    const { layers, planeLayers } = shown;
    setMaskWork(this.session, {
      shown: { ...shown, layers: [...layers], planeLayers: [...planeLayers], changed: box },
    });
  }

  /** True where the n-th voxel is left out of 3D. */
  hidden(): (n: number) => boolean {
    const { labels } = this;
    const { shown } = this.session.state.maskWork;
    if (!labels || !shown) return () => false;
    const isRemoved = new Uint8Array(256);
    for (const { index, role } of shown.layers) if (role === 'removed') isRemoved[index] = 1;
    return (n) => isRemoved[labels[n]!] === 1;
  }

  private size(): Vec3 | null {
    return this.stack?.group.regular?.size ?? null;
  }

  private refresh(): void {
    const { stack, renderer } = this;
    const size = this.size();
    if (!stack || !renderer || !size) return;
    const { seriesKey } = stack.plan;
    const { masks, maskWork } = this.session.state;
    const composed = this.compose(layersOf(masks, seriesKey, stack.group.id), size);
    if (composed.shown.length + composed.removed.length === 0) {
      if (this.setFor) renderer.setLabels(null);
      this.setFor = null;
      this.labels = null;
      if (maskWork.shown) setMaskWork(this.session, { shown: null });
      return;
    }
    if (this.setFor?.key !== composed.key || this.setFor.renderer !== renderer) {
      this.masks = composed;
      this.labels = labelsOf(composed, size, this.labels ?? undefined);
      const isSet = renderer.setLabels(this.labels);
      if (!isSet) {
        setMaskWork(this.session, { shown: null, problem: problem('MASK_NO_MEMORY') });
        return;
      }
      this.setFor = { renderer, key: composed.key };
    }
    const shown = { seriesKey, groupId: stack.group.id, ...layersOfLabels(composed), changed: null };
    setMaskWork(this.session, { shown });
  }

  private compose(items: readonly MaskItem[], size: Vec3): Composed {
    const shown: PaintedMask[] = [];
    const removed: VoxelMask[] = [];
    const keys: string[] = [];
    const { showsRemoved } = this.session.state.masks;
    for (const item of items) {
      const isDraft = this.draft?.layerId === item.id;
      const mask = isDraft ? this.draft!.mask : this.voxelsOf(item);
      if (!mask || !item.visible || maskProblem(mask, size)) continue;
      const isGhost = item.role === 'removed' && showsRemoved;
      if (item.role === 'shown' || isGhost)
        shown.push({ mask, colour: item.colour, opacity: isGhost ? ghostOpacity : item.opacity });
      else removed.push(mask);
      keys.push(`${item.role} ${isGhost} ${isDraft ? `${item.id} draft` : item.voxelsId}`);
    }
    if (this.draft?.layerId === null) {
      shown.push({ mask: this.draft.mask, colour: this.draft.colour, opacity: 0.5 });
      keys.push('draft');
    }
    const preview = this.session.state.maskWork.threshold?.found?.mask;
    if (preview && !maskProblem(preview, size)) {
      shown.push({ mask: preview, colour: previewColour, opacity: previewOpacity });
      keys.push(this.previewKey(preview));
    }
    return { shown: shown.slice(-shownMost), removed, key: keys.join() };
  }

  private readonly previewKeys = new WeakMap<VoxelMask, string>();
  private previewCount = 0;
  private previewKey(mask: VoxelMask): string {
    const had = this.previewKeys.get(mask);
    if (had) return had;
    this.previewCount += 1;
    const made = `preview ${this.previewCount}`;
    this.previewKeys.set(mask, made);
    return made;
  }

  /** Null while they are fetched, and where they are lost. */
  private voxelsOf({ voxelsId }: MaskItem): VoxelMask | null {
    const { masks } = this.session;
    const had = masks.voxels.maskOf(voxelsId);
    if (had) return had;
    const { lost } = this.session.state.maskWork;
    if (!lost.includes(voxelsId))
      void masks.fetch(voxelsId).then((failed) => {
        const work = this.session.state.maskWork;
        if (failed) setMaskWork(this.session, { lost: [...work.lost, voxelsId] });
        else {
          setMaskWork(this.session, { fetched: work.fetched + 1 });
          this.refresh();
        }
      });
    return null;
  }
}

const kept = new WeakMap<ReadingSession, MaskBoard>();

export function maskBoard(session: ReadingSession): MaskBoard {
  const had = kept.get(session);
  if (had) return had;
  const made = new MaskBoard(session);
  kept.set(session, made);
  return made;
}
