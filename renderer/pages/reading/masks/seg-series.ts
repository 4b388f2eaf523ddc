import { problem } from '../../../../core/base/problem.ts';
import { maskName } from '../../../../core/terms/mask.ts';
import { useApp } from '../../../app/app-store.ts';
import { client } from '../../../app/client.ts';
import { showJob } from '../../../app/jobs.ts';
import { showProblem } from '../../../app/messages.ts';
import { tellSeries } from '../mpr/series-made.ts';
import type { ReadingSession } from '../session/reading-session.ts';
import { layersOf } from './mask-board.ts';
import { maskMaker } from './mask-maker.ts';
import { layerName } from './mask-name.ts';
import type { MaskItem } from './mask-state.ts';

/** Names that a program gives by itself, and those that a hand has drawn. */
const automatic = new Set(['table', 'bones', 'lungs', 'airways', 'airwaysOutside']);
const algorithmOf = ({ nameId }: MaskItem): 'AUTOMATIC' | 'SEMIAUTOMATIC' | 'MANUAL' => {
  if (nameId === 'painting') return 'MANUAL';
  return nameId !== null && automatic.has(nameId) ? 'AUTOMATIC' : 'SEMIAUTOMATIC';
};

/** Stores the visible layers of the volume as a series; the jobs panel shows how far it is. */
export async function saveSegSeries(session: ReadingSession): Promise<void> {
  const stack = session.mprStack();
  if (!stack) return;
  const { language } = useApp.getState();
  const { studyKey, masks, series } = session.state;
  const items = layersOf(masks, stack.plan.seriesKey, stack.group.id).filter(({ visible }) => visible);
  // The host makes the object of the masks that it keeps.
  await session.flush();
  const before = new Set(series.map((row) => row.seriesKey));
  const started = await client().call('masks.toSeries', {
    studyKey,
    seriesKey: stack.plan.seriesKey,
    groupId: stack.group.id,
    segments: items.map((item) => ({
      maskId: item.voxelsId,
      label: layerName(item, language).slice(0, 64),
      nameId: maskName(item.nameId)?.id ?? null,
      colour: [item.colour[0], item.colour[1], item.colour[2]],
      algorithm: algorithmOf(item),
    })),
  });
  if (!started.ok) {
    showProblem(started.problem);
    return;
  }
  showJob(started.value.jobId, (job) => void tellSeries(session, job, before));
}

/** Reads a Segmentation series of the study into layers of the volume on screen. */
export async function readSegSeries(session: ReadingSession, seriesKey: string): Promise<void> {
  const stack = session.mprStack();
  if (!stack) return;
  const maker = maskMaker(session);
  const plan = await client().call('series.plan', { seriesKey });
  if (!plan.ok) return maker.fail(plan.problem);
  for (const { instanceKey } of plan.value.instances) {
    const bytes = await fileOf(instanceKey);
    if (!bytes) return maker.fail(problem('FILE_MISSING'));
    const found = await maker.run('seg', 'readSeg', {
      bytes,
      frameOfReferenceUID: stack.plan.common.FrameOfReferenceUID ?? '',
      sliceOfInstance: sliceOfInstance(session),
    });
    if (!found) return;
    maker.addRead(
      found.layers.map((layer) => ({
        ...{ mask: layer.mask, runs: layer.runs, volume: layer.volume, nameId: layer.nameId },
        customName: isOwnName(layer.nameId, layer.label) ? layer.label.slice(0, 64) : '',
        ...(layer.colour && { colour: layer.colour }),
      })),
    );
    const [told] = found.problems;
    if (told) maker.fail(told);
  }
}

/** A label that says more than the name of the table. */
function isOwnName(nameId: string | null, label: string): boolean {
  const name = maskName(nameId);
  return label !== '' && label !== name?.zh && label !== name?.en;
}

async function fileOf(instanceKey: string): Promise<Uint8Array | null> {
  try {
    const path = `/instance/${encodeURIComponent(instanceKey)}?for=view`;
    const response = await client().fetchBytes(path);
    return response.ok ? new Uint8Array(await response.arrayBuffer()) : null;
  } catch {
    return null;
  }
}

/** Slice of the regular grid for each acquired image, where they are the same. */
function sliceOfInstance(session: ReadingSession): ReadonlyMap<string, number> {
  const stack = session.mprStack();
  const slices = new Map<string, number>();
  if (!stack || stack.group.resampleK) return slices;
  for (let k = 0; k < stack.count; k += 1) {
    const uid = stack.info(k)?.instance.sopInstanceUID;
    if (uid) slices.set(uid, k);
  }
  return slices;
}
