import type { AortaRow } from '../analysis/lumen/aorta.ts';
import type { Span } from '../analysis/lumen/stenosis.ts';
import { doubtSpans } from '../analysis/lumen/touching.ts';
import type { Stenosis } from '../analysis/types.ts';
import { fixed } from '../measure/format.ts';
import { formatDicomDate, formatDicomTime, formatMoment } from '../terms/format-date.ts';
import { formatAge, formatSex } from '../terms/format-person.ts';
import { lumenTerms } from '../terms/lumen.ts';
import { reportTerms } from '../terms/report.ts';
import { type Language, say, type TermParams } from '../terms/term.ts';
import { escaped, imageUrl, tag } from './markup.ts';
import { mostAortaRows, roomOf, stripMm } from './page-room.ts';
import { profilePlot } from './profile-plot.ts';
import { reportStyle } from './report-style.ts';
import { reportSentences } from './sentences.ts';
import type { ReportSection, ReportVessel, VesselReport } from './types.ts';
import { narrowestStation, reportVesselName, throatMm } from './vessels.ts';

const sectionsMost = 5;

type Words = (key: keyof typeof reportTerms, params?: TermParams) => string;
const wordsOf =
  (language: Language): Words =>
  (key, params) =>
    escaped(say(language, reportTerms[key], params));

/**
 * One A4 page as a document that needs nothing else: no script, no address, pictures as data. `fontCss`: faces of the
 * shipped font with their bytes, where the reader's machine may lack Chinese ones.
 */
export function vesselReportHtml(report: VesselReport, fontCss = ''): string {
  const { language, aorta } = report;
  const words = wordsOf(language);
  const title = `${words('report.title')} ${escaped(report.head.name)}`;
  const policy = "default-src 'none'; img-src data:; font-src data:; style-src 'unsafe-inline'";
  const body = [
    headerOf(report, words),
    headOf(report, words),
    findingOf(report, words),
    picturesOf(report, words),
    tableOf(report, words),
    aortaOf(language, aorta, words),
    footerOf(report, words),
  ].join('');
  return (
    `<!doctype html><html lang="${language}"><head><meta charset="utf-8">` +
    `<meta http-equiv="Content-Security-Policy" content="${policy}"><title>${title}</title>` +
    `<style>${fontCss}${reportStyle}</style></head>` +
    `<body><main class="sheet${roomOf(report).isSmall ? ' small' : ''}">${body}</main></body></html>`
  );
}

const headerOf = ({ head }: VesselReport, words: Words): string =>
  tag('header', '', `<h1>${words('report.title')}</h1><span>${escaped(head.institution)}</span>`);

function headOf({ head, language }: VesselReport, words: Words): string {
  const age = [formatSex(language, head.sex), formatAge(language, head.age)].filter(Boolean).join(' / ');
  const when = [formatDicomDate(head.studyDate), formatDicomTime(head.studyTime)].filter(Boolean).join(' ');
  const number = head.seriesNumber === '' ? '' : `Se ${head.seriesNumber}`;
  const series = [head.modality, number, head.series].filter(Boolean).join(' · ');
  const items: readonly (readonly [string, string, boolean?])[] = [
    [words('report.patient'), [head.name, head.nameLatin].filter(Boolean).join('  '), true],
    [words('report.patientId'), head.patientId],
    [words('report.sex'), age],
    [words('report.birthDate'), formatDicomDate(head.birthDate)],
    [words('report.studyDate'), when],
    [words('report.accession'), head.accessionNumber, true],
    [words('report.study'), head.study, true],
    [words('report.series'), series, true],
  ];
  const cells = items.map(
    ([name, value, isWide]) =>
      `<div${isWide ? ' class="wide"' : ''}><dt>${name}</dt><dd>${escaped(value) || '–'}</dd></div>`,
  );
  return tag('dl', 'head', cells.join(''));
}

