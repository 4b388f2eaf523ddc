import { describe, expect, it } from 'vitest';
import { sampleReport, sampleVessel } from '../../tests/fixtures/sample-report.ts';
import type { AortaRow } from '../analysis/lumen/aorta.ts';
import type { Stenosis } from '../analysis/types.ts';
import { vesselSite } from '../dicom/derive/vessel-codes.ts';
import { vesselNames } from '../terms/vessel.ts';
import { faceCss, fontSlices } from './font-faces.ts';
import { reportHead } from './head.ts';
import { escaped, imageUrl } from './markup.ts';
import { measuredVessels } from './measured-vessels.ts';
import { roomOf, stripMm, stripScale } from './page-room.ts';
import { profilePlot, roundStep, stretches } from './profile-plot.ts';
import { sectionPlaces } from './section-places.ts';
import { reportSentences } from './sentences.ts';
import { vesselReportHtml } from './vessel-report.ts';
import { narrowestStation, reportAorta, reportStations, worstStenosis } from './vessels.ts';

const count = (text: string, part: string): number => text.split(part).length - 1;

describe('markup', () => {
  it('lets no text become markup', () => {
    expect(escaped(`<b a="1" c='2'>&\n</b>`)).toBe('&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp; &lt;/b&gt;');
  });
  it('takes pictures with their bytes, nothing that loads or runs', () => {
    expect(imageUrl('data:image/png;base64,AAAA')).toBe('data:image/png;base64,AAAA');
    const refused = [
      'https://example.org/a.png',
      'data:image/svg+xml;base64,AAAA',
      'data:image/png;base64,AA"onload="x',
      'file:///etc/passwd',
    ];
    expect(refused.map(imageUrl)).toEqual([null, null, null, null]);
  });
});

describe('the head', () => {
  it('has the name in both forms', () => {
    const head = reportHead({
      PatientName: { alphabetic: 'Gao^Ming', ideographic: '高^明' },
      PatientID: '330914',
      SeriesNumber: 3,
    });
    expect(head).toMatchObject({
      name: '高明',
      nameLatin: 'GAO MING',
      patientId: '330914',
      seriesNumber: '3',
    });
    expect(reportHead({ PatientName: { alphabetic: 'Gao^Ming' } })).toMatchObject({
      name: 'Gao Ming',
      nameLatin: '',
    });
  });
});

describe('the sentences', () => {
  it('begin with the tightest vessel and say every number', () => {
    const { vessels } = sampleReport('en');
    const [first, second] = reportSentences('en', vessels, []);
    expect(first).toBe(
      'Left internal carotid artery: narrowest 38.0 mm from the start with 1.5 mm, diameter stenosis 75 % ± 6, area stenosis 94 % (reference 6.0 mm). At the limit of resolution: an estimate.',
    );
    expect(second).toBe(
      'Right internal carotid artery: no stenosis was measured; least diameter 4.8 ± 0.3 mm, 40.0 mm from the start.',
    );
    expect(reportSentences('zh-CN', vessels, [])[0]).toBe(
      '左颈内动脉：距起点 38.0 mm 处最窄，直径 1.5 mm，直径狭窄 75% ± 6，面积狭窄 94%（参考 6.0 mm）。已达分辨率极限，为估计值。',
    );
  });
  it('tell a stenosis before an aneurysm, and both before vessels without one', () => {
    const aorta = [{ id: 'aneurysmDiameter', unit: 'mm', value: 61.4 }] as const;
    const { vessels } = sampleReport('en');
    const starts = (of: readonly (typeof vessels)[number][]) =>
      reportSentences('en', of, aorta).map((sentence) => sentence.split(/[:,]/)[0]);
    expect(starts(vessels)).toEqual([
      'Left internal carotid artery',
      'Aneurysm of the aorta',
      'Right internal carotid artery',
    ]);
    const without = vessels.map((vessel) => ({ ...vessel, stenoses: [] }));
    expect(starts(without)[0]).toBe('Aneurysm of the aorta');
  });
  it('say what was not measured or not confirmed', () => {
    const vessel = { ...sampleVessel('lad'), stations: [], stenoses: [], isDoubtful: true };
    expect(reportSentences('en', [vessel], [])).toEqual([
      'Left anterior descending artery: 80.0 mm long, its lumen was not measured. Parts of the centreline are not confirmed.',
    ]);
  });
  it('compute no stenosis without contrast medium', () => {
    const vessel = { ...sampleVessel('abdominal-aorta'), isUnopacified: true };
    expect(reportSentences('en', [vessel], [])).toEqual([
      'Abdominal aorta: no contrast medium, so stenoses are not computed and diameters are near the outer wall; least diameter 4.8 mm, 40.0 mm from the start.',
    ]);
  });
  it('give coronary arteries their category as an aid', () => {
    const { stenoses } = sampleVessel('left-internal-carotid', true);
    const [text] = reportSentences('en', [{ ...sampleVessel('lad'), stenoses }], []);
    expect(text).toContain('CAD-RADS 4A: severe (70–99 %) (a text aid, not a grading)');
  });
});

