import { problem } from '../../../core/base/problem.ts';
import type { RemoteQuery } from '../../../core/contract/remote.ts';
import { networkCliTerms } from '../../../core/terms/cli-network.ts';
import { say } from '../../../core/terms/term.ts';
import type { ParsedArguments } from '../arguments.ts';
import { wholeOf } from '../arguments.ts';
import { type Command, type CommandContext, CommandFailure, exitCodes, need } from '../command.ts';
import { namedPeer, peerOptions, peerUsage } from '../peer-node.ts';
import { nameText } from './studies.ts';

const option = (args: ParsedArguments, name: string): string => args.values.get(name) ?? '';

function datesOf(text: string): { dateFrom: string; dateTo: string } {
  if (text === '') return { dateFrom: '', dateTo: '' };
  const match = /^(\d{8})?(-)?(\d{8})?$/.exec(text);
  if (!match || (!match[1] && !match[3])) {
    throw new CommandFailure(problem('INPUT_INVALID', { name: '--date', value: text }), exitCodes.wrongUsage);
  }
  const [, from = '', dash, to = ''] = match;
  return { dateFrom: from, dateTo: dash ? to : from };
}

function queryOf(args: ParsedArguments, text: string): RemoteQuery {
  return {
    text,
    patientName: option(args, 'name'),
    patientId: option(args, 'patient'),
    accessionNumber: option(args, 'accession'),
    studyInstanceUID: option(args, 'study'),
    ...datesOf(option(args, 'date')),
    modalities: option(args, 'modality').split(',').filter(Boolean),
    limit: args.values.has('limit')
      ? need(wholeOf('limit', option(args, 'limit'), 1), exitCodes.wrongUsage)
      : 500,
  };
}

/** An empty answer is an answer: people see that it came. */
function tellNone(rows: readonly unknown[], { language, log }: CommandContext): void {
  if (rows.length === 0) log(say(language, networkCliTerms['cli.find.none']));
}

export const findCommand: Command = {
  name: 'find',
  usage: `NODE [TEXT] | ${peerUsage} [TEXT] [--name NAME] [--patient ID] [--accession NUMBER] [--study UID] [--date FROM[-TO]] [--modality CT,MR] [--limit N] [--series] [--json] [--data DIR]`,
  options: [
    ...peerOptions,
    ...['name', 'patient', 'accession', 'study', 'date', 'modality', 'limit'].map((name) => ({
      name,
      takesValue: true,
    })),
    { name: 'series', takesValue: false },
  ],
  positionals: { least: 0, most: 2, mayBeEmpty: true },
  async run(args, context) {
    const wantsSeries = args.switches.has('series');
    const studyInstanceUID = option(args, 'study');
    if (wantsSeries && studyInstanceUID === '') {
      throw new CommandFailure(
        problem('INPUT_INVALID', { name: '--study', value: '' }),
        exitCodes.wrongUsage,
      );
    }
    const host = await context.host();
    const { nodeId, rest } = await namedPeer(host, args, context);
    if (wantsSeries) {
      const series = need(await host.call('remote.series', { nodeId, studyInstanceUID }));
      const json = series.map((row) => ({
        SeriesInstanceUID: row.seriesInstanceUID,
        SeriesNumber: row.number,
        Modality: row.modality,
        SeriesDescription: row.description,
        BodyPartExamined: row.bodyPart,
        instances: row.instances,
      }));
      tellNone(json, context);
      const text = json.map((row) => Object.values(row).join('\t')).join('\n');
      return { exitCode: exitCodes.done, json, text };
    }
    const query = queryOf(args, rest[0] ?? '');
    const found = need(await host.call('remote.search', { nodeId, query }));
    const json = found.rows.map((row) => ({
      StudyInstanceUID: row.studyInstanceUID,
      PatientName: nameText(row.patientName),
      PatientID: row.patientId,
      PatientBirthDate: row.birthDate,
      StudyDate: row.studyDate,
      ModalitiesInStudy: row.modalities,
      StudyDescription: row.description,
      AccessionNumber: row.accessionNumber,
      series: row.series,
      instances: row.instances,
      instancesHere: row.localInstances,
    }));
    tellNone(json, context);
    const text = json
      .map((row) =>
        [
          row.StudyDate,
          row.ModalitiesInStudy.join('/'),
          row.PatientName,
          row.PatientID,
          row.StudyDescription,
          `${row.instancesHere}/${row.instances ?? '?'}`,
          row.StudyInstanceUID,
        ].join('\t'),
      )
      .join('\n');
    return { exitCode: found.partial ? exitCodes.doneWithProblems : exitCodes.done, json, text };
  },
};
