import type { Result } from '../../core/base/result.ts';
import type { CallOutput } from '../../core/contract/index.ts';
import type { Dataset } from '../../core/dicom/write/element.ts';
import type { HeaderScanner } from './import/scanner.ts';
import type { WebParseRequest } from './web/web-part.ts';

/** Everything the host asks of the killable parser process. */
export interface ParseService extends HeaderScanner {
  /** The data set of a file as rows for the tag panel. */
  tags(file: string): Promise<Result<CallOutput<'instance.tags'>>>;
  /** What an object derived from the file takes over: patient, study, equipment, acquisition. */
  inherited(file: string): Promise<Result<Dataset>>;
  /** What DICOMweb gives of a file. */
  web(request: WebParseRequest): Promise<Result<Uint8Array>>;
  /** Starts the parsers ahead of the first file. */
  warm(): void;
  close(): Promise<void>;
}
