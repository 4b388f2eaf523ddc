import { describe, expect, it } from 'vitest';
import { t } from '../../../core/terms/terms.ts';
import type { Say } from '../../app/language.ts';
import { receiptSource } from './receipt-source.ts';

const chinese: Say = (key) => (typeof key === 'string' ? t('zh-CN', key) : key.zh);

describe('the source of a receipt', () => {
  it('is named in the reader’s language where it is the demo study, else as it is', () => {
    expect(receiptSource(chinese, { source: 'Demo' })).toBe('演示');
    expect(receiptSource(chinese, { source: 'YL_CT_1120' })).toBe('YL_CT_1120');
    // A backup folder of that name is a folder.
    expect(receiptSource(chinese, { source: 'Demo', kind: 'backup' })).toBe('Demo');
  });
});
