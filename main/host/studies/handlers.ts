import { problem } from '../../../core/base/problem.ts';
import { fail, ok } from '../../../core/base/result.ts';
import type { SeriesRow, StudyRow } from '../../../core/contract/studies.ts';
import type { SeriesPlan } from '../../../core/volume/types.ts';
import { locationOf } from '../bytes/file-location.ts';
import { seriesContent } from '../bytes/series-plans.ts';
import type { Handlers } from '../handler.ts';
import { indexOf, isPlaceKey, type Services, writerOf } from '../services.ts';
import { studyOpened } from '../storage/opened.ts';
import { isDiskFull } from '../store/make-room.ts';
import type { SeriesPlace } from '../store/show-study.ts';
import { studyRowsOf } from '../store/study-row.ts';

/** Local midnight of the host's day. */
export function midnightMs(nowMs: number): number {
  const day = new Date(nowMs);
  day.setHours(0, 0, 0, 0);
  return day.getTime();
}

const notFound = fail(problem('NOT_FOUND'));

export const studiesHandlers: Handlers<
  | 'studies.list'
  | 'studies.counts'
  | 'studies.show'
  | 'studies.delete'
  | 'studies.restore'
  | 'studies.setUnread'
  | 'studies.setWhole'
  | 'studies.setStarred'
  | 'studies.print'
  | 'series.plan'
  | 'series.open'
  | 'instance.tags'
  | 'instance.inherited'
  | 'uid.find'
> = {
  async 'studies.list'(services, { filter, ...page }) {
    const todayMs = midnightMs(services.now());
    const { source, ...rest } = filter;
    const isPlace = source === 'place';
    const index = isPlace ? await services.store.openedPlaces() : services.store.read;
    if (!index) return ok({ total: 0, rows: [] });
    const { total, rows } = await index.call('list', { filter: isPlace ? rest : filter, ...page, todayMs });
    return ok({ total, rows: studyRowsOf(rows) });
  },

  async 'studies.counts'(services) {
    const counts = await services.store.read.call('counts', { todayMs: midnightMs(services.now()) });
    const places = await services.store.openedPlaces();
    const inPlaces = places ? (await places.call('counts', { todayMs: 0 })).all : 0;
    return ok({ ...counts, places: inPlaces });
  },

  async 'studies.show'(services, { studyKey }) {
    const index = await indexOf(services, studyKey);
    const found = (await index?.call('show', { studyKey })) ?? null;
    if (!found) return notFound;
    const priors = isPlaceKey(studyKey) ? await priorsInStore(services, found.study) : [];
    const series = await withVerdicts(services, found.series);
    return ok({ ...found, series, priors: [...found.priors, ...priors] });
  },

  async 'studies.delete'(services, { studyKeys }) {
    const keys = studyKeys.filter((key) => !isPlaceKey(key));
    const deleted = await services.store.write.call('deleteStudies', { keys, nowMs: services.now() });
    for (const detail of keys) await services.audit({ event: 'study.delete', outcome: 'ok', detail });
    services.events.emit('studies', { studyKeys: keys });
    return ok({ deleted });
  },

  async 'studies.restore'(services, { studyKeys }) {
    const restored = await services.store.write.call('restoreStudies', {
      keys: studyKeys,
      nowMs: services.now(),
    });
    for (const detail of studyKeys) await services.audit({ event: 'study.restore', outcome: 'ok', detail });
    services.events.emit('studies', { studyKeys });
    return ok({ restored });
  },

  async 'studies.print'(services, printed) {
    const detail = printed.what === 'list' ? `list ${printed.studies}` : printed.studyKey;
    await services.audit({ event: 'study.print', outcome: 'ok', detail });
    return ok({});
  },

  async 'studies.setUnread'(services, { studyKeys, unread }) {
    await setMark(services, 'unread', studyKeys, unread);
    return ok({});
  },

  async 'studies.setWhole'(services, { studyKeys }) {
    await setMark(services, 'cut_off', studyKeys, false);
    return ok({});
  },

  async 'studies.setStarred'(services, { studyKeys, starred }) {
    await setMark(services, 'starred', studyKeys, starred);
    return ok({});
  },

  async 'series.plan'(services, { seriesKey, purpose }) {
    const content = await seriesContent(services, seriesKey);
    if (!content) return notFound;
    const { plan } = services.plans.make(content);
    if (purpose !== 'ahead') await noteOpened(services, content, plan, purpose === 'read');
    return ok(plan);
  },

  async 'series.open'(services, { seriesKey, planId }) {
    const index = await indexOf(services, seriesKey);
    const stamp = (await index?.call('seriesStamp', { seriesKey })) ?? null;
    const known = stamp && services.plans.stillRight(planId, stamp);
    if (known) {
      await noteOpened(services, stamp, known.plan, true);
      return ok({ plan: null });
    }
    const answer = await studiesHandlers['series.plan'](services, { seriesKey, purpose: 'read' });
    return answer.ok ? ok({ plan: answer.value }) : answer;
  },

  async 'uid.find'(services, { uid }) {
    const stored = await services.store.read.call('findUid', { uid });
    const places = await services.store.openedPlaces();
    const opened = await places?.call('findUid', { uid });
    return ok({
      studies: [...stored.studies, ...(opened?.studies ?? [])],
      series: [...stored.series, ...(opened?.series ?? [])],
      instances: [...stored.instances, ...(opened?.instances ?? [])],
    });
  },

  async 'instance.tags'(services, { instanceKey }) {
    const index = await indexOf(services, instanceKey);
    const instance = (await index?.call('instance', { instanceKey })) ?? null;
    if (!instance) return notFound;
    return services.parse.tags(locationOf(instance, services.folder).file);
  },

  async 'instance.inherited'(services, { instanceKey }) {
    const index = await indexOf(services, instanceKey);
    const instance = (await index?.call('instance', { instanceKey })) ?? null;
    if (!instance) return notFound;
    const elements = await services.parse.inherited(locationOf(instance, services.folder).file);
    return elements.ok ? ok({ elements: elements.value }) : elements;
  },
};

