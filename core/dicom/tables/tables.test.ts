import { describe, expect, it } from 'vitest';
import { tagOfKeyword } from '../dictionary.ts';
import { namedKeywords, nameZhOf } from './names-zh.ts';
import { sopClasses, sopClassOf } from './sop-classes.ts';
import { transferSyntaxes, transferSyntaxOf } from './transfer-syntaxes.ts';

const uid = /^(0|[1-9]\d*)(\.(0|[1-9]\d*))+$/;
const unique = (list: readonly string[]): boolean => new Set(list).size === list.length;

describe('tables', () => {
  it('names every SOP class in both languages, once', () => {
    expect(unique(sopClasses.map((row) => row.uid))).toBe(true);
    for (const row of sopClasses) {
      expect(row.uid).toMatch(uid);
      expect(row.en).toMatch(/^[A-Z0-9]/);
      expect(row.zh, row.uid).toMatch(/[\u4e00-\u9fff]/);
      expect(row.category).toMatch(/^[a-zA-Z]+$/);
    }
    expect(sopClassOf('1.2.840.10008.5.1.4.1.1.2')?.category).toBe('image');
    expect(sopClassOf('1.2.840.10008.5.1.4.1.1.88.59')?.category).toBe('keyObjects');
    expect(sopClassOf('1.2.3')).toBeUndefined();
  });

  it('has every transfer syntax once, and only known codings in shown ones', () => {
    expect(unique(transferSyntaxes.map((row) => row.uid))).toBe(true);
    for (const row of transferSyntaxes) {
      expect(row.uid).toMatch(uid);
      if (row.status === 'supported') expect(['none', 'video']).not.toContain(row.coding);
      if (row.encapsulated) expect(row.explicit && !row.bigEndian && !row.deflated).toBe(true);
    }
    expect(transferSyntaxOf('1.2.840.10008.1.2.4.90')).toMatchObject({ coding: 'jpeg2000', lossy: false });
  });

  it('gives Chinese names only to keywords of the dictionary, once, and enough of them', () => {
    expect(unique(namedKeywords)).toBe(true);
    expect(namedKeywords.filter((keyword) => tagOfKeyword(keyword) === undefined)).toEqual([]);
    expect(namedKeywords.length).toBeGreaterThanOrEqual(400);
    expect(nameZhOf('PatientName')).toBe('患者姓名');
    for (const keyword of namedKeywords) expect(nameZhOf(keyword)).toMatch(/[\u4e00-\u9fff]/);
  });
});
