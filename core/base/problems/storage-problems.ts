import type { ProblemRow } from './problem-row.ts';

/** Problems of the store as a whole: versions, rebuilding, backups. */
export const storageProblems = {
  INSTANCE_VERSIONS: {
    fault: 'file',
    zh: '部分图像有更新的版本，显示最新的，旧版本已保留。',
    en: 'Some images came again in a newer version: the newest shows, older ones are kept.',
    adviceZh: '无需处理；需要时可查看各版本。',
    adviceEn: 'Nothing to do; the versions can be looked at when needed.',
  },
  BACKUP_DAMAGED: {
    fault: 'environment',
    zh: '备份中有文件损坏或缺失。',
    en: 'A file of the backup is damaged or missing.',
    adviceZh: '请检查备份所在磁盘，并重新备份到另一处。',
    adviceEn: 'Check the disk that holds the backup, and back up again to another place.',
  },
  BACKUP_PASSPHRASE: {
    fault: 'user',
    zh: '备份已加密，口令缺失或不正确。',
    en: 'The backup is encrypted, and the passphrase is missing or wrong.',
    adviceZh: '请输入备份时设置的口令。',
    adviceEn: 'Enter the passphrase that was set for the backup.',
  },
  BACKUP_NONE: {
    fault: 'user',
    zh: '该文件夹中没有可用的备份。',
    en: 'The folder holds no backup that can be used.',
    adviceZh: '请选择备份文件夹，或先做一次备份。',
    adviceEn: 'Choose the folder of a backup, or make one first.',
  },
  BACKUP_FOREIGN: {
    fault: 'user',
    zh: '备份文件夹位于数据文件夹之内，或不是空文件夹，也不是备份。',
    en: 'The backup folder lies in the data folder, or is neither empty nor a backup.',
    adviceZh: '请选择另一磁盘上的空文件夹或已有的备份。',
    adviceEn: 'Choose an empty folder or an earlier backup, best on another disk.',
  },
  INDEX_DIFFERED: {
    fault: 'environment',
    zh: '索引与文件有 {rows} 行不一致（患者 {patients}，检查 {studies}，序列 {series}，图像 {instances}，阅片记录 {readings}），已按文件更正。',
    en: 'The index and the files differed in {rows} rows (patients {patients}, studies {studies}, series {series}, images {instances}, readings {readings}); the index now says what the files say.',
    adviceZh: '无需处理；若一再出现，请检查磁盘。',
    adviceEn: 'Nothing to do; if it comes again, check the disk.',
  },
  STORE_BUSY: {
    fault: 'environment',
    zh: '存储正忙，未能完成切换。',
    en: 'The store was busy, so the change was not made.',
    adviceZh: '请稍后再试；原有数据未受影响。',
    adviceEn: 'Try again later; nothing was changed.',
  },
} as const satisfies Readonly<Record<string, ProblemRow>>;
