import type { Result } from '../../core/base/result.ts';
import type { CallOutput } from '../../core/contract/index.ts';
import type { HeaderScanner } from './import/scanner.ts';

/** Everything the host asks of the killable parser process. */
export interface ParseService extends HeaderScanner {
  /** The data set of a file as rows for the tag panel. */
  tags(file: string): Promise<Result<CallOutput<'instance.tags'>>>;
  /** Starts the parsers ahead of the first file. */
  warm(): void;
  close(): Promise<void>;
}
