import { problem } from '../../../core/base/problem.ts';
import { fail, ok, type Result } from '../../../core/base/result.ts';
import type { VesselReport } from '../../../core/report/types.ts';
import { vesselReportHtml } from '../../../core/report/vessel-report.ts';
import { openBrowserPage } from '../browser/browser-page.ts';
import { findChromium } from '../browser/find-browser.ts';
import { reportFontCss } from './report-fonts.ts';

/** Everything that the page may say: the faces are chosen by it. */
const lettersOf = (html: string): string =>
  html.replace(/<style>[\s\S]*?<\/style>/g, '').replace(/data:image[^"]*/g, '');

async function byBrowser(html: string, executable: string): Promise<Uint8Array> {
  const page = await openBrowserPage(executable);
  try {
    return await page.printPdf(html);
  } finally {
    await page.close();
  }
}

/**
 * The report as a PDF of one page, by an installed browser, else by the shell itself where it can. Problems:
 * REPORT_PRINTER_MISSING, REPORT_PRINTER_FAILED.
 */
export async function printReport(
  report: VesselReport,
  printPdf?: (html: string) => Promise<Uint8Array>,
  executable: string | null = findChromium(),
): Promise<Result<Uint8Array>> {
  const plain = vesselReportHtml(report);
  const html = vesselReportHtml(report, await reportFontCss(lettersOf(plain)));
  const printers = [
    ...(executable === null ? [] : [() => byBrowser(html, executable)]),
    ...(printPdf ? [() => printPdf(html)] : []),
  ];
  for (const print of printers) {
    const bytes = await print().catch(() => null);
    if (bytes) return ok(bytes);
  }
  return fail(problem(printers.length === 0 ? 'REPORT_PRINTER_MISSING' : 'REPORT_PRINTER_FAILED'));
}
