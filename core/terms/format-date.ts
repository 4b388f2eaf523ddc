import type { Language } from './term.ts';

/** Dates and times of DICOM (PS3.5 6.2: DA `YYYYMMDD`, TM `HHMMSS.FFFFFF`) and of the host's clock, for people. */

/** Local calendar moment; the caller reads the clock. */
export interface Moment {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

const two = (n: number) => String(n).padStart(2, '0');

export const momentOf = (date: Date): Moment => ({
  year: date.getFullYear(),
  month: date.getMonth() + 1,
  day: date.getDate(),
  hour: date.getHours(),
  minute: date.getMinutes(),
  second: date.getSeconds(),
});

/** DA `YYYYMMDD` (or the retired `YYYY.MM.DD`) as its three numbers; undefined when it is no date. */
export function parseDicomDate(value: string): { year: number; month: number; day: number } | undefined {
  const match = /^(\d{4})\.?(\d{2})\.?(\d{2})$/.exec(value.trim());
  if (!match) return undefined;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  return month >= 1 && month <= 12 && day >= 1 && day <= 31 ? { year, month, day } : undefined;
}

/** `2026-11-21`; what cannot be read is shown as it is in the file. */
export function formatDicomDate(value: string): string {
  const date = parseDicomDate(value);
  return date ? `${date.year}-${two(date.month)}-${two(date.day)}` : value;
}

/** TM as `09:12`, or `09:12:34` with seconds; empty when it is no time. */
export function formatDicomTime(value: string, withSeconds = false): string {
  const match = /^(\d{2}):?(\d{2})?:?(\d{2})?/.exec(value.trim());
  if (!match) return '';
  const base = `${match[1]}:${match[2] ?? '00'}`;
  return withSeconds && match[3] ? `${base}:${match[3]}` : base;
}

/** Days since 1970-01-01 in the proleptic Gregorian calendar. */
const dayNumber = (year: number, month: number, day: number) =>
  Math.round(Date.UTC(year, month - 1, day) / 86_400_000);

/** Study date and time for a list: `今天 09:12`, `昨天 17:42`, `11-19 17:36` within the year, else `2024-08-30`. */
export function formatListTime(language: Language, date: string, time: string, now: Moment): string {
  const day = parseDicomDate(date);
  if (!day) return date;
  const clock = formatDicomTime(time);
  const age = dayNumber(now.year, now.month, now.day) - dayNumber(day.year, day.month, day.day);
  const join = (words: string) => (clock ? `${words} ${clock}` : words);
  if (age === 0) return join(language === 'zh-CN' ? '今天' : 'Today');
  if (age === 1) return join(language === 'zh-CN' ? '昨天' : 'Yesterday');
  if (age > 1 && day.year === now.year) return join(`${two(day.month)}-${two(day.day)}`);
  return formatDicomDate(date);
}

/** `2026-11-21 09:38` or with seconds, from the host's milliseconds, in local time. */
export function formatMoment(moment: Moment, withSeconds = false): string {
  const base = `${moment.year}-${two(moment.month)}-${two(moment.day)} ${two(moment.hour)}:${two(moment.minute)}`;
  return withSeconds ? `${base}:${two(moment.second)}` : base;
}

/** `YYYYMMDD` of the day `days` before now: the lower bound of "3 days" is today and the two before. */
export function dicomDateBefore(now: Moment, days: number): string {
  const date = new Date(Date.UTC(now.year, now.month - 1, now.day) - days * 86_400_000);
  return `${date.getUTCFullYear()}${two(date.getUTCMonth() + 1)}${two(date.getUTCDate())}`;
}

/** How long before `later` the date `earlier` is: `5 天`, `8 月`, `1 年 2 月`; empty when either is unknown. */
export function formatInterval(language: Language, earlier: string, later: string): string {
  const a = parseDicomDate(earlier);
  const b = parseDicomDate(later);
  if (!a || !b) return '';
  const chinese = language === 'zh-CN';
  const days = dayNumber(b.year, b.month, b.day) - dayNumber(a.year, a.month, a.day);
  if (days < 0) return '';
  if (days === 0) return chinese ? '同日' : 'same day';
  const months = (b.year - a.year) * 12 + (b.month - a.month) - (b.day < a.day ? 1 : 0);
  if (months < 1) return chinese ? `${days} 天` : `${days} d`;
  if (months < 12) return chinese ? `${months} 月` : `${months} mo`;
  const years = Math.floor(months / 12);
  const rest = months % 12;
  if (chinese) return rest ? `${years} 年 ${rest} 月` : `${years} 年`;
  return rest ? `${years} y ${rest} mo` : `${years} y`;
}
