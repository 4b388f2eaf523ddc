import { spacingMm } from '../../../../core/geometry/matrices.ts';
import { fixed } from '../../../../core/measure/format.ts';
import { problemText } from '../../../../core/terms/terms.ts';
import { useLanguage } from '../../../app/language.ts';
import { Button } from '../../../ui/controls.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import type { ReadingSession } from '../session/reading-session.ts';
import { useReading, useWords } from '../use-words.ts';

/** Asks before a volume that does not fit into memory is read with averaged pixels. */
export function ReductionDialog({ session }: { readonly session: ReadingSession }) {
  const words = useWords();
  const language = useLanguage();
  const offer = useReading(session, (s) => s.offering);
  const refusal = offer?.stack.volumeRefusal();
  const acquired = offer?.stack.plan.groups[offer.stack.groupIndex]?.acquired;
  if (!offer || !refusal || !acquired) return null;
  const [fromMm] = spacingMm(acquired.patientFromIndex);
  const params = { n: offer.factor, from: fixed(fromMm, 2), to: fixed(fromMm * offer.factor, 2) };
  return (
    <Dialog
      title={words('reading.readReduced')}
      closeName={words('reading.close')}
      onClose={() => session.answerOffer(false)}
    >
      <p className="dlg-text">{problemText(language, refusal).sentence}</p>
      <p className="dlg-text">{words('reading.reduceAsk', params)}</p>
      <footer className="dlg-foot">
        <Button onClick={() => session.answerOffer(false)}>{words('reading.cancel')}</Button>
        <Button tone="primary" onClick={() => session.answerOffer(true)}>
          {words('reading.reduceTake', params)}
        </Button>
      </footer>
    </Dialog>
  );
}
