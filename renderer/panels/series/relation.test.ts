import { describe, expect, it } from 'vitest';
import { isLater, relationText } from './priors.ts';

const on = (studyDate: string) => ({ studyDate });

describe('how another study of the patient lies to this one', () => {
  it('calls prior what was before, and nothing else', () => {
    const study = on('20260315');
    const said = (date: string) => relationText('en', on(date), study);
    expect(said('20250715')).toBe('Prior · 8 mo');
    expect(said('20260315')).toBe('Same day');
    expect(said('20280315')).toBe('Later · 2 y');
    expect(said('20260316')).toBe('Later · 1 d');
    expect(said('')).toBe('Date unknown');
    expect(relationText('zh-CN', on('20260316'), study)).toBe('之后 · 1 天');
    expect(relationText('en', study, on(''))).toBe('Date unknown');
  });
  it('orders by date only where both are known', () => {
    expect(isLater(on('20260316'), on('20260315'))).toBe(true);
    expect(isLater(on('20260315'), on('20260315'))).toBe(false);
    expect(isLater(on('2026.03.16'), on('20260315'))).toBe(true);
    expect(isLater(on('20260316'), on(''))).toBe(false);
  });
});
