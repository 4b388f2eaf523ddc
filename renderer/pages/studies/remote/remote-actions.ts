import type { RemoteStudy } from '../../../../core/contract/remote.ts';
import { patientsLabel } from '../../../../core/terms/format-person.ts';
import { client } from '../../../app/client.ts';
import { showMessage, showProblem, words } from '../../../app/messages.ts';
import { readStudies } from '../study-actions.ts';
import { noteLocal, noteRetrieval, useRemote } from './remote-store.ts';

/** Fetches studies from the station that is shown, as one job. */
export async function retrieve(studies: readonly RemoteStudy[]): Promise<boolean> {
  const { view } = useRemote.getState();
  if (!view || studies.length === 0) return false;
  const result = await client().call('remote.retrieve', {
    nodeId: view.nodeId,
    items: studies.map(({ studyInstanceUID }) => ({ studyInstanceUID })),
    about: patientsLabel(studies).slice(0, 200),
  });
  if (!result.ok) {
    showProblem(result.problem);
    return false;
  }
  const studyUids = studies.map(({ studyInstanceUID }) => studyInstanceUID);
  noteRetrieval(view.nodeId, studyUids, result.value.jobId);
  showMessage({ tone: 'info', text: words('remote.started', { n: studies.length }) });
  return true;
}

/** Everything is here: opens it. Else fetches it and opens it with its first images. */
export async function retrieveAndRead(study: RemoteStudy): Promise<void> {
  const isWhole = study.instances !== null && study.localInstances >= study.instances;
  if (study.localStudyKey !== null && isWhole) return readLocal(study.localStudyKey);
  const end = client().subscribe('studies', () => void look());
  const timer = setTimeout(end, waitMs);
  let isOpened = false;
  const look = async () => {
    const key = await localKeyOf(study.studyInstanceUID);
    if (key === null || isOpened) return;
    isOpened = true;
    end();
    clearTimeout(timer);
    await readLocal(key);
  };
  if (!(await retrieve([study]))) {
    end();
    clearTimeout(timer);
  }
}
/** A study that has not begun to come by then is not opened over what is read meanwhile. */
const waitMs = 60_000;

export async function readLocal(studyKey: string): Promise<void> {
  const result = await client().call('studies.show', { studyKey });
  if (result.ok) readStudies([result.value.study]);
  else showProblem(result.problem);
}

async function localKeyOf(studyInstanceUID: string): Promise<string | null> {
  const result = await client().call('studies.show', { studyKey: `s.${studyInstanceUID}` });
  return result.ok ? result.value.study.studyKey : null;
}

/** Follows what comes of the studies on screen. Answers the function that ends it. */
export function followArrivals(): () => void {
  const keysOnScreen = () => new Set(useRemote.getState().studies.map((one) => `s.${one.studyInstanceUID}`));
  const update = async (keys: readonly string[]) => {
    for (const studyKey of keys) {
      const result = await client().call('studies.show', { studyKey });
      if (result.ok) {
        const { study } = result.value;
        noteLocal(study.studyInstanceUID, study.studyKey, study.instances);
      } else if (result.problem.code === 'NOT_FOUND') noteLocal(studyKey.slice('s.'.length), null, 0);
    }
  };
  // Much may have come and gone since a list was left.
  if (useRemote.getState().isKept) void update([...keysOnScreen()]);
  return client().subscribe('studies', ({ payload }) => {
    const known = keysOnScreen();
    const keys = payload.studyKeys.length > 0 ? payload.studyKeys : [...known];
    void update(keys.filter((key) => known.has(key)));
  });
}