function findingOf(report: VesselReport, words: Words): string {
  const { language, vessels, aorta } = report;
  const room = roomOf(report).sentences;
  const all = reportSentences(language, vessels, aorta);
  const said = all.slice(0, room).map((sentence) => `<p>${escaped(sentence)}</p>`);
  const trusted = worstVerdict(vessels);
  const notes = [
    ...(all.length > room ? [words('report.more', { n: all.length - room })] : []),
    ...(trusted === 'exact' ? [] : [words(`report.geometry.${trusted}`)]),
  ];
  const note = notes.length > 0 ? `<p class="note">${notes.join(' · ')}</p>` : '';
  return tag('section', 'finding', `<h2>${words('report.finding')}</h2>${said.join('')}${note}`);
}

const verdicts = ['exact', 'resampled', 'approximate', 'none'] as const;

/** The least trusted geometry of all lines. */
const worstVerdict = (vessels: readonly ReportVessel[]): ReportVessel['verdict'] =>
  verdicts[Math.max(0, ...vessels.map(({ verdict }) => verdicts.indexOf(verdict)))]!;

function picturesOf(report: VesselReport, words: Words): string {
  const { vessels, shown, pictures, language } = report;
  const vessel = vessels[shown];
  if (!vessel) return '';
  const name = escaped(reportVesselName(language, vessel));
  const strip = pictures.straightened === undefined ? null : imageUrl(pictures.straightened);
  const plot =
    vessel.stations.length > 1
      ? profilePlot(
          vessel.stations,
          vessel.stenoses,
          vessel.lengthMm,
          { width: 516, height: roomOf(report).plotHeight },
          strip ? pictures.beyondMm : 0,
        )
      : `<p class="more">${words('report.noProfile')}</p>`;
  const figures = pictures.sections
    .slice(0, sectionsMost)
    .map((section) => sectionOf(section, vessel, words))
    .join('');
  return [
    strip
      ? tag(
          'section',
          '',
          `<h2>${name} · ${words('report.straightened')}</h2><div class="strip" style="height:${stripMm(report)}mm"><img alt="" src="${strip}"></div>`,
        )
      : '',
    tag('section', '', `<h2>${name} · ${words('report.profile')}</h2>${plot}`),
    figures === '' ? '' : tag('section', 'sections', figures),
  ].join('');
}

function sectionOf({ image, sMm, role, outline }: ReportSection, vessel: ReportVessel, words: Words): string {
  const url = imageUrl(image);
  if (!url) return '';
  const near = vessel.stations.find(({ s }) => Math.abs(s - sMm) < 0.51);
  const size = near ? `${fixed(near.minDiameterMm, 1)} × ${fixed(near.maxDiameterMm, 1)} mm` : '–';
  const points = (outline ?? []).map(([x, y]) => `${x.toFixed(4)},${y.toFixed(4)}`).join(' ');
  const drawn = points === '' ? '' : `<svg viewBox="0 0 1 1"><polygon points="${points}"/></svg>`;
  const what = words(role === 'other' ? 'report.section' : `report.${role}`);
  return tag(
    'figure',
    '',
    `<div class="pic"><img alt="" src="${url}">${drawn}</div>` +
      `<div class="cap"><b>${fixed(sMm, 1)} mm</b> ${what}</div><div class="cap">${size}</div>`,
  );
}

