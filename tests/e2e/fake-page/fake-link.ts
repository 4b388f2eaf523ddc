import { fail, ok, type Result } from '../../../core/base/result.ts';
import type { CallInput, CallName, CallOutput, HostEvent } from '../../../core/contract/index.ts';
import type { Job, Receipt } from '../../../core/contract/jobs.ts';
import type { Settings } from '../../../core/contract/settings.ts';
import type { StudyFilter, StudyRow } from '../../../core/contract/studies.ts';
import { defaultSettings } from '../../../renderer/app/app-store.ts';
import type { Link } from '../../../renderer/app/transport/client.ts';
import { makeSeries, makeStudy } from './fake-studies.ts';

export interface FakeOptions {
  readonly studies: number;
  readonly language: Settings['language'];
  readonly theme: Settings['theme'];
}

type Answers = { readonly [N in CallName]?: (input: CallInput<N>) => Result<CallOutput<N>> };

function matches(row: StudyRow, filter: StudyFilter): boolean {
  if (filter.trash ? row.deletedAtMs === null : row.deletedAtMs !== null) return false;
  if (filter.source && row.source !== filter.source) return false;
  if (filter.unread && !row.unread) return false;
  if (filter.starred && !row.starred) return false;
  if (filter.dateFrom && row.studyDate < filter.dateFrom) return false;
  if (filter.dateTo && row.studyDate > filter.dateTo) return false;
  if (filter.modalities && !row.modalities.some((modality) => filter.modalities?.includes(modality)))
    return false;
  const query = filter.query?.toLowerCase().replaceAll(' ', '');
  if (!query) return true;
  const name = (row.patientName.ideographic ?? '').replace('^', '');
  const text = [name, row.nameLatin.replace(' ', ''), row.patientId, row.description].join(' ').toLowerCase();
  return text.includes(query);
}

const receipt = (now: number): Receipt => ({
  receiptId: 'R-20261121-0031',
  jobId: 'j1',
  startedAtMs: now - 400_000,
  finishedAtMs: now - 26_000,
  source: '/media/cdrom/YL_CT_1120',
  files: 4312,
  stored: 4190,
  duplicates: 96,
  notDicom: 23,
  broken: 3,
  bytes: 1_900_000_000,
  elapsedMs: 374_000,
  studies: ['1.2.840.0', '1.2.840.1', '1.2.840.4', '1.2.840.6'],
  cancelled: false,
  stoppedBy: null,
  problems: [
    { code: 'IO_ERROR', path: 'IMAGES/0412/IM000217' },
    { code: 'IO_ERROR', path: 'IMAGES/0412/IM000218' },
    { code: 'PIXEL_TRUNCATED', path: 'IMAGES/0733/IM000091' },
    { code: 'NOT_DICOM', path: 'VIEWER/viewer.exe' },
    { code: 'DIRECTORY_RECORD', path: 'DICOMDIR' },
  ],
  flags: { NO_PREAMBLE: 12, CHARSET_GUESSED: 5 },
});

const job = (now: number, changes: Partial<Job>): Job => ({
  jobId: 'j0',
  kind: 'import',
  title: 'YL_CT_1120',
  state: 'running',
  phase: 'copying',
  done: 3112,
  total: 4312,
  bytes: 1_400_000_000,
  startedAtMs: now - 280_000,
  finishedAtMs: null,
  remainingMs: 118_000,
  receiptId: null,
  place: null,
  problem: null,
  ...changes,
});

