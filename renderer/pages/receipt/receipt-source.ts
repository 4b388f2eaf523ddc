import type { Receipt } from '../../../core/contract/jobs.ts';
import type { Say } from '../../app/language.ts';

/** What the host writes for the demo study, in the reader's words; a folder or device keeps its name. */
export const receiptSource = (t: Say, { source, kind }: Pick<Receipt, 'source' | 'kind'>): string =>
  source === 'Demo' && kind === undefined ? t('studies.from.demo') : source;
