import { useCallback, useEffect, useState } from 'react';
import type { StorageStatus } from '../../../core/contract/storage.ts';
import { useApp } from '../../app/app-store.ts';
import { client } from '../../app/client.ts';
import { isFinished } from '../../app/jobs.ts';
import { showProblem } from '../../app/messages.ts';

/** What the store takes and how it is; read again when a job ends. */
export function useStorage(): { readonly status: StorageStatus | null; read(): Promise<void> } {
  const [status, setStatus] = useState<StorageStatus | null>(null);
  const ended = useApp((state) => state.jobs.filter(isFinished).length);
  const read = useCallback(async () => {
    const result = await client().call('storage.status', {});
    if (result.ok) setStatus(result.value);
    else showProblem(result.problem);
  }, []);
  useEffect(() => {
    if (ended >= 0) void read();
  }, [read, ended]);
  return { status, read };
}