/** A host in a variable: answers at once, keeps nothing. */
export function createFakeLink(options: FakeOptions): Link {
  const now = new Date();
  let rows = Array.from({ length: options.studies }, (_, i) => makeStudy(i, now));
  let settings: Settings = { ...defaultSettings, language: options.language, theme: options.theme };
  let seq = 0;
  let emit: (event: HostEvent) => void = () => undefined;
  const changed = () => emit({ seq: ++seq, topic: 'studies', payload: { studyKeys: [] } });
  const change = (keys: readonly string[], changes: Partial<StudyRow>) => {
    const set = new Set(keys);
    rows = rows.map((row) => (set.has(row.studyKey) ? { ...row, ...changes } : row));
    changed();
  };
  const count = (filter: StudyFilter) => rows.filter((row) => matches(row, filter)).length;
  const at = now.getTime();

  const answers: Answers = {
    'app.info': () =>
      ok({
        version: '0.1.0',
        shell: 'browser',
        dataFolder: '/home/reader/.local/share/candela',
        nodeVersion: '24.21.0',
        platform: 'linux x64',
        systemLanguage: 'zh-CN',
        freeBytes: 412e9,
        cores: 2,
        memoryBytes: 16e9,
      }),
    'app.doctor': () =>
      ok([
        { id: 'node', state: 'ok', zh: 'Node 24.21.0', en: 'Node 24.21.0', adviceZh: '', adviceEn: '' },
        {
          id: 'gpu',
          state: 'warn',
          zh: '没有可用的显卡，3D 由 CPU 绘制',
          en: 'No usable graphics card: the CPU draws 3D',
          adviceZh: '安装显卡驱动后重新测试。',
          adviceEn: 'Install a driver and try again.',
        },
      ]),
    'audit.list': () =>
      ok({
        total: 2,
        intact: true,
        problem: null,
        rows: [
          { seq: 2, atMs: at, event: 'series.shown', outcome: 'ok', detail: 's.1.2.840.0' },
          { seq: 1, atMs: at - 9000, event: 'settings.changed', outcome: 'ok', detail: 'language' },
        ],
      }),
    'settings.get': () => ok(settings),
    'settings.set': ({ changes }) => {
      settings = { ...settings, ...(changes as Partial<Settings>) };
      return ok(settings);
    },
    'studies.list': ({ filter, sort, offset, limit }) => {
      const found = rows.filter((row) => matches(row, filter));
      const [first] = sort;
      if (first?.column === 'frames') found.sort((a, b) => a.frames - b.frames);
      if (first?.column === 'name') found.sort((a, b) => (a.nameLatin < b.nameLatin ? -1 : 1));
      if (first?.descending && first.column !== 'studyDate') found.reverse();
      return ok({ total: found.length, rows: found.slice(offset, offset + limit) });
    },
    'studies.counts': () =>
      ok({
        all: count({}),
        today: Math.min(87, count({})),
        received: count({ source: 'received' }),
        media: count({ source: 'disc' }),
        starred: count({ starred: true }),
        trash: count({ trash: true }),
        unread: count({ unread: true }),
        places: 0,
      }),
    'studies.show': ({ studyKey }) => {
      const study = rows.find((row) => row.studyKey === studyKey);
      if (!study) return fail({ code: 'NOT_FOUND' });
      const priors = [150, 400, 900].map((days, i) => ({
        ...makeStudy(i * 2, new Date(at - days * 86_400_000)),
        studyKey: `s.prior${i}`,
      }));
      return ok({ study, series: makeSeries(study), priors, receiptId: 'R-20261121-0031' });
    },
    'studies.delete': ({ studyKeys }) => {
      change(studyKeys, { deletedAtMs: at });
      return ok({ deleted: studyKeys.length });
    },
    'studies.restore': ({ studyKeys }) => {
      change(studyKeys, { deletedAtMs: null });
      return ok({ restored: studyKeys.length });
    },
    'studies.setUnread': ({ studyKeys, unread }) => {
      change(studyKeys, { unread });
      return ok({});
    },
    'studies.setStarred': ({ studyKeys, starred }) => {
      change(studyKeys, { starred });
      return ok({});
    },
    'jobs.list': () =>
      ok(
        options.studies === 0
          ? []
          : [
              job(at, {}),
              job(at, {
                jobId: 'j1',
                kind: 'demo',
                title: 'Demo',
                state: 'done',
                phase: 'finishing',
                done: 300,
                total: 300,
                finishedAtMs: at - 200_000,
                remainingMs: null,
                receiptId: 'R-20261121-0031',
              }),
              job(at, {
                jobId: 'j2',
                title: 'USB',
                state: 'failed',
                finishedAtMs: at - 230_000,
                remainingMs: null,
                problem: { code: 'MEDIA_REMOVED' },
              }),
            ],
      ),
    'jobs.receipt': () => ok(receipt(at)),
    'jobs.receipts': () => ok([receipt(at)]),
    'media.browse': ({ path }) =>
      ok({
        path,
        parent: null,
        entries: [
          { name: '光盘 D: YL_CT_1120', path: '/media/cdrom', kind: 'disc', sizeBytes: 0 },
          { name: 'KINGSTON', path: '/media/usb', kind: 'stick', sizeBytes: 0 },
          { name: 'reader', path: '/home/reader', kind: 'home', sizeBytes: 0 },
          { name: 'export.zip', path: '/home/reader/export.zip', kind: 'file', sizeBytes: 219_000_000 },
        ],
      }),
  };
  return {
    shell: 'browser',
    // One name, one answer: the table above pairs them; the call's type is the client's.
    async call(name, input) {
      const answer = answers[name as CallName] as ((given: unknown) => Result<unknown>) | undefined;
      return answer ? answer(input) : fail({ code: 'NOT_FOUND' });
    },
    listen(onEvent, onConnection) {
      emit = onEvent;
      onConnection('open');
      return () => undefined;
    },
    async fetchBytes(path) {
      return new Response(await drawThumb(path), { headers: { 'content-type': 'image/png' } });
    },
    workerAccess: async () => ({ baseUrl: location.origin, headers: {} }),
    download: async () => undefined,
    saveFile: async () => undefined,
    desktop: null,
  };
}

/** A grey body on black, another for each series. */
function drawThumb(path: string): Promise<Blob> {
  const canvas = new OffscreenCanvas(128, 128);
  const context = canvas.getContext('2d');
  const seed = [...path].reduce((sum, character) => (sum * 31 + character.charCodeAt(0)) % 997, 7);
  if (context) {
    context.fillStyle = '#000';
    context.fillRect(0, 0, 128, 128);
    for (let i = 0; i < 5; i++) {
      const grey = 60 + ((seed * (i + 3)) % 160);
      context.fillStyle = `rgb(${grey} ${grey} ${grey})`;
      context.beginPath();
      context.ellipse(64 + ((seed * i) % 30) - 15, 64, 52 - i * 9, 40 - i * 7, 0, 0, 2 * Math.PI);
      context.fill();
    }
  }
  return canvas.convertToBlob();
}
