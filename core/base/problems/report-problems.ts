import type { ProblemRow } from './problem-row.ts';

/** Problems of printed and structured reports. */
export const reportProblems = {
  REPORT_PRINTER_FAILED: {
    fault: 'environment',
    zh: '浏览器未能生成 PDF。',
    en: 'The browser could not make the PDF.',
    adviceZh: '请把报告存为网页，用任意浏览器打开后打印；或更新 Chrome、Chromium 或 Edge。',
    adviceEn: 'Save the report as HTML and print it from any browser, or update Chrome, Chromium or Edge.',
  },
  REPORT_PRINTER_MISSING: {
    fault: 'environment',
    zh: '生成 PDF 需要已安装的 Chrome、Chromium 或 Edge，本机没有找到。',
    en: 'A PDF needs an installed Chrome, Chromium or Edge, and none was found.',
    adviceZh: '请安装其中之一（或用 CANDELA_CHROMIUM 指定路径），或把报告存为网页后用任意浏览器打印。',
    adviceEn:
      'Install one of them (or name it in CANDELA_CHROMIUM), or save the report as HTML and print it from any browser.',
  },
} as const satisfies Readonly<Record<string, ProblemRow>>;
