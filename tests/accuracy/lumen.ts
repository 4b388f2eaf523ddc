/**
 * `node tests/accuracy/lumen.ts` measures painted vessels and the phantom's, and writes the tables between the markers of
 * docs/accuracy.md. It takes several minutes and is no test; tests/integration/lumen.test.ts holds the goals.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CaseResult, groups, manyDraws, runCase, type Spread } from './lumen-cases.ts';
import { runLine } from './phantom-lines.ts';

const draws = 12;
const many = 200;
const signed = (value: number, digits: number): string =>
  `${value < -0.5 * 10 ** -digits ? '−' : '+'}${Math.abs(value).toFixed(digits)}`;
const both = ({ mean, sd }: Spread, digits: number): string =>
  `${signed(mean, digits)} ± ${sd.toFixed(digits)}`;
const percent = (share: number): string => `${Math.floor(100 * share + 1e-9)} %`;

function caseRow(title: string, name: string, result: CaseResult): string {
  const notes = [
    ...(result.limited > 0 ? [`limit in ${percent(result.limited)}`] : []),
    ...(result.missed > 0 ? [`${result.missed} not found`] : []),
  ];
  return `| ${title} | ${name} | ${both(result.open, 2)} | ${both(result.throat, 2)} | ${both(result.percent, 1)} | ${result.uncertaintyPercent.toFixed(1)} | ${percent(result.coveredSections)} | ${notes.join(', ')} |`;
}

function caseTable(): string {
  const rows = groups.flatMap((group) =>
    group.cases.map((vessel, n) => {
      process.stderr.write(`${group.title}: ${vessel.name}\n`);
      return caseRow(n === 0 ? group.title : '', vessel.name, runCase(vessel, draws));
    }),
  );
  return [
    '| Varied | To | Open lumen, mm | Throat, mm | %DS, points | Stated ±, points | Sections covered | |',
    '|---|---|---|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}

function coverageTable(): string {
  const rows = manyDraws.map((vessel) => {
    process.stderr.write(`${many} draws: ${vessel.name}\n`);
    const result = runCase(vessel, many);
    return `| ${vessel.name} | ${both(result.percent, 1)} | ${result.uncertaintyPercent.toFixed(1)} | ${percent(result.coveredStenoses)} | ${percent(result.coveredSections)} |`;
  });
  return [
    '| Stenosis | Error of %DS, points | Stated ±, points | Stenoses covered | Sections covered |',
    '|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}

const lines = [
  ['rca', [0.6, 0.6]],
  ['lad', [0.6, 0.6]],
  ['lcx', [0.6, 0.6]],
  ['left-carotid', [0.7, 1]],
  ['left-renal', [0.7, 1]],
  ['right-renal', [0.7, 1]],
  ['sma', [0.7, 1]],
  ['left-iliac', [0.7, 1]],
  ['celiac-trunk', [0.7, 1]],
  ['aorta', [0.7, 1]],
] as const;

function lineTable(): string {
  const rows = lines.map(([id, spacing]) => {
    process.stderr.write(`phantom: ${id}\n`);
    const part =
      id === 'aorta' ? ([200, 470] as const) : id.includes('iliac') ? ([0, 120] as const) : undefined;
    const result = runLine(id, spacing, 15, part);
    return `| ${id} | ${spacing[0]} × ${spacing[0]} × ${spacing[1]} | ${result.sections} | ${signed(result.meanMm, 2)} | ${result.medianMm.toFixed(2)} | ${result.mostMm.toFixed(2)} | ${percent(result.coveredShare)} | ${result.falseAlarms} | ${result.marked} of ${result.wrong} |`;
  });
  return [
    '| Artery | Voxel, mm | Sections | Mean error, mm | Median size, mm | Largest, mm | Covered | Marked | Touched and marked |',
    '|---|---|---|---|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}

const path = join(import.meta.dirname, '../../docs/accuracy.md');

/** Only the table of a name is replaced; `node tests/accuracy/lumen.ts phantom` makes that one alone. */
function replaceTable(name: string, table: () => string): void {
  const only = process.argv.slice(2);
  if (only.length > 0 && !only.includes(name)) return;
  const made = table();
  const text = readFileSync(path, 'utf8');
  const [begin, end] = [`<!-- ${name}: begin -->`, `<!-- ${name}: end -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/accuracy.md has no place for ${name}`);
  writeFileSync(path, `${text.slice(0, from + begin.length)}\n\n${made}\n\n${text.slice(to)}`);
}

replaceTable('varied', caseTable);
replaceTable('coverage', coverageTable);
replaceTable('phantom', lineTable);
