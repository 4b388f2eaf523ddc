/** Every series of the shared data on the reading page: a picture, or words that say why there is none. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SeriesRow, StudyRow } from '../../core/contract/studies.ts';
import { bytesSource } from '../../core/dicom/byte-source.ts';
import { scan } from '../../core/dicom/scan.ts';
import { formatName } from '../../core/terms/format-person.ts';
import { readingTerms } from '../../core/terms/reading.ts';
import { t, terms } from '../../core/terms/terms.ts';
import {
  type ManifestFile,
  readManifest,
  sharedDataFolder,
  sharedDataMissing,
} from '../fixtures/shared-data.ts';
import { type LaunchedApp, launch, skipReason } from './driver.ts';
import { importPath, receiptSums, rowsOf, type Shown, settled, soon } from './pages.ts';

const folder = sharedDataFolder();
const reason = skipReason('browser') ?? (folder === null ? sharedDataMissing : null);
const minutes = 60_000;

/** Who the files of a series are about, straight from the files. */
interface Person {
  readonly name: string;
  readonly id: string;
}
interface Truth {
  readonly files: ManifestFile[];
  readonly people: Person[];
}

function readTruth(root: string): Map<string, Truth> {
  const bySeries = new Map<string, Truth>();
  for (const file of readManifest(root).files) {
    const found = scan(bytesSource(readFileSync(join(root, file.path))));
    const uid = found.ok ? found.value.attributes.SeriesInstanceUID : undefined;
    if (!found.ok || uid === undefined) continue;
    const { PatientName, PatientID = '' } = found.value.attributes;
    const truth = bySeries.get(uid) ?? { files: [], people: [] };
    truth.files.push(file);
    truth.people.push({ name: PatientName ? formatName(PatientName) : '', id: PatientID });
    bySeries.set(uid, truth);
  }
  return bySeries;
}

/** Pixels that decoders of the manifest find to be one value only, or that nobody decodes. */
const isPlain = ({ pixels }: ManifestFile): boolean => {
  const { min, max } = (pixels ?? {}) as { readonly min?: number; readonly max?: number };
  return min === undefined || min === max;
};

/** Four slices of noise whose rescale intercepts differ far more than their values: one window shows all of them. */
const levelsApart = '1.2.826.0.1.3680043.8.498.69597760006836175184016920326015805567';

/** Asks the host what the page asks it. */
const ask = <T>(page: Page, name: string, input: unknown): Promise<T> =>
  page.evaluate(
    async ([call, body]) => {
      const headers = { 'x-candela-nonce': sessionStorage.getItem('candela.nonce') ?? '' };
      const answer = await fetch(`/call/${call}`, { method: 'POST', headers, body: JSON.stringify(body) });
      return ((await answer.json()) as { readonly value: T }).value;
    },
    [name, input] as const,
  );

interface Visit {
  readonly study: StudyRow;
  readonly row: SeriesRow;
  readonly shown: Shown;
}

/** Looks at each series of the study on the page, in the order of the thumbnails. */
async function readStudy(
  page: Page,
  study: StudyRow,
  rows: ReadonlyMap<string, SeriesRow>,
): Promise<Visit[]> {
  const visits: Visit[] = [];
  const keys = await page.locator('.sth').evaluateAll((all) => all.map((x) => x.getAttribute('data-series')));
  for (const key of keys) {
    const row = rows.get(key ?? '');
    if (!row) throw new Error(`no series ${key}`);
    await page.locator(`.sth[data-series="${row.seriesKey}"]`).click();
    visits.push({ study, row, shown: await settled(page, row.seriesKey) });
  }
  return visits;
}

const firstSeries = (page: Page): Promise<string> =>
  page.evaluate(() => document.querySelector('.sth')?.getAttribute('data-series') ?? '');

/** As many studies as one Enter opens. */
const atOnce = 8;

/** Selects studies from the top of the list, opens them together, and goes through their tabs by key. */
async function readAll(page: Page, filter: object): Promise<Visit[]> {
  const asked = { filter, sort: [], offset: 0, limit: 1000 };
  const { rows } = await ask<{ rows: StudyRow[] }>(page, 'studies.list', asked);
  const studyOf = new Map<string, StudyRow>();
  const seriesOf = new Map<string, SeriesRow>();
  for (const study of rows) {
    const { series } = await ask<{ series: SeriesRow[] }>(page, 'studies.show', { studyKey: study.studyKey });
    for (const row of series) {
      studyOf.set(row.seriesKey, study);
      seriesOf.set(row.seriesKey, row);
    }
  }
  await page.locator('table.grid').focus();
  await page.keyboard.press('Home');
  const visits: Visit[] = [];
  let before = '';
  for (let first = 0; first < rows.length; first += atOnce) {
    const last = Math.min(rows.length, first + atOnce) - 1;
    if (first > 0) await page.keyboard.press('ArrowDown');
    await page.locator(`#row-${first}.sel`).waitFor(soon);
    for (let n = first + 1; n <= last; n++) {
      await page.keyboard.press('Shift+ArrowDown');
      await page.locator(`#row-${n}.sel`).waitFor(soon);
    }
    await page.keyboard.press('Enter');
    for (let n = first; n <= last; n++) {
      if (n > first) await page.keyboard.press('n');
      await expect.poll(async () => !['', before].includes(await firstSeries(page)), soon).toBe(true);
      before = await firstSeries(page);
      const study = studyOf.get(before);
      if (!study || visits.some((visit) => visit.study === study)) throw new Error(`came back to ${before}`);
      visits.push(...(await readStudy(page, study, seriesOf)));
    }
    await page.keyboard.press('Alt+1');
    await page.locator(`#row-${last}.sel`).waitFor(soon);
  }
  return visits;
}