/** A row for each stenosis, or one for a vessel without any. */
function rowsOf(vessel: ReportVessel, { language }: VesselReport, words: Words): string[] {
  const name = escaped(reportVesselName(language, vessel));
  const notesOf = (isLimit: boolean): string =>
    [
      ...(isLimit ? [words('report.noteLimit')] : []),
      ...touchingNotes(vessel, words),
      ...(vessel.isUnopacified ? [words('report.noteNoContrast')] : []),
      ...(vessel.isDoubtful ? [words('report.noteDoubtful')] : []),
      ...(vessel.isByHand ? [words('report.noteHand')] : []),
    ].join(', ');
  const row = (cells: readonly string[]): string =>
    `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
  const length = fixed(vessel.lengthMm, 1);
  if (vessel.stenoses.length === 0) {
    const least = narrowestStation(vessel);
    const diameter = least
      ? `${fixed(least.equivalentDiameterMm, 1)} ± ${fixed(least.uncertaintyMm, 1)}`
      : '–';
    const place = least ? fixed(least.s, 1) : '–';
    return [row([name, length, place, diameter, '–', '–', '–', '–', notesOf(least?.limit !== undefined)])];
  }
  return vessel.stenoses
    .toSorted((a, b) => b.percentDiameter - a.percentDiameter)
    .map((one) => row([name, length, ...stenosisCells(one, words), notesOf(one.limit !== undefined)]));
}

/** Where something as bright touches the lumen: those sections are in no number of the report. */
function touchingNotes({ stations }: ReportVessel, words: Words): readonly string[] {
  const spans = doubtSpans(stations);
  if (spans.length === 0) return [];
  const place = ({ fromS, toS }: Span): string =>
    fixed(fromS, 0) === fixed(toS, 0) ? fixed(fromS, 0) : `${fixed(fromS, 0)}–${fixed(toS, 0)}`;
  const more = spans.length > placesMost ? ' …' : '';
  return [words('report.noteTouching', { places: spans.slice(0, placesMost).map(place).join('; ') + more })];
}

/** A row of the table has room for so many. */
const placesMost = 3;

const stenosisCells = (one: Stenosis, words: Words): string[] => [
  fixed(one.s, 1),
  fixed(throatMm(one), 1),
  fixed(one.referenceMm, 1),
  `${fixed(one.percentDiameter, 0)} ± ${fixed(one.uncertaintyPercent, 0)}`,
  fixed(one.percentArea, 0),
  words(`report.rule.${one.rule}`),
];

const columns = [
  'report.vessel',
  'report.length',
  'report.place',
  'report.least',
  'report.reference',
  'report.percentDiameter',
  'report.percentArea',
  'report.rule',
  'report.note',
] as const;

function tableOf(report: VesselReport, words: Words): string {
  const all = report.vessels.flatMap((vessel) => rowsOf(vessel, report, words));
  const room = roomOf(report).rows;
  const more =
    all.length > room ? `<p class="more">${words('report.more', { n: all.length - room })}</p>` : '';
  const heads = columns.map((key) => `<th>${words(key)}</th>`).join('');
  return tag(
    'section',
    '',
    `<table><thead><tr>${heads}</tr></thead><tbody>${all.slice(0, room).join('')}</tbody></table>${more}`,
  );
}

function valueText({ value, unit, minMm, maxMm, uncertaintyMm }: AortaRow): string {
  if (unit === 'deg') return `${fixed(value, 0)}°`;
  if (unit === 'percent') return `${fixed(value, 0)} %`;
  if (unit === 'ratio') return fixed(value, 2);
  const unsure = uncertaintyMm === undefined ? '' : ` ± ${fixed(uncertaintyMm, 1)}`;
  const range = minMm === undefined || maxMm === undefined ? '' : ` (${fixed(minMm, 1)}–${fixed(maxMm, 1)})`;
  return `${fixed(value, 1)}${unsure} mm${range}`;
}

function aortaOf(language: Language, rows: readonly AortaRow[], words: Words): string {
  if (rows.length === 0) return '';
  const cells = rows.slice(0, mostAortaRows).map((row) => {
    const side = row.side ? ` (${say(language, lumenTerms[`side.${row.side}`])})` : '';
    const name = escaped(say(language, lumenTerms[`aorta.${row.id}`]) + side);
    return `<div><span>${name}</span><b>${valueText(row)}</b></div>`;
  });
  const more =
    rows.length > mostAortaRows ? ` · ${words('report.more', { n: rows.length - mostAortaRows })}` : '';
  return tag(
    'section',
    '',
    `<h2>${words('report.aorta')}${more}</h2><div class="aorta">${cells.join('')}</div>`,
  );
}

function footerOf({ madeAt }: VesselReport, words: Words): string {
  return tag(
    'footer',
    '',
    `<p>${words('report.method')}</p>` +
      `<div class="sign"><span>${words('report.physician')}<i></i></span><span>${words('report.date')}<i></i></span>` +
      `<em>${words('report.confirm')} ${words('report.made', { when: formatMoment(madeAt) })}</em></div>`,
  );
}
