import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Result } from '../../../core/base/result.ts';
import { importJob } from '../import/import-job.ts';
import { scratchOf } from '../import/scratch.ts';
import type { JobEnd, JobWork } from '../jobs/job-runner.ts';
import { fileProblem } from '../media/file-problem.ts';
import type { Services } from '../services.ts';

/** Makes one object, writes it and imports it like anything else, so that it joins its study. */
export const derivedObjectJob =
  (services: Services, fileName: string, make: () => Promise<Result<Uint8Array>>): JobWork =>
  async (context): Promise<JobEnd> => {
    const outDir = scratchOf(services.folder, `derived-${context.jobId}`);
    context.update({ phase: 'computing', done: 0, total: 1 });
    try {
      const bytes = await make();
      if (!bytes.ok) return { receipt: null, problem: bytes.problem };
      await mkdir(outDir, { recursive: true });
      await writeFile(join(outDir, fileName), bytes.value);
      return await importJob(services, { paths: [outDir] })(context);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error)) throw error;
      return { receipt: null, problem: fileProblem(error) };
    } finally {
      await rm(outDir, { recursive: true, force: true });
    }
  };
