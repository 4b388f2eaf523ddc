import { create } from 'zustand';
import type { Problem } from '../../../../core/base/problem.ts';
import type { Job } from '../../../../core/contract/jobs.ts';
import type { RemoteStudy, WorklistItem } from '../../../../core/contract/remote.ts';
import { type Moment, momentOf } from '../../../../core/terms/format-date.ts';
import { useApp } from '../../../app/app-store.ts';
import { client } from '../../../app/client.ts';
import { type FilterState, studyFilterOf } from '../filter.ts';
import { nothingSelected } from '../selection.ts';
import { select, useStudies } from '../studies-store.ts';

/** Which station's list is shown instead of ours. */
export interface RemoteView {
  readonly nodeId: string;
  readonly kind: 'studies' | 'worklist';
}

export interface Answered {
  readonly atMs: number;
  readonly filter: FilterState;
}

export interface RemoteState {
  readonly view: RemoteView | null;
  readonly state: 'idle' | 'running' | 'done' | 'failed';
  readonly problem: Problem | null;
  readonly studies: readonly RemoteStudy[];
  readonly worklist: readonly WorklistItem[];
  /** The station has more than it gave. */
  readonly partial: boolean;
  /** When the station answered, and what it had been asked; null before. */
  readonly answered: Answered | null;
  /** The answer is one that was come back to. */
  readonly isKept: boolean;
  /** Index of rows; the last chosen one is the cursor. */
  readonly selected: ReadonlySet<number>;
  readonly cursor: number | null;
  /** The retrieval of each study that was begun in this window, by `retrievalKey`; it outlives the list. */
  readonly retrievals: ReadonlyMap<string, string>;
}

export const retrievalKey = (nodeId: string, studyInstanceUID: string): string =>
  `${nodeId} ${studyInstanceUID}`;

/** The job that retrieves a study now, or the last that did: where one was tried again, the newest. */
export function retrievalOf(
  retrievals: RemoteState['retrievals'],
  jobs: readonly Job[],
  key: string,
): Job | undefined {
  const byId = new Map(jobs.map((job) => [job.jobId, job]));
  let job = byId.get(retrievals.get(key) ?? '');
  for (let next = job; next; next = byId.get(next.retriedBy ?? '')) job = next;
  return job;
}

export function noteRetrieval(nodeId: string, studyUids: readonly string[], jobId: string): void {
  useRemote.setState(({ retrievals }) => ({
    retrievals: new Map([
      ...retrievals,
      ...studyUids.map((uid) => [retrievalKey(nodeId, uid), jobId] as const),
    ]),
  }));
}

const nothing = {
  state: 'idle',
  problem: null,
  studies: [],
  worklist: [],
  partial: false,
  answered: null,
  isKept: false,
  selected: new Set<number>(),
  cursor: null,
} as const satisfies Omit<RemoteState, 'view' | 'retrievals'>;

/** A query to another station and what it found; it outlives the page, as our own list does. */
export const useRemote = create<RemoteState>()(() => ({ view: null, ...nothing, retrievals: new Map() }));

/** Answers of earlier questions are dropped; other windows have names of their own for theirs. */
let asked = 0;
const windowId = crypto.randomUUID();
const searchIdOf = (question: number): string => `${windowId} ${question}`;

/** The station is told to stop, too: it may be going through all that it has. */
function dropQuestion(): void {
  if (useRemote.getState().state === 'running') {
    void client().call('remote.stop', { searchId: searchIdOf(asked) });
  }
  asked += 1;
}

/** What stations found, while this window lives; one that is set up anew is another. */
const kept = new Map<string, Omit<RemoteState, 'view' | 'retrievals'>>();
const keyOf = ({ nodeId, kind }: RemoteView): string => {
  const node = useApp.getState().settings.nodes.find((one) => one.nodeId === nodeId);
  return `${kind} ${nodeId} ${JSON.stringify(node ?? null)}`;
};

function keepAnswer(): void {
  const { view, retrievals: _, ...found } = useRemote.getState();
  if (view?.kind === 'studies' && found.state === 'done') kept.set(keyOf(view), found);
}

