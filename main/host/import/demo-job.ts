import { rm } from 'node:fs/promises';
import { generateDemo } from '../demo/generate-demo.ts';
import type { JobWork } from '../jobs/job-runner.ts';
import type { Services } from '../services.ts';
import { importJob } from './import-job.ts';
import { scratchOf } from './scratch.ts';

/** Makes the demo study from the phantom, then imports it like anything else. */
export const demoJob =
  (services: Services): JobWork =>
  async (context) => {
    const outDir = scratchOf(services.folder, `demo-${context.jobId}`);
    context.update({ phase: 'computing', done: 0, total: null });
    try {
      const made = await generateDemo({
        outDir,
        signal: context.signal,
        onProgress: (done, total) => context.update({ phase: 'computing', done, total }),
      });
      if (!made.ok) return { receipt: null, problem: made.problem };
      return await importJob(services, { paths: [outDir], demo: true })(context);
    } finally {
      await rm(outDir, { recursive: true, force: true });
    }
  };
