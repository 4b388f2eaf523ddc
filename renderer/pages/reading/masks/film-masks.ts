import type { CallInput } from '../../../../core/contract/index.ts';
import type { ReadingSession } from '../session/reading-session.ts';
import { ghostOpacity, layersOf } from './mask-board.ts';

/** The masks on screen as the host takes them for a film or a picture of 3D; they are kept there first. */
export async function filmMasks(session: ReadingSession): Promise<Pick<CallInput<'series.film'>, 'masks'>> {
  const stack = session.mprStack();
  const { masks, studyKey } = session.state;
  const size = stack?.group.regular?.size.join('×');
  const items = stack ? layersOf(masks, stack.plan.seriesKey, stack.group.id) : [];
  const visible = items.filter((item) => item.visible && item.size.join('×') === size);
  if (visible.length === 0) return {};
  await session.flush();
  const isShown = ({ role }: (typeof visible)[number]): boolean => role === 'shown' || masks.showsRemoved;
  return {
    masks: {
      studyKey,
      shown: visible.filter(isShown).map(({ voxelsId, colour, opacity, role }) => ({
        maskId: voxelsId,
        colour: [colour[0], colour[1], colour[2]],
        opacity: role === 'shown' ? opacity : ghostOpacity,
      })),
      removed: visible.filter((item) => !isShown(item)).map(({ voxelsId }) => voxelsId),
    },
  };
}
