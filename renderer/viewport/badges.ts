import type { Problem } from '../../core/base/problem.ts';
import type { ProblemCode } from '../../core/base/problem-table.ts';
import { isBitContradiction, isOtherGroupCount } from '../../core/dicom/check-picture.ts';
import { spacingMm } from '../../core/geometry/matrices.ts';
import { calibrationOf } from '../../core/measure/calibration.ts';
import { fixed, shortStep } from '../../core/measure/format.ts';
import type { ReadingTerm } from '../../core/terms/reading.ts';
import type { TermParams } from '../../core/terms/term.ts';
import { madeUpCount } from '../../core/volume/missing.ts';
import type { PlanInstance } from '../../core/volume/types.ts';
import type { FrameInfo } from '../volumes/frame-attributes.ts';
import { imageNumber } from '../volumes/image-number.ts';
import type { OpenStack } from '../volumes/open-stack.ts';
import { fusedName } from './corner-texts.ts';

/** A mark on a picture that stays even when the texts are off. */
export interface Badge {
  readonly id: string;
  readonly tone: 'ok' | 'warn' | 'plain' | 'acc' | 'danger';
  readonly icon: 'check' | 'info' | 'alert' | null;
  readonly term: ReadingTerm;
  readonly params?: TermParams;
  /** Told on hover; takes the same `params`. */
  readonly tip?: ReadingTerm;
}

/** Badges that the geometry verdict explains. */
const ofVerdict: ReadonlySet<string> = new Set([
  'verdict',
  'interpolated',
  'missing',
  'left-out',
  'few',
  'fused',
]);
export const isOfVerdict = ({ id }: Badge): boolean => ofVerdict.has(id);

const verdictTone = { exact: 'ok', resampled: 'plain', approximate: 'warn', none: 'warn' } as const;
const verdictIcon = { exact: 'check', resampled: 'info', approximate: 'alert', none: 'alert' } as const;

const plain = (id: string, term: ReadingTerm, params?: TermParams): Badge => ({
  id,
  tone: 'plain',
  icon: null,
  term,
  ...(params && { params }),
});
const warn = (id: string, term: ReadingTerm, params?: TermParams): Badge => ({
  ...plain(id, term, params),
  tone: 'warn',
  icon: 'info',
});

/** Flags of a file that put its values, places or frames in doubt. */
const doubts: Readonly<Partial<Record<ProblemCode, Pick<Badge, 'term' | 'tip'>>>> = {
  RESCALE_INVALID: { term: 'reading.unscaled', tip: 'reading.unscaledTip' },
  RESCALE_NO_SLOPE: { term: 'reading.noSlope', tip: 'reading.noSlopeTip' },
  REAL_WORLD_UNCLEAR: { term: 'reading.unmapped', tip: 'reading.unmappedTip' },
  BYTE_ORDER_GUESSED: { term: 'reading.guessedBytes' },
  PIXEL_ENCODING_MISMATCH: { term: 'reading.otherCoding' },
  FRAME_BOUNDARY_GUESSED: { term: 'reading.guessedFrames' },
  FRAME_COUNT_MISMATCH: { term: 'reading.otherFrameCount', tip: 'reading.otherFrameCountTip' },
  FUNCTIONAL_GROUPS: { term: 'reading.otherGroups', tip: 'reading.otherGroupsTip' },
  GREYS_UNCLEAR: { term: 'reading.greysUnclear', tip: 'reading.greysUnclearTip' },
  DECIMAL_COMMA: { term: 'reading.decimalComma' },
  LUT_INVALID: { term: 'reading.tableUnusable', tip: 'reading.tableUnusableTip' },
  COLOURS_LEFT_OUT: { term: 'reading.coloursLeftOut', tip: 'reading.coloursLeftOutTip' },
  PIXEL_ATTRIBUTES: { term: 'reading.unclearPixels', tip: 'reading.unclearPixelsTip' },
  PIXEL_LENGTH_MISMATCH: { term: 'reading.longerPixels', tip: 'reading.longerPixelsTip' },
  BIT_DEPTH: { term: 'reading.unclearBits', tip: 'reading.unclearBitsTip' },
};

const isDoubt = (flag: Problem): boolean =>
  flag.code === 'FUNCTIONAL_GROUPS'
    ? isOtherGroupCount(flag)
    : flag.code !== 'BIT_DEPTH' || isBitContradiction(flag);

function doubtBadges(instances: readonly PlanInstance[]): Badge[] {
  const told = instances.flatMap(({ flags }) => flags);
  const codes = new Set(told.filter(isDoubt).map(({ code }) => code));
  return [...codes].flatMap((code) => {
    const doubt = doubts[code];
    return doubt ? [{ ...warn(code, doubt.term), ...(doubt.tip && { tip: doubt.tip }) }] : [];
  });
}

