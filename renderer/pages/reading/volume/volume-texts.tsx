import { spacingMm } from '../../../../core/geometry/matrices.ts';
import { fixed, shortStep } from '../../../../core/measure/format.ts';
import { halfHeightMm } from '../../../../core/scene/camera.ts';
import { volumePreset } from '../../../../core/scene/presets.ts';
import type { VolumeScene } from '../../../../core/scene/types.ts';
import { useApp } from '../../../app/app-store.ts';
import { useLanguage } from '../../../app/language.ts';
import { shiftSteps } from '../../../panels/volume3d/shift-steps.ts';
import { fusedBadge, planeBadges, reducedBadge, seriesBadges } from '../../../viewport/badges.ts';
import { fusedName, whereText, whoText } from '../../../viewport/corner-texts.ts';
import { PictureTexts } from '../../../viewport/picture-texts.tsx';
import type { OpenStack } from '../../../volumes/open-stack.ts';
import { lacksMask } from '../masks/preset-masks.ts';
import type { MprView } from '../mpr/mpr-view.ts';
import { explainVerdict } from '../session/page-actions.ts';
import type { ReadingSession } from '../session/reading-session.ts';
import { useReading, useWords } from '../use-words.ts';
import { ownPresetShown } from './own-presets.ts';
import { shownNumbers, shownWindow } from './projection-window.ts';

interface VolumeTextsProps {
  readonly session: ReadingSession;
  readonly view: MprView;
  readonly stack: OpenStack;
  readonly scene: VolumeScene;
  readonly reduced: number;
  /** The second series, where it lies over the picture. */
  readonly fused: OpenStack | null;
}

/** Corner texts and badges of a 3D picture: both series where there are two. */
export function VolumeTexts({ session, view, stack, scene, reduced, fused }: VolumeTextsProps) {
  const words = useWords();
  const language = useLanguage();
  const privacy = useApp((s) => s.settings.privacy);
  const amount = useApp((s) => s.settings.pictureTexts);
  const attributes = stack.info(Math.floor(stack.count / 2))?.attributes ?? stack.plan.common;
  const preset = volumePreset(view.presetId);
  const presetName = language === 'zh-CN' ? preset?.zh : preset?.en;
  // A picture with a transfer function of the reader's own is not what its preset shows elsewhere.
  const isEdited = view.look.transfer !== null;
  const own = useApp((s) => ownPresetShown(s.settings.ownPresets, view));
  const edited = isEdited ? words('reading.presetEdited', { preset: presetName ?? '' }) : (presetName ?? '');
  const shownName = own?.name ?? edited;
  const fine = Math.min(...spacingMm(view.geometry.patientFromIndex));
  const fitHalf =
    Math.max(...view.geometry.size.map((n, a) => n * spacingMm(view.geometry.patientFromIndex)[a]!)) / 2;
  const zoomPercent = String(Math.round((fitHalf / halfHeightMm(view.camera)) * 100));
  const isBare = useReading(session, (s) => lacksMask(s, stack.group.id) && s.mpr?.look.transfer === null);
  const window = shownWindow(scene);
  const numbers = window && shownNumbers(window);
  const shifted =
    `${fixed(view.shift, shiftSteps(stack.unit, stack.range.range()).digits)} ${stack.unit}`.trim();
  return (
    <PictureTexts
      amount={amount}
      who={whoText(language, attributes, { charsetGuess: stack.plan.charsetGuess !== undefined, privacy })}
      where={whereText(language, attributes)}
      shown={[
        words('reading.shiftText', { preset: isBare ? `${presetName} · MinIP` : shownName, n: shifted }),
        ...(numbers ? [words('reading.windowText', { ...numbers })] : []),
        words(`reading.${view.camera.lens.kind}`, { n: zoomPercent }),
        ...(scene.clipPlanes ? [words('reading.clipped')] : []),
        ...(fused && view.fusion
          ? [
              words('reading.fusionText3d', {
                name: fusedName(fused),
                percent: String(Math.round(view.fusion.opacity * 100)),
              }),
            ]
          : []),
      ]}
      taken={[
        words('reading.volumeRendering'),
        words('reading.resampledTo', { mm: shortStep(fine * reduced) }),
      ]}
      badges={[
        ...seriesBadges(stack),
        ...planeBadges(stack, false),
        ...reducedBadge(reduced),
        ...fusedBadge(fused),
      ]}
      letters={null}
      bar={null}
      onExplain={({ id }) => explainVerdict(session, id === 'fused' && fused ? fused : stack)}
    />
  );
}
