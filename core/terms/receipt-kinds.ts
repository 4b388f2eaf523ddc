import type { TermTable } from './term.ts';

/** Words of receipts that account for something else than files that were read in. */
export const receiptKindTerms = {
  'receipt.title.backup': { zh: '备份回执', en: 'Backup receipt' },
  'receipt.title.backupCheck': { zh: '备份核对回执', en: 'Receipt of a backup check' },
  'receipt.title.restore': { zh: '恢复回执', en: 'Restore receipt' },
  'receipt.title.repair': { zh: '修复回执', en: 'Repair receipt' },
  'receipt.title.rebuild': { zh: '重建索引回执', en: 'Receipt of a rebuilt index' },
  'receipt.files.backup': { zh: '文件', en: 'files' },
  'receipt.files.backupCheck': { zh: '文件', en: 'files' },
  'receipt.files.restore': { zh: '文件', en: 'files' },
  'receipt.files.repair': { zh: '损坏的文件', en: 'damaged files' },
  'receipt.files.rebuild': { zh: '图像文件', en: 'image files' },
  'receipt.stored.backup': { zh: '本次复制', en: 'copied now' },
  'receipt.stored.backupCheck': { zh: '正确', en: 'right' },
  'receipt.stored.restore': { zh: '已恢复', en: 'restored' },
  'receipt.stored.repair': { zh: '已修复', en: 'mended' },
  'receipt.stored.rebuild': { zh: '已编入索引', en: 'indexed' },
  'receipt.there': { zh: '备份中已有', en: 'there already' },
  'receipt.broken.backup': { zh: '无法读取', en: 'cannot be read' },
  'receipt.broken.backupCheck': { zh: '损坏或缺失', en: 'damaged or missing' },
  'receipt.broken.restore': { zh: '未恢复', en: 'not restored' },
  'receipt.broken.repair': { zh: '备份中没有', en: 'not in the backup' },
  'receipt.broken.rebuild': { zh: '损坏或缺失', en: 'damaged or missing' },
  'receipt.state.backup': { zh: '已复制并重新读出核对', en: 'Copied, and read again to prove it' },
  'receipt.state.backupCheck': { zh: '已逐个读出并与清单比较', en: 'Every file was read and compared' },
  'receipt.state.restore': {
    zh: '已写入新文件夹并逐个核对；目前的数据未变',
    en: 'Written to a new folder and compared; the present data did not change',
  },
  'receipt.state.repair': { zh: '取回的文件已核对哈希', en: 'What was brought back has the right hash' },
  'receipt.state.rebuild': { zh: '新索引已核对并启用', en: 'The new index was compared and is in use' },
  'receipt.good': { zh: '全部正确。', en: 'Everything is right.' },
  'receipt.bad': {
    zh: '有 {n} 个文件需要处理，见下表。',
    en: '{n} {n|file needs|files need} attention: see the table.',
  },
} as const satisfies TermTable;
