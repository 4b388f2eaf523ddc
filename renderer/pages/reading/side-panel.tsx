import { Box, Grid2x2 } from 'lucide-react';
import { useMemo, useState } from 'react';
import { formatDicomDate } from '../../../core/terms/format-date.ts';
import { useApp } from '../../app/app-store.ts';
import { runCommand } from '../../app/commands.ts';
import { MeasurePanel } from '../../panels/measure/measure-panel.tsx';
import { TagsPanel } from '../../panels/tags/tags-panel.tsx';
import { shiftSteps } from '../../panels/volume3d/shift-steps.ts';
import { offeredPresets, VolumePanel } from '../../panels/volume3d/volume-panel.tsx';
import { Button } from '../../ui/controls.tsx';
import { imageNumber } from '../../volumes/image-number.ts';
import type { OpenStack } from '../../volumes/open-stack.ts';
import { VesselTab } from './cpr/vessel-tab.tsx';
import { FusionGroup } from './fusion/fusion-group.tsx';
import { PresetOffer } from './masks/preset-offer.tsx';
import { SegmentTab } from './masks/segment-tab.tsx';
import { imageAt } from './mpr/mpr-slices.ts';
import type { MprView } from './mpr/mpr-view.ts';
import { SlabGroup } from './mpr/slab-group.tsx';
import { useMarks } from './session/numbered-marks.ts';
import type { ReadingSession } from './session/reading-session.ts';
import type { PanelId } from './session/reading-state.ts';
import { showMeasurement } from './session/show-measurement.ts';
import { useReading, useWords } from './use-words.ts';
import { VerdictGroup } from './verdict-group.tsx';
import { OwnPresetRow } from './volume/own-preset-row.tsx';
import { cardOf, ownPresetShown, setOwnPreset } from './volume/own-presets.ts';
import { useAirwaysThumb } from './volume/use-airways-thumb.ts';
import { usePresetThumbs } from './volume/use-preset-thumbs.ts';
import { useVolumeRefusals } from './volume/use-volume-refusals.ts';
import { setPreset3d, setShift } from './volume/volume-actions.ts';
import { VolumeGroup } from './volume/volume-group.tsx';
import { useRoad } from './volume/volume-road.ts';

/** The panel at the right: lists and numbers. */
export function SidePanel({ session }: { readonly session: ReadingSession }) {
  const words = useWords();
  const panel = useReading(session, (s) => s.panel);
  const mode = useReading(session, (s) => s.mode);
  if (panel === null) return null;
  const tabs: readonly (readonly [PanelId, string])[] = [
    ['measure', words('reading.measurements')],
    ['vessel', words('reading.vessel')],
    ['segment', words('reading.segment')],
    ['tags', words('reading.tags')],
    ['volume', words('reading.3d')],
  ];
  return (
    <aside className="side" aria-label={words('reading.panel')}>
      <div className="ptabs" role="tablist">
        {tabs.map(([id, name]) => (
          <button
            key={id}
            type="button"
            role="tab"
            aria-selected={id === panel}
            className={id === panel ? 'on' : ''}
            onClick={() => session.set({ panel: id })}
          >
            {name}
          </button>
        ))}
      </div>
      <div className="side-body">
        {panel === 'measure' && (
          <>
            <Measurements session={session} />
            <CursorGroup session={session} />
            {mode !== 'stack' && <SlabGroup session={session} />}
            <VerdictGroup session={session} />
          </>
        )}
        {panel === 'vessel' && <VesselTab session={session} />}
        {panel === 'segment' && <SegmentTab session={session} />}
        {panel === 'tags' && <Tags session={session} />}
        {panel === 'volume' && <Volume session={session} />}
      </div>
    </aside>
  );
}

function Measurements({ session }: { readonly session: ReadingSession }) {
  const words = useWords();
  const { items, selectedId } = useMarks(session);
  const date = useReading(session, (s) => s.study?.studyDate ?? '');
  return (
    <MeasurePanel
      title={words('reading.thisStudy', { date: formatDicomDate(date) })}
      items={items}
      selectedId={selectedId}
      onSelect={(measurement) => void showMeasurement(session, measurement)}
      onDelete={(measurement) => session.annotate({ kind: 'remove', id: measurement.id })}
    />
  );
}

function CursorGroup({ session }: { readonly session: ReadingSession }) {
  const words = useWords();
  const probe = useReading(session, (s) => s.probe);
  useReading(session, (s) => s.cells[s.active]);
  useReading(session, (s) => s.mpr?.seriesKey);
  useReading(session, (s) => s.opened);
  const stack = session.shownStack();
  const isHu = stack?.unit === 'HU';
  return (
    <section className="grp">
      <div className="gh">
        <span className="grow">{words('reading.cursor')}</span>
        <span>LPS mm</span>
      </div>
      <dl className="kv">
        <dt>{words('reading.position')}</dt>
        <dd>{probe?.place?.join('  ') ?? '–'}</dd>
        <dt>{words('reading.voxel')}</dt>
        <dd>{probe ? probe.voxel.join('  ') : '–'}</dd>
        <dt>{words(isHu ? 'reading.hu' : 'reading.value')}</dt>
        <dd className="b">{probe?.value ?? '–'}</dd>
      </dl>
    </section>
  );
}

