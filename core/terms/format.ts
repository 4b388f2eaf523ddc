import { formatNumber, type Language } from './term.ts';

/** Sizes, times and rates as they stand on screen. Pure: the present is an argument where it matters. */

const byteUnits = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;

/** Decimal units (1 MB = 10⁶ bytes), two to three significant digits: `218 MB`, `1.1 GB`. */
export function formatBytes(sizeBytes: number): string {
  let value = Math.max(0, sizeBytes);
  let unit = 0;
  while (unit < byteUnits.length - 1 && Math.round(value) >= 1000) {
    value /= 1000;
    unit++;
  }
  const decimals = unit > 0 && value < 9.95 ? 1 : 0;
  return `${formatNumber(value, decimals)} ${byteUnits[unit]}`;
}

interface Span {
  readonly zh: string;
  readonly en: string;
}
const units = {
  h: { zh: ' 小时', en: ' h' },
  min: { zh: ' 分', en: ' min' },
  s: { zh: ' 秒', en: ' s' },
} as const satisfies Record<string, Span>;
const word = (language: Language, unit: Span) => (language === 'zh-CN' ? unit.zh : unit.en);

/** `6 min 14 s`, `0.8 s`, `2 h 5 min`: the two largest units that matter. */
export function formatDuration(language: Language, durationMs: number): string {
  const seconds = Math.max(0, durationMs) / 1000;
  const w = (value: number, unit: keyof typeof units) =>
    `${formatNumber(value)}${word(language, units[unit])}`;
  if (seconds < 9.95) return `${seconds.toFixed(1)}${word(language, units.s)}`;
  const whole = Math.round(seconds);
  if (whole < 60) return w(whole, 's');
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return whole % 60 ? `${w(minutes, 'min')} ${w(whole % 60, 's')}` : w(minutes, 'min');
  const hours = Math.floor(minutes / 60);
  return minutes % 60 ? `${w(hours, 'h')} ${w(minutes % 60, 'min')}` : w(hours, 'h');
}

/** What is left, rounded so that it does not dance: seconds to the next 5, then whole minutes, then hours. */
export function formatRemaining(language: Language, remainingMs: number): string {
  const chinese = language === 'zh-CN';
  const seconds = Math.ceil(Math.max(0, remainingMs) / 5000) * 5;
  if (seconds < 60) return chinese ? `${seconds} 秒` : `${seconds} s`;
  const minutes = Math.ceil(remainingMs / 60_000);
  if (minutes < 90) return chinese ? `${minutes} 分钟` : `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return chinese ? `${hours} 小时` : `${hours} h`;
}
