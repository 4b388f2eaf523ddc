import { FlipHorizontal2, FlipVertical2, RotateCcw, RotateCw, SunMoon } from 'lucide-react';
import { chordLabel } from '../../app/chord.ts';
import { runCommand } from '../../app/commands.ts';
import type { MenuEntry } from '../../ui/menu.tsx';
import type { ReadingSession } from './session/reading-session.ts';
import { below, type MenuButtonProps, Separator, ToolButton } from './tool-button.tsx';
import { useReading, useWords } from './use-words.ts';

const command = (id: string) => () => void runCommand(id);

/** Keys are those of the commands. */
const turns = [
  { id: 'rotate', keys: 'KeyR', icon: RotateCw },
  { id: 'rotateBack', keys: 'Shift+KeyR', icon: RotateCcw },
  { id: 'flipHorizontal', keys: 'KeyH', icon: FlipHorizontal2 },
  { id: 'flipVertical', keys: 'KeyV', icon: FlipVertical2 },
] as const;

/** Turning, flipping and inverting, each by a button. */
export function PictureTools({ session }: { readonly session: ReadingSession }) {
  const words = useWords();
  const isStack = useReading(session, (s) => s.mode === 'stack');
  const offBecause = isStack ? undefined : words('reading.onlyStack');
  return (
    <span className="row wide">
      <ToolButton
        icon={RotateCw}
        name={words('reading.rotate')}
        keys="KeyR"
        offBecause={offBecause}
        onClick={command('reading.rotate')}
      />
      <ToolButton
        icon={FlipHorizontal2}
        name={words('reading.flipHorizontal')}
        keys="KeyH"
        offBecause={offBecause}
        onClick={command('reading.flipHorizontal')}
      />
      <ToolButton
        icon={SunMoon}
        name={words('reading.invert')}
        keys="KeyI"
        onClick={command('reading.invert')}
      />
      <Separator />
    </span>
  );
}

/** The same, and more of it, where the window has no room for each: one button with a menu. */
export function TurnButton({ session, openMenu }: MenuButtonProps) {
  const words = useWords();
  const isStack = useReading(session, (s) => s.mode === 'stack');
  const name = words('reading.turnPicture');
  const entries = (): readonly MenuEntry[] => [
    ...turns.map(({ id, keys, icon }) => ({
      id,
      icon,
      label: words(`reading.${id}`),
      keyLabel: chordLabel(keys),
      ...(!isStack && { offBecause: words('reading.onlyStack') }),
      run: command(`reading.${id}`),
    })),
    'line',
    {
      id: 'invert',
      icon: SunMoon,
      label: words('reading.invert'),
      keyLabel: chordLabel('KeyI'),
      run: command('reading.invert'),
    },
  ];
  return (
    <ToolButton
      icon={RotateCw}
      name={name}
      hasMenu
      className="narrow"
      onClick={(event) => openMenu({ name, at: below(event), entries: entries() })}
    />
  );
}
