import type { ByteResponse } from '../../../core/contract/host.ts';
import { mediaTypeText } from '../../../core/dicomweb/media-type.ts';
import type { DataFolder } from '../folder.ts';
import type { Services } from '../services.ts';
import type { ReadOperations } from '../store/read-operations.ts';
import type { WorkerClient } from '../worker-rpc.ts';
import type { AccessLog } from './access-log.ts';

export const jsonType = 'application/dicom+json';
/** Native DICOM Model; several are parts of multipart/related. */
export const xmlType = 'application/dicom+xml';

export const xmlPartsType = (boundary: string): string =>
  mediaTypeText('multipart/related', { type: xmlType, boundary });

/** What the answers of one request share. Nothing here parses DICOM on the host's thread. */
export interface WebContext {
  readonly read: WorkerClient<ReadOperations>;
  /** For queries, which may go through everything (`Store.searches`). */
  searches(): WorkerClient<ReadOperations>;
  readonly parse: Services['parse'];
  readonly decode: Services['decode'];
  readonly folder: DataFolder;
  readonly log: AccessLog;
  /** `http://127.0.0.1:11180` */
  readonly origin: string;
  /** Of the request, or of its parameter of that name (PS3.18 8.3.3.1). */
  readonly accept: string;
  /** Only the head of the answer is asked for: its body is never begun. */
  readonly isHead: boolean;
  /** The answer is over, or the client went away. */
  readonly signal: AbortSignal;
  /** An answer without data. `detail` is a word of ours or of the request's own address. */
  refuse(status: number, detail?: string): ByteResponse;
}
