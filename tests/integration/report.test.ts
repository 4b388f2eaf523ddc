/** The vessel report of a series in a store: PDF and HTML at their route, the structured report in its study. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AortaRow } from '../../core/analysis/lumen/aorta.ts';
import type { Host } from '../../core/contract/host.ts';
import type { CallInput } from '../../core/contract/index.ts';
import { findChromium } from '../../main/host/browser/find-browser.ts';
import { printReport } from '../../main/host/report/print-report.ts';
import { type FieldSeries, writeField } from '../fixtures/field-series.ts';
import { ask, importPaths, jobEnd, openHost, temporaryFolder } from '../fixtures/host.ts';
import { sampleReport, sampleVessel } from '../fixtures/sample-report.ts';
import { sharedDataFolder, sharedDataMissing } from '../fixtures/shared-data.ts';
import { candela } from '../fixtures/terminal.ts';

const folder = temporaryFolder();
const inside = (name: string): string => join(folder.path, name);
const has = (tool: string): boolean => spawnSync('which', [tool]).status === 0;
const run = (tool: string, ...words: string[]): string => spawnSync(tool, words, { encoding: 'utf8' }).stdout;
const noBrowser = findChromium() === null && 'no Chromium, Chrome or Edge is installed';
const series: FieldSeries = {
  size: [8, 8, 8],
  spacing: [2, 2, 2],
  row: [1, 0, 0],
  column: [0, 1, 0],
  middle: [0, 0, 0],
  slope: 1,
  value: () => 40,
};

let host: Host;
let subject: Pick<CallInput<'report.vessel'>, 'seriesKey' | 'groupId'>;
let studyKey = '';

/** What crosses the wire: plain arrays. */
const vessels = JSON.parse(
  JSON.stringify(sampleReport('zh-CN').vessels),
) as CallInput<'report.vessel'>['vessels'];
const pictures = JSON.parse(
  JSON.stringify(sampleReport('en').pictures),
) as CallInput<'report.vessel'>['pictures'];

beforeAll(async () => {
  writeField(inside('field'), series);
  host = await openHost(inside('data'));
  await importPaths(host, [inside('field')]);
  const [row] = (await ask(host, 'uid.find', { uid: '1.2.3.4.5' })).series;
  const plan = await ask(host, 'series.plan', { seriesKey: row!.seriesKey });
  subject = { seriesKey: row!.seriesKey, groupId: plan.groups[0]!.id };
  studyKey = row!.studyKey;
});
afterAll(async () => {
  await host.close();
  folder.remove();
});

async function made(format: 'pdf' | 'html', language: 'zh-CN' | 'en', part: object = {}): Promise<Buffer> {
  const { reportId } = await ask(host, 'report.vessel', {
    ...{ ...subject, language, vessels, pictures, format, shown: 1 },
    ...part,
  });
  const path = `/report/${reportId}?format=${format}&name=%E8%A1%80%E7%AE%A1`;
  const { status, headers, body } = await host.fetch({ method: 'GET', path });
  expect(status).toBe(200);
  expect(headers['content-disposition']).toContain(
    `attachment; filename="candela.${format}"; filename*=UTF-8''%E8%A1%80%E7%AE%A1.${format}`,
  );
  return Buffer.from(body as Uint8Array);
}