describe('the page', () => {
  it.each(['zh-CN', 'en'] as const)('is whole, without scripts or addresses, in %s', (language) => {
    const html = vesselReportHtml(sampleReport(language));
    expect(html).toContain(`<html lang="${language}">`);
    expect(html).toContain('高明');
    expect(html).toContain('GAO MING');
    expect(html).not.toMatch(/<script|https?:|javascript:|\son\w+=|undefined|NaN|\{\w+\}/);
    expect(count(html, '<img ')).toBe(6);
    expect(count(html, '<polygon ')).toBe(1);
    expect(html).toContain("default-src 'none'");
  });
  it('carries names as text', () => {
    const sample = sampleReport('en');
    const html = vesselReportHtml({
      ...sample,
      head: { ...sample.head, name: '<img src=x onerror=alert(1)>' },
      vessels: [{ ...sample.vessels[0]!, nameId: null, customName: '</td><script>' }],
      shown: 0,
    });
    expect(count(html, '<img ')).toBe(6);
    expect(html).not.toContain('<script');
  });
  it('cuts lists and says how much it left out', () => {
    const sample = sampleReport('en');
    const vessels = Array.from({ length: 30 }, (_, n) => ({
      ...sample.vessels[n % 2]!,
      lineId: String(n),
      nameId: null,
      customName: `Vessel ${n}`,
    }));
    const html = vesselReportHtml({ ...sample, vessels });
    expect(count(html, '<tr>')).toBe(1 + 6);
    expect(html).toContain('and 24 more');
    expect(html).toContain('and 27 more');
  });
  it('stands without pictures and without a measured lumen', () => {
    const sample = sampleReport('en');
    const [first] = sample.vessels;
    const html = vesselReportHtml({
      ...sample,
      vessels: [{ ...first!, stations: [], stenoses: [] }],
      shown: 0,
      pictures: { sections: [] },
    });
    expect(count(html, '<img ')).toBe(0);
    expect(html).toContain('No profile was measured');
  });
});

describe('the room on the page', () => {
  const { vessels } = sampleReport('en');
  const row: AortaRow = { id: 'neckLength', unit: 'mm', value: 20 };
  const rows = (count: number) => Array.from({ length: count }, () => row);
  it('gives the picture what the other parts leave', () => {
    const tall = stripMm({ vessels: vessels.slice(0, 1), aorta: [] });
    const more = stripMm({ vessels: Array.from({ length: 20 }, () => vessels[1]!), aorta: [] });
    expect(tall).toBe(60);
    expect(more).toBeGreaterThan(25);
    expect(more).toBeLessThan(40);
    expect(stripMm({ vessels, aorta: rows(20) })).toBeGreaterThanOrEqual(18);
  });
  it('shows the whole line, and enough around a wide one', () => {
    const { stations } = vessels[0]!;
    // 6.3 mm are nothing beside 800 mm of length …
    expect(stripScale(800, stations).mmPerPx).toBe(800 / 1384);
    expect(stripScale(800, stations).beyondMm).toBeCloseTo(0, 9);
    // … but much beside 40 mm: there the line ends before the picture does, at the most after half of it.
    const short = stripScale(40, stations);
    expect(short.mmPerPx * 300).toBeCloseTo(1.5 * 6.3, 6);
    expect(short.mmPerPx * 1384).toBeCloseTo(40 + 2 * short.beyondMm, 6);
    expect(stripScale(10, stations)).toEqual({ mmPerPx: 20 / 1384, beyondMm: 5 });
    expect(stripScale(20, []).beyondMm).toBeCloseTo(0, 9);
  });
  it('has fewer of everything beside the table of an aorta', () => {
    expect(roomOf({ aorta: rows(1) })).toEqual(roomOf({ aorta: [] }));
    expect(roomOf({ aorta: rows(5) }).rows).toBeLessThan(roomOf({ aorta: [] }).rows);
  });
});

