import { problem } from '../../../../core/base/problem.ts';
import { sceneToJson } from '../../../../core/scene/scene-json.ts';
import type { VolumeScene } from '../../../../core/scene/types.ts';
import { readingTerms } from '../../../../core/terms/reading.ts';
import { client } from '../../../app/client.ts';
import { showMessage, showProblem, words } from '../../../app/messages.ts';
import { fusedFilm } from '../fusion/fusion.ts';
import { layersOf } from '../masks/mask-board.ts';
import { pictureScene } from '../masks/picture-scene.ts';
import type { ReadingSession } from '../session/reading-session.ts';

/** 3D as it is on screen, without its masks: their voxels are in the study. Null without a volume. */
export function sceneOnScreen(session: ReadingSession): VolumeScene | null {
  const scene = pictureScene(session);
  const second = scene && fusedFilm(session);
  return scene && { ...scene, ...(second && { fusion: second.layer }) };
}

/** What `candela render --scene` and `turntable --scene` draw. Says where masks are on screen, which it has none of. */
export async function saveScene(session: ReadingSession): Promise<void> {
  const stack = session.mprStack();
  const scene = sceneOnScreen(session);
  if (!stack || !scene) return;
  const { masks, studyKey } = session.state;
  const name = `Candela Se${stack.plan.common.SeriesNumber ?? 0} 3D scene.json`;
  const text = `${JSON.stringify(sceneToJson(scene), null, 1)}\n`;
  try {
    await client().saveFile(name, new Blob([text], { type: 'application/json' }));
  } catch {
    showProblem(problem('IO_ERROR'));
    return;
  }
  const hasMasks = layersOf(masks, stack.plan.seriesKey, stack.group.id).some(({ visible }) => visible);
  if (hasMasks)
    showMessage({ tone: 'warn', ofStudy: studyKey, text: words(readingTerms['reading.sceneNoMasks']) });
}
