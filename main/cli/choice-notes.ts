import { cliTerms } from '../../core/terms/cli.ts';
import { say } from '../../core/terms/term.ts';
import type { SeriesPlan, VolumeGroup } from '../../core/volume/types.ts';
import type { CommandContext } from './command.ts';

interface Choice {
  readonly plan: SeriesPlan;
  readonly group: VolumeGroup;
}

/** Which of how many groups was taken: `--group` takes the number, from 1. */
export const groupPlace = ({ plan, group }: Choice): { groupNumber: number; groups: number } => ({
  groupNumber: plan.groups.findIndex(({ id }) => id === group.id) + 1,
  groups: plan.groups.length,
});

/** What a person is told of a choice that they left to the command; nothing where there was none. */
export function choiceNotes(
  choice: Choice,
  seriesCount: number,
  wantedGroup: string | undefined,
  { language }: Pick<CommandContext, 'language'>,
): string[] {
  const { plan, group } = choice;
  const { groupNumber: number, groups } = groupPlace(choice);
  const notes: string[] = [];
  if (seriesCount > 1) {
    const { SeriesDescription: description = '', SeriesInstanceUID: uid = '' } = plan.common;
    const series = [description, uid].filter(Boolean).join(' ');
    notes.push(say(language, cliTerms['cli.seriesTaken'], { count: seriesCount, series }));
  }
  if (wantedGroup === undefined && groups > 1) {
    const name = (language === 'zh-CN' ? group.nameZh : group.nameEn) || group.id;
    notes.push(say(language, cliTerms['cli.groupTaken'], { groups, number, name }));
  }
  return notes.map((note) => `candela: ${note}`);
}
