import { randomUUID } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { problem } from '../../../core/base/problem.ts';
import { fail, ok, type Result } from '../../../core/base/result.ts';
import type { CallParsedInput } from '../../../core/contract/index.ts';
import { reportHead } from '../../../core/report/head.ts';
import type { VesselReport } from '../../../core/report/types.ts';
import { vesselReportHtml } from '../../../core/report/vessel-report.ts';
import { reportAorta } from '../../../core/report/vessels.ts';
import { momentOf } from '../../../core/terms/format-date.ts';
import { reportTerms } from '../../../core/terms/report.ts';
import { say } from '../../../core/terms/term.ts';
import { findGroup } from '../derive/group-volume.ts';
import type { Handlers } from '../handler.ts';
import { fileProblem } from '../media/file-problem.ts';
import type { Services } from '../services.ts';
import { printReport } from './print-report.ts';
import { reportFile, reportFolder } from './report-route.ts';
import { structuredReportJob } from './structured-report-job.ts';

async function fileOf(
  services: Services,
  report: VesselReport,
  format: CallParsedInput<'report.vessel'>['format'],
): Promise<Result<Uint8Array>> {
  if (format === 'html') return ok(Buffer.from(vesselReportHtml(report), 'utf8'));
  return printReport(report, services.options.printPdf);
}

export const reportHandlers: Handlers<'report.vessel' | 'report.toSeries'> = {
  async 'report.vessel'(services, input) {
    const { language, vessels, shown, pictures, format } = input;
    if (shown >= vessels.length) return fail(problem('INPUT_INVALID', { name: 'shown', value: shown }));
    const found = await findGroup(services, input.seriesKey, input.groupId);
    if (!found.ok) return found;
    const made = await fileOf(
      services,
      {
        language,
        head: reportHead(found.value.cached.plan.common),
        ...{ vessels, shown, pictures },
        aorta: reportAorta(vessels),
        madeAt: momentOf(new Date(services.now())),
      },
      format,
    );
    if (!made.ok) return made;
    const reportId = randomUUID();
    const folder = reportFolder(services, reportId);
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await writeFile(join(folder, reportFile(format)), made.value, { mode: 0o600 });
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      return fail(fileProblem(error));
    }
    return ok({ reportId });
  },

  async 'report.toSeries'(services, input) {
    const found = await findGroup(services, input.seriesKey, input.groupId);
    if (!found.ok) return found;
    const title = say(input.language, reportTerms['report.jobTitle']);
    const work = structuredReportJob(services, { named: found.value, asked: input });
    return ok({ jobId: await services.jobs.start('import', title, { title }, work) });
  },
};
