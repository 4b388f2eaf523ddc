import { useCallback, useMemo, useState } from 'react';
import { edgeLetters, type PlaneName } from '../../../../core/geometry/orientation.ts';
import { fixed, mmDigits, shortStep } from '../../../../core/measure/format.ts';
import type { Frame } from '../../../../core/render/types.ts';
import { useApp } from '../../../app/app-store.ts';
import { useLanguage } from '../../../app/language.ts';
import { AnnotationLayer } from '../../../viewport/annotation-layer.tsx';
import { fusedBadge, planeBadges, seriesBadges } from '../../../viewport/badges.ts';
import { fusedName, techniqueText, whereText, whoText } from '../../../viewport/corner-texts.ts';
import { useGestures } from '../../../viewport/gestures.ts';
import { MaskLayer } from '../../../viewport/mask-layer.tsx';
import { PictureTexts } from '../../../viewport/picture-texts.tsx';
import { scaleBar } from '../../../viewport/scale-bar.ts';
import { windowNumbers, windowSetting } from '../../../viewport/windowing.ts';
import { imageNumber } from '../../../volumes/image-number.ts';
import type { OpenStack } from '../../../volumes/open-stack.ts';
import { LineLayer } from '../cpr/line-layer.tsx';
import { placedPicture } from '../cpr/plane-picture.ts';
import { FusedLayer } from '../fusion/fused-layer.tsx';
import { fusedStack } from '../fusion/fusion.ts';
import { LoadingBar } from '../loading-bar.tsx';
import { BrushRing } from '../masks/brush-ring.tsx';
import { useMaskLayers, withPlaneLayers } from '../masks/use-mask-layers.ts';
import { PhaseBar } from '../phases/phase-bar.tsx';
import { phaseGroups, phaseName } from '../phases/phases.ts';
import { volumeCells } from '../session/layouts.ts';
import { useMarks } from '../session/numbered-marks.ts';
import { explainVerdict } from '../session/page-actions.ts';
import type { ReadingSession } from '../session/reading-session.ts';
import { ProbeLine } from '../stack/stack-viewport.tsx';
import { useReading, useWords } from '../use-words.ts';
import { DrawingNote } from '../volume/drawing-note.tsx';
import { useVolumeCanvas } from '../volume/use-volume-canvas.ts';
import { BatchLayer } from './batch-layer.tsx';
import { Crosshair, planeColours } from './crosshair.tsx';
import { InterpolatedLayer } from './interpolated-layer.tsx';
import { type CrossPart, crossShape, isSamePart, overOf } from './mpr-cross.ts';
import { mprGestures } from './mpr-gestures.ts';
import {
  isAcquiredPlane,
  leastObliqueDeg,
  obliquityDeg,
  type PlacedPlane,
  placePlane,
  planeCalled,
  planeLocationMm,
  projectionOf,
  sliceScene,
} from './mpr-picture.ts';
import { isBetweenImages, sliceAt, slicesShown } from './mpr-slices.ts';
import { mprSurface } from './mpr-surface.ts';
import type { MprView } from './mpr-view.ts';
import { usePlaneRoom } from './plane-rooms.ts';
import { useSlice } from './use-slice.ts';

interface MprProps {
  readonly session: ReadingSession;
  readonly name: PlaneName;
}

/** One of the three linked planes. */
export function MprViewport({ session, name }: MprProps) {
  const view = useReading(session, (s) => s.mpr);
  const stack = session.mprStack();
  if (!view || !stack) return null;
  return <OpenMprViewport session={session} name={name} view={view} stack={stack} />;
}

