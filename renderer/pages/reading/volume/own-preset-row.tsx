import { Pencil, Save, Trash2 } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { type OwnPreset, presetNameMost } from '../../../../core/contract/own-presets.ts';
import { useApp } from '../../../app/app-store.ts';
import { Button } from '../../../ui/controls.tsx';
import type { MprView } from '../mpr/mpr-view.ts';
import type { ReadingSession } from '../session/reading-session.ts';
import { useWords } from '../use-words.ts';
import {
  deleteOwnPreset,
  isPresetNamed,
  isWorthKeeping,
  ownPresetShown,
  presetName,
  renameOwnPreset,
  saveOwnPreset,
} from './own-presets.ts';

interface RowProps {
  readonly session: ReadingSession;
  readonly view: MprView;
  /** Those that are offered here. */
  readonly own: readonly OwnPreset[];
}

/** Below the presets: what is on screen kept under a name, or the name of the own preset on screen. */
export function OwnPresetRow({ session, view, own }: RowProps) {
  const words = useWords();
  const [isNaming, setNaming] = useState(false);
  // What was chosen last is what a change of it is likely to be kept as.
  const shown = ownPresetShown(own, view);
  const [last, setLast] = useState<OwnPreset>();
  useEffect(() => {
    if (shown) setLast(shown);
  }, [shown]);
  const isNew = isWorthKeeping(own, view);
  if (!isNew && !shown) return null;
  if (isNaming) {
    const start = shown ?? (last?.presetId === view.presetId ? last : undefined);
    return (
      <NameForm
        key={shown?.id}
        start={start?.name ?? ''}
        renamed={shown?.id}
        onDone={(name) => {
          setNaming(false);
          if (name === null) return;
          if (shown) renameOwnPreset(shown.id, name);
          else saveOwnPreset(session, name);
        }}
      />
    );
  }
  return (
    <div className="row own-preset">
      {shown ? (
        <>
          <Button size="small" icon={Pencil} onClick={() => setNaming(true)}>
            {words('reading.ownPresetRename')}
          </Button>
          <Button size="small" icon={Trash2} onClick={() => deleteOwnPreset(shown.id)}>
            {words('reading.ownPresetDelete')}
          </Button>
        </>
      ) : (
        <Button size="small" icon={Save} onClick={() => setNaming(true)}>
          {words('reading.ownPresetSave')}
        </Button>
      )}
    </div>
  );
}

interface FormProps {
  readonly start: string;
  /** The one that gets another name; none = a new one. */
  readonly renamed: string | undefined;
  /** Null = as it was. */
  onDone(name: string | null): void;
}

function NameForm({ start, renamed, onDone }: FormProps) {
  const words = useWords();
  const [name, setName] = useState(start);
  const own = useApp((s) => s.settings.ownPresets);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.select(), []);
  const isTaken = own.some((one) => one.id !== renamed && isPresetNamed(presetName(name))(one));
  const isRefused = presetName(name) === '' || (renamed !== undefined && isTaken);
  const verb = isTaken ? 'reading.ownPresetReplace' : 'reading.ownPresetSaveDo';
  return (
    <form
      className="own-preset-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (!isRefused) onDone(name);
      }}
      onKeyDown={(event: KeyboardEvent) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        event.stopPropagation();
        onDone(null);
      }}
    >
      <label className="field">
        <input
          ref={input}
          value={name}
          maxLength={presetNameMost}
          placeholder={words('reading.ownPresetName')}
          aria-label={words('reading.ownPresetName')}
          onChange={({ target }) => setName(target.value)}
        />
      </label>
      {isTaken && <p className="hint">{words('reading.ownPresetTaken')}</p>}
      <div className="row own-preset">
        <Button size="small" onClick={() => onDone(null)}>
          {words('reading.cancel')}
        </Button>
        <Button size="small" tone="primary" type="submit" disabled={isRefused}>
          {words(renamed === undefined ? verb : 'reading.ownPresetRenameDo')}
        </Button>
      </div>
    </form>
  );
}
