import { expect, it } from 'vitest';
import { findGroups, settingGroups } from './setting-groups.ts';

const found = (query: string) => findGroups(query).map((group) => group.id);

it('finds groups in Chinese, pinyin and English', () => {
  expect(found('')).toEqual(settingGroups.map((group) => group.id));
  expect(found('zhuti')).toEqual(['general']);
  expect(found('theme')).toContain('general');
  expect(found('审计')).toEqual(['audit']);
  expect(found('xyzzy')).toEqual([]);
});
