import { nearestPlane, type PlaneName } from '../geometry/orientation.ts';
import { patientVector, type Vec3 } from '../geometry/types.ts';

export interface Name {
  readonly zh: string;
  readonly en: string;
}

/** A group with what a reader sees of it, should its name not tell it from others. */
export interface NamedStack {
  readonly name: Name;
  /** Null where the group has no one orientation. */
  readonly normal: Vec3 | null;
  readonly columns: number;
  readonly rows: number;
  /** What else tells it from others, the most readable first; as many of each stack. */
  readonly words: readonly (Name | null)[];
}

const planeWords: Readonly<Record<PlaneName, Name>> = {
  axial: { zh: '横断位', en: 'Axial' },
  sagittal: { zh: '矢状位', en: 'Sagittal' },
  coronal: { zh: '冠状位', en: 'Coronal' },
};

const planeOf = ({ normal }: NamedStack): Name | null =>
  normal && planeWords[nearestPlane(patientVector(...normal)).name];

const matrixOf = ({ columns, rows }: NamedStack): Name => {
  const text = `${columns} × ${rows}`;
  return { zh: text, en: text };
};

const joined = (a: Name, b: Name): Name => ({
  zh: [a.zh, b.zh].filter(Boolean).join(' · '),
  en: [a.en, b.en].filter(Boolean).join(' · '),
});

/** Places of each name. */
function placesOf(names: readonly Name[]): ReadonlyMap<string, readonly number[]> {
  const places = new Map<string, number[]>();
  for (const [at, { en }] of names.entries()) {
    const own = places.get(en);
    if (own) own.push(at);
    else places.set(en, [at]);
  }
  return places;
}

/** Names that are told once as they are; the rest with a word before or behind, where the words differ. */
function withWords(names: readonly Name[], words: readonly (Name | null)[], isBehind = false): Name[] {
  const told = [...names];
  for (const places of placesOf(names).values()) {
    const kinds = new Set(places.map((at) => words[at]?.en));
    if (kinds.size < 2) continue;
    for (const at of places) {
      const [word, name] = [words[at], names[at]!];
      if (word) told[at] = isBehind ? joined(name, word) : joined(word, name);
    }
  }
  return told;
}

/**
 * Names that no two groups of a series share: by plane, by matrix, by what else tells them apart, at last by number. A
 * lone group keeps its name; of several none stays without.
 */
export function distinctNames(stacks: readonly NamedStack[]): Name[] {
  const byPlane = withWords(
    stacks.map(({ name }) => name),
    stacks.map(planeOf),
  );
  let names = withWords(byPlane, stacks.map(matrixOf));
  for (const nth of (stacks[0]?.words ?? []).keys())
    names = withWords(
      names,
      stacks.map(({ words }) => words[nth] ?? null),
      true,
    );
  const told = [...names];
  for (const places of placesOf(names).values()) {
    if (places.length < 2) continue;
    for (const [n, at] of places.entries())
      told[at] = joined(names[at]!, { zh: `图像组 ${n + 1}`, en: `Stack ${n + 1}` });
  }
  return told.map((name, at) =>
    name.en === '' && stacks.length > 1 ? (planeOf(stacks[at]!) ?? matrixOf(stacks[at]!)) : name,
  );
}