function OpenMprViewport({
  session,
  name,
  view,
  stack,
}: MprProps & { readonly view: MprView; readonly stack: OpenStack }) {
  const tool = useReading(session, (s) => s.tool);
  const hasCrosshair = useReading(session, (s) => s.hasCrosshair);
  /** Where the phases are played from: one viewport of those on screen. */
  const isFirst = useReading(session, (s) => (s.isMaximised ? volumeCells[s.active] : 'axial') === name);
  const annotations = useMarks(session);
  const { box, canvas, size: measured, version, renderer } = useVolumeCanvas(stack);
  const size = usePlaneRoom(session, name, measured);
  const isFileInverted = session.isFileInverted(stack, 0);
  const placed = useMemo(() => placePlane(view, name, size), [view, name, size]);
  const plane = view.state.planes[name];
  const masks = useMaskLayers(session, stack, renderer);
  const scene = useMemo(() => {
    if (size.width === 0) return null;
    const window = windowSetting(view.window, isFileInverted);
    const plain = sliceScene(view, name, placed, window, stack.isColour);
    return { ...plain, ...withPlaneLayers(masks) };
  }, [view, name, placed, size, isFileInverted, masks, stack]);
  const [labelled, setLabelled] = useState<Frame | null>(null);
  useSlice(canvas, renderer, name, scene, version, masks ? setLabelled : undefined);
  const surface = useMemo(
    () => (size.width === 0 ? null : mprSurface(stack, placed, plane.slabMm, view.state.stepMm)),
    [stack, placed, plane.slabMm, view.state.stepMm, size],
  );
  const [over, setOver] = useState<CrossPart | null>(null);
  const onPart = useCallback(
    (part: CrossPart | null) => setOver((now) => (now && part && isSamePart(now, part) ? now : part)),
    [],
  );
  const picture = useMemo(() => ({ surface, version }), [surface, version]);
  useGestures(box, mprGestures({ session, name, stack, size, surface: () => surface, onPart }), picture);
  const shape = useMemo(() => crossShape(view, name, placed), [view, name, placed]);
  const placing = useMemo(() => placedPicture(placed, plane.slabMm), [placed, plane.slabMm]);
  const data = { 'data-plane': name, 'data-over': overOf(shape, over) };
  return (
    <div ref={box} className={`surface tool-${tool}`} {...data}>
      <canvas ref={canvas} />
      {masks && <MaskLayer frame={labelled} layers={masks.planeLayers} />}
      {scene && view.fusion && (
        <FusedLayer session={session} fusion={view.fusion} channel={name} scene={scene} />
      )}
      <InterpolatedLayer view={view} name={name} stack={stack} placed={placed} />
      <BatchLayer session={session} view={view} name={name} placed={placed} />
      <LineLayer session={session} picture={placing} size={size} />
      {hasCrosshair && size.width > 0 && <Crosshair shape={shape} over={over} />}
      <AnnotationLayer
        items={annotations.items}
        selectedId={annotations.selectedId}
        surface={surface}
        width={size.cssWidth}
        height={size.cssHeight}
      />
      <BrushRing session={session} cell={volumeCells.indexOf(name)} mmPerPx={placed.mmPerPx} />
      <MprTexts session={session} name={name} view={view} stack={stack} placed={placed} />
      <DrawingNote stack={stack} />
      <LoadingBar stack={stack} />
      {isFirst && <PhaseBar session={session} stack={stack} />}
    </div>
  );
}

const modeTerms = {
  none: 'reading.plane',
  mip: 'reading.mip',
  minip: 'reading.minip',
  mean: 'reading.mean',
} as const;

/** Which slice of the regular grid the plane shows, or between which it lies, and whether one lies between images. */
function imageText(words: ReturnType<typeof useWords>, { group }: OpenStack, slice: number): string {
  const total = group.regular?.size[2] ?? 0;
  const [from, to] = slicesShown(Math.min(total - 1, Math.max(0, slice)));
  const numbered = { count: total, group };
  const numbers = [...new Set([from, to].map((k) => imageNumber(numbered, k)))].sort((a, b) => a - b);
  const n = numbers.join('–');
  const image = words('reading.image', { n, total: String(total) });
  const isBetween = isBetweenImages(group, from) || isBetweenImages(group, to);
  return isBetween ? words('reading.madeUpImage', { image }) : image;
}

