/** In the pages: retrievals by all three ways stopped and resumed, what failed sent again, and what a modality reports. */
import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import dcmjsDimse from 'dcmjs-dimse';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { t, type terms } from '../../core/terms/terms.ts';
import { type DcmjsStation, startDcmjs } from '../fixtures/dcmjs-station.ts';
import { type Gate, startGate } from '../fixtures/gate.ts';
import { ask, importPaths, openHost, temporaryFolder } from '../fixtures/host.ts';
import { freePort, type Orthanc, orthancMissing, startOrthanc } from '../fixtures/orthanc.ts';
import { sharedDataFolder, sharedDataMissing } from '../fixtures/shared-data.ts';
import { type LaunchedApp, launch, skipReason } from './driver.ts';
import { rowsOf, soon } from './pages.ts';

const shared = sharedDataFolder();
const reason =
  skipReason('browser') ??
  (shared === null ? sharedDataMissing : null) ??
  (spawnSync('which', ['dcmdjpls']).status === 0 ? null : 'dcmdjpls is not installed') ??
  orthancMissing;
const word = (key: keyof typeof terms, params?: Record<string, string | number>) => t('en', key, params);
const folderOf = (series: string): string => join(shared ?? '', 'series', series);

/** One copy of the study for each way to retrieve it. */
const ways = ['GET', 'MOVE', 'WADO'] as const;
const images = 28;
/** A patient's study of `images` plain images for each way; texts of one length leave the files whole. */
function copies(): Buffer[] {
  const source = folderOf('ct-head-ge-tilt-uneven');
  const target = join(temporary.path, 'plain.dcm');
  return readdirSync(source).flatMap((name) => {
    execFileSync('dcmdjpls', [join(source, name), target]);
    const plain = readFileSync(target, 'latin1');
    return ways.map((way, index) =>
      Buffer.from(
        plain
          .replaceAll('.3680043.9.4245.', `.3680043.9.424${index}.`)
          .replaceAll('QMNx85rKkkg', patientOf(way)),
        'latin1',
      ),
    );
  });
}
const patientOf = (way: string): string => `COPY-${way.padEnd(6, '0')}`;
const temporary = temporaryFolder();

