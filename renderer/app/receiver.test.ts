import { expect, it } from 'vitest';
import { problem } from '../../core/base/problem.ts';
import { refusalText } from './receiver.ts';

const by = { atMs: 1, aeTitle: 'CT1', calledAeTitle: 'CANDELA', address: '10.0.0.7' };

it('names the device once, and its address always', () => {
  const unlisted = { ...by, problem: problem('REFUSED_CALLING_AE', { aeTitle: 'CT1' }) };
  expect(refusalText('en', unlisted)).toBe('10.0.0.7: The device CT1 is not listed and was refused.');
  expect(refusalText('zh-CN', unlisted)).toMatch(/^10\.0\.0\.7：未登记的设备 CT1/);
  // Before an association there is no title.
  const unsecured = { ...by, aeTitle: '', problem: problem('TLS_EXPIRED') };
  expect(refusalText('en', unsecured)).toMatch(/^10\.0\.0\.7: The other/);
  const identity = { ...by, problem: problem('REFUSED_IDENTITY') };
  expect(refusalText('en', identity)).toMatch(/^CT1 10\.0\.0\.7: /);
});
