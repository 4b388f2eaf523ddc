import { TriangleAlert } from 'lucide-react';
import { create } from 'zustand';
import type { Problem } from '../../../core/base/problem.ts';
import { readingTerms } from '../../../core/terms/reading.ts';
import { problemText } from '../../../core/terms/terms.ts';
import type { SeriesPlan } from '../../../core/volume/types.ts';
import { useLanguage, useT } from '../../app/language.ts';
import { Button, Icon } from '../../ui/controls.tsx';
import type { ReadingSession } from './session/reading-session.ts';
import { useReading } from './use-words.ts';

/** Objects that a reader chose to see although their files are no longer what was stored; for this window only. */
const useAccepted = create<{ readonly keys: ReadonlySet<string> }>()(() => ({ keys: new Set() }));

const isDamage = ({ code }: Problem): boolean => code === 'OBJECT_CORRUPT';

/** What the index knows of the file of a frame: damaged ones are never shown unmarked (reliability.md B5). */
export function damageOf(
  plan: SeriesPlan,
  k: number,
): { readonly problem: Problem; readonly key: string } | null {
  const instance = plan.instances[plan.frames[k]?.instance ?? -1];
  const problem = instance?.flags.find(isDamage);
  return instance && problem ? { problem, key: instance.instanceKey } : null;
}

/** True while a damaged frame waits for a reader's word. */
export function useIsHeldBack(plan: SeriesPlan, k: number): boolean {
  const damage = damageOf(plan, k);
  const isAccepted = useAccepted(({ keys }) => damage !== null && keys.has(damage.key));
  return damage !== null && !isAccepted;
}

/** The same at this moment. */
export function isHeldBackNow(plan: SeriesPlan, k: number): boolean {
  const damage = damageOf(plan, k);
  return damage !== null && !useAccepted.getState().keys.has(damage.key);
}

/** Over a damaged frame: what is wrong and a way to see it; then a mark that stays on it. */
export function DamageNote({ plan, k }: { readonly plan: SeriesPlan; readonly k: number }) {
  const t = useT();
  const language = useLanguage();
  const isHeldBack = useIsHeldBack(plan, k);
  const damage = damageOf(plan, k);
  if (!damage) return null;
  if (!isHeldBack) return <DamageMark />;
  const { sentence, advice, code } = problemText(language, damage.problem);
  const show = () => useAccepted.setState(({ keys }) => ({ keys: new Set([...keys, damage.key]) }));
  return (
    <div className="vp-note over" role="alert">
      <p>{sentence}</p>
      <p className="dim">{advice}</p>
      <p className="off">{code}</p>
      <Button size="small" data-control onClick={show}>
        {t(readingTerms['reading.showDamaged'])}
      </Button>
    </div>
  );
}

/** On every picture that is made of a series with damaged objects. */
export function VolumeDamage({ session }: { readonly session: ReadingSession }) {
  const isDamaged = useReading(session, (state) => {
    const stack = state.mode === 'stack' ? undefined : session.mprStack();
    return stack?.plan.instances.some(({ flags }) => flags.some(isDamage)) ?? false;
  });
  return isDamaged ? <DamageMark /> : null;
}

function DamageMark() {
  const t = useT();
  return (
    <div className="vp-damaged">
      <Icon of={TriangleAlert} size={14} />
      {t(readingTerms['reading.damagedFile'])}
    </div>
  );
}