/** What is kept beside a study costs nobody its pictures: on a full disk it is kept another time (reliability.md A11). */
async function whereRoom(kept: Promise<unknown> | undefined): Promise<void> {
  try {
    await kept;
  } catch (error) {
    if (!isDiskFull(error)) throw error;
  }
}

/** The audit row of an opened series and, where a person reads it, the marks. */
async function noteOpened(
  services: Services,
  place: SeriesPlace,
  plan: SeriesPlan,
  isRead: boolean,
): Promise<void> {
  const { seriesKey, studyKey, studyUid } = place;
  const writer = await writerOf(services, seriesKey);
  const detail = `${studyUid} ${seriesKey} ${plan.frames.length}`;
  // One after another in the writer's thread, asked for together.
  const kept = [
    writer?.call('setVerdict', { seriesKey, verdict: plan.groups[0]?.verdict.kind ?? null }),
    services.audit({ event: 'study.open', outcome: 'ok', detail }),
    ...(isRead ? [setMark(services, 'unread', [studyKey], false), studyOpened(services, place)] : []),
  ];
  await Promise.all(kept.map(whereRoom));
}

/** A study is answered after this long, with the verdicts that are known by then. */
const verdictsMs = 80;

/** Judges the geometry of series that nobody has opened yet, largest first, as far as the time allows. */
async function withVerdicts(services: Services, rows: readonly SeriesRow[]): Promise<SeriesRow[]> {
  const judged = new Map<string, SeriesRow['verdict']>();
  const unknown = rows.filter((row) => row.category === 'image' && row.verdict === null);
  const endMs = performance.now() + verdictsMs;
  for (const { seriesKey } of unknown.sort((a, b) => b.frames - a.frames)) {
    if (performance.now() > endMs) break;
    const content = await seriesContent(services, seriesKey);
    const verdict = content ? (services.plans.glance(content).plan.groups[0]?.verdict.kind ?? null) : null;
    if (verdict === null) continue;
    judged.set(seriesKey, verdict);
    const writer = await writerOf(services, seriesKey);
    await whereRoom(writer?.call('setVerdict', { seriesKey, verdict }));
  }
  return rows.map((row) => ({ ...row, verdict: judged.get(row.seriesKey) ?? row.verdict }));
}

async function setMark(
  services: Services,
  mark: 'unread' | 'starred' | 'cut_off',
  studyKeys: readonly string[],
  value: boolean,
): Promise<void> {
  const inPlaces = studyKeys.filter(isPlaceKey);
  const inStore = studyKeys.filter((key) => !isPlaceKey(key));
  const places = inPlaces.length > 0 ? await services.store.openedPlaces() : null;
  const changed = [
    ...((await places?.call('setMark', { mark, keys: inPlaces, value })) ?? []),
    ...(inStore.length > 0 ? await services.store.write.call('setMark', { mark, keys: inStore, value }) : []),
  ];
  if (changed.length > 0) services.events.emit('studies', { studyKeys: changed });
}

/** For a study opened in place: what the store has of the same patient. */
async function priorsInStore(services: Services, study: StudyRow): Promise<StudyRow[]> {
  return services.store.read.call('priorsOf', {
    patientId: study.patientId,
    name: study.patientName,
    birthDate: study.birthDate,
    exceptUid: study.studyInstanceUID,
  });
}
