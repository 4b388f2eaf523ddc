import { BedSingle, Bone, SlidersHorizontal, Split, Wind } from 'lucide-react';
import { fixed } from '../../../../core/measure/format.ts';
import type { ReadingTerm } from '../../../../core/terms/reading.ts';
import { problemText } from '../../../../core/terms/terms.ts';
import { useLanguage } from '../../../app/language.ts';
import { type BigButton, BigButtons } from '../../../panels/segment/big-buttons.tsx';
import { MaskList, type MaskRow } from '../../../panels/segment/mask-list.tsx';
import { type ToolId, toolOf } from '../../../tools/tool.ts';
import { Button, Progress } from '../../../ui/controls.tsx';
import { doubtTerm } from '../ask-verdict.ts';
import type { ReadingSession } from '../session/reading-session.ts';
import { toolIcons } from '../tool-icons.ts';
import { useStackArrivals } from '../use-arrivals.ts';
import { useReading, useWords } from '../use-words.ts';
import { ToolCard } from './mask-cards.tsx';
import { openThreshold } from './mask-commands.ts';
import { MaskDetail } from './mask-detail.tsx';
import { maskMaker } from './mask-maker.ts';
import { layerName } from './mask-name.ts';
import { maskDo } from './mask-set.ts';
import { activeMask as chosenMask, type MaskItem } from './mask-state.ts';
import type { FindWhat } from './mask-work.ts';
import { PresetOffer, useOwnLayers } from './preset-offer.tsx';
import { SegGroup } from './seg-group.tsx';

interface TabProps {
  readonly session: ReadingSession;
}

/** Masks: what is taken away, what is marked, and the layers of both. */
export function SegmentTab({ session }: TabProps) {
  const words = useWords();
  const mode = useReading(session, (s) => s.mode);
  useReading(session, (s) => s.opened);
  useReading(session, (s) => s.mpr?.seriesKey);
  const stack = session.mprStack();
  // The planes may show a series that no stack viewport shows.
  useStackArrivals(stack);
  const language = useLanguage();
  const isOpen = mode !== 'stack' && stack !== undefined;
  const refusal = isOpen && stack.isColour ? stack.volumeRefusal() : null;
  if (!isOpen || refusal) {
    const why = refusal ? problemText(language, refusal).sentence : words('reading.maskNeeds3d');
    return (
      <>
        <p className="hint">{why}</p>
        <Layers session={session} />
      </>
    );
  }
  const isReady = stack.isWhole;
  return (
    <>
      <RemoveButtons session={session} isReady={isReady} />
      <MarkButtons session={session} isReady={isReady} />
      {!isReady && <p className="hint">{words('reading.maskLoading')}</p>}
      <Work session={session} />
      <ToolCard session={session} />
      <Layers session={session} />
      <MaskDetail session={session} />
      <SegGroup session={session} />
    </>
  );
}

interface ButtonsProps extends TabProps {
  readonly isReady: boolean;
}

const findIcons = { table: BedSingle, bones: Bone, lungs: Wind, airways: Split } as const;
const findNames = {
  table: 'reading.maskTable',
  bones: 'reading.maskBones',
  lungs: null,
  airways: null,
} as const satisfies Record<FindWhat, ReadingTerm | null>;
const findTips = {
  table: 'reading.maskTableTip',
  bones: 'reading.maskBonesTip',
  lungs: 'reading.maskLungsTip',
  airways: 'reading.maskAirwaysTip',
} as const satisfies Record<FindWhat, ReadingTerm>;
export const findKeys: Partial<Record<FindWhat, string>> = { table: 'Shift+KeyT', bones: 'Shift+KeyY' };

function useFindButton(session: ReadingSession, isReady: boolean): (what: FindWhat) => BigButton {
  const words = useWords();
  const language = useLanguage();
  const layers = useOwnLayers(session);
  const busy = useReading(session, (s) => s.maskWork.busy);
  return (what) => {
    const layer = layers.find(({ nameId }) => nameId === what);
    const isRemoval = what === 'table' || what === 'bones';
    const done = isRemoval ? 'reading.maskRemoved' : 'reading.maskFound';
    const keys = findKeys[what];
    const name = findNames[what];
    return {
      id: what,
      icon: findIcons[what],
      name: name ? words(name) : layerName({ nameId: what, customName: '' }, language),
      tip: words(findTips[what]),
      ...(keys && { keys }),
      ...(layer && { state: layer.visible ? words(done) : isRemoval ? words('reading.maskKept') : '' }),
      isOn: layer?.visible ?? false,
      isOff: !isReady || busy?.what === what,
      onPress: () => void maskMaker(session).find(what),
    };
  };
}

const toolTips = {
  scissors: 'reading.scissorsTip',
  keepPart: 'reading.keepPartTip',
  dropPart: 'reading.dropPartTip',
  grow: 'reading.growTip',
  brush: 'reading.brushTip',
  eraser: 'reading.eraserTip',
} as const;
type MaskTool = keyof typeof toolTips;