/** What is true of the whole series: verdict, demo, not stored, missing slices, put aside, doubtful files. */
export function seriesBadges(stack: OpenStack): Badge[] {
  const { plan, group } = stack;
  const { verdict } = group;
  const badges: Badge[] = [];
  if (plan.demo) badges.push({ id: 'demo', tone: 'acc', icon: null, term: 'reading.demo' });
  // A single picture has no volume to judge.
  if (stack.count > 1) {
    // An ultrasound loop was never meant as a volume: said, but no warning.
    const isPlain = verdict.reasons.every(({ code }) => code === 'GEOMETRY_NO_ORIENTATION');
    badges.push({
      id: 'verdict',
      tone: verdict.kind === 'none' && isPlain ? 'plain' : verdictTone[verdict.kind],
      icon: verdict.kind === 'none' && isPlain ? 'info' : verdictIcon[verdict.kind],
      term: verdict.kind === 'none' ? 'reading.notVolume' : `reading.verdict.${verdict.kind}`,
    });
  }
  if (!plan.stored) badges.push({ ...warn('stored', 'reading.notStored'), tip: 'reading.notStoredTip' });
  // Uneven stacks are interpolated throughout; slices are missing only where a gap says so.
  const missing = madeUpCount(verdict.missing);
  if (missing > 0) {
    const params = { n: missing, mm: fixed(verdict.worstGapMm, 1) };
    badges.push({ ...warn('missing', 'reading.missing', params), tip: 'reading.missingTip' });
  }
  const leftOut = verdict.reasons.find(({ code }) => code === 'GEOMETRY_LEFT_OUT')?.params?.['count'];
  if (leftOut !== undefined)
    badges.push({ ...warn('left-out', 'reading.leftOut', { n: leftOut }), tip: 'reading.leftOutTip' });
  if (stack.reduction > 1) {
    const own = plan.groups[stack.groupIndex]?.acquired;
    const [fromMm] = own ? spacingMm(own.patientFromIndex) : [0];
    const n = stack.reduction;
    const params = { n, from: fixed(fromMm, 2), to: fixed(fromMm * n, 2) };
    badges.push({ ...warn('reduced-pixels', 'reading.reducedPixels', params), tip: 'reading.reducedTip' });
  }
  if (plan.aside.length > 0) badges.push(warn('aside', 'reading.aside', { n: plan.aside.length }));
  badges.push(...doubtBadges(plan.instances));
  if (plan.charsetGuess) badges.push(warn('charset', 'reading.guessedCharset'));
  return badges;
}

const notNumbers: Badge = { ...warn('not-numbers', 'reading.notNumbers'), tip: 'reading.notNumbersTip' };

const isLossy = (a: FrameInfo['attributes']): boolean => a.LossyImageCompression === '01';
const isDerived = (a: FrameInfo['attributes']): boolean => a.ImageType?.[0] === 'DERIVED';
const derivedBadge = plain('derived', 'reading.derived');

const lossyBadge = (ratio: number | undefined): Badge =>
  ratio === undefined
    ? warn('lossy', 'reading.lossy')
    : warn('lossy', 'reading.lossyRatio', { n: fixed(ratio, ratio < 10 ? 1 : 0) });

/** What is true of the frame on screen: calibration, loss, derivation, damage, mirroring. */
export function frameBadges(
  info: FrameInfo,
  seen: { readonly isMirrored: boolean; readonly problem: Problem | undefined },
): Badge[] {
  const a = info.attributes;
  const badges: Badge[] = [];
  const { source } = calibrationOf(a, info.instance.regions, []);
  const isRegional = (info.instance.regions?.length ?? 0) > 0;
  if (source === 'none' && !isRegional) badges.push(warn('calibration', 'reading.uncalibrated'));
  if (source === 'ImagerPixelSpacing') badges.push(warn('calibration', 'reading.atDetector'));
  if (source === 'magnification') badges.push(warn('calibration', 'reading.magnified'));
  if (isLossy(a)) badges.push(lossyBadge(a.LossyImageCompressionRatio?.at(-1)));
  if (isDerived(a)) badges.push(derivedBadge);
  if (seen.isMirrored) badges.push(warn('flipped', 'reading.flipped'));
  const { problem } = seen;
  // The series has the badge where its file's header told already.
  const isTold = info.instance.flags.some(({ code }) => code === problem?.code);
  if (problem?.code === 'PIXEL_ENCODING_MISMATCH') {
    if (!isTold) badges.push(warn(problem.code, 'reading.otherCoding'));
  } else if (problem?.code === 'BIT_DEPTH') {
    badges.push({ ...warn(problem.code, 'reading.deeper'), tip: 'reading.deeperTip' });
  } else if (problem?.code === 'PIXEL_NOT_NUMBER') {
    badges.push(notNumbers);
  } else if (problem?.code === 'FRAME_MORE_PICTURES') {
    badges.push({ ...warn(problem.code, 'reading.morePictures'), tip: 'reading.morePicturesTip' });
  } else if (problem?.code === 'PIXEL_LENGTH_MISMATCH') {
    if (!isTold)
      badges.push({ ...warn(problem.code, 'reading.longerPixels'), tip: 'reading.longerPixelsTip' });
  } else if (problem) badges.push({ ...warn('damaged', 'reading.damaged'), tone: 'danger', icon: 'alert' });
  return badges;
}