/** Shows a station, with what it found last; a worklist is asked anew. */
export function showRemote(view: RemoteView | null): void {
  keepAnswer();
  dropQuestion();
  // Commands on studies mean what is on screen.
  if (view) select(nothingSelected);
  const found = view?.kind === 'studies' ? kept.get(keyOf(view)) : undefined;
  useRemote.setState({ view, ...(found ? { ...found, isKept: true } : nothing) });
  if (view?.kind === 'worklist') void searchRemote();
}

/** The box and the filters ask for something else than what is shown was found by. */
export function asksOtherwise({ filter }: Answered, now: FilterState, moment: Moment): boolean {
  const asked = (one: FilterState): string =>
    JSON.stringify(studyFilterOf({ ...one, source: 'all', unreadOnly: false }, moment));
  return asked(filter) !== asked(now);
}

export function stopSearch(): void {
  dropQuestion();
  useRemote.setState({ state: 'idle' });
}

/** Asks the station that is shown what the box and the filters say. */
export async function searchRemote(): Promise<void> {
  const { view } = useRemote.getState();
  if (!view) return;
  dropQuestion();
  const question = asked;
  const searchId = searchIdOf(question);
  useRemote.setState({ ...nothing, state: 'running' });
  const { filter } = useStudies.getState();
  const now = momentOf(new Date());
  const found = await (view.kind === 'studies'
    ? askStudies(view, filter, now, searchId)
    : askWorklist(view, filter, now, searchId));
  if (question === asked) useRemote.setState({ ...found, answered: { atMs: Date.now(), filter } });
}

async function askStudies(
  { nodeId }: RemoteView,
  filter: FilterState,
  now: Moment,
  searchId: string,
): Promise<Partial<RemoteState>> {
  const { query, dateFrom, dateTo, modalities } = studyFilterOf({ ...filter, source: 'all' }, now);
  const result = await client().call('remote.search', {
    nodeId,
    searchId,
    query: {
      text: query ?? '',
      dateFrom: dateFrom ?? '',
      dateTo: dateTo ?? '',
      modalities: modalities ?? [],
    },
  });
  if (!result.ok) return { state: 'failed', problem: result.problem };
  const { rows, partial } = result.value;
  return { state: 'done', studies: rows, partial, ...(rows.length === 1 && chosen(0)) };
}

/** Today's orders, unless dates say otherwise. */
async function askWorklist(
  { nodeId }: RemoteView,
  filter: FilterState,
  now: Moment,
  searchId: string,
): Promise<Partial<RemoteState>> {
  const period = filter.period === 'all' ? '1' : filter.period;
  const asked = studyFilterOf({ ...filter, source: 'all', period }, now);
  const dateFrom = asked.dateFrom ?? '';
  const result = await client().call('worklist.search', {
    nodeId,
    searchId,
    dateFrom,
    dateTo: asked.dateTo ?? (period === '1' ? dateFrom : ''),
    modality: filter.modalities[0] ?? '',
    text: asked.query ?? '',
  });
  if (!result.ok) return { state: 'failed', problem: result.problem };
  return { state: 'done', worklist: result.value.rows, partial: result.value.partial };
}

const chosen = (row: number) => ({ selected: new Set([row]), cursor: row });

/** A click, with Ctrl for one more and Shift for all between. */
export function chooseRemote(
  row: number,
  keys: { readonly shiftKey: boolean; readonly ctrlKey: boolean; readonly metaKey: boolean },
): void {
  const { selected, cursor } = useRemote.getState();
  if (keys.shiftKey && cursor !== null) {
    const [from, to] = cursor < row ? [cursor, row] : [row, cursor];
    const between = Array.from({ length: to - from + 1 }, (_, index) => from + index);
    useRemote.setState({ selected: new Set(between) });
  } else if (keys.ctrlKey || keys.metaKey) {
    const changed = new Set(selected);
    if (!changed.delete(row)) changed.add(row);
    useRemote.setState({ selected: changed, cursor: row });
  } else useRemote.setState(chosen(row));
}

/** Puts what is here of a study right, after images of it came or went. */
export function noteLocal(
  studyInstanceUID: string,
  localStudyKey: string | null,
  localInstances: number,
): void {
  useRemote.setState(({ studies }) => ({
    studies: studies.map((study) =>
      study.studyInstanceUID === studyInstanceUID ? { ...study, localStudyKey, localInstances } : study,
    ),
  }));
}