function MprTexts({
  session,
  name,
  view,
  stack,
  placed,
}: MprProps & { readonly view: MprView; readonly stack: OpenStack; readonly placed: PlacedPlane }) {
  const words = useWords();
  const language = useLanguage();
  const privacy = useApp((s) => s.settings.privacy);
  const amount = useApp((s) => s.settings.pictureTexts);
  const info = stack.info(Math.floor(stack.count / 2));
  const attributes = info?.attributes ?? stack.plan.common;
  const plane = view.state.planes[name];
  const { right, down } = plane;
  const numbers = windowNumbers(view.window.voi);
  const windowText = numbers ? words('reading.windowText', { ...numbers }) : words('reading.voiLut');
  const mode = projectionOf(view, name, stack.isColour);
  // Slabs are never cubic, whatever is chosen for thin planes.
  const drawn = mode !== 'none' && view.interpolation === 'cubic' ? 'linear' : view.interpolation;
  const spacing = attributes.PixelSpacing?.[1] ?? 1;
  const percent = Math.round((spacing / placed.mmPerPx) * placed.size.ratio * 100);
  const shown = [
    stack.isColour ? words('reading.colour') : windowText,
    words('reading.zoomText', { n: String(percent) }),
    [
      words('reading.slabText', {
        mode: words(modeTerms[mode]),
        mm: fixed(plane.slabMm, Number.isInteger(plane.slabMm) ? 0 : 1),
      }),
      ...(drawn === 'linear' ? [] : [words('reading.interpolationIs', { name: words(`reading.${drawn}`) })]),
    ].join(' · '),
  ];
  const over = view.fusion && fusedStack(session, view.fusion);
  if (view.fusion && over) {
    const percent = String(Math.round(view.fusion.opacity * 100));
    shown.push(words('reading.fusionText', { name: fusedName(over), percent }));
  }
  const oblique = obliquityDeg(view, name);
  // A turned plane has no place along a patient axis: its angle says more.
  const at =
    oblique >= leastObliqueDeg
      ? words('reading.obliqueText', { deg: fixed(oblique, 1) })
      : words('reading.locationText', {
          mm: fixed(planeLocationMm(view, name), mmDigits(view.state.stepMm)),
        });
  const isAcquired = isAcquiredPlane(view, name);
  const image = isAcquired ? sliceAt(view) : null;
  const step = words('reading.stepText', { mm: shortStep(view.state.stepMm) });
  // The last line is the one that a small viewport keeps.
  const taken =
    image === null
      ? [step, at]
      : [techniqueText(attributes), `${step}  ${at}`, imageText(words, stack, image)].filter(Boolean);
  const phases = phaseGroups(stack.plan, stack.groupIndex);
  if (phases.length > 1) {
    taken.unshift(
      words('reading.phaseOf', {
        name: phaseName(stack.plan, stack.groupIndex, language),
        n: String(phases.indexOf(stack.groupIndex) + 1),
        total: String(phases.length),
      }),
    );
  }
  const letters = edgeLetters(right, down);
  const charsetGuess = stack.plan.charsetGuess !== undefined;
  return (
    <PictureTexts
      amount={amount}
      who={whoText(language, attributes, { charsetGuess, privacy })}
      where={whereText(language, attributes)}
      shown={shown}
      taken={taken}
      badges={[...seriesBadges(stack), ...planeBadges(stack, isAcquired), ...fusedBadge(over ?? null)]}
      letters={letters}
      bar={placed.size.cssHeight > 0 ? scaleBar(placed.mmPerPx, placed.size.cssHeight * 0.3) : null}
      plane={{ name: words(`reading.${planeCalled(view, name).name}`), colour: planeColours[name] }}
      onExplain={({ id }) => explainVerdict(session, id === 'fused' && over ? over : stack)}
    >
      <ProbeLine
        session={session}
        index={volumeCells.indexOf(name)}
        note={mode === 'none' ? '' : words('reading.probeOnPlane')}
      />
    </PictureTexts>
  );
}
