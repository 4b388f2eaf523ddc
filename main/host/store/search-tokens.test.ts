import { describe, expect, it } from 'vitest';
import { latinOfName, matchExpression, nameTokens, pinyinSyllables } from './search-tokens.ts';

describe('pinyin of names', () => {
  it('reads a surname as a surname', () => {
    expect(pinyinSyllables('单雄信')).toEqual(['shan', 'xiong', 'xin']);
    expect(pinyinSyllables('欧阳修')).toEqual(['ou', 'yang', 'xiu']);
    expect(pinyinSyllables('曾国藩')[0]).toBe('zeng');
  });

  it('gives no syllables for a name without Chinese characters', () => {
    expect(pinyinSyllables('Müller^Jürgen')).toEqual([]);
  });
});

describe('tokens of a name', () => {
  const tokens = (...groups: string[]) => new Set(nameTokens(groups).split(/\s+/u));

  it('hold characters, syllables, joined pinyin and initials', () => {
    const found = tokens('王^伟');
    for (const token of ['王', '伟', 'wang', 'wei', 'wangwei', 'ww']) expect(found).toContain(token);
  });

  it('find ü by v and by u', () => {
    const found = tokens('吕^布');
    for (const token of ['lvbu', 'lubu', 'lb']) expect(found).toContain(token);
  });

  it('hold the joined form of a Latin name and the parts of a camel-cased one', () => {
    const found = tokens('Wang^XiaoDong');
    for (const token of ['wangxiaodong', 'wx', 'wxd'])
      expect([...found]).toContain(token === 'wxd' ? 'wxd' : token);
  });
});

describe('the Latin form beside a name', () => {
  it.each([
    [{ alphabetic: 'Wang^XiaoDong', ideographic: '王^小东' }, 'Wang XiaoDong'],
    [{ alphabetic: '王^伟' }, 'Wang Wei'],
    [{ alphabetic: 'Smith^John' }, ''],
    [{ alphabetic: '' }, ''],
  ])('of %o is %s', (name, latin) => {
    expect(latinOfName(name)).toBe(latin);
  });
});

describe('match expression', () => {
  it.each([
    ['王伟', '"王 伟"'],
    ['w', '"w"*'],
    ['Wang Wei', '"wang"* AND "wei"*'],
    ['王伟ct', '"王 伟" AND "ct"*'],
    ['P-0039', '"p 0039"*'],
    ['"; DROP', '"drop"*'],
  ])('of %s', (query, expected) => {
    expect(matchExpression(query)).toBe(expected);
  });

  it('is null when there is nothing to search for', () => {
    expect(matchExpression('  -- ** ')).toBeNull();
  });
});
