import {
  ArrowLeftRight,
  Bone,
  Box,
  Crosshair,
  Grid2x2,
  LayoutGrid,
  Link2,
  PanelRight,
  Pause,
  Play,
  Printer,
  Redo2,
  Repeat,
  Spline,
  Undo2,
} from 'lucide-react';
import { useState } from 'react';
import { chordLabel } from '../../app/chord.ts';
import { runCommand } from '../../app/commands.ts';
import { useLanguage, useT } from '../../app/language.ts';
import { tools } from '../../tools/tool.ts';
import { Menu, type MenuEntry } from '../../ui/menu.tsx';
import { BookmarkButtons } from './bookmarks/bookmark-buttons.tsx';
import { phaseGroups } from './phases/phases.ts';
import { layouts } from './session/layouts.ts';
import type { ReadingSession } from './session/reading-session.ts';
import { cineWays, setCineWay, useCineWay } from './stack/cine-way.ts';
import { below, type MenuButtonProps, type OpenMenuState, Separator, ToolButton } from './tool-button.tsx';
import { toolIcons } from './tool-icons.ts';
import { PictureTools, TurnButton } from './turn-tools.tsx';
import { useReading, useWords } from './use-words.ts';
import { presetEntries, presetLabel } from './volume/preset-menu.ts';
import { useVolumeRefusals } from './volume/use-volume-refusals.ts';

const command = (id: string) => () => void runCommand(id);

/** The bar over the viewports: pointer tools, picture, window, layout, MPR and 3D, cine, panel. */
export function ToolBar({ session }: { readonly session: ReadingSession }) {
  const words = useWords();
  const hasCrosshair = useReading(session, (s) => s.hasCrosshair);
  const isLinked = useReading(session, (s) => s.isLinked);
  const hasGrid = useReading(session, (s) => s.mode === 'stack' && s.cells.length > 1);
  const [menu, setMenu] = useState<OpenMenuState | null>(null);
  return (
    <div className="tools" role="toolbar" aria-label={words('reading.toolbar')}>
      <PointerTools session={session} openMenu={setMenu} />
      <Separator />
      <PictureTools session={session} />
      <TurnButton session={session} openMenu={setMenu} />
      <PresetButton session={session} openMenu={setMenu} />
      <LayoutButton session={session} openMenu={setMenu} />
      <Separator />
      <VolumeButtons session={session} />
      <Separator />
      <CineButton session={session} openMenu={setMenu} />
      <ToolButton
        icon={Crosshair}
        name={words('reading.crosshair')}
        keys="KeyX"
        isOn={hasCrosshair}
        onClick={command('reading.crosshair')}
      />
      {hasGrid && (
        <ToolButton
          icon={Link2}
          name={words('reading.link')}
          keys="KeyJ"
          isOn={isLinked}
          onClick={command('reading.link')}
        />
      )}
      <span className="grow" />
      <span className="row tools-end">
        <BookmarkButtons session={session} />
        <Separator />
        <EndTools session={session} />
      </span>
      {menu && <Menu {...menu} onClose={() => setMenu(null)} />}
    </div>
  );
}

function LayoutButton({ session, openMenu }: MenuButtonProps) {
  const words = useWords();
  const mode = useReading(session, (s) => s.mode);
  const layout = useReading(session, (s) => s.layout);
  const entries = (): readonly MenuEntry[] =>
    layouts.map((item, n) => ({
      id: item.id,
      label: item.id,
      isChosen: mode === 'stack' && item.id === layout.id,
      keyLabel: chordLabel(`Shift+Digit${n + 1}`),
      run: command(`reading.layout${n + 1}`),
    }));
  const name = words('reading.layout');
  return (
    <ToolButton
      icon={LayoutGrid}
      name={name}
      hasMenu
      onClick={(event) => openMenu({ name, at: below(event), entries: entries() })}
    >
      <span>
        {{ stack: layout.id, mpr: '2×2', '3d': '3D', cpr: 'CPR', ribs: words('reading.groupRibs') }[mode]}
      </span>
    </ToolButton>
  );
}

function EndTools({ session }: { readonly session: ReadingSession }) {
  const words = useWords();
  const t = useT();
  const panel = useReading(session, (s) => s.panel);
  const canUndo = useReading(session, (s) => s.canUndo);
  const canRedo = useReading(session, (s) => s.canRedo);
  return (
    <>
      <ToolButton
        icon={Printer}
        name={t('print.layout')}
        keys="Ctrl+KeyP"
        onClick={command('reading.print')}
      />
      <ToolButton
        icon={Undo2}
        name={words('reading.undo')}
        keys="Ctrl+KeyZ"
        className={canUndo ? '' : 'idle'}
        onClick={command('reading.undo')}
      />
      <ToolButton
        icon={Redo2}
        name={words('reading.redo')}
        keys="Ctrl+Shift+KeyZ"
        className={canRedo ? '' : 'idle'}
        onClick={command('reading.redo')}
      />
      <ToolButton
        icon={PanelRight}
        name={words('reading.panel')}
        isOn={panel !== null}
        onClick={command('reading.panel')}
      />
    </>
  );
}

