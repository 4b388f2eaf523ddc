import { tortuosity } from '../../../core/analysis/curve/line-places.ts';
import { polylineLengthMm } from '../../../core/analysis/curve/polyline.ts';
import { sampleLine } from '../../../core/analysis/curve/sample-line.ts';
import { measureLine } from '../../../core/analysis/lumen/measure-line.ts';
import { findLine } from '../../../core/analysis/path/find-line.ts';
import type {
  LineKind,
  LumenContour,
  PieceState,
  SampledLine,
  ScalarField,
  StationMeasure,
  Stenosis,
} from '../../../core/analysis/types.ts';
import { type Problem, problem } from '../../../core/base/problem.ts';
import { type PatientPoint, patientPoint, type Vec3 } from '../../../core/geometry/types.ts';
import { reportStations } from '../../../core/report/vessels.ts';
import { cliTerms } from '../../../core/terms/cli.ts';
import { type Language, say } from '../../../core/terms/term.ts';
import { problemText } from '../../../core/terms/terms.ts';
import { sectionMmOfKind, vesselName, vesselNames } from '../../../core/terms/vessel.ts';
import { analysisField } from '../analysis-field.ts';
import { numbersOf, type ParsedArguments } from '../arguments.ts';
import {
  type Command,
  type CommandContext,
  CommandFailure,
  exitCodes,
  need,
  unlessInterrupted,
} from '../command.ts';
import { endOf, toldVolume } from '../draw-volume.ts';
import { type LoadedVolume, loadVolume } from '../load-volume.ts';
import { needed, numbers, wrong } from '../picture-options.ts';
import { type MeasuredCourse, reportBytes, structuredBytes } from '../vessel-files.ts';
import { writeOutput } from '../write-output.ts';

const kinds: readonly LineKind[] = ['vessel', 'airway', 'rib', 'spine', 'dental'];
/** Distance of stations, and width of the sections that lumens are looked for in. */
const stepRangeMm = [0.1, 50] as const;
const widthRangeMm = [5, 200] as const;
const pointsMost = 1000;

/** `x,y,z;x,y,z;…` in LPS mm. */
function pointsOf(text: string): PatientPoint[] {
  const parts = text.split(';').filter((part) => part.trim() !== '');
  if (parts.length > pointsMost) throw wrong('--through', text);
  return parts.map((part) => {
    const [x, y, z] = need(numbersOf('through', part, 3), exitCodes.wrongUsage) as [number, number, number];
    return patientPoint(x, y, z);
  });
}

function inRange(
  args: ParsedArguments,
  name: string,
  range: readonly [number, number],
  fallback: number,
): number {
  const [value = fallback] = numbers(args, name, 1) ?? [];
  if (!(value >= range[0] && value <= range[1])) throw wrong(`--${name}`, String(value));
  return value;
}

interface Asked {
  readonly through: readonly PatientPoint[];
  readonly kind: LineKind;
  readonly stepMm: number;
  readonly widthMm: number;
  readonly nameId: string | null;
  /** Files to write beside what is told. */
  readonly report: string | undefined;
  readonly sr: string | undefined;
  readonly language: Language | undefined;
}

const languages: Readonly<Record<string, Language>> = { zh: 'zh-CN', en: 'en' };

/** What the options say of the files to write. */
function filesOf(args: ParsedArguments): Pick<Asked, 'nameId' | 'report' | 'sr' | 'language'> {
  const [name, report, sr] = ['name', 'report', 'sr'].map((option) => args.values.get(option));
  const language = args.values.get('language');
  if (name !== undefined && !vesselNames.some(({ id }) => id === name)) throw wrong('--name', name);
  if (report !== undefined && !/\.(pdf|html)$/i.test(report)) throw wrong('--report', report);
  if (sr !== undefined && !/\.dcm$/i.test(sr)) throw wrong('--sr', sr);
  if (language !== undefined && !Object.hasOwn(languages, language)) throw wrong('--language', language);
  return { nameId: name ?? null, report, sr, language: languages[language ?? ''] };
}

