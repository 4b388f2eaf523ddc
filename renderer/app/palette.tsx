import { ArrowRight, Search, User } from 'lucide-react';
import {
  type KeyboardEvent,
  type RefObject,
  useEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react';
import type { StudyRow } from '../../core/contract/studies.ts';
import { formatAge, formatLatinName, formatName, formatSex } from '../../core/terms/format-person.ts';
import { matchScore } from '../../core/terms/pinyin.ts';
import type { Language, Term } from '../../core/terms/term.ts';
import { terms } from '../../core/terms/terms.ts';
import { Icon } from '../ui/controls.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { openStudies } from './actions.ts';
import { useApp } from './app-store.ts';
import { chordLabel } from './chord.ts';
import { client } from './client.ts';
import { allCommands, type Command, commandTerm, isEnabled, watchCommands } from './commands.ts';
import { useLanguage, useT } from './language.ts';

const shownAtMost = 40;
const close = () => useApp.setState({ overlay: 'none' });

interface Entry {
  readonly id: string;
  readonly first: string;
  readonly second: string;
  readonly keyLabel: string | undefined;
  readonly heading: string;
  readonly isPatient: boolean;
  run(): void;
}

/** Commands that a query finds, best first; groups stay together in the order of their best member. */
export function findCommands(commands: readonly Command[], query: string): Command[] {
  const found = commands
    .filter((command) => !command.unlisted && !command.isRefusal && isEnabled(command))
    .map((command) => ({ command, score: matchScore(query, commandTerm(command)) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .slice(0, shownAtMost)
    .map(({ command }) => command);
  const places = new Map<string, number>();
  const placeOf = (command: Command): number => {
    const name = groupTerm(command).en;
    const place = places.get(name) ?? places.size;
    places.set(name, place);
    return place;
  };
  return found
    .map((command) => ({ command, place: placeOf(command) }))
    .sort((a, b) => a.place - b.place)
    .map(({ command }) => command);
}

function groupTerm({ group = 'palette.actions' }: Command): Term {
  return typeof group === 'string' ? terms[group] : group;
}

const other = (language: Language, term: Term) => (language === 'zh-CN' ? term.en : term.zh);
const own = (language: Language, term: Term) => (language === 'zh-CN' ? term.zh : term.en);

function commandEntry(command: Command, language: Language): Entry {
  const term = commandTerm(command);
  const key = command.keys?.[0];
  return {
    id: command.id,
    first: own(language, term),
    second: other(language, term),
    keyLabel: key === undefined ? undefined : chordLabel(key),
    heading: own(language, groupTerm(command)),
    isPatient: false,
    run: command.run,
  };
}

function patientEntry(row: StudyRow, language: Language): Entry {
  const words = [
    formatSex(language, row.sex),
    formatAge(language, row.age),
    [row.modalities.join(' '), row.description].filter(Boolean).join(' '),
  ];
  return {
    id: `study-${row.studyKey}`,
    first: [formatName(row.patientName), formatLatinName(row.patientName, row.nameLatin)]
      .filter(Boolean)
      .join(' '),
    second: words.filter(Boolean).join(' · '),
    keyLabel: row.patientId,
    heading: own(language, terms['palette.patients']),
    isPatient: true,
    run: () => openStudies([row]),
  };
}

/** Studies that a query finds, asked from the host a moment after the last key. */
function usePatients(query: string): readonly StudyRow[] {
  const [rows, setRows] = useState<readonly StudyRow[]>([]);
  useEffect(() => {
    const wanted = query.trim();
    let isStale = false;
    const timer = setTimeout(async () => {
      if (wanted === '') return setRows([]);
      const result = await client().call('studies.list', {
        filter: { query: wanted },
        sort: [],
        offset: 0,
        limit: 8,
      });
      if (!isStale) setRows(result.ok ? result.value.rows : []);
    }, 120);
    return () => {
      isStale = true;
      clearTimeout(timer);
    };
  }, [query]);
  return rows;
}

/** Ctrl+K: any action in Chinese, pinyin or English, and any patient. */
export function Palette() {
  const t = useT();
  const language = useLanguage();
  const [query, setQuery] = useState('');
  const [chosen, setChosen] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const commands = useSyncExternalStore(watchCommands, allCommands);
  const patients = usePatients(query);
  const entries = useMemo(
    () => [
      ...findCommands(commands, query).map((command) => commandEntry(command, language)),
      ...patients.map((row) => patientEntry(row, language)),
    ],
    [commands, query, patients, language],
  );
  const active = Math.min(chosen, entries.length - 1);

  useEffect(() => {
    list.current?.querySelector(`#pal-${active}`)?.scrollIntoView({ block: 'nearest' });
  }, [active]);

  const run = (entry: Entry | undefined) => {
    if (!entry) return;
    close();
    entry.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && entries.length > 0) setChosen((active + step + entries.length) % entries.length);
    else if (event.key === 'Enter' && !event.nativeEvent.isComposing) run(entries[active]);
    else return;
    event.preventDefault();
  };

  return (
    <Dialog
      title={t('palette.title')}
      closeName={t('app.close')}
      className="pal"
      hasHeader={false}
      onClose={close}
    >
      <div className="pin">
        <Icon of={Search} />
        <input
          data-first-focus
          role="combobox"
          aria-expanded="true"
          aria-controls="pal-list"
          aria-activedescendant={entries.length > 0 ? `pal-${active}` : undefined}
          aria-label={t('app.findAction')}
          placeholder={t('app.findAction')}
          value={query}
          onChange={(event) => {
            setQuery(event.target.value);
            setChosen(0);
          }}
          onKeyDown={onKeyDown}
        />
        <span className="cap">{t('palette.languages')}</span>
      </div>
      <EntryList entries={entries} active={active} list={list} onChoose={setChosen} onRun={run} />
      <PaletteFoot />
    </Dialog>
  );
}

function EntryList({
  entries,
  active,
  list,
  onChoose,
  onRun,
}: {
  readonly entries: readonly Entry[];
  readonly active: number;
  readonly list: RefObject<HTMLDivElement | null>;
  onChoose(index: number): void;
  onRun(entry: Entry): void;
}) {
  const t = useT();
  return (
    <div className="pal-list" id="pal-list" role="listbox" aria-label={t('palette.title')} ref={list}>
      {entries.length === 0 && <p className="cap">{t('palette.none')}</p>}
      {entries.map((entry, index) => (
        <div key={entry.id} role="presentation">
          {entry.heading !== entries[index - 1]?.heading && <div className="cap">{entry.heading}</div>}
          <div
            id={`pal-${index}`}
            role="option"
            aria-selected={index === active}
            tabIndex={-1}
            onPointerMove={() => onChoose(index)}
            onPointerUp={() => onRun(entry)}
          >
            <Icon of={entry.isPatient ? User : ArrowRight} size={16} />
            <span>{entry.first}</span>
            <span className="second grow cut">{entry.second}</span>
            {entry.keyLabel && <EntryKey entry={entry} />}
          </div>
        </div>
      ))}
    </div>
  );
}

/** The key cap of an action; the patient ID of a study. */
const EntryKey = ({ entry }: { readonly entry: Entry }) =>
  entry.isPatient ? <span className="off sm">{entry.keyLabel}</span> : <kbd>{entry.keyLabel}</kbd>;

function PaletteFoot() {
  const t = useT();
  return (
    <div className="ft">
      <span>
        <kbd>↑</kbd>
        <kbd>↓</kbd> {t('palette.choose')}
      </span>
      <span>
        <kbd>{t('key.Enter')}</kbd> {t('palette.run')}
      </span>
      <span className="grow" />
      <span>
        <kbd>?</kbd> {t('palette.keys')}
      </span>
    </div>
  );
}