/** Doubts that have a badge of their own, or leave the pixels as they are. */
const mild: ReadonlySet<ProblemCode> = new Set([
  'BIT_DEPTH',
  'PIXEL_ENCODING_MISMATCH',
  'FRAME_MORE_PICTURES',
  'PIXEL_NOT_NUMBER',
]);
const numbersMost = 8;

/** Images that a volume lacks, wholly or in part: planes and 3D must not pass over them in silence. */
function faultBadges(stack: OpenStack): Badge[] {
  const faults = [...stack.faults].sort(([a], [b]) => a - b);
  const bad = faults.filter(([, { code }]) => !mild.has(code));
  const badges: Badge[] = [];
  if (bad.length > 0) {
    const numbers = bad.map(([k]) => imageNumber(stack, k)).sort((a, b) => a - b);
    const which = numbers.slice(0, numbersMost).join(', ') + (numbers.length > numbersMost ? ' …' : '');
    const params = { n: bad.length, which };
    const badge = warn('faulty', 'reading.faultySlices', params);
    badges.push({ ...badge, tone: 'danger', icon: 'alert', tip: 'reading.faultySlicesTip' });
  }
  if (faults.some(([, { code }]) => code === 'PIXEL_NOT_NUMBER')) badges.push(notNumbers);
  return badges;
}

/** A volume of some images of its series, where no list of phases shows the rest: nobody must take it for the whole. */
function partBadge({ plan, group, groupIndex }: OpenStack): Badge[] {
  const set = group.dimension?.set;
  // One that is read reduced stands for the group of its number.
  const isAlone = plan.groups.every(
    (other, n) => n === groupIndex || (set !== undefined && other.dimension?.set === set),
  );
  // Images without a place have a badge of their own.
  const isTold = group.verdict.reasons.some(({ code }) => code === 'GEOMETRY_LEFT_OUT');
  if (isAlone || isTold) return [];
  const total = plan.groups.reduce((sum, { frames }) => sum + frames.length, 0);
  const params = { n: group.frames.length, total, stacks: plan.groups.length };
  return [{ ...warn('part', 'reading.partOfSeries', params), tip: 'reading.partOfSeriesTip' }];
}

/** Asked with every picture; the frames of a group stay as they are. */
const sourcesTold = new WeakMap<OpenStack['group'], readonly Badge[]>();

/** Loss and derivation of the images that a volume is made of, by the most compressed one. */
function sourceBadges(stack: OpenStack): readonly Badge[] {
  const known = sourcesTold.get(stack.group);
  if (known) return known;
  const sources = Array.from({ length: stack.count }, (_, k) => stack.info(k)?.attributes ?? {});
  const lossy = sources.filter(isLossy);
  const ratios = lossy.flatMap((a) => a.LossyImageCompressionRatio?.at(-1) ?? []);
  const badges: Badge[] = [];
  if (lossy.length > 0) badges.push(lossyBadge(ratios.length > 0 ? Math.max(...ratios) : undefined));
  if (sources.some(isDerived)) badges.push(derivedBadge);
  sourcesTold.set(stack.group, badges);
  return badges;
}

/**
 * What is true of a reconstructed plane: its images were compressed with loss or derived, and coronal and sagittal of thick
 * slices are interpolated.
 */
export function planeBadges(stack: OpenStack, isAcquiredPlane: boolean): Badge[] {
  const { regular, verdict } = stack.group;
  if (!regular) return [];
  const badges: Badge[] = [...faultBadges(stack), ...partBadge(stack)];
  const m = regular.patientFromIndex;
  const stepMm = Math.hypot(m[2]!, m[6]!, m[10]!);
  const spacingMm = Math.max(stepMm, verdict.medianGapMm);
  if (spacingMm >= 2 && !isAcquiredPlane) {
    badges.push(warn('interpolated', 'reading.interpolated', { mm: shortStep(spacingMm) }));
  }
  if (regular.size[2] < 3) badges.push(warn('few', 'reading.fewSlices', { n: regular.size[2] }));
  return [...badges, ...sourceBadges(stack)];
}

/** A second series over the picture, with its own verdict: it stays where texts are off. */
export function fusedBadge(over: OpenStack | null): Badge[] {
  if (!over) return [];
  const { kind } = over.group.verdict;
  return [
    {
      id: 'fused',
      tone: verdictTone[kind],
      icon: verdictIcon[kind],
      term: `reading.fused.${kind}`,
      params: { name: fusedName(over) },
    },
  ];
}

/** Linked scrolling is on, and this picture cannot follow the active one. */
export const unlinkedBadge: Badge = { ...warn('unlinked', 'reading.unlinked'), tip: 'reading.unlinkedTip' };

/** A 3D picture made of fewer voxels than there are. */
export const reducedBadge = (factor: number): Badge[] =>
  factor > 1 ? [warn('reduced', 'reading.reduced', { n: factor })] : [];
