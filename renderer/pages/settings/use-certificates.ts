import { useEffect, useState } from 'react';
import type { Certificate } from '../../../core/contract/network.ts';
import { client } from '../../app/client.ts';
import { showProblem } from '../../app/messages.ts';

/** The certificates as the host has them; `take` puts what a call answered in their place. */
export function useCertificates(): {
  readonly list: readonly Certificate[];
  take(list: readonly Certificate[]): void;
} {
  const [list, take] = useState<readonly Certificate[]>([]);
  useEffect(() => {
    void client()
      .call('certificates.list', {})
      .then((result) => {
        if (result.ok) take(result.value);
        else showProblem(result.problem);
      });
  }, []);
  return { list, take };
}
