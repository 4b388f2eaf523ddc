import type { OpenStack } from '../../volumes/open-stack.ts';
import { useStackArrivals } from './use-arrivals.ts';
import { useWords } from './use-words.ts';

/** A thin bar with n/N at the foot of a picture while slices arrive. */
export function LoadingBar({ stack }: { readonly stack: OpenStack }) {
  const words = useWords();
  useStackArrivals(stack);
  const { settled, count } = stack.loader.store;
  if (stack.loader.isDone || count < 2) return null;
  return (
    <div className="vp-load" role="progressbar" aria-valuenow={settled} aria-valuemax={count}>
      <span>{words('reading.loading', { n: settled, total: count })}</span>
      <i style={{ width: `${(settled / count) * 100}%` }} />
    </div>
  );
}
