import {
  BadgeCheck,
  Box,
  Copy,
  Eye,
  FolderX,
  Mail,
  MailOpen,
  Save,
  Send,
  Star,
  StarOff,
  Trash2,
  Undo2,
} from 'lucide-react';
import type { StudyRow } from '../../../core/contract/studies.ts';
import type { Say } from '../../app/language.ts';
import { askSend } from '../../panels/send/send-store.ts';
import type { MenuEntry } from '../../ui/menu.tsx';
import {
  closePlaceOf,
  copyText,
  keepStudy,
  readStudies,
  removeStudies,
  restoreStudies,
  setStarred,
  setUnread,
  setWhole,
} from './study-actions.ts';

/** What can be done with the selected studies. `keys` may hold more than the loaded `rows`. */
export function studyMenu(rows: readonly StudyRow[], keys: readonly string[], t: Say): MenuEntry[] {
  const [first] = rows;
  if (!first) return [];
  if (first.deletedAtMs !== null) {
    return [
      { id: 'restore', label: t('studies.restore'), icon: Undo2, run: () => void restoreStudies(keys) },
    ];
  }
  const isOne = rows.length === 1;
  const open: MenuEntry[] = [
    {
      id: 'read',
      label: t('studies.read'),
      icon: Eye,
      keyLabel: t('key.Enter'),
      run: () => readStudies(rows),
    },
    { id: '3d', label: t('studies.read3d'), icon: Box, run: () => readStudies(rows.slice(0, 1), '3d') },
  ];
  const copy: MenuEntry[] =
    isOne && first.patientId
      ? [{ id: 'copy', label: t('studies.copyId'), icon: Copy, run: () => void copyText(first.patientId) }]
      : [];
  if (!first.stored) {
    return [
      ...open,
      'line',
      {
        id: 'keep',
        label: t('studies.keep'),
        icon: Save,
        run: () => rows.forEach((row) => void keepStudy(row.studyKey)),
      },
      ...copy,
      'line',
      {
        id: 'close',
        label: t('studies.closePlace'),
        icon: FolderX,
        run: () => void closePlaceOf(first.studyKey),
      },
    ];
  }
  return [
    ...open,
    'line',
    send(rows, keys, t),
    ...marks(rows, keys, t),
    ...copy,
    'line',
    remove(rows, keys, t),
  ];
}

const send = (rows: readonly StudyRow[], keys: readonly string[], t: Say): MenuEntry => ({
  id: 'send',
  label: t('send.menu'),
  icon: Send,
  run: () =>
    askSend({
      studyKeys: keys,
      seriesKeys: [],
      instanceKeys: [],
      objects: rows.reduce((sum, row) => sum + row.instances, 0),
      bytes: rows.reduce((sum, row) => sum + row.bytes, 0),
    }),
});

function marks(rows: readonly StudyRow[], keys: readonly string[], t: Say): MenuEntry[] {
  const isUnread = rows.every((row) => row.unread);
  const isStarred = rows.every((row) => row.starred);
  const whole: MenuEntry[] = rows.some((row) => row.incomplete)
    ? [{ id: 'whole', label: t('studies.markWhole'), icon: BadgeCheck, run: () => void setWhole(keys) }]
    : [];
  return [
    ...whole,
    {
      id: 'unread',
      label: t(isUnread ? 'studies.markRead' : 'studies.markUnread'),
      icon: isUnread ? MailOpen : Mail,
      run: () => void setUnread(keys, !isUnread),
    },
    {
      id: 'star',
      label: t(isStarred ? 'studies.unstar' : 'studies.star'),
      icon: isStarred ? StarOff : Star,
      run: () => void setStarred(keys, !isStarred),
    },
  ];
}

const remove = (rows: readonly StudyRow[], keys: readonly string[], t: Say): MenuEntry => ({
  id: 'delete',
  label: t('studies.delete'),
  icon: Trash2,
  keyLabel: t('key.Delete'),
  tone: 'danger',
  run: () => void removeStudies(rows, keys),
});
