import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { patientPoint } from '../../geometry/types.ts';
import { isSoundLine } from '../curve/edit.ts';
import { isVertebraLabel, labelBelow, ribNumberOf, vertebraLabels } from './bone-names.ts';
import {
  dropRib,
  insertVertebra,
  relabelFrom,
  removeVertebra,
  renameVertebra,
  renameVertebraeFrom,
  renumberRib,
  renumberRibsFrom,
  ribCentreline,
  shiftLabels,
  swapSides,
} from './edit-bones.ts';
import { boneReport, type LabelledBones, labelFrom, ribAt, vertebraAt } from './labels.ts';
import { arcPoints, levelMm, madeBones } from './test-bones.ts';

/** C7 to L2: fifteen vertebrae, ribs at T1…T12. */
const bones = madeBones(15, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);

function named(from: Parameters<typeof labelFrom>[1], of = bones): LabelledBones {
  const result = labelFrom(of, from);
  if (!result.ok) throw new Error(result.problem.code);
  return result.value;
}
const anchored = named({ kind: 'vertebra', id: 'vertebra-14', label: 'L1' });
const labels = (of: LabelledBones) => of.vertebrae.map(({ label }) => label).join(' ');
const numbers = (of: LabelledBones, side: string) =>
  of.ribs.filter((rib) => rib.side === side).map(({ number }) => number);
const oneToTwelve = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];

describe('names', () => {
  it('are counted from C1 to S5 and back', () => {
    expect(labelBelow('C7', 1)).toBe('T1');
    expect(labelBelow('L1', -1)).toBe('T12');
    expect(labelBelow('L5', 1)).toBe('S1');
    expect(labelBelow('C1', -1)).toBeNull();
    expect(labelBelow('S5', 1)).toBeNull();
    expect(labelBelow('C1', 28)).toBe('S5');
  });
  it('let a thirteenth rib and a sixth lumbar vertebra be', () => {
    expect(labelBelow('T13', 1)).toBe('L1');
    expect(labelBelow('T13', -1)).toBe('T12');
    expect(labelBelow('L6', 0)).toBe('L6');
    expect(labelBelow('L6', 1)).toBe('S1');
    expect(ribNumberOf('T13')).toBe(13);
    expect(ribNumberOf('L1')).toBeNull();
    expect(isVertebraLabel('T14')).toBe(false);
  });
});

describe('labelFrom', () => {
  it('counts from a vertebra and from a rib alike', () => {
    expect(labels(anchored)).toBe('C7 T1 T2 T3 T4 T5 T6 T7 T8 T9 T10 T11 T12 L1 L2');
    for (const side of ['left', 'right']) expect(numbers(anchored, side)).toEqual(oneToTwelve);
    expect(named({ kind: 'rib', id: 'rib-right-9', number: 8 })).toEqual(anchored);
  });
  it('says what it cannot name', () => {
    const code = (anchor: Parameters<typeof labelFrom>[1], of = bones) => {
      const result = labelFrom(of, anchor);
      return result.ok ? '' : result.problem.code;
    };
    expect(code({ kind: 'vertebra', id: 'vertebra-14', label: 'X1' })).toBe('BONE_NAME_UNKNOWN');
    expect(code({ kind: 'vertebra', id: 'vertebra-99', label: 'L1' })).toBe('BONE_NOT_THERE');
    expect(code({ kind: 'rib', id: 'rib-left-2', number: 14 })).toBe('BONE_NAME_UNKNOWN');
    expect(code({ kind: 'rib', id: 'rib-left-99', number: 3 })).toBe('BONE_NOT_THERE');
    const loose = removeVertebra(anchored, 'vertebra-5');
    expect(code({ kind: 'rib', id: 'rib-left-5', number: 3 }, loose)).toBe('RIB_WITHOUT_LEVEL');
  });
  it('reports missing and extra ribs, and invents none', () => {
    const odd = named(
      { kind: 'vertebra', id: 'vertebra-14', label: 'L1' },
      madeBones(15, [0, 1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13]),
    );
    const report = boneReport(odd);
    expect(report.missingRibs).toEqual([
      { side: 'left', number: 5 },
      { side: 'right', number: 5 },
    ]);
    expect(report.extraRibs).toEqual(['rib-left-1', 'rib-left-14', 'rib-right-1', 'rib-right-14']);
    expect(report.doubledRibs).toEqual([]);
    expect(report.ribCount).toBe(26);
  });
});

describe('a small field of view', () => {
  it('is no reason to call a rib missing', () => {
    const half = named(
      { kind: 'vertebra', id: 'vertebra-4', label: 'T4' },
      {
        ...madeBones(4, [1, 2]),
        vertebrae: madeBones(4, []).vertebrae.map((vertebra) => ({ ...vertebra, ribSides: ['left'] })),
      },
    );
    const report = boneReport({ ...half, ribs: half.ribs.filter(({ side }) => side === 'left') });
    expect(report.missingRibs.map(({ side, number }) => `${side} ${number}`)).toEqual(['left 1', 'left 4']);
    expect(report.outsideRibs.map(({ side }) => side)).toEqual(['right', 'right', 'right', 'right']);
  });
});