/** Of the image on screen; in planes, of the one that the crosshair lies in. */
function Tags({ session }: { readonly session: ReadingSession }) {
  const cell = useReading(session, (s) => (s.mode === 'stack' ? s.cells[s.active] : undefined));
  const centre = useReading(session, (s) => (s.mode === 'stack' ? undefined : s.mpr?.state.centre));
  useReading(session, (s) => s.opened);
  const stack = session.shownStack();
  const k = useMemo(
    () => (centre && stack ? (imageAt(stack, centre) ?? 0) : (cell?.k ?? 0)),
    [centre, stack, cell?.k],
  );
  const info = useMemo(() => stack?.info(k), [stack, k]);
  if (!info || !stack) return null;
  return <TagsPanel instanceKey={info.instance.instanceKey} imageNumber={imageNumber(stack, k)} />;
}

/** While a stack is shown: the ways to its planes and to 3D, or why there are none. */
function StartVolume({ session }: { readonly session: ReadingSession }) {
  const words = useWords();
  const { noPlanes, noVolume } = useVolumeRefusals(session);
  return (
    <section className="grp">
      <p className="hint">{noPlanes ?? noVolume ?? words('reading.start3d')}</p>
      {noPlanes === undefined && (
        <div className="starts">
          <Button icon={Grid2x2} data-keys="M" onClick={() => void runCommand('reading.mpr')}>
            MPR
          </Button>
          {noVolume === undefined && (
            <Button icon={Box} data-keys="Shift M" onClick={() => void runCommand('reading.3d')}>
              {words('reading.3d')}
            </Button>
          )}
        </div>
      )}
    </section>
  );
}

function Volume({ session }: { readonly session: ReadingSession }) {
  const mpr = useReading(session, (s) => s.mpr);
  const mode = useReading(session, (s) => s.mode);
  const stack = session.mprStack();
  if (mode === 'stack' || !mpr || !stack || stack.isColour) return <StartVolume session={session} />;
  return <OpenVolume session={session} mpr={mpr} stack={stack} />;
}

function OpenVolume({
  session,
  mpr,
  stack,
}: {
  readonly session: ReadingSession;
  readonly mpr: MprView;
  readonly stack: OpenStack;
}) {
  const words = useWords();
  const road = useRoad();
  const trial = useApp((s) => s.settings.gpuTrial);
  const modality = stack.plan.common.Modality ?? '';
  const presets = useMemo(() => offeredPresets(modality), [modality]);
  const kept = useApp((s) => s.settings.ownPresets);
  const own = useMemo(
    () => kept.filter(({ presetId }) => presets.some(({ id }) => id === presetId)),
    [kept, presets],
  );
  const cards = useMemo(() => [...presets, ...own.flatMap((one) => cardOf(one) ?? [])], [presets, own]);
  // Of the window as it was when the panel was opened: thumbnails do not follow it.
  const [planeWindow] = useState(mpr.window);
  const thumbs = usePresetThumbs(stack, presets, own, planeWindow);
  const airways = useAirwaysThumb(session, stack);
  const choose = (id: string): void => {
    const mine = own.find((one) => one.id === id);
    if (mine) setOwnPreset(session, mine);
    else setPreset3d(session, id);
  };
  const device = road === 'gpu' && trial?.device ? ` · ${trial.device}` : '';
  return (
    <VolumePanel
      presets={cards}
      thumbs={thumbs}
      airways={airways}
      unit={stack.unit}
      largest={stack.range.range()?.max ?? null}
      presetId={ownPresetShown(own, mpr)?.id ?? mpr.presetId}
      shift={mpr.shift}
      steps={shiftSteps(stack.unit, stack.range.range())}
      shiftOf={(id) => own.find((one) => one.id === id)?.shift ?? 0}
      road={words(`reading.road.${road}`) + device}
      onPreset={choose}
      onShift={(shift) => setShift(session, shift)}
      below={<OwnPresetRow session={session} view={mpr} own={own} />}
    >
      <PresetOffer session={session} />
      <VolumeGroup session={session} view={mpr} stack={stack} />
      <FusionGroup session={session} />
      <section className="grp" aria-label={words('reading.groupExport')}>
        <Button size="small" onClick={() => void runCommand('reading.saveFilm')}>
          {words('reading.saveFilm')}
        </Button>
      </section>
    </VolumePanel>
  );
}
