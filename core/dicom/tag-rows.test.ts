import { expect, it } from 'vitest';
import type { DatasetElement, DatasetTree } from './dataset.ts';
import { tagRows } from './tag-rows.ts';

const element = (tag: number, more: object = {}) =>
  ({ tag, vr: 'LO', keyword: '', value: ['x'], lengthBytes: 2, ...more }) as unknown as DatasetElement;

it('names what every group may have beside what the dictionary names, and private elements by their creator', () => {
  const dataset = [
    element(0x00080000, { vr: 'UL' }),
    element(0x00100010, { keyword: 'PatientName' }),
    element(0x00430000, { vr: 'UL' }),
    element(0x00430010),
    element(0x00431039, { creator: 'GEMS_PARM_01' }),
    element(0x00431040),
    element(0x00281000),
  ];
  const { rows } = tagRows({ meta: [], dataset, truncated: false } as unknown as DatasetTree);
  expect(rows.map(({ tag, keyword, nameZh }) => [tag, keyword, nameZh])).toEqual([
    ['(0008,0000)', 'GenericGroupLength', '组长度'],
    ['(0010,0010)', 'PatientName', '患者姓名'],
    ['(0043,0000)', 'GenericGroupLength', '组长度'],
    ['(0043,0010)', 'PrivateCreator', '私有创建者'],
    ['(0043,1039)', 'GEMS_PARM_01', ''],
    ['(0043,1040)', '', ''],
    ['(0028,1000)', '', ''],
  ]);
});
