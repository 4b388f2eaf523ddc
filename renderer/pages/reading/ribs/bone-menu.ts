import { labelBelow } from '../../../../core/analysis/ribs/bone-names.ts';
import {
  dropRib,
  insertVertebra,
  removeVertebra,
  renameVertebraeFrom,
  renumberRib,
  renumberRibsFrom,
  swapSides,
} from '../../../../core/analysis/ribs/edit-bones.ts';
import type { LabelledBones, LabelledRib, LabelledVertebra } from '../../../../core/analysis/ribs/labels.ts';
import { between, moved } from '../../../../core/geometry/matrices.ts';
import type { PatientPoint } from '../../../../core/geometry/types.ts';
import { ribTerm, vertebraTerm } from '../../../../core/terms/bones.ts';
import type { ReadingTerm } from '../../../../core/terms/reading.ts';
import { readingTerms } from '../../../../core/terms/reading.ts';
import { type Language, say } from '../../../../core/terms/term.ts';
import type { MenuEntry } from '../../../ui/menu.tsx';
import type { BoneMaker } from './bone-maker.ts';
import { isNamed } from './study-bones.ts';

/** Ribs that a reader may name; a thirteenth is reached by counting on. */
const numbers = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12] as const;
/** Vertebrae that may be named first, from the top. */
const firstNames: readonly string[] = [
  'C7',
  ...numbers.map((n) => `T${n}`),
  ...[1, 2, 3, 4, 5].map((n) => `L${n}`),
  'S1',
];

interface Item {
  readonly id: string;
  readonly term: ReadingTerm;
  readonly name?: string;
  readonly tone?: 'danger';
  run(): void;
}

const entry =
  (language: Language) =>
  ({ term, name, ...item }: Item): MenuEntry => ({
    ...item,
    label: say(language, readingTerms[term], name === undefined ? {} : { name }),
  });

/** What a reader may say of a rib: its number, alone or with those below it, all from it, or that it is none. */
export function ribEntries(maker: BoneMaker, rib: LabelledRib, language: Language): readonly MenuEntry[] {
  const made = entry(language);
  const { id, side, number } = rib;
  const name = (n: number): string => say(language, ribTerm(side, n));
  const bones = maker.shown?.bones;
  const anchor = (n: number): void => maker.name({ kind: 'rib', id, number: n });
  const drop = made({
    id: 'drop',
    term: 'reading.ribDrop',
    tone: 'danger',
    run: () => maker.change((b) => dropRib(b, id)),
  });
  const swap = made({ id: 'swap', term: 'reading.ribsSwap', run: () => maker.change(swapSides) });
  if (!bones || !isNamed(bones)) {
    const names = numbers.map((n) =>
      made({ id: `is${n}`, term: 'reading.ribIs', name: name(n), run: () => anchor(n) }),
    );
    return [...names, 'line', swap, drop];
  }
  const beside = number === null ? [] : numbers.filter((n) => Math.abs(n - number) === 1);
  const from = beside.map((n) =>
    made({
      id: `from${n}`,
      term: 'reading.ribFrom',
      name: name(n),
      run: () => maker.change((b) => renumberRibsFrom(b, id, n)),
    }),
  );
  const only = numbers
    .filter((n) => n !== number)
    .map((n) =>
      made({
        id: `only${n}`,
        term: 'reading.ribOnly',
        name: name(n),
        run: () => maker.change((b) => renumberRib(b, id, n)),
      }),
    );
  const all = beside.map((n) =>
    made({ id: `all${n}`, term: 'reading.boneAnchor', name: name(n), run: () => anchor(n) }),
  );
  return [...from, ...all, ...(all.length > 0 ? (['line'] as const) : []), ...only, 'line', swap, drop];
}

/** Where a vertebra that was passed over lies: half-way to the next one, beyond the last as far as that one is high. */
export function missedCentre({ vertebrae }: LabelledBones, id: string, by: 1 | -1): PatientPoint {
  const at = vertebrae.findIndex((one) => one.id === id);
  const own = vertebrae[at]!;
  const next = vertebrae[at + by];
  if (!next) return moved(own.centreMm, own.down, by * own.heightMm);
  return moved(own.centreMm, between(own.centreMm, next.centreMm), 0.5);
}

/** What a reader may say of a vertebra. */
export function vertebraEntries(
  maker: BoneMaker,
  vertebra: LabelledVertebra,
  language: Language,
): readonly MenuEntry[] {
  const made = entry(language);
  const { id, label } = vertebra;
  const name = (of: string): string => say(language, vertebraTerm(of));
  const anchor = (of: string): void => maker.name({ kind: 'vertebra', id, label: of });
  const bones = maker.shown?.bones;
  const drop = made({
    id: 'drop',
    term: 'reading.vertebraDrop',
    tone: 'danger',
    run: () => maker.change((b) => removeVertebra(b, id)),
  });
  const insert = ([-1, 1] as const).map((by) =>
    made({
      id: by < 0 ? 'above' : 'below',
      term: by < 0 ? 'reading.vertebraAbove' : 'reading.vertebraBelow',
      run: () => maker.change((b) => insertVertebra(b, missedCentre(b, id, by))),
    }),
  );
  if (!bones || label === null || !isNamed(bones)) {
    const names = firstNames.map((of) =>
      made({ id: `is${of}`, term: 'reading.ribIs', name: name(of), run: () => anchor(of) }),
    );
    return [...names, 'line', ...insert, drop];
  }
  const near = [-2, -1, 1, 2].flatMap((by) => labelBelow(label, by) ?? []);
  const above = bones.vertebrae[bones.vertebrae.findIndex((one) => one.id === id) - 1]?.label;
  // A thirteenth thoracic or sixth lumbar vertebra follows only on the last that is usual.
  const odd = above === 'T12' ? ['T13'] : above === 'L5' ? ['L6'] : [];
  const all = near.map((of) =>
    made({ id: `all${of}`, term: 'reading.boneAnchor', name: name(of), run: () => anchor(of) }),
  );
  const from = [...near.filter((of) => of !== label), ...odd].map((of) =>
    made({
      id: `from${of}`,
      term: 'reading.ribFrom',
      name: name(of),
      run: () => maker.change((b) => renameVertebraeFrom(b, id, of)),
    }),
  );
  return [...all, 'line', ...from, 'line', ...insert, drop];
}