function askedOf(args: ParsedArguments): Asked {
  const files = filesOf(args);
  const name = args.values.get('kind') ?? vesselName(files.nameId)?.kind ?? 'vessel';
  const kind = kinds.find((candidate) => candidate === name);
  if (!kind) throw wrong('--kind', name);
  const sectionMm = vesselName(files.nameId)?.sectionMm ?? sectionMmOfKind[kind];
  return {
    through: pointsOf(needed(args, 'through')),
    kind,
    stepMm: inRange(args, 'step', stepRangeMm, 1),
    widthMm: inRange(args, 'width', widthRangeMm, sectionMm),
    ...files,
  };
}

const thousandth = (value: number): number => Math.round(value * 1000) / 1000;
const toldPoint = (p: readonly number[]): number[] => p.map(thousandth);
/** NaN is no JSON: a number that was not measured is null. */
const toldNumber = (value: number): number | null => (Number.isFinite(value) ? thousandth(value) : null);

const toldStation = (station: StationMeasure) => ({
  s: thousandth(station.s),
  areaMm2: toldNumber(station.areaMm2),
  minDiameterMm: toldNumber(station.minDiameterMm),
  maxDiameterMm: toldNumber(station.maxDiameterMm),
  meanDiameterMm: toldNumber(station.meanDiameterMm),
  equivalentDiameterMm: toldNumber(station.equivalentDiameterMm),
  uncertaintyMm: toldNumber(station.uncertaintyMm),
  ...(station.limit && { limit: station.limit }),
  ...(station.doubt && { doubt: station.doubt }),
  ...(station.open && { open: true }),
});

const toldStenosis = (stenosis: Stenosis) => ({
  ...stenosis,
  s: thousandth(stenosis.s),
  fromS: thousandth(stenosis.fromS),
  toS: thousandth(stenosis.toS),
  percentDiameter: toldNumber(stenosis.percentDiameter),
  percentArea: toldNumber(stenosis.percentArea),
  uncertaintyPercent: toldNumber(stenosis.uncertaintyPercent),
  referenceMm: toldNumber(stenosis.referenceMm),
});

interface Lumen {
  readonly stations: readonly StationMeasure[];
  readonly stenoses: readonly Stenosis[];
  readonly contours: readonly LumenContour[];
  readonly unopacified?: true;
}

/** Stations and stenoses of lines that have a lumen. */
function lumenOf(
  field: ScalarField,
  line: SampledLine,
  asked: Asked,
  loaded: LoadedVolume,
  progress: (done: number) => boolean,
  tell: (problem: Problem) => void,
): Lumen {
  if (asked.kind !== 'vessel' && asked.kind !== 'airway') return { stations: [], stenoses: [], contours: [] };
  const measured = measureLine(field, line, {
    stepMm: asked.stepMm,
    sectionMm: asked.widthMm,
    dark: asked.kind === 'airway',
    wallHu: loaded.plan.common.Modality === 'CT' && asked.kind === 'vessel' ? 45 : null,
    progress,
  });
  if (!measured) throw new CommandFailure(problem('CANCELLED'));
  if (measured.unopacified) tell(problem('LUMEN_WITHOUT_CONTRAST'));
  return asked.kind === 'vessel' ? measured : { ...measured, stenoses: [] };
}

/** What ends the command: a line that is no line. What is weak is told with it. */
const isFatal = ({ code }: Problem): boolean => code === 'PATH_GAP' || code === 'PATH_LOOP';

function analyse(loaded: LoadedVolume, asked: Asked, context: CommandContext) {
  const tell = (part: number, parts: number) => (done: number) => {
    const percent = Math.round((100 * (part + done)) / parts);
    context.progress(say(context.language, cliTerms['cli.percentDone'], { percent }));
    return !context.signal.aborted;
  };
  const field = analysisField(loaded);
  const { kind, through } = asked;
  const found = need(
    findLine(field, through, {
      kind,
      verdict: loaded.group.verdict.kind,
      isHu: loaded.plan.common.Modality === 'CT',
      progress: tell(0, 2),
    }),
  );
  const fatal = found.problems.find(isFatal);
  if (fatal) throw new CommandFailure(fatal);
  const line = sampleLine(found.pieces, Math.min(asked.stepMm, 1));
  const problems = [...found.problems];
  const lumen = lumenOf(field, line, asked, loaded, tell(1, 2), (one) => problems.push(one));
  context.progress(null);
  return { found, line, lumen, problems };
}

type Analysed = ReturnType<typeof analyse>;

