import type { Projection } from '../../../core/scene/types.ts';
import { slabChoicesMm } from './mpr-view.ts';
import type { ReadingSession } from './reading-session.ts';
import { useReading, useWords } from './use-words.ts';
import { setSlab } from './volume-actions.ts';

const modes: readonly (readonly [
  Projection,
  'reading.plane' | 'reading.mip' | 'reading.minip' | 'reading.mean',
])[] = [
  ['none', 'reading.plane'],
  ['mip', 'reading.mip'],
  ['minip', 'reading.minip'],
  ['mean', 'reading.mean'],
];
/** Thickness that a projection starts with, total mm. */
const usualMm: Readonly<Record<Projection, number>> = { none: 0, mip: 10, minip: 5, mean: 5 };

/** Slab of the three planes: projection and total thickness. */
export function SlabGroup({ session }: { readonly session: ReadingSession }) {
  const words = useWords();
  const plane = useReading(session, (s) => s.mpr?.state.planes.axial);
  if (!plane) return null;
  return (
    <section className="grp" aria-label={words('reading.slab')}>
      <div className="gh">
        <span className="grow">{words('reading.slab')}</span>
      </div>
      <div className="seg wide-seg">
        {modes.map(([projection, term]) => (
          <button
            key={projection}
            type="button"
            className={projection === plane.projection ? 'on' : ''}
            aria-pressed={projection === plane.projection}
            data-projection={projection}
            onClick={() => {
              const slabMm = projection === 'none' ? 0 : plane.slabMm || usualMm[projection];
              setSlab(session, slabMm, projection);
            }}
          >
            {words(term)}
          </button>
        ))}
      </div>
      <div className="slabs">
        {slabChoicesMm.map((mm) => (
          <button
            key={mm}
            type="button"
            className={mm === plane.slabMm ? 'on' : ''}
            aria-pressed={mm === plane.slabMm}
            data-slab={mm}
            onClick={() => setSlab(session, mm)}
          >
            {mm}
          </button>
        ))}
        <em>mm</em>
      </div>
    </section>
  );
}
