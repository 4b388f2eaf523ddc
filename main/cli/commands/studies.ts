import { problem } from '../../../core/base/problem.ts';
import type { Host } from '../../../core/contract/host.ts';
import type { StudyRow } from '../../../core/contract/studies.ts';
import type { PersonName } from '../../../core/dicom/types.ts';
import type { SeriesPlan } from '../../../core/volume/types.ts';
import { type Command, CommandFailure, exitCodes, need } from '../command.ts';
import { cutOff, openTarget } from '../target.ts';

/** The three groups of a name as DICOM writes them. */
export const nameText = (name: PersonName): string =>
  [name.alphabetic, name.ideographic ?? '', name.phonetic ?? ''].join('=').replace(/=+$/, '');

const pageSize = 1000;

async function allStudies(host: Host, query: string): Promise<StudyRow[]> {
  const rows: StudyRow[] = [];
  for (let offset = 0; ; offset += pageSize) {
    const page = need(
      await host.call('studies.list', {
        filter: query === '' ? {} : { query },
        sort: [{ column: 'studyDate', descending: true }],
        offset,
        limit: pageSize,
      }),
    );
    rows.push(...page.rows);
    if (rows.length >= page.total || page.rows.length === 0) return rows;
  }
}

const listed = (row: StudyRow) => ({
  StudyInstanceUID: row.studyInstanceUID,
  PatientName: nameText(row.patientName),
  PatientID: row.patientId,
  StudyDate: row.studyDate,
  ModalitiesInStudy: row.modalities,
  StudyDescription: row.description,
  series: row.series,
  instances: row.instances,
  frames: row.frames,
  incomplete: row.incomplete,
});

export const listCommand: Command = {
  name: 'list',
  usage: '[QUERY] [--json] [--data DIR]',
  options: [],
  positionals: { least: 0, most: 1, mayBeEmpty: true },
  async run(args, context) {
    const json = (await allStudies(await context.host(), args.positionals[0] ?? '')).map(listed);
    const text = json
      .map((row) =>
        [
          row.StudyDate,
          row.ModalitiesInStudy.join('/'),
          row.PatientName,
          row.PatientID,
          row.StudyDescription,
          row.series,
          row.instances,
          row.frames,
        ].join('\t'),
      )
      .join('\n');
    return { exitCode: exitCodes.done, json, text };
  },
};

const groupsOf = (plan: SeriesPlan) =>
  plan.groups.map((group) => ({
    group: group.id,
    name: group.nameEn,
    nameZh: group.nameZh,
    frames: group.frames.length,
    size: group.regular?.size ?? null,
    affine: group.regular?.patientFromIndex ?? null,
    verdict: group.verdict,
    dimension: group.dimension ?? null,
  }));

export const showCommand: Command = {
  name: 'show',
  usage: 'STUDY|PATH [--json] [--data DIR]',
  options: [],
  positionals: { least: 1, most: 1 },
  async run(args, context) {
    const { host, seriesKeys, ...target } = await openTarget(args.positionals[0]!, context);
    const broken = [...target.broken];
    if (seriesKeys.length === 0) throw new CommandFailure(problem('NOT_FOUND'));
    const json = [];
    for (const seriesKey of seriesKeys) {
      const plan = need(await host.call('series.plan', { seriesKey, purpose: 'measure' }));
      broken.push(...cutOff(plan));
      // Objects without a picture have no part in what is common to the frames.
      const about = { ...plan.instances[0]?.attributes, ...plan.common };
      json.push({
        SeriesInstanceUID: about.SeriesInstanceUID ?? '',
        StudyInstanceUID: about.StudyInstanceUID ?? '',
        SeriesNumber: about.SeriesNumber ?? null,
        Modality: about.Modality ?? '',
        SeriesDescription: about.SeriesDescription ?? '',
        instances: plan.instances.length,
        frames: plan.frames.length,
        groups: groupsOf(plan),
        aside: plan.aside.map(({ instance, reason }) => ({
          SOPInstanceUID: plan.instances[instance]!.sopInstanceUID,
          code: reason.code,
        })),
      });
    }
    const text = json
      .map((series) => {
        const groups = series.groups.map(
          (group) => `  ${group.name || group.group}  ${group.size?.join('×') ?? '-'}  ${group.verdict.kind}`,
        );
        return [
          `${series.SeriesNumber ?? '-'}\t${series.Modality}\t${series.SeriesDescription}\t${series.instances}`,
          ...groups,
        ].join('\n');
      })
      .join('\n');
    return { exitCode: broken.length > 0 ? exitCodes.doneWithProblems : exitCodes.done, json, text };
  },
};
