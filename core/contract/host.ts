import type { Result } from '../base/result.ts';
import type { CallInput, CallName, CallOutput, HostEvent } from './index.ts';

/** Web-standard request and response, declared here because core knows no DOM types. */
export interface ByteRequest {
  readonly method: string;
  /** Path and query only, e.g. `/thumb/s.1.2.3?size=128`. */
  readonly path: string;
  readonly body?: AsyncIterable<Uint8Array>;
  readonly signal?: AbortSignalLike;
}
export interface ByteResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | AsyncIterable<Uint8Array> | null;
  /** Told each part of the body once its bytes have gone out, the host writes over them. Who keeps parts does not call it. */
  reuse?(part: Uint8Array): void;
}
export interface AbortSignalLike {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void): void;
}

/** Everything a shell may ask; the same behind Electron, the browser shell and the command line. */
export interface Host {
  call<N extends CallName>(name: N, input: CallInput<N>): Promise<Result<CallOutput<N>>>;
  /** Events with seq > fromSeq, then live ones. Answers the function that ends it. */
  subscribe(fromSeq: number, listener: (event: HostEvent) => void): () => void;
  fetch(request: ByteRequest): Promise<ByteResponse>;
  close(): Promise<void>;
}