describe('the report as a file', () => {
  it('is HTML whose head is of the series itself', async () => {
    const html = (await made('html', 'en')).toString('utf8');
    expect(html).toContain('Vessel analysis report');
    expect(html).not.toContain('高明');
    expect(html).toContain('Left internal carotid artery: narrowest 38.0 mm');
  });

  it('is a PDF of one page with the text that was asked for', async ({ skip }) => {
    skip(noBrowser !== false, String(noBrowser));
    const pdf = await made('pdf', 'zh-CN');
    expect(pdf.toString('latin1', 0, 5)).toBe('%PDF-');
    skip(!has('pdftotext'), 'pdftotext is not installed');
    writeFileSync(inside('report.pdf'), pdf);
    const pages = run('pdftotext', inside('report.pdf'), '-').split('\f').slice(0, -1);
    expect(pages).toHaveLength(1);
    const text = pages[0]!.replace(/\s+/g, '');
    for (const words of [
      '血管分析报告',
      '左颈内动脉：距起点38.0mm处最窄',
      '已达分辨率极限',
      '75±6',
      'NASCET',
    ])
      expect(text).toContain(words);
    skip(!has('pdffonts'), 'pdffonts is not installed');
    const fonts = run('pdffonts', inside('report.pdf')).split('\n').slice(2).filter(Boolean);
    expect(fonts.length).toBeGreaterThan(0);
    // The shipped font, its glyphs in the file.
    expect(fonts.filter((line) => !/NotoSansSC\S* .* yes yes yes/.test(line))).toEqual([]);
  });

  it('stays one page where the picture is largest', async ({ skip }) => {
    skip(noBrowser !== false, String(noBrowser));
    skip(!has('pdftotext'), 'pdftotext is not installed');
    const sample = sampleReport('en');
    const vessels = sample.vessels.map((one) => ({
      ...one,
      nameId: null,
      customName: 'Long name '.repeat(6),
      isDoubtful: true,
      verdict: 'approximate' as const,
    }));
    const printed = await printReport({ ...sample, vessels });
    if (!printed.ok) throw new Error(printed.problem.code);
    writeFileSync(inside('large.pdf'), printed.value);
    const pages = run('pdftotext', inside('large.pdf'), '-').split('\f').slice(0, -1);
    expect(pages).toHaveLength(1);
    expect(pages[0]).toContain('Physician');
  });

  it.for(['plain', 'with an aorta'])('stays one page with more than fits, %s', async (kind, { skip }) => {
    skip(noBrowser !== false, String(noBrowser));
    skip(!has('pdftotext'), 'pdftotext is not installed');
    const sample = sampleReport('en');
    const long = 'A name that is as long as a name of a vessel of one’s own can be';
    const many = Array.from({ length: 40 }, (_, n) => ({
      ...sampleVessel('lad', true),
      lineId: String(n),
      nameId: null,
      customName: long,
      isDoubtful: true,
      isByHand: true,
      verdict: 'approximate' as const,
    }));
    const row: AortaRow = { id: 'renalToInternalIliac', side: 'left', unit: 'mm', value: 123.4 };
    const aorta = Array.from({ length: kind === 'plain' ? 0 : 30 }, () => ({ ...row, minMm: 1, maxMm: 2 }));
    const printed = await printReport({ ...sample, vessels: many, aorta });
    expect(printed.ok).toBe(true);
    if (!printed.ok) return;
    writeFileSync(inside('full.pdf'), printed.value);
    const pages = run('pdftotext', inside('full.pdf'), '-').split('\f').slice(0, -1);
    expect(pages).toHaveLength(1);
    // What comes last is still on it.
    expect(pages[0]).toContain('Physician');
    expect(pages[0]).toContain(kind === 'plain' ? 'and 34 more' : 'and 36 more');
  });

  it('says what to install where nothing prints, and what failed', async () => {
    const none = await printReport(sampleReport('en'), undefined, null);
    expect(none).toMatchObject({ ok: false, problem: { code: 'REPORT_PRINTER_MISSING' } });
    const broken = await printReport(sampleReport('en'), undefined, '/bin/false');
    expect(broken).toMatchObject({ ok: false, problem: { code: 'REPORT_PRINTER_FAILED' } });
  });

  it.each([null, '/bin/false'])('is printed by the shell where the browser is %s', async (browser) => {
    const printed = await printReport(sampleReport('en'), async (html) => Buffer.from(html), browser);
    expect(printed.ok && Buffer.from(printed.value).toString('utf8')).toContain('@font-face');
  });

  it('is refused for what it cannot show', async () => {
    const asked = { ...subject, language: 'en', vessels, pictures, format: 'html', shown: 2 } as const;
    expect(await host.call('report.vessel', asked)).toMatchObject({ ok: false });
    const outside = { ...pictures, straightened: 'https://example.org/a.png' };
    const refused = await host.call('report.vessel', { ...asked, shown: 0, pictures: outside });
    expect(refused).toMatchObject({ ok: false, problem: { code: 'INPUT_INVALID' } });
    for (const path of ['/report/..%2f..?format=pdf', `/report/${'0'.repeat(36)}?format=exe`])
      expect((await host.fetch({ method: 'GET', path })).status).toBe(404);
  });
});

/** The file of the structured report in the store. */
async function structured(): Promise<string> {
  const { jobId } = await ask(host, 'report.toSeries', { ...subject, language: 'en', vessels });
  expect(await jobEnd(host, jobId)).toMatchObject({ state: 'done', problem: null, counts: { stored: 1 } });
  const shown = await ask(host, 'studies.show', { studyKey });
  const row = shown.series.find(({ category }) => category === 'sr');
  expect(row).toMatchObject({ modality: 'SR', instances: 1 });
  const plan = await ask(host, 'series.plan', { seriesKey: row!.seriesKey });
  const { instanceKey } = plan.instances[0]!;
  const { body } = await host.fetch({ method: 'GET', path: `/instance/${encodeURIComponent(instanceKey)}` });
  const parts: Uint8Array[] = [];
  if (body instanceof Uint8Array) parts.push(body);
  else if (body) for await (const part of body) parts.push(part);
  const file = inside('sr.dcm');
  writeFileSync(file, Buffer.concat(parts));
  return file;
}