function courseOf(loaded: LoadedVolume, asked: Asked, { found, line, lumen }: Analysed): MeasuredCourse {
  const bend = tortuosity(line);
  return {
    line,
    contours: lumen.contours,
    sectionMm: asked.widthMm,
    vessel: {
      lineId: 'line',
      nameId: asked.nameId,
      customName: '',
      kind: asked.kind,
      verdict: loaded.group.verdict.kind,
      isByHand: false,
      isDoubtful: found.pieces.some(({ state }) => state !== 'found'),
      isUnopacified: lumen.unopacified ?? false,
      lengthMm: line.lengthMm,
      tortuosity: Number.isFinite(bend) ? bend : null,
      pointsMm: Array.from(
        { length: line.count },
        (_, n) => [...line.points.subarray(3 * n, 3 * n + 3)] as unknown as Vec3,
      ),
      stations: reportStations(lumen.stations),
      stenoses: lumen.stenoses,
    },
  };
}

/** Writes what `--report` and `--sr` name; what hinders it ends the command. */
async function writeFiles(
  loaded: LoadedVolume,
  asked: Asked,
  made: Analysed,
  context: CommandContext,
): Promise<void> {
  const { report, sr } = asked;
  if (report === undefined && sr === undefined) return;
  const course = courseOf(loaded, asked, made);
  const language = asked.language ?? context.language;
  if (report !== undefined)
    await writeOutput(
      report,
      await reportBytes(loaded, course, language, /\.pdf$/i.test(report)),
      context.signal,
    );
  if (sr !== undefined)
    await writeOutput(sr, await structuredBytes(loaded, course, language), context.signal);
}

/** Follows a vessel, airway or bone through points and measures its lumen along the way. */
export const vesselCommand: Command = {
  name: 'vessel',
  usage:
    'SERIES|STUDY|PATH --through "X,Y,Z;X,Y,Z;…" [--kind vessel|airway|rib|spine|dental] [--step MM] [--width MM] [--name ID] [--report FILE.pdf|.html] [--sr FILE.dcm] [--language zh|en] [--group NAME] [--json] [--data DIR]',
  options: ['through', 'kind', 'step', 'width', 'name', 'report', 'sr', 'language', 'group'].map((name) => ({
    name,
    takesValue: true,
  })),
  positionals: { least: 1, most: 1 },
  async run(args, context) {
    const asked = askedOf(args);
    if (asked.through.length < 2) throw new CommandFailure(problem('PATH_ONE_POINT'));
    const loading = loadVolume(args.positionals[0]!, { group: args.values.get('group') }, context);
    const loaded = await unlessInterrupted(loading, context.signal);
    const made = analyse(loaded, asked, context);
    const { found, line, lumen, problems: met } = made;
    await unlessInterrupted(writeFiles(loaded, asked, made, context), context.signal);
    const told = toldVolume(loaded, context);
    const problems = [
      ...told.problems,
      ...met.map((one) => ({
        code: one.code,
        message: problemText(context.language, one).sentence,
      })),
    ];
    const json = {
      kind: asked.kind,
      lengthMm: thousandth(line.lengthMm),
      tortuosity: toldNumber(tortuosity(line)),
      controls: found.controls.map(({ pointMm }) => toldPoint(pointMm)),
      points: Array.from({ length: line.count }, (_, n) =>
        toldPoint([...line.points.subarray(3 * n, 3 * n + 3)]),
      ),
      pieces: found.pieces.map((piece): { state: PieceState; lengthMm: number } => ({
        state: piece.state,
        lengthMm: thousandth(polylineLengthMm(piece.pointsMm)),
      })),
      stations: lumen.stations.map(toldStation),
      stenoses: lumen.stenoses.map(toldStenosis),
      ...told,
      problems,
    };
    const lines = [
      say(context.language, cliTerms['cli.lineLength'], { mm: line.lengthMm.toFixed(1) }),
      ...lumen.stenoses.map((stenosis) =>
        say(context.language, cliTerms['cli.stenosis'], {
          s: stenosis.s.toFixed(1),
          percent: Math.round(stenosis.percentDiameter),
          area: Math.round(stenosis.percentArea),
        }),
      ),
    ];
    return {
      ...endOf({ problems: [...loaded.problems, ...met], broken: loaded.broken }),
      json,
      text: lines.join('\n'),
    };
  },
};