describe.skipIf(reason !== null)(`every series${reason ? ` (skipped: ${reason})` : ''}`, () => {
  const root = folder ?? '';
  const complaints: string[] = [];
  const refused: string[] = [];
  let app: LaunchedApp;
  let page: Page;
  let truths: Map<string, Truth>;
  let visits: readonly Visit[] = [];

  beforeAll(async () => {
    app = await launch('browser', { locale: 'en-US', viewport: { width: 1366, height: 768 } });
    page = app.page;
    page.setDefaultTimeout(soon.timeout);
    page.on('response', (answer) => {
      if (answer.status() >= 400) refused.push(decodeURIComponent(new URL(answer.url()).pathname));
    });
    // What Chromium says of this spec's own reading of canvases is not the product's.
    page.on('console', (line) => {
      if (
        line.type() === 'error' ||
        (line.type() === 'warning' && !line.text().includes('willReadFrequently'))
      )
        complaints.push(line.text());
    });
    truths = readTruth(root);
  });
  afterAll(() => app?.close());

  it('imports the whole folder, and the receipt balances', { timeout: 5 * minutes }, async () => {
    await importPath(page, root, 'import');
    const done = page.locator('.msg', { hasText: t('en', 'jobs.doneImport', { title: 'data' }) });
    await done.getByRole('button', { name: terms['jobs.receipt'].en }).click();
    const { files, parts } = await receiptSums(page);
    expect(files).toBeGreaterThan(650);
    expect(parts.reduce((sum, part) => sum + part, 0)).toBe(files);
    await page.keyboard.press('Alt+1');
    await rowsOf(page).first().waitFor();
  });

  it('opens each series of each study', { timeout: 10 * minutes }, async () => {
    visits = await readAll(page, {});
    expect(visits.length).toBeGreaterThan(180);
    expect(visits.filter(({ row }) => row.category === 'image').length).toBeGreaterThan(120);
  });

  it('paints every picture that the data hold', () => {
    const missing = visits
      .filter(({ row }) => row.category === 'image')
      .filter(({ row, shown }) => {
        const files = truths.get(row.seriesInstanceUID)?.files ?? [];
        const isDamaged = files.every((file) => file.expected === 'partial' || file.expected === 'rejected');
        // Good versions of one instance are one image; a broken twin beside it may be the one that is opened first.
        const isBrokenTwin =
          files.some((file) => file.expected === 'partial') && shown.note.includes('FRAME_UNDECODABLE');
        if (
          isDamaged ||
          isBrokenTwin ||
          row.seriesInstanceUID === levelsApart ||
          files.every((file) => file.pixels === undefined)
        )
          return false;
        return shown.note !== '' || (shown.colours < 3 && !files.some(isPlain));
      })
      .map(({ row, shown }) => `${row.seriesInstanceUID} ${row.description} ${shown.colours} ${shown.note}`);
    expect(missing).toEqual([]);
  });

  it('says why wherever there is no picture', () => {
    const silent = visits
      .filter(({ row, shown }) => row.category === 'image' && shown.colours < 2)
      .filter(({ row, shown }) => {
        const files = truths.get(row.seriesInstanceUID)?.files ?? [];
        return shown.note === '' && row.seriesInstanceUID !== levelsApart && !files.some(isPlain);
      });
    expect(silent.map(({ row }) => row.seriesInstanceUID)).toEqual([]);
    const others = visits.filter(({ row }) => row.category !== 'image');
    expect(others.map(({ shown }) => shown.kept)).toEqual(others.map(({ row }) => row.category));
    for (const { row, shown } of others) {
      const kind = readingTerms[`reading.kind.${row.category as 'sr'}`].en;
      expect(shown.note).toContain(readingTerms['reading.kept'].en.replace('{kind}', kind));
    }
    const kinds = new Set(others.map(({ row }) => row.category));
    for (const kind of ['sr', 'presentation', 'video', 'document', 'waveform', 'rt'])
      expect(kinds).toContain(kind);
  });

  it('names the patient of the file on each picture', () => {
    const wrong = visits
      .filter(({ row, shown }) => row.category === 'image' && shown.note === '')
      .filter(({ row, shown }) => {
        const { people } = truths.get(row.seriesInstanceUID) ?? { people: [] };
        const said = shown.who.replace(/\s+/g, ' ');
        const tidy = (text: string): string => text.replace(/\s+/g, ' ').trim();
        return (
          people.length > 0 &&
          !people.some(({ name, id }) => said.includes(tidy(name)) && said.includes(tidy(id)))
        );
      })
      .map(({ row, shown }) => `${row.seriesInstanceUID}: ${shown.who}`);
    expect(wrong).toEqual([]);
  });

  it('refuses MPR with a reason exactly where the geometry allows none', () => {
    const judged = visits.filter(({ row, shown }) => row.verdict !== null && shown.note === '');
    expect(new Set(judged.map(({ row }) => row.verdict)).size).toBeGreaterThan(2);
    for (const { row, shown } of judged) {
      if (row.verdict === 'none') expect(shown.mprOff, row.seriesInstanceUID).toMatch(/: .{12}/);
      const isColour =
        truths.get(row.seriesInstanceUID)?.files[0]?.photometricInterpretation !== 'MONOCHROME2';
      if (row.verdict === 'exact' && !isColour) expect(shown.mprOff, row.seriesInstanceUID).toBe('');
    }
  });

  it('plays where there is more than one image, and says where there is not', () => {
    const counted = visits.flatMap(({ row, shown }) => {
      const total = /Im \d+\/(\d+)/.exec(shown.taken)?.[1];
      return total && shown.note === '' ? [{ row, shown, total: Number(total) }] : [];
    });
    expect(new Set(counted.map(({ total }) => total > 1)).size).toBe(2);
    for (const { row, shown, total } of counted)
      expect(shown.playOff, row.seriesInstanceUID).toBe(
        total > 1 ? '' : t('en', readingTerms['reading.cineOne']),
      );
    const pictureless = visits.filter(({ row }) => row.category !== 'image');
    expect(pictureless.length).toBeGreaterThan(0);
    for (const { row, shown } of pictureless)
      expect(shown.playOff, row.seriesInstanceUID).toBe(t('en', readingTerms['reading.noPicture']));
  });

  it('says whose a picture is in the smallest viewport too, by the ID where there is no name', async () => {
    const nameless = visits.find(({ row, shown }) => {
      const person = truths.get(row.seriesInstanceUID)?.people[0];
      return row.category === 'image' && person?.name === '' && person.id.length > 5 && shown.note === '';
    });
    const id = truths.get(nameless?.row.seriesInstanceUID ?? '')?.people[0]?.id ?? '';
    expect(id).not.toBe('');
    await page.getByRole('searchbox').fill(id);
    await expect.poll(() => rowsOf(page).count(), soon).toBe(1);
    await rowsOf(page).first().dblclick();
    await page.locator('.surface canvas[data-painted]').first().waitFor(soon);
    await page.keyboard.press('Shift+Digit9');
    await expect.poll(() => page.locator('.vp').count(), soon).toBe(9);
    expect((await page.locator('.vp').first().boundingBox())?.width).toBeLessThan(440);
    await expect.poll(() => page.locator('.tx.tl').first().innerText(), soon).toContain(id);
    await page.keyboard.press('Shift+Digit1');
    await page.keyboard.press('Alt+1');
    await page.getByRole('searchbox').fill('');
    await page.keyboard.press('Escape');
  });

  it('reads a disc without importing it, and says on the picture that it is not stored', async () => {
    const before = (await ask<{ all: number }>(page, 'studies.counts', {})).all;
    await importPath(page, join(root, 'media', 'disc-good'), 'open');
    const places = page.getByRole('button', { name: terms['studies.places'].en });
    await expect.poll(() => places.getAttribute('aria-current'), soon).toBe('true');
    await rowsOf(page).first().waitFor();
    const inPlace = await readAll(page, { source: 'place' });
    const pictures = inPlace.filter(({ row }) => row.category === 'image');
    expect(pictures.length).toBeGreaterThan(2);
    for (const { shown } of pictures) {
      expect(shown.badges).toContain(readingTerms['reading.notStored'].en);
      expect(shown.colours).toBeGreaterThan(2);
    }
    expect((await ask<{ all: number }>(page, 'studies.counts', {})).all).toBe(before);
  });

  it('was silent on the console and broke no policy', () => {
    // Chromium reports each refused request by itself; only thumbnails of what has no picture may be refused.
    expect(complaints.filter((line) => !line.startsWith('Failed to load resource'))).toEqual([]);
    const without = visits.filter(({ row, shown }) => row.category !== 'image' || shown.note !== '');
    const allowed = new Set(without.map(({ row }) => `/thumb/${row.seriesKey}`));
    expect(refused.filter((path) => !allowed.has(path))).toEqual([]);
    expect(app.faults).toEqual([]);
  });
});