describe('from a terminal', () => {
  /** A tube of 8 mm along the body, 4 mm in its middle. */
  const tube: FieldSeries = {
    ...series,
    size: [40, 40, 60],
    spacing: [0.8, 0.8, 1],
    value: ([x, y, z]) => {
      const radius = 4 - 2 * Math.exp(-((z / 4) ** 2));
      return 40 + 310 / (1 + Math.exp((Math.hypot(x, y) - radius) / 0.3));
    },
  };
  const words = [
    'vessel',
    inside('tube'),
    '--through',
    '0,0,-24;0,0,24',
    '--name',
    'rca',
    '--language',
    'zh',
  ];

  it('writes the page and the structured report', async () => {
    writeField(inside('tube'), tube);
    const [html, sr] = [inside('tube.html'), inside('tube.dcm')];
    const ended = await candela([...words, '--report', html, '--sr', sr, '--json']);
    expect([ended.err, ended.code]).toEqual(['', 0]);
    const text = readFileSync(html, 'utf8');
    const told = JSON.parse(ended.out) as { stenoses: { percentDiameter: number }[] };
    expect(told.stenoses[0]!.percentDiameter).toBeGreaterThan(40);
    const percent = Math.round(told.stenoses[0]!.percentDiameter);
    expect(text).toMatch(new RegExp(`右冠状动脉：距起点 2\\d\\.\\d mm 处最窄，.*直径狭窄 ${percent}%`));
    expect(text.match(/<img /g)).toHaveLength(6);
    expect(text.match(/<polygon /g)).toHaveLength(5);
    const checked = has('dciodvfy') ? spawnSync('dciodvfy', [sr], { encoding: 'utf8' }) : null;
    if (!checked) return;
    expect(`${checked.stdout}${checked.stderr}`).toContain('Comprehensive3DSR');
    expect(`${checked.stdout}${checked.stderr}`.split('\n').filter((line) => /^Error/.test(line))).toEqual(
      [],
    );
  });

  it('says of a real aorta without contrast medium what it cannot do', async ({ skip }) => {
    skip(sharedDataFolder() === null, sharedDataMissing);
    const html = inside('aorta.html');
    const path = join(sharedDataFolder() ?? '', 'series/ct-chest-philips');
    const through = '-6.5,199.5,-600;-6.5,199.5,-545';
    const ended = await candela([
      'vessel',
      path,
      '--through',
      through,
      '--name',
      'thoracic-aorta',
      '--report',
      html,
    ]);
    expect(ended.code).toBe(3);
    const text = readFileSync(html, 'utf8');
    expect(text).toContain('Thoracic aorta: no contrast medium, so stenoses are not computed');
    expect(text).toContain('LIDC-IDRI-0314');
    expect(text).not.toContain('class="lesion"');
  });

  it.each([
    ['--report', 'page.doc'],
    ['--sr', 'sr.txt'],
    ['--name', 'nobody'],
    ['--language', 'fr'],
  ])('refuses %s %s as wrong usage', async (option, value) => {
    expect((await candela([...words.slice(0, 4), option, value])).code).toBe(2);
  });
});

describe('the structured report', () => {
  let file = '';
  beforeAll(async () => {
    file = await structured();
  });

  it('is a valid object for dciodvfy', ({ skip }) => {
    skip(!has('dciodvfy'), 'dciodvfy is not installed');
    const { stdout, stderr } = spawnSync('dciodvfy', [file], { encoding: 'utf8' });
    expect(`${stdout}${stderr}`).toContain('Comprehensive3DSR');
    expect(`${stdout}${stderr}`.split('\n').filter((line) => line.startsWith('Error'))).toEqual([]);
  });

  it('says for dcmtk what was measured, where', ({ skip }) => {
    skip(!has('dsrdump'), 'dsrdump is not installed');
    const { stdout: text, stderr } = spawnSync('dsrdump', ['+Pl', '+Pc', file], { encoding: 'utf8' });
    expect(stderr).not.toMatch(/^E:/m);
    expect(text).toContain('Comprehensive 3D SR Document');
    for (const part of [
      'Imaging Measurement Report',
      '"Left internal carotid artery"',
      '(363698007,SCT,"Finding Site")=(86117002,SCT,"Internal carotid artery")',
      '(272741003,SCT,"Laterality")=(7771000,SCT,"Left")',
      '(410668003,SCT,"Length")="80" (mm,UCUM,"mm")',
      '(408715008,SCT,"Lumen Diameter Stenosis")="75" (%,UCUM,"Percent")',
      '(370129005,SCT,"Measurement Method")=(122655,DCM,"NASCET")',
      '(121055,DCM,"Path")=(POLYLINE',
    ])
      expect(text).toContain(part);
    expect(text).toContain('10/-20/11');
  });
});