describe.skipIf(reason !== null)(`retrieving in the pages${reason ? ` (skipped: ${reason})` : ''}`, () => {
  const folder = temporaryFolder();
  const refused = new Map<string, number>();
  let app: LaunchedApp;
  let page: Page;
  let orthanc: Orthanc;
  let station: DcmjsStation;
  let gates: Readonly<Record<(typeof ways)[number], Gate>>;
  let port = 0;
  let kept: readonly string[] = [];

  beforeAll(async () => {
    port = await freePort();
    const intoUs = await startGate(port);
    orthanc = await startOrthanc({ modalities: { candela: ['CANDELA', '127.0.0.1', intoUs.port] } });
    gates = {
      GET: await startGate(orthanc.dimsePort),
      MOVE: intoUs,
      WADO: await startGate(orthanc.httpPort),
    };
    await orthanc.upload(copies());
    station = await startDcmjs({ statusOf: (uid) => refused.get(uid) ?? 0 });
    kept = await prepare();
    app = await launch('browser', { locale: 'en-US', dataFolder: folder.path });
    page = app.page;
    page.setDefaultTimeout(soon.timeout);
  });
  afterAll(async () => {
    await app?.close();
    await orthanc?.stop();
    station?.close();
    for (const gate of Object.values(gates ?? {})) gate.close();
    folder.remove();
    temporary.remove();
  });

  /** A store with the stations, one study, and a receiver that is on. Answers the SOP Instance UIDs. */
  async function prepare(): Promise<readonly string[]> {
    const host = await openHost(folder.path);
    const dimse = { protocol: 'dimse', host: '127.0.0.1', aeTitle: orthanc.aeTitle } as const;
    const nodes = [
      { ...dimse, nodeId: 'get', name: 'By GET', port: gates.GET.port, retrieveBy: 'get' },
      { ...dimse, nodeId: 'move', name: 'By MOVE', port: orthanc.dimsePort, retrieveBy: 'move' },
      {
        nodeId: 'wado',
        name: 'By WADO',
        protocol: 'web',
        url: `http://127.0.0.1:${gates.WADO.port}/dicom-web`,
      },
      { ...dimse, nodeId: 'dcmjs', name: 'Picky', port: station.port, aeTitle: 'DCMJS', canQuery: false },
    ] as const;
    for (const node of nodes) await ask(host, 'nodes.save', { node });
    const { settings } = { settings: await ask(host, 'settings.get', {}) };
    const receiver = { ...settings.network.receiver, enabled: true, port, address: '127.0.0.1' as const };
    await ask(host, 'settings.set', { changes: { network: { ...settings.network, receiver } } });
    await importPaths(host, [folderOf('mr-multi-echo-siemens')]);
    const [study] = (await ask(host, 'studies.list', { filter: {}, sort: [], offset: 0, limit: 1 })).rows;
    const found = await ask(host, 'uid.find', { uid: study?.studyInstanceUID ?? '' });
    await host.close();
    return found.studies;
  }

  const rowOf = (text: string): Locator => rowsOf(page).filter({ hasText: text });
  const panel = (): Locator => page.locator('.remote-pv');
  const jobs = (): Promise<void> => page.keyboard.press('Control+KeyJ');

  it.each(ways)('by %s: stops when asked, says what is here, and fetches only the rest', async (way) => {
    const gate = gates[way];
    await page.getByRole('button', { name: `By ${way}`, exact: true }).click();
    await page.getByRole('searchbox').first().fill(patientOf(way));
    await page.getByRole('searchbox').first().press('Enter');
    await expect.poll(() => rowOf(patientOf(way)).count(), soon).toBe(1);
    await rowOf(patientOf(way)).first().click();
    gate.open();
    gate.shutAfter(5_000_000);
    await panel()
      .getByRole('button', { name: word('remote.retrieve'), exact: true })
      .click();
    const stop = panel().getByRole('button', { name: word('remote.cancel') });
    await expect.poll(() => gate.passed, soon).toBeGreaterThan(5_000_000);
    await panel().getByRole('progressbar').waitFor();
    await stop.click();
    const resume = panel().getByRole('button', { name: word('remote.resume') });
    await resume.waitFor();
    // Some came, not all; the list says so.
    const here = async () =>
      Number(/(\d+) of 28/.exec(await rowOf(patientOf(way)).first().innerText())?.[1] ?? 0);
    await expect.poll(here, soon).toBeGreaterThan(0);
    const before = await here();
    expect(before).toBeLessThan(images);
    gate.open();
    await resume.click();
    await expect
      .poll(() => rowOf(patientOf(way)).first().innerText(), soon)
      .toContain(word('remote.allHere'));
    // The study is 15 MB: what was here did not come again.
    const share = (images - before) / images;
    expect(gate.passed).toBeLessThan(14_900_000 * share + 1_000_000);
    await resume.waitFor({ state: 'detached' });
  });

  it('offers no retry for a job that was tried again', async () => {
    await jobs();
    const finished = page.locator('.jobs .job');
    await expect.poll(() => finished.count(), soon).toBeGreaterThanOrEqual(6);
    expect(await finished.getByRole('button', { name: word('jobs.retry'), exact: true }).count()).toBe(0);
    expect(await finished.filter({ hasText: word('jobs.retried') }).count()).toBe(3);
    await jobs();
  });

  it('says of each object why it was refused, copies the list, and sends again what failed', async () => {
    const [studyKey = ''] = kept;
    expect(studyKey).not.toBe('');
    await page
      .getByRole('button', { name: word('studies.all'), exact: false })
      .first()
      .click();
    await page.getByRole('searchbox').first().fill('');
    const names = readdirSync(folderOf('mr-multi-echo-siemens')).length;
    const row = rowOf('phantom').first();
    await row.click();
    await row.click({ button: 'right' });
    await page.getByRole('menuitem', { name: word('send.menu') }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('radio', { name: 'Picky' }).check();
    // Refuses the second and third object that come, whichever they are.
    const statuses = [0, 0xa900, 0x0122];
    const seen = new Map<string, number>();
    refused.get = (uid: string) => {
      if (!seen.has(uid)) seen.set(uid, statuses[seen.size] ?? 0);
      return seen.get(uid);
    };
    await dialog.getByRole('button', { name: word('send.start') }).click();
    await jobs();
    const job = page.locator('.jobs .job').filter({ hasText: 'Picky' });
    await expect.poll(() => job.first().innerText(), soon).toContain(word('jobs.state.failed'));
    await job
      .first()
      .getByRole('button', { name: word('outcomes.show') })
      .click();
    const outcomes = page.getByRole('dialog', { name: word('outcomes.title') });
    await outcomes.getByText(word('outcomes.failedOf', { failed: 2, total: names })).waitFor();
    await outcomes.getByText(word('outcomes.filter.failed')).click();
    await expect.poll(() => outcomes.locator('tbody tr').count(), soon).toBe(2);
    const words = await outcomes.locator('tbody').innerText();
    expect(words).toContain('A900H Data set does not match SOP class');
    expect(words).toContain('0122H Refused: SOP class not supported');
    expect(words).toContain('Enable the class on the other side');
    // The page may write to the clipboard and not read it: what it writes is caught.
    await page.evaluate(() => {
      navigator.clipboard.writeText = async (text) => {
        document.documentElement.dataset['copied'] = text;
      };
    });
    await outcomes.getByRole('button', { name: word('outcomes.copyFailed') }).click();
    const copied = () => page.evaluate(() => document.documentElement.dataset['copied'] ?? '');
    await expect.poll(async () => (await copied()).split('\n').length, soon).toBe(3);
    seen.clear();
    statuses.length = 0;
    await outcomes.getByRole('button', { name: word('outcomes.retryFailed', { n: 2 }) }).click();
    await expect.poll(() => station.kept.size, soon).toBe(names);
    // Only those two were sent again.
    expect(seen.size).toBe(2);
    await expect
      .poll(() => job.getByRole('button', { name: word('jobs.retry'), exact: true }).count(), soon)
      .toBe(0);
    await jobs();
  });

  it('shows what a modality reports of an examination as the state of its study', async () => {
    const [studyKey = ''] = kept;
    const { Client, Dataset, requests } = dcmjsDimse;
    const stepClass = '1.2.840.10008.3.1.2.3.3';
    const tell = (
      request: InstanceType<typeof requests.NCreateRequest>,
      elements: object,
    ): Promise<number> => {
      request.setDataset(new Dataset(elements as never));
      const client = new Client();
      client.addRequest(request);
      const status = new Promise<number>((resolve, reject) => {
        request.on('response', (response: { getStatus(): number }) => resolve(response.getStatus()));
        client.on('networkError', reject);
      });
      client.send('127.0.0.1', port, 'MR_ONE', 'CANDELA');
      return status;
    };
    const begun = {
      PerformedProcedureStepStatus: 'IN PROGRESS',
      PerformedProcedureStepID: 'PPS7',
      PerformedProcedureStepDescription: 'Knee plain',
      PerformedStationAETitle: 'MR_ONE',
      PerformedProcedureStepStartDate: '20261126',
      PerformedProcedureStepStartTime: '081500',
      Modality: 'MR',
      ScheduledStepAttributesSequence: [{ StudyInstanceUID: studyKey.replace(/^s\./, '') }],
      PerformedSeriesSequence: [],
    };
    const row = rowOf('phantom').first();
    for (const [uid, end, key] of [
      ['2.25.71', 'COMPLETED', 'steps.COMPLETED'],
      ['2.25.72', 'DISCONTINUED', 'steps.DISCONTINUED'],
    ] as const) {
      expect(await tell(new requests.NCreateRequest(stepClass, uid), begun)).toBe(0);
      const tag = row.locator('.tag[data-tip]');
      await expect.poll(() => tag.innerText(), soon).toBe(word('steps.IN PROGRESS'));
      expect(await tag.getAttribute('data-tip')).toContain('Knee plain · PPS7');
      const ended = { PerformedProcedureStepStatus: end, PerformedProcedureStepEndDate: '20261126' };
      expect(await tell(new requests.NSetRequest(stepClass, uid), ended)).toBe(0);
      await expect.poll(() => row.innerHTML(), soon).toContain(word(key));
    }
  });
});
