import { describe, expect, it } from 'vitest';
import { vesselName, vesselNameGroups, vesselNames } from './vessel.ts';

describe('names of centrelines', () => {
  it('are told apart by id and by both languages', () => {
    for (const of of ['id', 'zh', 'en'] as const)
      expect(new Set(vesselNames.map((name) => name[of])).size).toBe(vesselNames.length);
    expect(new Set(vesselNames.map((name) => name.group))).toEqual(
      new Set(vesselNameGroups.map((g) => g.id)),
    );
  });
  it('start with the section that reading asks for', () => {
    const sizes = ['rca', 'left-internal-carotid', 'left-popliteal', 'abdominal-aorta'].map(
      (id) => vesselName(id)?.sectionMm,
    );
    expect(sizes).toEqual([25, 30, 40, 80]);
    expect(vesselName('trachea')?.kind).toBe('airway');
    expect(vesselName('lad')).toMatchObject({ zh: '左前降支', abbreviation: 'LAD' });
  });
  it('are unknown where nobody chose one', () => {
    expect(vesselName(null)).toBeUndefined();
    expect(vesselName('of a later version')).toBeUndefined();
  });
});