function useToolButton(session: ReadingSession, isReady: boolean): (tool: MaskTool) => BigButton {
  const words = useWords();
  const active = useReading(session, (s) => s.tool);
  const hasTarget = useReading(session, (s) => chosenMask(s.masks) !== null);
  return (tool) => {
    const { term, key } = toolOf(tool);
    const next: ToolId = active === tool ? 'window' : tool;
    return {
      id: tool,
      icon: toolIcons[tool],
      name: words(term),
      tip: words(toolTips[tool]),
      keys: key,
      isOn: active === tool,
      isOff: !isReady || (tool === 'eraser' && !hasTarget),
      onPress: () => session.set({ tool: next }),
    };
  };
}

function RemoveButtons({ session, isReady }: ButtonsProps) {
  const words = useWords();
  const find = useFindButton(session, isReady);
  const tool = useToolButton(session, isReady);
  const buttons = [find('table'), find('bones'), tool('scissors'), tool('dropPart'), tool('keepPart')];
  return (
    <>
      <BigButtons title={words('reading.maskRemove')} buttons={buttons} />
      <PresetOffer session={session} />
    </>
  );
}

function MarkButtons({ session, isReady }: ButtonsProps) {
  const words = useWords();
  const find = useFindButton(session, isReady);
  const tool = useToolButton(session, isReady);
  const isThreshold = useReading(session, (s) => s.maskWork.threshold !== null);
  const threshold: BigButton = {
    id: 'threshold',
    icon: SlidersHorizontal,
    name: words('reading.threshold'),
    tip: words('reading.thresholdTip'),
    isOn: isThreshold,
    isOff: !isReady,
    onPress: () => openThreshold(session),
  };
  const buttons = [
    ...[find('lungs'), find('airways'), threshold],
    ...[tool('grow'), tool('brush'), tool('eraser')],
  ];
  return <BigButtons title={words('reading.maskFind')} buttons={buttons} />;
}

/** What is being done, how far it is, and what went wrong. */
function Work({ session }: TabProps) {
  const words = useWords();
  const language = useLanguage();
  const busy = useReading(session, (s) => s.maskWork.busy);
  const why = useReading(session, (s) => s.maskWork.problem);
  if (busy && busy.what !== 'threshold') {
    const what = words(`reading.maskBusy.${busy.what}`);
    return (
      <section className="grp mask-busy" data-mask-busy={busy.what}>
        <span>{words('reading.maskBusy', { what, percent: String(Math.round(busy.done * 100)) })}</span>
        <Progress part={busy.done} name={what} />
        <Button size="small" onClick={() => maskMaker(session).cancel()}>
          {words('reading.maskStop')}
        </Button>
      </section>
    );
  }
  if (!why) return null;
  const { sentence, advice } = problemText(language, why);
  return (
    <section className="grp" data-mask-problem={why.code}>
      <p className="limit">{sentence}</p>
      <p className="hint">{advice}</p>
    </section>
  );
}

function Layers({ session }: TabProps) {
  const words = useWords();
  const language = useLanguage();
  const masks = useReading(session, (s) => s.masks);
  const lost = useReading(session, (s) => s.maskWork.lost);
  const series = useReading(session, (s) => s.series);
  useReading(session, (s) => s.maskWork.fetched);
  const here = useOwnLayers(session);
  const size = session.mprStack()?.group.regular?.size.join('×');
  const active = chosenMask(masks);
  const doubt = doubtTerm(session);
  const noteOf = (item: MaskItem): { readonly note: string; readonly isWarning: boolean } => {
    if (!here.includes(item)) {
      const of = series.find(({ seriesKey }) => seriesKey === item.seriesKey);
      const name = of?.description || `Se ${of?.number ?? ''}`;
      return { note: words('reading.maskOther', { name }), isWarning: false };
    }
    if (item.size.join('×') !== size)
      return { note: words('reading.maskOtherVolume', { size: item.size.join('×') }), isWarning: true };
    if (lost.includes(item.voxelsId)) return { note: words('reading.maskLost'), isWarning: true };
    if (!session.masks.voxels.has(item.voxelsId))
      return { note: words('reading.maskFetching'), isWarning: false };
    const isPart = item.touchesBorder && item.role === 'shown';
    const notes = [...(doubt ? [words(doubt)] : []), ...(isPart ? [words('reading.maskBorder')] : [])];
    return { note: notes.join(' · '), isWarning: true };
  };
  const rows = masks.layers.map((item): MaskRow => {
    const isHere = here.includes(item) && item.size.join('×') === size;
    return {
      id: item.id,
      name: layerName(item, language),
      colour: item.colour as [number, number, number],
      volume: words('reading.maskMl', { ml: fixed(item.volumeMl, item.volumeMl < 10 ? 2 : 1) }),
      isVisible: item.visible,
      isRemoved: item.role === 'removed',
      isHere,
      canMerge: active !== null && active.id !== item.id && isHere && here.includes(active),
      ...noteOf(item),
    };
  });
  return (
    <MaskList
      rows={rows}
      activeId={masks.activeId}
      onChoose={(id) => maskDo(session, { kind: 'activate', id })}
      onVisible={(id, visible) => maskDo(session, { kind: 'look', id, look: { visible } })}
      onMerge={(id) => void maskMaker(session).merge(id)}
      onDelete={(id) => maskDo(session, { kind: 'remove', ids: [id] })}
    />
  );
}
