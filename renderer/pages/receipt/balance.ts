import type { Receipt } from '../../../core/contract/jobs.ts';

/** in = stored + duplicates + notDicom + broken, always. */
export const isBalanced = (
  receipt: Pick<Receipt, 'files' | 'stored' | 'duplicates' | 'notDicom' | 'broken'>,
): boolean => receipt.files === receipt.stored + receipt.duplicates + receipt.notDicom + receipt.broken;
