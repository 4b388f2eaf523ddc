import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { problem } from '../base/problem.ts';
import { formatBytes, formatDuration, formatRemaining } from './format.ts';
import {
  dicomDateBefore,
  formatDicomDate,
  formatDicomTime,
  formatInterval,
  formatListTime,
  type Moment,
} from './format-date.ts';
import { formatAge, formatLatinName, formatName, formatSex, patientsLabel } from './format-person.ts';
import { fill, formatNumber } from './term.ts';
import { problemText } from './terms.ts';

const now: Moment = { year: 2026, month: 11, day: 21, hour: 9, minute: 30, second: 0 };

describe('numbers', () => {
  it('groups thousands as Intl does', () => {
    const intl = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
    fc.assert(fc.property(fc.integer(), (n) => formatNumber(n).replace('−', '-') === intl.format(n)));
  });
  it('never writes minus zero', () => expect(formatNumber(-0.04, 1)).toBe('0.0'));
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [218_400_000, '218 MB'],
    [999_999_999, '1.0 GB'],
    [1_100_000_000, '1.1 GB'],
    [412e9, '412 GB'],
  ])('%d bytes is %s', (sizeBytes, words) => expect(formatBytes(sizeBytes)).toBe(words));
  it('leaves a port as it was typed', () =>
    expect(fill('{port} of {n}', { port: 11112, n: 11112 })).toBe('11112 of 11,112'));
  it('says sizes in problems as sizes', () =>
    expect(problemText('en', problem('DISK_FULL', { missingBytes: 1_075_437_568 })).sentence).toContain(
      '1.1 GB',
    ));
  it('never shows four digits below the last unit', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 9e17, noNaN: true }), (n) =>
        /^\d{1,3}(\.\d)? /.test(formatBytes(n)),
      ),
    );
  });
});

describe('times', () => {
  it.each([
    [800, '0.8 s', '0.8 秒'],
    [374_000, '6 min 14 s', '6 分 14 秒'],
    [7_500_000, '2 h 5 min', '2 小时 5 分'],
    [3_600_000, '1 h', '1 小时'],
  ])('%d ms', (durationMs, en, zh) => {
    expect(formatDuration('en', durationMs)).toBe(en);
    expect(formatDuration('zh-CN', durationMs)).toBe(zh);
  });
  it.each([
    [1200, '5 s'],
    [59_000, '1 min'],
    [110_000, '2 min'],
    [7_200_000, '2 h'],
  ])('%d ms left', (remainingMs, en) => expect(formatRemaining('en', remainingMs)).toBe(en));
});

describe('dates', () => {
  it.each([
    ['20261121', '091200', '今天 09:12', 'Today 09:12'],
    ['20261120', '174201.5', '昨天 17:42', 'Yesterday 17:42'],
    ['20261119', '1736', '11-19 17:36', '11-19 17:36'],
    ['20240830', '1736', '2024-08-30', '2024-08-30'],
    ['20261122', '', '2026-11-22', '2026-11-22'],
    ['', '', '', ''],
    ['unknown', '10', 'unknown', 'unknown'],
  ])('%s %s', (date, time, zh, en) => {
    expect(formatListTime('zh-CN', date, time, now)).toBe(zh);
    expect(formatListTime('en', date, time, now)).toBe(en);
  });
  it('reads the retired form with points', () => expect(formatDicomDate('1997.04.24')).toBe('1997-04-24'));
  it('keeps what is no date', () => expect(formatDicomDate('19971345')).toBe('19971345'));
  it('shows seconds on request', () => expect(formatDicomTime('091234.123', true)).toBe('09:12:34'));
  it.each([
    ['20260302', '8 月', '8 mo'],
    ['20250914', '1 年 2 月', '1 y 2 mo'],
    ['20251121', '1 年', '1 y'],
    ['20261116', '5 天', '5 d'],
    ['20261121', '同日', 'same day'],
    ['20270101', '', ''],
  ])('from %s to today', (earlier, zh, en) => {
    expect(formatInterval('zh-CN', earlier, '20261121')).toBe(zh);
    expect(formatInterval('en', earlier, '20261121')).toBe(en);
  });
  it('counts back over months', () =>
    expect(dicomDateBefore({ ...now, month: 3, day: 1 }, 2)).toBe('20260227'));
});

describe('people', () => {
  it('writes ideographic names without a space', () => {
    const name = { alphabetic: 'Wang^Xiulan', ideographic: '王^秀兰' };
    expect(formatName(name)).toBe('王秀兰');
    expect(formatLatinName(name, '')).toBe('WANG XIULAN');
  });
  it('shows an alphabetic name once', () => {
    const name = { alphabetic: 'Doe^John^^Dr' };
    expect(formatName(name)).toBe('Dr Doe John');
    expect(formatLatinName(name, 'Dr Doe John')).toBe('');
  });
  it('names one patient, and how many more; the ID where there is no name', () => {
    const patient = (alphabetic: string, patientId: string) => ({ patientName: { alphabetic }, patientId });
    const [doe, nameless] = [patient('Doe^John', '1'), patient('', 'ID7')];
    expect(patientsLabel([])).toBe('');
    expect(patientsLabel([doe, doe])).toBe('Doe John');
    expect(patientsLabel([nameless, doe])).toBe('ID7 +1');
  });
  it('takes the pinyin of the host', () => {
    expect(formatLatinName({ alphabetic: '李^娜' }, 'li na')).toBe('LI NA');
  });
  it('ages and sexes', () => {
    expect(formatAge('zh-CN', '058Y')).toBe('58 岁');
    expect(formatAge('en', '003M')).toBe('3 mo');
    expect(formatAge('en', '')).toBe('');
    expect(formatSex('zh-CN', 'F')).toBe('女');
    expect(formatSex('en', '')).toBe('');
  });
});

describe('templates', () => {
  it('picks the plural', () => {
    expect(fill('{n} {n|study|studies}', { n: 1 })).toBe('1 study');
    expect(fill('{n} {n|study|studies}', { n: 1234 })).toBe('1,234 studies');
  });
  it('leaves an unknown place in sight', () => expect(fill('{a} {b}', { a: 'x' })).toBe('x {b}'));
});