/** What the left button does: a button each, or one with a menu where the window has no room for them. */
function PointerTools({ session, openMenu }: MenuButtonProps) {
  const words = useWords();
  const active = useReading(session, (s) => s.tool);
  const isStack = useReading(session, (s) => s.mode === 'stack');
  const shown = tools.filter(({ ofVolumes, ofMasks }) => !ofMasks && (!ofVolumes || !isStack));
  const moving = shown.findIndex((tool) => tool.measures);
  const buttons = shown.map((tool) => (
    <ToolButton
      key={tool.id}
      icon={toolIcons[tool.id]}
      name={words(tool.term)}
      keys={tool.key}
      isOn={tool.id === active}
      onClick={() => void runCommand(`reading.tool.${tool.id}`)}
    />
  ));
  const entries = shown.map(
    ({ id, term, key }): MenuEntry => ({
      id,
      icon: toolIcons[id],
      label: words(term),
      keyLabel: chordLabel(key),
      isChosen: id === active,
      run: command(`reading.tool.${id}`),
    }),
  );
  const tool = tools.find(({ id }) => id === active);
  const name = words('reading.leftButton', { name: tool ? words(tool.term) : '' });
  return (
    <>
      <span className="row unfolded">
        {buttons.slice(0, moving)}
        <Separator />
        {buttons.slice(moving)}
      </span>
      <ToolButton
        icon={toolIcons[active]}
        name={name}
        hasMenu
        className="folded"
        onClick={(event) =>
          openMenu({
            name,
            at: below(event),
            entries: [...entries.slice(0, moving), 'line', ...entries.slice(moving)],
          })
        }
      />
    </>
  );
}

function PresetButton({ session, openMenu }: MenuButtonProps) {
  const words = useWords();
  const language = useLanguage();
  useReading(session, (s) => (s.mode === 'stack' ? s.cells[s.active] : s.mpr));
  useReading(session, (s) => s.opened);
  // A window that the file does not name follows the values as they arrive.
  useReading(session, (s) => (s.cells[s.active]?.window ? 0 : s.arrivals));
  return (
    <ToolButton
      name={words('reading.presets')}
      hasMenu
      className="framed"
      onClick={(event) =>
        openMenu({
          name: words('reading.presets'),
          at: below(event),
          entries: presetEntries(session, language),
        })
      }
    >
      <span className="preset-name">{presetLabel(session, language)}</span>
    </ToolButton>
  );
}

function VolumeButtons({ session }: { readonly session: ReadingSession }) {
  const words = useWords();
  const mode = useReading(session, (s) => s.mode);
  const { noPlanes, noVolume } = useVolumeRefusals(session);
  return (
    <>
      <ToolButton
        icon={Grid2x2}
        name={words('reading.mpr')}
        className="named"
        keys="KeyM"
        isOn={mode === 'mpr'}
        offBecause={noPlanes}
        onClick={() => void runCommand('reading.mpr')}
      >
        <span>MPR</span>
      </ToolButton>
      <ToolButton
        icon={Box}
        name={words('reading.3d')}
        className="named"
        keys="Shift+KeyM"
        isOn={mode === '3d'}
        offBecause={noVolume}
        onClick={() => void runCommand('reading.3d')}
      >
        <span>3D</span>
      </ToolButton>
      <ToolButton
        icon={Spline}
        name={words('reading.cpr')}
        className="named"
        keys="Shift+KeyC"
        isOn={mode === 'cpr'}
        offBecause={noVolume}
        onClick={() => void runCommand('reading.cpr')}
      >
        <span>CPR</span>
      </ToolButton>
      <ToolButton
        icon={Bone}
        name={words('reading.ribs')}
        keys="Shift+KeyH"
        isOn={mode === 'ribs'}
        offBecause={noVolume}
        onClick={() => void runCommand('reading.ribs')}
      />
    </>
  );
}

/** Frames a second offered by mouse; the keys reach all from 1 to 60. */
const cineRates = [2, 5, 10, 15, 25, 30, 60] as const;

function CineButton({ session, openMenu }: MenuButtonProps) {
  const words = useWords();
  const rate = useReading(session, (s) => (s.mode === 'stack' ? (s.cells[s.active]?.cine ?? null) : null));
  const shown = useReading(session, (s) => s.cineShown);
  const isPlayingPhases = useReading(session, (s) => s.phaseRate !== null);
  const isOn = rate !== null || isPlayingPhases;
  const isStack = useReading(session, (s) => s.mode === 'stack');
  useReading(session, (s) => s.cells[s.active]);
  useReading(session, (s) => s.opened);
  const planes = isStack ? undefined : session.mprStack();
  const hasNone = planes !== undefined && phaseGroups(planes.plan, planes.groupIndex).length < 2;
  const count = isStack ? (session.shownStack()?.count ?? 0) : undefined;
  const offBecause =
    count === 0
      ? words('reading.noPicture')
      : count === 1
        ? words('reading.cineOne')
        : hasNone
          ? words('reading.noPhases')
          : undefined;
  const name = words('reading.cineSpeed');
  const way = useCineWay();
  const entries = (): readonly MenuEntry[] => [
    ...cineRates.map((n) => ({
      id: String(n),
      label: words('reading.cineRate', { n }),
      isChosen: n === rate,
      run: () => session.changeCell(session.state.active, { cine: n }),
    })),
    'line',
    ...cineWays.map((item) => ({
      id: item,
      label: words(`reading.cineWay.${item}`),
      isChosen: item === way,
      ...(item !== way && { keyLabel: chordLabel('Backslash') }),
      run: () => setCineWay(item),
    })),
  ];
  return (
    <>
      <ToolButton
        icon={isOn ? Pause : Play}
        name={words('reading.cine')}
        keys="KeyC"
        isOn={isOn}
        offBecause={offBecause}
        onClick={() => void (runCommand('reading.cine') || runCommand('reading.playPhases'))}
      />
      {rate !== null && (
        <ToolButton
          icon={way === 'loop' ? Repeat : ArrowLeftRight}
          name={name}
          hasMenu
          onClick={(event) => openMenu({ name, at: below(event), entries: entries() })}
        >
          <span data-cine-shown={shown ?? undefined}>
            {words('reading.cineRate', { n: rate })}
            {shown !== null && <b className="warn"> {words('reading.cineShown', { n: shown })}</b>}
          </span>
        </ToolButton>
      )}
    </>
  );
}
