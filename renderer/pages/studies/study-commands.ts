import type { Command } from '../../app/commands.ts';

/** What the list's commands are called and their keys; the page adds what they do. */
export const studyCommands = [
  { id: 'studies.import', term: 'studies.import', group: 'app.studies', keys: ['Ctrl+KeyO'] },
  { id: 'studies.open', term: 'studies.emptyOpen', group: 'app.studies' },
  { id: 'studies.demo', term: 'studies.emptyDemo', group: 'app.studies' },
  { id: 'studies.search', term: 'command.search', group: 'app.studies', keys: ['Ctrl+KeyF'] },
  { id: 'studies.read', term: 'studies.read', group: 'app.studies', keys: ['Enter'] },
  { id: 'studies.print', term: 'print.list', group: 'app.studies', keys: ['Ctrl+KeyP'] },
  { id: 'studies.delete', term: 'studies.delete', group: 'app.studies', keys: ['Delete'] },
  { id: 'studies.undo', term: 'studies.undoDelete', group: 'app.studies', keys: ['Ctrl+KeyZ'] },
] as const satisfies readonly Omit<Command, 'run'>[];

export type StudyCommandId = (typeof studyCommands)[number]['id'];
