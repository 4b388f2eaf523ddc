import { create } from 'zustand';
import { problem } from '../../core/base/problem.ts';
import { client } from './client.ts';
import { showProblem } from './messages.ts';

/** Files given to a browser window (dropped or chosen), read into the host as one upload. */

export interface UploadFile {
  /** Path within what was dropped, with `/`. */
  readonly path: string;
  readonly file: Blob;
}

export interface Upload {
  readonly uploadId: string;
  readonly title: string;
  readonly done: number;
  readonly total: number;
  readonly bytes: number;
  readonly failed: number;
  readonly phase: 'sending' | 'sent' | 'stopped';
}

export const useUploads = create<{ readonly uploads: readonly Upload[] }>()(() => ({ uploads: [] }));

const parallel = 4;

function change(uploadId: string, by: (upload: Upload) => Partial<Upload>): void {
  useUploads.setState(({ uploads }) => ({
    uploads: uploads.map((upload) => (upload.uploadId === uploadId ? { ...upload, ...by(upload) } : upload)),
  }));
}

const forget = (uploadId: string) =>
  useUploads.setState(({ uploads }) => ({
    uploads: uploads.filter((upload) => upload.uploadId !== uploadId),
  }));

export interface RunningUpload {
  readonly uploadId: string;
  /** Ends when every file was sent or refused. */
  readonly sent: Promise<void>;
  finish(mode: 'import' | 'open'): Promise<boolean>;
  drop(): void;
}

/** Begins to send files at once, four at a time; what to do with them is said by `finish`. */
export async function startUpload(
  title: string,
  files: readonly UploadFile[],
): Promise<RunningUpload | undefined> {
  const begun = await client().call('import.beginUpload', { title: title.slice(0, 255) });
  if (!begun.ok) {
    showProblem(begun.problem);
    return undefined;
  }
  const { uploadId } = begun.value;
  const cancel = new AbortController();
  useUploads.setState(({ uploads }) => ({
    uploads: [
      ...uploads,
      { uploadId, title, done: 0, total: files.length, bytes: 0, failed: 0, phase: 'sending' },
    ],
  }));
  let next = 0;
  const worker = async () => {
    for (let file = files[next++]; file && !cancel.signal.aborted; file = files[next++]) {
      const isSent = await sendFile(uploadId, file, cancel.signal);
      const { size } = file.file;
      change(uploadId, (upload) => ({
        done: upload.done + 1,
        bytes: upload.bytes + (isSent ? size : 0),
        failed: upload.failed + (isSent ? 0 : 1),
      }));
    }
  };
  const sent = Promise.all(Array.from({ length: Math.min(parallel, files.length) }, worker)).then(() =>
    change(uploadId, () => ({ phase: cancel.signal.aborted ? 'stopped' : 'sent' })),
  );
  return {
    uploadId,
    sent,
    async finish(mode) {
      await sent;
      forget(uploadId);
      const result = await client().call('import.finishUpload', { uploadId, mode });
      if (!result.ok) showProblem(result.problem);
      return result.ok;
    },
    drop() {
      cancel.abort();
      forget(uploadId);
      void client().call('import.dropUpload', { uploadId });
    },
  };
}

async function sendFile(uploadId: string, { path, file }: UploadFile, signal: AbortSignal): Promise<boolean> {
  try {
    const response = await client().fetchBytes(`/upload/${uploadId}?name=${encodeURIComponent(path)}`, {
      method: 'POST',
      body: file,
      signal,
    });
    if (response.status === 507) showProblem(problem('DISK_FULL'));
    return response.ok;
  } catch {
    return false;
  }
}