describe('the profile', () => {
  const stations = sampleVessel('left-internal-carotid', true).stations;
  it('ends its course where sections are missing', () => {
    expect(stretches(stations)).toHaveLength(1);
    const holed = stations.filter(({ s }) => s < 20 || s > 24);
    expect(stretches(holed).map((part) => [part[0]!.s, part.at(-1)!.s])).toEqual([
      [0, 19],
      [25, 80],
    ]);
    expect(stretches([])).toEqual([]);
  });
  it('puts arc length and diameter where the axes say', () => {
    const stenosis = { ...worstStenosis(sampleVessel('left-internal-carotid', true))!, referenceMm: 4 };
    const svg = profilePlot(stations, [stenosis], 80, { width: 516, height: 96 });
    // Diameters to 6.3 mm: an axis to 8; 4 mm lies in its middle; 30 and 46 mm lie at 180 and 276 of 480.
    expect(svg).toContain('class="ref" d="M208.0 44.0H304.0"');
    // With 40 mm beyond each end of 80: half the scale, about the same middle.
    const wider = profilePlot(stations, [stenosis], 80, { width: 516, height: 96 }, 40);
    expect(wider).toContain('class="ref" d="M238.0 44.0H286.0"');
  });
  it('steps by 1, 2 and 5', () => {
    expect([7, 20, 45, 100, 0.4].map((span) => roundStep(span, 4))).toEqual([2, 5, 20, 50, 0.1]);
  });
});

describe('the numbers', () => {
  it('leave sections without a lumen out', () => {
    const station = { ...sampleVessel('lad').stations[0]!, meanDiameterMm: 5 };
    const open = { ...station, areaMm2: Number.NaN, meanDiameterMm: Number.NaN, open: true as const };
    expect(reportStations([station, open])).toEqual([sampleVessel('lad').stations[0]]);
  });
  it('find the tightest', () => {
    const one = (percentDiameter: number): Stenosis => ({
      ...worstStenosis(sampleVessel('left-internal-carotid', true))!,
      percentDiameter,
    });
    const vessel = { ...sampleVessel('lad'), stenoses: [one(30), one(60), one(50)] };
    expect(worstStenosis(vessel)?.percentDiameter).toBe(60);
    expect(worstStenosis(sampleVessel('lad'))).toBeUndefined();
  });
  it('leave sections out that something touches, and say where', () => {
    const plain = sampleVessel('lad');
    const stations = plain.stations.map((one) =>
      one.s >= 10 && one.s <= 14
        ? { ...one, doubt: 'touching' as const, equivalentDiameterMm: 0.2, maxDiameterMm: 90 }
        : one,
    );
    const vessel = { ...plain, stations };
    expect(narrowestStation(vessel)!.equivalentDiameterMm).toBeGreaterThan(0.2);
    const html = vesselReportHtml({ ...sampleReport('en'), vessels: [vessel], shown: 0 });
    expect(html).toContain('touches at 10–14 mm: left out');
    expect(count(html, 'class="doubt-zone"')).toBe(1);
    expect(measuredVessels('en', [vessel], () => '1.2')[0]!.widest!.diameterMm).toBeLessThan(90);
  });
  it('make the table of an aorta by where its branches leave', () => {
    const aorta = { ...sampleVessel('abdominal-aorta'), lineId: 'a' };
    const leaving = (id: string, atMm: number) => ({ ...sampleVessel(id), parent: { lineId: 'a', atMm } });
    const rows = reportAorta([aorta, leaving('left-renal', 20), leaving('right-renal', 12)]);
    // The lower of the two is the mark.
    expect(rows.find(({ id }) => id === 'renal')).toMatchObject({ s: 20 });
    expect(rows.some(({ id }) => id === 'bifurcationDiameter' || id === 'renalToBifurcation')).toBe(false);
    const forked = reportAorta([aorta, leaving('left-renal', 20), leaving('left-common-iliac', 70)]);
    expect(forked.find(({ id }) => id === 'renalToBifurcation')?.value).toBeCloseTo(50, 1);
    expect(reportAorta([aorta])).toEqual([]);
    expect(reportAorta([sampleVessel('lad')])).toEqual([]);
  });
});

