import { problem } from '../../../../core/base/problem.ts';
import { problemText } from '../../../../core/terms/terms.ts';
import { useLanguage } from '../../../app/language.ts';
import type { OpenStack } from '../../../volumes/open-stack.ts';
import { useDrawingFailure } from './cpu-road.ts';

/** Why a picture of a volume is crossed out: said on it too, as the message may have been closed. */
export function DrawingNote({ stack }: { readonly stack: OpenStack }) {
  const language = useLanguage();
  const detail = useDrawingFailure(stack);
  if (detail === null) return null;
  const { sentence, advice } = problemText(language, problem('DRAWING_FAILED', { detail }));
  return (
    <div className="vp-note through" data-drawing="failed">
      <p>{sentence}</p>
      <p>{advice}</p>
    </div>
  );
}