describe('clicks', () => {
  it('mean the vertebra and the rib that they are on', () => {
    const vertebra = vertebraAt(anchored, patientPoint(8, 75, 200 - 4 * levelMm + 6));
    expect(vertebra.ok && vertebra.value.label).toBe('T4');
    const [x, y, z] = arcPoints('left', 200 - 6 * levelMm + 4)[60]!;
    const rib = ribAt(anchored, patientPoint(x + 4, y, z - 3));
    expect(rib.ok && [rib.value.side, rib.value.number]).toEqual(['left', 6]);
    expect(ribAt(anchored, patientPoint(0, 0, 0)).ok).toBe(false);
    expect(vertebraAt(anchored, patientPoint(3, -90, 100)).ok).toBe(false);
  });
});

describe('mending', () => {
  it('shifts all labels, and one', () => {
    expect(labels(shiftLabels(anchored, 1))).toBe('T1 T2 T3 T4 T5 T6 T7 T8 T9 T10 T11 T12 L1 L2 L3');
    expect(shiftLabels(shiftLabels(anchored, -1), 1)).toEqual(anchored);
    const one = renameVertebra(anchored, 'vertebra-14', 'T13');
    expect(labels(one)).toContain('T12 T13 L2');
    expect(labels(renameVertebraeFrom(anchored, 'vertebra-14', 'T13'))).toContain('T12 T13 L1');
  });
  it('inserts and removes a vertebra and counts on below', () => {
    const { centreMm } = anchored.vertebrae[6]!;
    const added = insertVertebra(anchored, patientPoint(centreMm[0], centreMm[1], centreMm[2] - 11));
    expect(labels(added)).toBe('C7 T1 T2 T3 T4 T5 T6 T7 T8 T9 T10 T11 T12 L1 L2 L3');
    expect(added.vertebrae[7]).toMatchObject({ label: 'T7', id: 'vertebra-16' });
    expect(numbers(added, 'left')).toEqual([1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, null]);
    expect(labels(removeVertebra(added, 'vertebra-16'))).toBe(labels(anchored));
    expect(numbers(removeVertebra(added, 'vertebra-16'), 'right')).toEqual(oneToTwelve);
  });
  it('counts ribs on from one, on its side only', () => {
    const wrong = renumberRibsFrom(anchored, 'rib-left-6', 6);
    expect(numbers(wrong, 'left')).toEqual([1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12, null]);
    expect(numbers(wrong, 'right')).toEqual(oneToTwelve);
    const again = relabelFrom(wrong, { kind: 'rib', id: 'rib-left-6', number: 5 });
    expect(again.ok && again.value).toEqual(anchored);
    expect(boneReport(renumberRib(anchored, 'rib-right-4', 7)).doubledRibs).toEqual([
      { side: 'right', number: 7 },
    ]);
  });
  it('drops a rib and swaps sides', () => {
    expect(boneReport(dropRib(anchored, 'rib-left-3')).missingRibs).toEqual([{ side: 'left', number: 2 }]);
    const swapped = swapSides(dropRib(anchored, 'rib-left-3'));
    expect(numbers(swapped, 'right')).toEqual([1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(swapped.ribs[0]!.id).toBe('rib-right-2');
  });
  it('gives a rib as a sound centreline', () => {
    const line = ribCentreline(anchored.ribs[3]!, {
      id: 'a',
      customName: '',
      seriesKey: 's',
      groupId: 'g',
      frameOfReferenceUID: '1.2',
      verdict: 'exact',
    });
    expect(isSoundLine(line)).toBe(true);
    expect(line).toMatchObject({ kind: 'rib', nameId: 'left-rib' });
  });
  it('stays sound whatever is done in whatever order', () => {
    const id = fc.integer({ min: 1, max: 18 });
    const edit = fc.oneof(
      id.map((n) => (b: LabelledBones) => removeVertebra(b, `vertebra-${n}`)),
      fc.tuple(id, fc.constantFrom(...vertebraLabels, 'Q')).map(
        ([n, label]) =>
          (b: LabelledBones) =>
            renameVertebraeFrom(b, `vertebra-${n}`, label),
      ),
      fc.integer({ min: -3, max: 3 }).map((by) => (b: LabelledBones) => shiftLabels(b, by)),
      fc
        .integer({ min: -150, max: 230 })
        .map((z) => (b: LabelledBones) => insertVertebra(b, patientPoint(0, 40, z))),
      fc.tuple(id, fc.integer({ min: -1, max: 15 })).map(
        ([n, number]) =>
          (b: LabelledBones) =>
            renumberRibsFrom(b, `rib-left-${n}`, number),
      ),
      id.map((n) => (b: LabelledBones) => dropRib(b, `rib-right-${n}`)),
      fc.constant(swapSides),
    );
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 12 }), (edits) => {
        const end = edits.reduce((b, change) => change(b), anchored);
        expect(new Set(end.vertebrae.map((v) => v.id)).size).toBe(end.vertebrae.length);
        for (const { label } of end.vertebrae)
          expect(label === null || vertebraLabels.includes(label)).toBe(true);
        for (const { number } of end.ribs)
          expect(number === null || (number >= 1 && number <= 13)).toBe(true);
        const heights = end.vertebrae.map(({ centreMm }) => centreMm[2]);
        expect(heights).toEqual([...heights].sort((a, b) => b - a));
      }),
      { numRuns: 200 },
    );
  });
});