describe('font slices', () => {
  const css = `@font-face { font-family: 'F'; font-weight: 400; src: url(./a.woff2) format('woff2'), url(./a.woff); unicode-range: U+4e00-4e2d,U+9ad8; }
    @font-face{font-family:F;font-weight:400;src:url(b.woff2);unicode-range:U+41-5A}`;
  it('are those with a character of the text', () => {
    expect(fontSlices(css, 'F', '高').map(({ url }) => url)).toEqual(['./a.woff2']);
    expect(fontSlices(css, 'F', 'A').map(({ url }) => url)).toEqual(['b.woff2']);
    expect(fontSlices(css, 'F', '中B')).toHaveLength(2);
    expect(fontSlices(css, 'G', '中B')).toEqual([]);
    expect(fontSlices(css, 'F', 'é')).toEqual([]);
  });
  it('become faces with their bytes', () => {
    const [slice] = fontSlices(css, 'F', 'A');
    expect(faceCss(slice!, 'QQ==')).toBe(
      '@font-face{font-family:"F";font-weight:400;src:url(data:font/woff2;base64,QQ==) format("woff2");unicode-range:U+41-5A}',
    );
  });
});

describe('the sections of a report', () => {
  it('show the throat between its references', () => {
    expect(sectionPlaces(60, { s: 15.2, proximalMm: null, distalMm: 25 })).toEqual([
      { sMm: 5, role: 'other' },
      { sMm: 10, role: 'other' },
      { sMm: 15, role: 'narrowest' },
      { sMm: 20, role: 'other' },
      { sMm: 25, role: 'distal' },
    ]);
  });
  it('are spread over a line without a lesion, and stay on it', () => {
    expect(sectionPlaces(60, null).map(({ sMm }) => sMm)).toEqual([6, 18, 30, 42, 54]);
    const near = sectionPlaces(60, { s: 57, proximalMm: 50, distalMm: null });
    expect(near.every(({ sMm }) => sMm <= 60)).toBe(true);
  });
});

describe('names of vessels', () => {
  it('have a code of their own, each with its side', () => {
    const sites = vesselNames.map(({ id, kind }) => ({ id, ...vesselSite(id, kind) }));
    expect(sites.filter(({ site }) => ['59820001', '89187006'].includes(site.value))).toEqual([]);
    const keys = sites.map(({ site, side }) => `${site.value} ${side ?? ''}`);
    expect(new Set(keys).size).toBe(keys.length);
  });
});

describe('what the structured report takes', () => {
  it('has the places of throat and sections on the line', () => {
    let uids = 0;
    const newUid = (): string => `1.${++uids}`;
    const [vessel] = measuredVessels('en', [sampleVessel('left-internal-carotid', true)], newUid);
    expect(vessel!.stenoses[0]).toMatchObject({
      label: 'Left internal carotid artery, stenosis 1',
      pointMm: [10, -20, -8],
      throatMm: 1.5,
      isAtLimit: true,
    });
    expect(vessel!.narrowest).toMatchObject({ pointMm: [10, -20, -8] });
    expect(vessel!.widest!.diameterMm).toBeCloseTo(6, 6);
    expect(vessel!.trackingUID).not.toBe(vessel!.stenoses[0]!.trackingUID);
  });
});
