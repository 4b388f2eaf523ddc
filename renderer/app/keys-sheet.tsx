import { useSyncExternalStore } from 'react';
import type { Term } from '../../core/terms/term.ts';
import { type TermKey, terms } from '../../core/terms/terms.ts';
import { Dialog } from '../ui/dialog.tsx';
import { useApp } from './app-store.ts';
import { chordLabel } from './chord.ts';
import { allCommands, type Command, commandTerm, watchCommands } from './commands.ts';
import { useT } from './language.ts';

const close = () => useApp.setState({ overlay: 'none' });

type NamedCommand = Omit<Command, 'run'>;

/** Commands with keys, by group, in order of first appearance. */
export function groupKeys(
  commands: readonly NamedCommand[],
): { group: TermKey | Term; commands: NamedCommand[] }[] {
  const groups: { group: TermKey | Term; commands: NamedCommand[] }[] = [];
  const nameOf = (group: TermKey | Term) => (typeof group === 'string' ? terms[group] : group).en;
  for (const command of commands) {
    if (!command.keys?.length || command.isRefusal) continue;
    const group = command.group ?? 'palette.actions';
    const found = groups.find((other) => nameOf(other.group) === nameOf(group));
    if (found) found.commands.push(command);
    else groups.push({ group, commands: [command] });
  }
  return groups;
}

/** The keys of what can be done now; `others` are those of pages that are not shown. */
export function KeyList({ others = [] }: { readonly others?: readonly NamedCommand[] }) {
  const t = useT();
  const present = useSyncExternalStore(watchCommands, allCommands);
  const known = new Set(present.map((command) => command.id));
  const commands = [...present, ...others.filter((command) => !known.has(command.id))];
  return (
    <div className="cols">
      {groupKeys(commands).map(({ group, commands: members }) => (
        <section key={t(group)}>
          <h3>{t(group)}</h3>
          <ul>
            {members.map((command) => (
              <li key={command.id}>
                <span className="cut">{t(commandTerm(command))}</span>
                <span className="row" style={{ gap: 4 }}>
                  {command.keys?.map((key) => (
                    <kbd key={key}>{chordLabel(key)}</kbd>
                  ))}
                </span>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

/** `?`: every key that works here. */
export function KeysSheet() {
  const t = useT();
  return (
    <Dialog title={t('keys.title')} closeName={t('app.close')} className="keys" onClose={close}>
      <p className="cap" style={{ padding: '10px 20px 0' }}>
        {t('keys.hint')}
      </p>
      <KeyList />
    </Dialog>
  );
}
